// The explorer: its parts put together.
//
// Data flows one way: pointer, key, slider or Python set the state, most of them by way of the ring;
// whoever shows a part of the state watches it. No view knows another.

import { make, onKeys } from "./dom.js"
import { createGallery } from "./gallery.js"
import { createMap } from "./map.js"
import { createDraw } from "./panels/draw.js"
import { createLook } from "./panels/look.js"
import { createReplay } from "./panels/replay.js"
import { createWalk } from "./panels/walk.js"
import { createPlayer } from "./player.js"
import { createReadout } from "./readout.js"
import { createRing } from "./ring.js"
import { createSpace } from "./space.js"
import { createState } from "./state.js"
import { createTabs } from "./tabs.js"
import { followTheme } from "./theme.js"

/** @typedef {import("./payload.js").Point} Point */
/** @typedef {import("./payload.js").Data} Data */
/** @typedef {import("./space.js").Space} Space */
/** @typedef {ReturnType<typeof createState<Values>>} State */

/**
 * What changes, by name.
 * @typedef {object} Values
 * @property {Point} z where the ring stands
 * @property {number} nearest the digit nearest to it
 * @property {number | null} pointed the digit under the pointer
 * @property {string} tab that is chosen
 * @property {import("./theme.js").Theme} theme
 * @property {import("./player.js").Playable | null} playing
 * @property {[number, number]} walk the digits A and B
 * @property {number} share of the walk, 0 at A, 1 at B
 * @property {number} position in the replay, a whole number at each of its epochs
 * @property {Float32Array | null} frame codes of the replay that the map shows instead of its own
 * @property {import("./panels/draw.js").Drawing | null} drawing
 */

/**
 * What a view is given.
 * @typedef {object} Parts
 * @property {Data} data
 * @property {State} state
 * @property {Space} space
 * @property {import("./ring.js").Ring} ring
 * @property {import("./gallery.js").Gallery} gallery
 * @property {import("./player.js").Player} player
 */

/**
 * @param {Data} data
 * @param {Space} space
 * @returns {Values}
 */
const atFirst = ({ start, typical }, space) => ({
  z: [...start],
  nearest: space.closest(start),
  pointed: null,
  tab: "look",
  theme: "light", // until the page around it is known
  playing: null,
  walk: [typical[4] ?? 0, typical[8] ?? space.count - 1],
  share: 0,
  position: 0,
  frame: null,
  drawing: null,
})

/**
 * Build an explorer inside an element.
 * @param {Element} element
 * @param {Data} data what `unpack` returned
 * @param {(z: Point) => void} onMove called whenever the ring has moved, and once at first
 */
export function mount(element, data, onMove = () => {}) {
  const root = make("section", { class: "latent-explorer", "aria-label": "Latent explorer" })
  element.append(root) // empty: only in the page has it the page's theme
  const space = createSpace(data)
  const state = createState(atFirst(data, space))
  const unfollow = followTheme(root, state)
  const ring = createRing(space, state, data.start)
  const player = createPlayer(state)
  const parts = { data, state, space, ring, player, gallery: createGallery(state) }

  const id = `latent-${Math.random().toString(36).slice(2)}`
  const { map, legend } = createMap(parts, `${id}-status`)
  const readout = createReadout(parts, `${id}-status`)
  /** @type {import("./tabs.js").Panel[]} */
  const panels = [createLook(parts), createWalk(parts), createDraw(parts)]
  if (data.epochs.length) panels.push(createReplay(parts))
  const tabs = createTabs(state, panels, id)
  root.append(
    make("div", { class: "left" }, map, legend, readout.element),
    make("div", { class: "right" }, ...tabs.elements, createHelp()),
  )
  for (const one of root.querySelectorAll(".map, .sheet, button, input, summary")) {
    one.setAttribute("data-lm-suppress-shortcuts", "true") // JupyterLab's, while this has the focus
  }
  watchRoot(parts, root)
  addKeys(parts, root, panels, tabs.choose)
  state.watch(["z"], () => onMove(state.get("z")))
  return {
    moveTo: ring.moveTo,
    decode: space.decode,
    encode: space.encode,
    remove() {
      player.stop()
      readout.release()
      unfollow()
      root.remove()
    },
  }
}

function createHelp() {
  const words =
    "On the map: arrows move, Shift + arrows move ten times as far, Home goes back to the start. " +
    "Anywhere: N next nearest digit, P play or pause. On the sheet: arrows move the pen, Space " +
    "puts it down or lifts it, Delete clears. Tab goes on to the next part."
  return make("details", {}, make("summary", {}, "Keys"), make("p", {}, words))
}

/**
 * What the style sheet has to know.
 * @param {Parts} parts
 * @param {HTMLElement} root
 */
function watchRoot({ state, space }, root) {
  state.watch(["z", "nearest"], () => {
    root.dataset.cue = space.kind(space.distance(state.get("nearest"), state.get("z")))
  })
  state.watch(["tab"], () => {
    root.dataset.tab = state.get("tab")
  })
  state.watch(["drawing"], () => {
    root.classList.toggle("drawn", state.get("drawing") !== null)
  })
}

/**
 * The keys N and P, which mean the same everywhere.
 * @param {Parts} parts
 * @param {HTMLElement} root
 * @param {import("./tabs.js").Panel[]} panels
 * @param {(name: string) => void} choose
 */
function addKeys({ state, ring }, root, panels, choose) {
  const chosen = () => panels.find(({ name }) => name === state.get("tab"))
  onKeys(root, ({ key, repeat, target }) => {
    if (["n", "N"].includes(key) && !state.get("frame")) ring.toNearest()
    else if (["p", "P"].includes(key) && !repeat) {
      if (!chosen()?.play) choose("walk")
      const play = /** @type {HTMLButtonElement} */ (chosen()?.play)
      const { length } = /** @type {Element} */ (target).getClientRects()
      if (!length) play.focus() // the target stood in the part that is now hidden
      play.click()
    } else return false
    return true
  })
  root.addEventListener("keydown", (event) => {
    // The notebook has shortcuts of its own; but those with these keys are the browser's.
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation()
  })
}
