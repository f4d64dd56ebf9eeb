import assert from "node:assert/strict"
import { test } from "node:test"
import { deflateSync } from "node:zlib"
import { joinBytes, unpack } from "../payload.js"

// Float16 numbers as their sixteen bits
const [ZERO, QUARTER, HALF, ONE, TWO, MINUS_TWO] = [0, 0x3400, 0x3800, 0x3c00, 0x4000, 0xc000]

function pack(header, numbers, bytes) {
  const head = new TextEncoder().encode(JSON.stringify(header))
  const length = new Uint8Array(4)
  new DataView(length.buffer).setUint32(0, head.length, true)
  const body = [...numbers.map((n) => n >> 8), ...numbers.map((n) => n & 255), ...bytes]
  return new Uint8Array(deflateSync(Uint8Array.of(...length, ...head, ...body)))
}

test("what Python packs is unpacked", async () => {
  const header = {
    layers: [
      [1, 2, "gelu"],
      [2, 1, "linear"],
    ],
    encoderLayers: 1,
    points: 2,
    epochs: [0, 7],
    replayed: 1,
    low: [-4, 10],
    high: [4, 20],
    near: 0.5,
  }
  const numbers = [
    ...[ONE, TWO, HALF, MINUS_TWO], // the first layer's kernel and bias
    ...[TWO, ONE, ZERO], // the second's
    ...[ZERO, ONE, HALF, QUARTER], // codes, as shares of the window
    ...[HALF, QUARTER], // errors
    ...[ONE, ZERO, QUARTER, HALF], // the replay
  ]
  const data = await unpack(pack(header, numbers, [3, 8, 0, 1, 2, 3, 4, 5]))
  assert.equal(data.near, 0.5)
  assert.deepEqual(data.encoder, [
    { kernel: Float32Array.of(1, 2), bias: Float32Array.of(0.5, -2), activation: "gelu" },
  ])
  assert.deepEqual(data.decoder, [
    { kernel: Float32Array.of(2, 1), bias: Float32Array.of(0), activation: "linear" },
  ])
  assert.deepEqual([...data.codes], [-4, 20, 0, 12.5])
  assert.deepEqual([...data.errors], [0.5, 0.25])
  assert.deepEqual([...data.replay], [4, 10, -2, 15])
  assert.deepEqual([...data.labels], [3, 8])
  assert.deepEqual([...data.images], [0, 1, 2, 3, 4, 5])
})

test("float16, as far as it goes", () => {
  const known = [
    [0x7bff, 65504], // the largest
    [0x0400, 2 ** -14], // the smallest that is normal
    [0x0001, 2 ** -24], // the smallest at all
    [0x8000, -0],
    [0xb555, -0.333251953125],
  ]
  for (const [bits, number] of known) {
    assert.equal(joinBytes(Uint8Array.of(bits >> 8), Uint8Array.of(bits & 255))[0], number)
  }
})
