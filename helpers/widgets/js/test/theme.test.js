import assert from "node:assert/strict"
import { test } from "node:test"
import { PALETTES, rgb, shade } from "../theme.js"

test("both themes have a colour for each name", () => {
  assert.deepEqual(Object.keys(PALETTES.light), Object.keys(PALETTES.dark))
  for (const color of Object.values(PALETTES).flatMap(Object.values)) {
    assert.match(color, /^#[0-9a-f]{6}$/)
  }
})

test("red, green and blue", () => assert.deepEqual(rgb("#0a80ff"), [10, 128, 255]))

test("a class's colour goes three tenths of the way to what stands out from the paper", () => {
  assert.equal(shade("#0a80ff", "light"), "rgb(7,90,179)")
  assert.equal(shade("#0a80ff", "dark"), "rgb(84,166,255)")
})

/** WCAG's contrast of two colours. */
function contrast(one, other) {
  const light = (color) => {
    const [r, g, b] = rgb(color)
      .map((v) => v / 255)
      .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05
  }
  const [a, b] = [light(one), light(other)]
  return Math.max(a, b) / Math.min(a, b)
}

for (const [theme, palette] of Object.entries(PALETTES)) {
  test(`words can be read on the paper, ${theme}`, () => {
    for (const name of ["text", "soft", "accent", "lost", "added"]) {
      assert.ok(contrast(palette[name], palette.paper) >= 4.5, name)
    }
  })
}
