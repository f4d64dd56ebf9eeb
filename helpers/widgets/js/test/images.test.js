import assert from "node:assert/strict"
import { readFileSync } from "node:fs"
import { test } from "node:test"
import { likeMnist, pixels } from "../images.js"
import { subtract } from "../panels/look.js"
import { PALETTES, rgb } from "../theme.js"

const PAD = 280
// Three images of MNIST's test set, as they come
const { digits } = JSON.parse(readFileSync(new URL("mnist.json", import.meta.url), "utf8"))

/** Draw a picture of 28 x 28 on a sheet, each of its pixels a square of so many. */
function enlarge(image, times, left, top) {
  const sheet = new Float32Array(PAD * PAD)
  for (let k = 0; k < sheet.length; k++) {
    const x = Math.floor(((k % PAD) - left) / times)
    const y = Math.floor((Math.floor(k / PAD) - top) / times)
    if (x >= 0 && y >= 0 && x < 28 && y < 28) sheet[k] = image[28 * y + x]
  }
  return sheet
}

for (const [times, left, top] of [
  [6, 56, 56],
  [6, 91, 36],
  [6, 16, 86],
  [9, 20, 4],
]) {
  test(`a drawing is centred and scaled as MNIST is: ${times} fold, at ${left}, ${top}`, () => {
    for (const text of digits) {
      const image = Float32Array.from(Buffer.from(text, "base64"), (byte) => byte / 255)
      const found = likeMnist(enlarge(image, times, left, top), PAD)
      const away = found.reduce((sum, v, k) => sum + Math.abs(v - image[k]), 0) / 784
      assert.ok(away < 0.02, `${away}`)
    }
  })
}

test("a blank sheet is no digit", () => {
  assert.equal(likeMnist(new Float32Array(PAD * PAD), PAD), null)
})

const AT = [0, 1, 2, 3]
const picture = Float32Array.from({ length: 784 }, (_, k) => [0, 1, -1, 0.5][k] ?? 0)
const colorsOf = (bytes) => AT.map((k) => [...bytes.slice(4 * k, 4 * k + 3)])

for (const [theme, palette] of Object.entries(PALETTES)) {
  test(`ink on paper, ${theme}`, () => {
    const [paper, ink] = [rgb(palette.paper), rgb(palette.ink)]
    const found = colorsOf(pixels(picture, palette, false))
    assert.deepEqual(found.slice(0, 3), [paper, ink, ink])
    found[3].forEach((v, c) => {
      assert.ok(Math.abs(v - (paper[c] + ink[c]) / 2) <= 1)
    })
  })

  test(`ink that was lost is orange, ink that was added is blue, ${theme}`, () => {
    const original = Float32Array.from({ length: 784 }, (_, k) => Number(k === 1))
    const restored = Float32Array.from({ length: 784 }, (_, k) => Number(k === 2))
    const [same, lost, added] = colorsOf(pixels(subtract(original, restored), palette, true))
    assert.deepEqual(same, rgb(palette.paper))
    assert.ok(lost[0] > lost[1] && lost[1] > lost[2], `orange: ${lost}`)
    assert.ok(added[2] > added[1] && added[1] > added[0], `blue: ${added}`)
  })
}
