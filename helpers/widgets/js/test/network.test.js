import assert from "node:assert/strict"
import { test } from "node:test"
import { erf, run } from "../network.js"

const close = (found, known, fine) =>
  assert.ok(Math.abs(found - known) <= fine, `${found}, ${known}`)

// Of -1, 0 and 2, to six digits
const KNOWN = {
  linear: [-1, 0, 2],
  relu: [0, 0, 2],
  elu: [-0.632121, 0, 2],
  gelu: [-0.158655, 0, 1.9545],
  silu: [-0.268941, 0, 1.761594],
  tanh: [-0.761594, 0, 0.964028],
  sigmoid: [0.268941, 0.5, 0.880797],
}

for (const [activation, known] of Object.entries(KNOWN)) {
  test(`a layer with ${activation}`, () => {
    const kernel = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)
    const found = run([{ kernel, bias: new Float32Array(3), activation }], [-1, 0, 2])
    known.forEach((value, k) => {
      close(found[k], value, 1e-6)
    })
  })
}

test("two layers: rows of the kernel are inputs, the bias is added, the next gets the result", () => {
  const first = {
    kernel: Float32Array.of(1, 2, 3, 4, 5, 6), // 2 rows, 3 columns
    bias: Float32Array.of(0, -20, 1),
    activation: "relu",
  }
  const second = {
    kernel: Float32Array.of(1, 1, -1),
    bias: Float32Array.of(2),
    activation: "linear",
  }
  assert.deepEqual([...run([first], [1, 2])], [9, 0, 16])
  assert.deepEqual([...run([first, second], [1, 2])], [-5])
})

test("the error function to 1.5e-7", () => {
  const known = [
    [0.1, 0.112462916],
    [0.5, 0.5204998778],
    [1, 0.8427007929],
    [2, 0.995322265],
    [4, 0.9999999846],
  ]
  for (const [x, y] of known) {
    close(erf(x), y, 1.5e-7)
    close(erf(-x), -y, 1.5e-7)
  }
  assert.equal(erf(0), 0)
})
