// Which canvas shows what: to paint it again when the theme changes.

import { context2d } from "./dom.js"
import { pixels, SIDE } from "./images.js"
import { PALETTES } from "./theme.js"

/** @typedef {ReturnType<typeof createGallery>} Gallery */
/** @typedef {{ image: Float32Array, signed: boolean }} Picture */

/** @param {import("./explorer.js").State} state */
export function createGallery(state) {
  /** @type {Map<HTMLCanvasElement, Picture>} */
  const shown = new Map()

  /** @param {HTMLCanvasElement} canvas */
  function paint(canvas) {
    const { image, signed } = /** @type {Picture} */ (shown.get(canvas))
    const bytes = pixels(image, PALETTES[state.get("theme")], signed)
    context2d(canvas).putImageData(new ImageData(bytes, SIDE, SIDE), 0, 0)
  }
  state.watch(["theme"], () => {
    for (const canvas of shown.keys()) paint(canvas)
  })
  return {
    /**
     * @param {HTMLCanvasElement} canvas
     * @param {Float32Array} image (784,)
     * @param {boolean} signed whether it is a difference: of ink that was lost or added
     */
    show(canvas, image, signed = false) {
      shown.set(canvas, { image, signed })
      paint(canvas)
    },
  }
}
