// The plane of codes as arithmetic: where digits lie, what is near, what is decoded there.

import { PIXELS } from "./images.js"
import { run } from "./network.js"

/** @typedef {import("./payload.js").Point} Point */
/** @typedef {ReturnType<typeof createSpace>} Space */

export const BOARD = 440 // CSS pixels, the map's side
const REACH = 10 // pixels of the board from the pointer to a digit that it means

/** @type {(0 | 1)[]} */
export const AXES = [0, 1]

/**
 * The same for both axes.
 * @param {(axis: 0 | 1) => number} compute
 * @returns {Point}
 */
export const both = (compute) => [compute(0), compute(1)]

/**
 * The plane, as far as the map shows it, and where it lies on the board.
 * @param {Pick<import("./payload.js").Data, "low" | "high">} data
 */
function createPlane({ low, high }) {
  const span = both((k) => high[k] - low[k])

  /**
   * Where a point lies on the board, kept inside it.
   * @param {Point} point
   */
  const place = (point) =>
    both((k) => {
      const share = Math.min(1, Math.max(0, (point[k] - low[k]) / span[k]))
      return (k ? 1 - share : share) * BOARD
    })

  /**
   * The point at a place of the board, from its upper left corner.
   * @param {Point} place
   * @param {Point} size of the board, in the units of the place
   */
  const pointAt = ([x, y], [width, height] = [BOARD, BOARD]) =>
    both((k) => (k ? high[1] - (span[1] * y) / height : low[0] + (span[0] * x) / width))

  /**
   * The same point, or the nearest one of the window.
   * @param {Point} point
   */
  const inside = (point) => both((k) => Math.min(high[k], Math.max(low[k], point[k])))

  /** @param {Point} point */
  const contains = ([x, y]) => x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1]

  return { span, place, pointAt, inside, contains }
}

/**
 * The digits on the plane.
 * @param {import("./payload.js").Data} data
 */
function createDigits({ codes, labels, images, levels }) {
  const count = labels.length

  /** @param {number} i a digit */
  const code = (i) => both((k) => codes[2 * i + k])

  /**
   * The picture of a digit, 0 to 1.
   * @param {number} i
   */
  const image = (i) =>
    Float32Array.from(images.subarray(i * PIXELS, (i + 1) * PIXELS), (v) => v / levels)

  /**
   * How far a digit is from a point.
   * @param {number} i
   * @param {Point} point
   */
  const distance = (i, [x, y]) => Math.hypot(codes[2 * i] - x, codes[2 * i + 1] - y)

  /**
   * The digit closest to a point, or -1 if none is allowed.
   * @param {Point} point
   * @param {(i: number) => boolean} allowed
   */
  function closest(point, allowed = () => true) {
    let [best, least] = [-1, Number.POSITIVE_INFINITY]
    for (let i = 0; i < count; i++) {
      const away = distance(i, point)
      if (away < least && allowed(i)) [best, least] = [i, away]
    }
    return best
  }

  /**
   * All digits, the closest first.
   * @param {Point} point
   */
  const ranked = (point) =>
    Array.from(labels, (_, i) => i).sort((a, b) => distance(a, point) - distance(b, point))

  return { count, code, image, distance, closest, ranked }
}

/**
 * The digits on the plane, and the network that knows what lies between them.
 * @param {import("./payload.js").Data} data
 */
export function createSpace(data) {
  const { near, far, decimals } = data
  const plane = createPlane(data)
  const digits = createDigits(data)

  /**
   * The digit that a pointer at this point means, or null.
   * @param {Point} point
   */
  function meant(point) {
    const i = digits.closest(point)
    const [there, here] = [plane.place(digits.code(i)), plane.place(point)]
    return Math.hypot(there[0] - here[0], there[1] - here[1]) < REACH ? i : null
  }

  /**
   * How a point lies to the digits, by its distance from the nearest.
   * @param {number} away
   */
  const kind = (away) => (away <= near ? "among" : away <= far ? "edge" : "off")

  /**
   * Which cells of a grid over the window are farther from every digit than digits are from each
   * other: 1 for such a cell, row by row from the top.
   * @param {number} across cells a row
   */
  const fog = (across) =>
    Uint8Array.from({ length: across * across }, (_, k) => {
      const middle = /** @type {Point} */ ([(k % across) + 0.5, Math.floor(k / across) + 0.5])
      const point = plane.pointAt(middle, [across, across])
      for (let i = 0; i < digits.count; i++) if (digits.distance(i, point) <= far) return 0
      return 1
    })

  return {
    ...plane,
    ...digits,
    meant,
    kind,
    fog,
    /** @param {ArrayLike<number>} point */
    decode: (point) => run(data.decoder, point),
    /** @param {ArrayLike<number>} image */
    encode: (image) => run(data.encoder, image),
    /** @param {Point} point */
    say: (point) => `(${point.map((v) => v.toFixed(decimals)).join(", ")})`,
    /** @param {number} length */
    sayLength: (length) => length.toFixed(decimals),
  }
}
