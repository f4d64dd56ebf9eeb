// Pictures of digits: numbers in, numbers or pixels out.

import { rgb } from "./theme.js"

export const SIDE = 28
export const PIXELS = SIDE * SIDE
const BOX = 20 // MNIST's digits fill a box of this side
const FAINT = 0.1 // less ink than this does not count as the drawing's edge

/**
 * Centre and scale ink as MNIST does: into 20 x 20, then the centre of mass into the middle.
 * The method: LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/
 * @param {Float32Array} ink numbers from 0 to 1, (size x size)
 * @param {number} size
 * @returns {Float32Array | null} (784,), or null if there is no ink
 */
export function likeMnist(ink, size) {
  const edges = bounds(ink, size)
  if (!edges) return null
  const { left, right, top, bottom } = edges
  const scale = Math.max(right - left + 1, bottom - top + 1) / BOX // of its pixels to one of ours
  const side = 1 / scale // each of its pixels is a square of this side
  const small = new Float32Array(PIXELS)
  let [mass, across, down] = [0, 0, 0]
  for (let k = 0; k < ink.length; k++) {
    if (ink[k] === 0) continue
    const x = ((k % size) - left) / scale
    const y = (Math.floor(k / size) - top) / scale
    // Give each of our pixels that it covers its share.
    for (let v = Math.floor(y); v < y + side; v++) {
      for (let u = Math.floor(x); u < x + side; u++) {
        const share = overlap(x, side, u) * overlap(y, side, v) * ink[k]
        if (share <= 0 || u < 0 || v < 0 || u >= SIDE || v >= SIDE) continue
        small[v * SIDE + u] += share
        mass += share
        across += share * u
        down += share * v
      }
    }
  }
  return shifted(small, Math.round(SIDE / 2 - across / mass), Math.round(SIDE / 2 - down / mass))
}

/**
 * The smallest box that holds the ink.
 * @param {Float32Array} ink
 * @param {number} size
 */
function bounds(ink, size) {
  let [left, right, top, bottom] = [size, -1, size, -1]
  for (let k = 0; k < ink.length; k++) {
    if (ink[k] < FAINT) continue
    const [x, y] = [k % size, Math.floor(k / size)]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  return right < 0 ? null : { left, right, top, bottom }
}

/**
 * @param {number} start
 * @param {number} length
 * @param {number} cell
 */
function overlap(start, length, cell) {
  return Math.min(start + length, cell + 1) - Math.max(start, cell)
}

/**
 * @param {Float32Array} image
 * @param {number} right
 * @param {number} down
 */
function shifted(image, right, down) {
  return image.map((_, k) => {
    const [x, y] = [(k % SIDE) - right, Math.floor(k / SIDE) - down]
    return x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : Math.min(1, image[y * SIDE + x])
  })
}

/**
 * The bytes of a picture: ink on paper, or, if signed, ink that was lost (above 0) or added.
 * @param {Float32Array} image (784,), -1 to 1
 * @param {import("./theme.js").Palette} palette
 * @param {boolean} signed
 * @returns {Uint8ClampedArray<ArrayBuffer>} red, green, blue, opacity of each pixel
 */
export function pixels(image, palette, signed) {
  const [paper, ink, lost, added] = [
    palette.paper,
    palette.ink,
    palette.lostInk,
    palette.addedInk,
  ].map(rgb)
  const bytes = new Uint8ClampedArray(4 * PIXELS)
  for (let k = 0; k < PIXELS; k++) {
    const full = image[k] > 0 ? lost : added
    const color = signed ? full : ink
    const amount = Math.min(1, Math.abs(image[k]))
    for (let c = 0; c < 3; c++) bytes[4 * k + c] = paper[c] + amount * (color[c] - paper[c])
    bytes[4 * k + 3] = 255
  }
  return bytes
}
