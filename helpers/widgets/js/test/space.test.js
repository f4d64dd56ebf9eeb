import assert from "node:assert/strict"
import { test } from "node:test"
import { BOARD, createSpace } from "../space.js"
import { createData } from "./world.js"

const space = createSpace(createData())

test("the board has the window's corners, up is up", () => {
  assert.deepEqual(space.place([-6, 3]), [0, 0])
  assert.deepEqual(space.place([6, -3]), [BOARD, BOARD])
  assert.deepEqual(space.place([0, 0]), [BOARD / 2, BOARD / 2])
  assert.deepEqual(space.place([99, 99]), [BOARD, 0]) // kept inside
})

test("the point at the place of a point is that point", () => {
  for (const point of [
    [1.25, -2.5],
    [-6, 3],
    [5, 0.125],
  ]) {
    const back = space.pointAt(space.place(point))
    assert.ok(Math.hypot(back[0] - point[0], back[1] - point[1]) < 1e-12, `${back}`)
  }
  assert.deepEqual(space.pointAt([30, 10], [60, 40]), [0, 1.5]) // on a board of another size
})

test("a point outside is moved to the edge, one inside stays", () => {
  assert.deepEqual(space.inside([7, 1]), [6, 1])
  assert.deepEqual(space.inside([-7, -9]), [-6, -3])
  assert.deepEqual(space.inside([2, 1]), [2, 1])
  assert.deepEqual([space.contains([6, 3]), space.contains([6.01, 3])], [true, false])
})

test("the closest digit, also among those that are allowed", () => {
  assert.equal(space.closest([3.9, 0.9]), 1)
  assert.equal(space.closest([3.9, 1.1]), 2)
  assert.equal(
    space.closest([3.9, 1.1], (i) => i !== 2),
    1,
  )
  assert.equal(
    space.closest([0, 0], () => false),
    -1,
  )
  assert.deepEqual(space.ranked([3.9, 1.1]), [2, 1, 0, 3, 4])
})

test("a pointer means a digit that is less than ten pixels away", () => {
  assert.equal(space.meant([4 + (9 * 12) / BOARD, 0]), 1)
  assert.equal(space.meant([4 + (11 * 12) / BOARD, 0]), null)
})

test("among digits, at the edge, off the map: both bounds belong to the nearer kind", () => {
  const kinds = [0, 1, 1.001, 2, 2.001].map(space.kind)
  assert.deepEqual(kinds, ["among", "among", "edge", "edge", "off"])
})

test("fog lies where every digit is far", () => {
  const fog = space.fog(12) // cells one unit wide, half a unit high
  const at = (x, y) => fog[12 * Math.floor((3 - y) / 0.5) + Math.floor(x + 6)]
  assert.equal(fog.length, 144)
  assert.deepEqual([at(0.5, 0.2), at(4.5, 2.2), at(-4.5, -2.2)], [0, 0, 0])
  assert.deepEqual([at(-5.5, 2.7), at(5.5, -2.7), at(2.5, -2.2)], [1, 1, 1])
})

test("numbers are said with as many decimals as are worth it", () => {
  assert.equal(space.say([0.126, -2]), "(0.13, -2.00)")
  assert.equal(space.sayLength(1), "1.00")
})

test("a digit's picture goes from 0 to 1", () => {
  assert.deepEqual([space.image(0)[0], space.image(4)[783]], [0, Math.fround(0.8)])
})
