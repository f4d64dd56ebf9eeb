// A small world for the tests: five digits on a plane that is wider than high.

import { createRing } from "../ring.js"
import { createSpace } from "../space.js"
import { createState } from "../state.js"

const PIXELS = 784

/** A layer that gives back what it gets. */
export const same = (width) => ({
  kernel: Float32Array.from({ length: width * width }, (_, k) => Number(k % (width + 1) === 0)),
  bias: new Float32Array(width),
  activation: "linear",
})

/** Digit i lies at codes[i], is called labels[i], and is a picture full of the grey i / 5. */
export function createData(changes = {}) {
  return {
    encoder: [same(2)],
    decoder: [same(2)],
    codes: Float32Array.of(0, 0, 4, 0, 4, 2, -4, -2, 9, 9), // the last is outside the window
    labels: Uint8Array.of(7, 3, 1, 0, 9),
    errors: new Float32Array(5),
    images: Uint8Array.from({ length: 5 * PIXELS }, (_, k) => Math.floor(k / PIXELS)),
    levels: 5,
    low: [-6, -3],
    high: [6, 3],
    near: 1,
    far: 2,
    unlike: 0.1,
    decimals: 2,
    start: [0.5, 0.25],
    typical: { 0: 3, 7: 0 },
    colors: Array.from({ length: 10 }, (_, k) => `#${k}0${k}0${k}0`),
    epochs: [0, 2, 10],
    replayed: 1,
    replay: Float32Array.of(0, 0, 1, 10, 5, 30),
    ...changes,
  }
}

/** A ring on that plane, and the state that it moves. */
export function createWorld(changes = {}) {
  const data = createData(changes)
  const space = createSpace(data)
  const state = createState({ z: data.start, nearest: 0, pointed: 2, playing: "walk" })
  return { data, space, state, ring: createRing(space, state, data.start) }
}
