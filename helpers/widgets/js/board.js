// What is drawn on the map: a digit for each code, and the fog where none is near.

import { context2d, make } from "./dom.js"
import { BOARD } from "./space.js"

/** @typedef {import("./space.js").Space} Space */
/** @typedef {import("./theme.js").Palette} Palette */

export const CELL = 5 // pixels, of the fog
export const CELLS = Math.ceil(BOARD / CELL) // in a row
const HATCH = 8 // pixels from one line of the hatching to the next
const FONT = "system-ui, sans-serif"
const LABEL_ROOM = 14 // pixels that a big label keeps from the edge

/**
 * Hatch the cells that lie off the map.
 * @param {CanvasRenderingContext2D} context
 * @param {Uint8Array} fog 1 where it is
 * @param {Palette} palette
 */
export function drawFog(context, fog, palette) {
  const tile = make("canvas", { width: HATCH, height: HATCH })
  const lines = context2d(tile)
  lines.fillStyle = palette.fog
  lines.fillRect(0, 0, HATCH, HATCH)
  lines.strokeStyle = palette.hatch
  for (const shift of [-HATCH, 0, HATCH]) {
    lines.moveTo(shift, HATCH)
    lines.lineTo(shift + HATCH, 0)
  }
  lines.stroke()
  context.fillStyle = /** @type {CanvasPattern} */ (context.createPattern(tile, "repeat"))
  fog.forEach((off, k) => {
    if (off) context.fillRect((k % CELLS) * CELL, Math.floor(k / CELLS) * CELL, CELL, CELL)
  })
}

/**
 * Write each digit where its code lies, in its class's colour.
 * @param {CanvasRenderingContext2D} context
 * @param {Space} space
 * @param {{ codes: Float32Array, labels: Uint8Array, colors: string[], size: number }} digits
 */
export function drawDigits(context, space, { codes, labels, colors, size }) {
  context.textAlign = "center"
  context.textBaseline = "middle"
  context.font = `600 ${size}px ${FONT}`
  context.globalAlpha = 0.9
  for (let i = 0; 2 * i < codes.length; i++) {
    const point = /** @type {import("./payload.js").Point} */ ([codes[2 * i], codes[2 * i + 1]])
    if (!space.contains(point)) continue
    const [x, y] = space.place(point)
    context.fillStyle = colors[labels[i]]
    context.fillText(String(labels[i]), x, y)
  }
  context.globalAlpha = 1
}

/**
 * Write each class's name, big, on a digit that is typical of it.
 * @param {CanvasRenderingContext2D} context
 * @param {Space} space
 * @param {Record<string, number>} typical
 * @param {string[]} colors
 * @param {Palette} palette
 */
export function drawLabels(context, space, typical, colors, palette) {
  context.font = `800 24px ${FONT}`
  context.lineWidth = 5
  context.lineJoin = "round"
  for (const [name, i] of Object.entries(typical)) {
    const [x, y] = space
      .place(space.code(i))
      .map((v) => Math.min(BOARD - LABEL_ROOM, Math.max(LABEL_ROOM, v)))
    context.strokeStyle = palette.paper
    context.strokeText(name, x, y)
    context.fillStyle = colors[Number(name)]
    context.fillText(name, x, y)
  }
}
