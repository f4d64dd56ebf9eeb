// Which canvas shows what: to paint it again when the theme changes.

import { paint } from "./images.js"
import { PALETTES } from "./theme.js"

/** @typedef {ReturnType<typeof createGallery>} Gallery */

/** @param {import("./explorer.js").State} state */
export function createGallery(state) {
  /** @type {Map<HTMLCanvasElement, { image: Float32Array, signed: boolean }>} */
  const shown = new Map()
  state.watch(["theme"], () => {
    const palette = PALETTES[state.get("theme")]
    for (const [canvas, { image, signed }] of shown) paint(canvas, image, palette, signed)
  })
  return {
    /**
     * @param {HTMLCanvasElement} canvas
     * @param {Float32Array} image (784,)
     * @param {boolean} signed whether it is a difference: of ink that was lost or added
     */
    show(canvas, image, signed = false) {
      shown.set(canvas, { image, signed })
      paint(canvas, image, PALETTES[state.get("theme")], signed)
    },
  }
}
