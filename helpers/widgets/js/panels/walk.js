// Walk: from digit A to digit B, in a straight line on the map and by mixing pixels.

import { button, figure, make, makePicture, namedPicture, slider } from "../dom.js"
import { both } from "../space.js"

/** @typedef {import("../space.js").Space} Space */
/** @typedef {[number, number]} Pair the digits A and B */

const SHOTS = 9 // pictures in a filmstrip
const SECONDS = 4

/**
 * The code a share of the way from A to B.
 * @param {Space} space
 * @param {Pair} walk
 * @param {number} share 0 at A, 1 at B
 */
export function between(space, walk, share) {
  const [a, b] = walk.map(space.code)
  return both((k) => a[k] + share * (b[k] - a[k]))
}

/**
 * The pixels of A and B mixed.
 * @param {Space} space
 * @param {Pair} walk
 * @param {number} share
 */
export function blend(space, walk, share) {
  const [a, b] = walk.map(space.image)
  return a.map((v, k) => v + share * (b[k] - v))
}

/** @param {import("../explorer.js").Parts} parts */
export function createWalk(parts) {
  const { state, space, ring, player } = parts
  const scrub = slider(
    "from A to B",
    { min: 0, max: 1, step: 0.001, value: 0 },
    (share, byHand) => {
      if (byHand) player.stop()
      state.set({ share })
      ring.carry(between(space, state.get("walk"), share))
    },
  )
  state.watch(["share"], () => {
    scrub.range.value = String(state.get("share"))
    scrub.tell(`${Math.round(100 * state.get("share"))} %`)
  })
  const track = { range: scrub.range, seconds: SECONDS, jumps: SHOTS - 1 }
  const play = player.button("walk", track)
  return {
    name: "walk",
    label: "Walk",
    play,
    children: [
      createEnds(parts),
      createStep(parts),
      make("div", { class: "row play" }, play, scrub.row),
      ...createStrips(parts),
      make(
        "p",
        { class: "note" },
        "Mixed pixels show two digits at once. On the map each step is one shape. " +
          "Drag the ring to a digit, then start or end the walk there: A and B are the nearest digits.",
      ),
    ],
  }
}

/**
 * A and B, each with the button that takes the digit nearest to the ring instead.
 * @param {import("../explorer.js").Parts} parts
 */
function createEnds({ data, state, space, gallery }) {
  const pictures = ["A", "B"].map((name) => namedPicture(`digit ${name}`, 56))
  state.watch(["walk"], () => {
    state.get("walk").forEach((i, k) => {
      gallery.show(pictures[k], space.image(i))
      pictures[k].setAttribute("aria-label", `${"AB"[k]}, a ${data.labels[i]}`)
    })
  })
  const figures = ["Start here", "End here"].map((text, end) => {
    const take = () => {
      const walk = both((k) => (k === end ? state.get("nearest") : state.get("walk")[k]))
      state.set({ playing: null, walk, share: end })
    }
    return figure(pictures[end], button(text, take))
  })
  return make("div", { class: "row" }, ...figures)
}

/**
 * The step of the walk that its slider stands at.
 * @param {import("../explorer.js").Parts} parts
 */
function createStep({ state, space, gallery }) {
  const walked = namedPicture("the walk on the map", 112)
  const faded = namedPicture("the cross-fade of pixels", 112)
  state.watch(["walk", "share"], () => {
    const [walk, share] = [state.get("walk"), state.get("share")]
    gallery.show(faded, blend(space, walk, share))
    gallery.show(walked, space.decode(between(space, walk, share)))
  })
  return make(
    "div",
    { class: "row" },
    figure(walked, "walk on the map"),
    figure(faded, "cross-fade of pixels"),
  )
}

/**
 * The whole walk at a glance, twice.
 * @param {import("../explorer.js").Parts} parts
 */
function createStrips({ state, space, gallery }) {
  const kinds = [
    {
      name: "map",
      words: "on the map",
      /** @type {(walk: Pair, share: number) => Float32Array} */
      picture: (walk, share) => space.decode(between(space, walk, share)),
    },
    {
      name: "pixels",
      words: "mixed pixels",
      /** @type {(walk: Pair, share: number) => Float32Array} */
      picture: (walk, share) => blend(space, walk, share),
    },
  ]
  return kinds.map(({ name, words, picture }) => {
    const shots = Array.from({ length: SHOTS }, () => makePicture(27, { "aria-hidden": "true" }))
    state.watch(["walk"], () => {
      shots.forEach((shot, k) => {
        gallery.show(shot, picture(state.get("walk"), k / (SHOTS - 1)))
      })
    })
    state.watch(["share"], () => {
      const now = Math.round(state.get("share") * (SHOTS - 1))
      shots.forEach((shot, k) => {
        shot.classList.toggle("now", k === now)
      })
    })
    const label = `${SHOTS} steps from A to B, ${words}`
    return make(
      "div",
      { class: "film" },
      make("span", { "aria-hidden": "true" }, name),
      make("div", { class: "strip", role: "img", "aria-label": label }, ...shots),
    )
  })
}
