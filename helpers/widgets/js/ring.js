// The ring: who may move it, and where it has been.

import { both } from "./space.js"

/** @typedef {import("./payload.js").Point} Point */
/** @typedef {ReturnType<typeof createRing>} Ring */

export const STEPS = 100 // key presses from one edge of the map to the other
const BIG = 10 // steps at once, with Shift

/**
 * @param {import("./space.js").Space} space
 * @param {import("./explorer.js").State} state
 * @param {Point} start
 */
export function createRing(space, state, start) {
  /** @type {Set<number>} */
  let visited = new Set() // digits, by the key N

  /**
   * @param {Point} point
   * @param {Partial<import("./explorer.js").Values>} changes what else becomes another with it
   */
  function put(point, changes = {}) {
    const z = state.get("z")
    if (point[0] === z[0] && point[1] === z[1]) return
    state.set({ z: [...point], nearest: space.closest(point), ...changes })
  }

  /**
   * Move it as a hand does: what plays stops, the pointer's digit is forgotten, N starts anew.
   * @param {Point} point
   */
  function go(point) {
    state.set({ playing: null })
    visited = new Set()
    put(point, { pointed: null })
  }

  return {
    go,

    /**
     * Move it as Python does: whatever else goes on goes on.
     * @param {Point} point
     */
    moveTo: (point) => put(point),

    /**
     * Move it as the walk does: N starts anew, but what plays goes on.
     * @param {Point} point
     */
    carry(point) {
      visited = new Set()
      put(point)
    },

    home: () => go(start),

    /**
     * Move it by a step as keys do, or by a big one.
     * @param {Point} direction
     * @param {boolean} big
     */
    nudge(direction, big) {
      const size = big ? BIG : 1
      const z = state.get("z")
      go(space.inside(both((k) => z[k] + (size * direction[k] * space.span[k]) / STEPS)))
    },

    /** To the nearest digit on the map; again, to the next one that was not visited yet. */
    toNearest() {
      state.set({ playing: null })
      const here = state.get("z")
      const i = space.closest(
        here,
        (k) => !visited.has(k) && space.contains(space.code(k)) && space.distance(k, here) > 0,
      )
      if (i < 0) return
      visited.add(i)
      put(space.code(i), { pointed: null })
    },
  }
}
