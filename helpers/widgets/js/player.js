// Playing: a slider runs by itself, one at a time.

import { button } from "./dom.js"

/** @typedef {ReturnType<typeof createPlayer>} Player */
/** @typedef {"walk" | "replay"} Playable */

/**
 * @typedef {object} Track
 * @property {HTMLInputElement} range what runs, from 0 to its greatest value
 * @property {number} seconds for all of it
 * @property {number} jumps instead of running, for who wants little motion
 */

/** @param {import("./explorer.js").State} state */
export function createPlayer(state) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)")
  /** @type {Partial<Record<Playable, Track>>} */
  const tracks = {}
  let waiting = 0 // the animation frame that is waited for

  const stop = () => state.set({ playing: null })

  /** @param {Track} track */
  function run({ range, seconds, jumps }) {
    const end = Number(range.max)
    if (Number(range.value) >= end) range.value = "0"
    const from = Number(range.value)
    const began = performance.now()
    /** @param {number} now */
    const tick = (now) => {
      const share = Math.max(0, now - began) / (1000 * seconds)
      const shown = calm.matches ? Math.floor(share * jumps) / jumps : share
      const value = Math.min(end, from + end * shown)
      if (value !== Number(range.value)) {
        range.value = String(value)
        range.dispatchEvent(new Event("input")) // as a hand would, but not one that stops it
      }
      if (value >= end) stop()
      else if (state.get("playing")) waiting = requestAnimationFrame(tick)
    }
    waiting = requestAnimationFrame(tick)
  }

  state.watch(["playing"], () => {
    cancelAnimationFrame(waiting)
    const name = state.get("playing")
    const track = name && tracks[name]
    if (track) run(track)
  })

  return {
    stop,
    /**
     * The button that plays a slider, and pauses it.
     * @param {Playable} name
     * @param {Track} track
     */
    button(name, track) {
      tracks[name] = track
      const made = button("", () => state.set({ playing: state.get("playing") ? null : name }))
      state.watch(["playing"], () => {
        made.textContent = state.get("playing") === name ? "❚❚ Pause" : "▶ Play"
      })
      return made
    },
  }
}
