// The map: digits at their codes, the ring and what marks places on it, its pointer and its keys.

import { CELLS, drawDigits, drawFog, drawLabels } from "./board.js"
import { ARROWS, context2d, make, makeSvg, onKeys } from "./dom.js"
import { BOARD } from "./space.js"
import { PALETTES, shade } from "./theme.js"

/** @typedef {import("./payload.js").Point} Point */
/** @typedef {import("./explorer.js").Parts} Parts */

const DIGIT_SIZE = 9 // pixels
const REPLAYED_SIZE = 12 // fewer digits have more room

/**
 * @param {Parts} parts
 * @param {string} statusId of the element that tells where the ring stands
 */
export function createMap(parts, statusId) {
  const { state, space } = parts
  const board = make("canvas", { "aria-hidden": "true" })
  const map = make(
    "div",
    {
      class: "map",
      tabindex: 0,
      role: "application",
      "aria-roledescription": "map",
      "aria-describedby": statusId,
      "aria-label":
        `Map of ${space.count} digits. Arrow keys move the ring, with Shift in big steps; ` +
        "Home goes back to the start; N goes to the nearest digit; P plays the walk.",
    },
    board,
    createOverlay(parts),
  )
  const legend = make("p", { class: "legend" })
  watchBoard(parts, board)
  state.watch(["frame"], () => {
    const replayed = state.get("frame") !== null
    map.tabIndex = replayed ? -1 : 0
    legend.textContent = replayed
      ? "The axes are those of the trained network; what lies outside is not drawn."
      : "Drag the ring. Where the map is hatched, no real digit lives."
  })
  addPointer(parts, map)
  addKeys(parts, map)
  return { map, legend }
}

/**
 * The marks above the board: what stands where the state says.
 * @param {Parts} parts
 */
function createOverlay({ state, space }) {
  const line = makeSvg("line", { class: "nearest" })
  const spot = makeSvg("circle", { class: "inspected", r: 8 })
  const path = makeSvg("polyline", { class: "path" })
  const ends = ["A", "B"].map((name) => makeSvg("text", { class: "end" }, name))
  const inked = makeSvg("text", { class: "inked" }, "✎")
  const halo = makeSvg("circle", { r: 11, class: "halo" })
  const ring = makeSvg("g", { class: "ring" }, halo, makeSvg("circle", { r: 11 }))

  /**
   * @param {SVGElement} mark
   * @param {Point} point
   */
  function put(mark, point) {
    const [x, y] = space.place(point)
    mark.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`)
  }
  state.watch(["z", "nearest", "pointed"], () => {
    const shown = space.code(state.get("pointed") ?? state.get("nearest"))
    const [from, to] = [space.place(state.get("z")), space.place(shown)]
    for (const [name, value] of Object.entries({
      x1: from[0],
      y1: from[1],
      x2: to[0],
      y2: to[1],
    })) {
      line.setAttribute(name, String(value))
    }
    put(ring, state.get("z"))
    put(spot, shown)
  })
  state.watch(["walk"], () => {
    const places = state.get("walk").map(space.code)
    ends.forEach((end, k) => {
      put(end, places[k])
    })
    path.setAttribute("points", places.map((point) => space.place(point).join(",")).join(" "))
  })
  state.watch(["drawing"], () => {
    const drawing = state.get("drawing")
    if (drawing) put(inked, drawing.code)
  })
  const whole = { viewBox: `0 0 ${BOARD} ${BOARD}`, "aria-hidden": "true" }
  return makeSvg("svg", whole, path, line, spot, ...ends, inked, ring)
}

/**
 * @param {Parts} parts
 * @param {HTMLCanvasElement} board
 */
function watchBoard({ data, state, space }, board) {
  /** @type {Uint8Array | undefined} */
  let fog // does not change; found once
  state.watch(["frame", "theme"], () => {
    const [frame, theme] = [state.get("frame"), state.get("theme")]
    const palette = PALETTES[theme]
    const colors = data.colors.map((color) => shade(color, theme))
    const fine = Math.max(2, globalThis.devicePixelRatio || 1)
    board.width = board.height = BOARD * fine
    const context = context2d(board)
    context.scale(fine, fine)
    context.fillStyle = palette.paper
    context.fillRect(0, 0, BOARD, BOARD)
    if (frame) {
      drawDigits(context, space, { ...data, codes: frame, colors, size: REPLAYED_SIZE })
      return
    }
    fog ??= space.fog(CELLS)
    drawFog(context, fog, palette)
    drawDigits(context, space, { ...data, colors, size: DIGIT_SIZE })
    drawLabels(context, space, data.typical, colors, palette)
  })
}

/**
 * A press moves the ring; a mouse that only passes shows the digit under it.
 * @param {Parts} parts
 * @param {HTMLElement} map
 */
function addPointer({ state, space, ring }, map) {
  /** @param {PointerEvent} event */
  const pointOf = ({ clientX, clientY }) => {
    const { left, top, width, height } = map.getBoundingClientRect()
    return space.inside(space.pointAt([clientX - left, clientY - top], [width, height]))
  }
  map.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary || state.get("frame")) return
    map.setPointerCapture(event.pointerId)
    map.focus({ preventScroll: true })
    ring.go(pointOf(event))
  })
  map.addEventListener("pointermove", (event) => {
    if (state.get("frame")) return
    if (map.hasPointerCapture(event.pointerId)) ring.go(pointOf(event))
    else if (event.pointerType === "mouse") state.set({ pointed: space.meant(pointOf(event)) })
  })
  map.addEventListener("pointerleave", () => {
    if (!state.get("frame")) state.set({ pointed: null })
  })
}

/**
 * @param {Parts} parts
 * @param {HTMLElement} map
 */
function addKeys({ state, ring }, map) {
  onKeys(map, ({ key, shiftKey }) => {
    if (state.get("frame")) return false
    if (key === "Home") ring.home()
    else if (ARROWS[key]) ring.nudge(ARROWS[key], shiftKey)
    else return false
    return true
  })
}
