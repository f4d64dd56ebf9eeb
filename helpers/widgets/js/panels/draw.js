// Draw: a digit by hand, encoded, decoded, and beside the real digits nearest to it.

import { button, figure, make, namedPicture } from "../dom.js"
import { likeMnist, PIXELS } from "../images.js"
import { createSheet, PAD } from "../sheet.js"
import { both } from "../space.js"

/**
 * @typedef {object} Drawing
 * @property {import("../payload.js").Point} code where it lands
 * @property {string} verdict what is to be said of it
 */

const ALIKE = 5 // real digits beside it
const BLANK = new Float32Array(PIXELS)

/** @param {import("../explorer.js").Parts} parts */
export function createDraw({ data, state, space, ring, gallery }) {
  const seen = namedPicture("as the encoder gets it", 84)
  const redrawn = namedPicture("reconstruction of your digit", 84)
  const verdict = make("p", { class: "verdict" })
  const alike = Array.from({ length: ALIKE }, (_, k) => ({
    canvas: namedPicture(`nearest real digit ${k + 1}`, 46),
    caption: make("span", { "aria-hidden": "true" }),
  }))

  function showNothing() {
    verdict.textContent = "Draw a digit."
    for (const canvas of [seen, redrawn]) gallery.show(canvas, BLANK)
    for (const { canvas, caption } of alike) {
      gallery.show(canvas, BLANK)
      caption.textContent = ""
    }
    state.set({ drawing: null })
  }

  /** @param {Float32Array} image */
  function encode(image) {
    const encoded = space.encode(image)
    const code = both((k) => encoded[k])
    const restored = space.decode(code)
    const ranked = space.ranked(code)
    gallery.show(seen, image)
    gallery.show(redrawn, restored)
    alike.forEach(({ canvas, caption }, k) => {
      const label = data.labels[ranked[k]]
      gallery.show(canvas, space.image(ranked[k]))
      canvas.setAttribute("aria-label", `nearest real digit ${k + 1}, a ${label}`)
      caption.textContent = String(label ?? "") // there may be fewer
    })
    const error = image.reduce((sum, v, k) => sum + (v - restored[k]) ** 2, 0) / PIXELS
    const kind = space.kind(space.distance(ranked[0], code))
    verdict.textContent =
      `Encoded as z = ${space.say(code)}, error ${error.toFixed(3)}. ` +
      judge(kind, error > data.unlike, data.labels[ranked[0]])
    ring.go(code)
    state.set({ drawing: { code, verdict: verdict.textContent } })
  }

  const { sheet, clear, read } = createSheet(state, readSheet)
  function readSheet() {
    const image = likeMnist(read(), PAD)
    if (image) encode(image)
    else showNothing()
  }
  showNothing()
  const figures = alike.map(({ canvas, caption }) => figure(canvas, caption))
  return {
    name: "draw",
    label: "Draw",
    children: [
      make(
        "div",
        { class: "row" },
        make("div", {}, sheet, button("Clear", clear)),
        make(
          "div",
          { class: "column" },
          figure(seen, "centred, scaled"),
          figure(redrawn, "reconstruction"),
        ),
      ),
      verdict,
      make("div", { class: "row alike" }, ...figures),
    ],
  }
}

/**
 * Whether a drawing is like anything in the data, in words.
 * @param {ReturnType<import("../space.js").Space["kind"]>} kind of the place where it lands
 * @param {boolean} unlike whether its error is that of hardly any real digit
 * @param {number} label of the nearest real digit
 */
export function judge(kind, unlike, label) {
  if (kind === "off") {
    return "Unlike anything in the data: no real digit is encoded near there."
  }
  return unlike
    ? "It lands among real digits, but is unlike anything in the data: 99 of 100 " +
        "real digits are reconstructed better."
    : `Like real digits: the nearest is a ${label}.`
}
