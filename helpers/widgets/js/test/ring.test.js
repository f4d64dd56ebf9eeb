import assert from "node:assert/strict"
import { test } from "node:test"
import { createWorld } from "./world.js"

const close = (found, known) =>
  assert.ok(Math.hypot(found[0] - known[0], found[1] - known[1]) < 1e-12, `${found}, not ${known}`)

test("a hundred steps lead across the map, ten of them at once with Shift", () => {
  const { ring, state } = createWorld({ start: [0, 0] })
  ring.nudge([1, 0], false)
  close(state.get("z"), [0.12, 0])
  ring.nudge([0, -1], false)
  close(state.get("z"), [0.12, -0.06])
  ring.nudge([-1, 0], true)
  close(state.get("z"), [-1.08, -0.06])
  for (let k = 0; k < 20; k++) ring.nudge([0, 1], true)
  close(state.get("z"), [-1.08, 3]) // not beyond the edge
})

test("home is where it started", () => {
  const { ring, state } = createWorld()
  ring.go([3, 1])
  ring.home()
  assert.deepEqual(state.get("z"), [0.5, 0.25])
})

test("wherever it is, the state knows the nearest digit", () => {
  const { ring, state } = createWorld()
  ring.moveTo([3.8, 1.9])
  assert.equal(state.get("nearest"), 2)
})

test("N visits one digit after the other, none twice, and none outside the map", () => {
  const { ring, space, state } = createWorld()
  const visited = Array.from({ length: 5 }, () => {
    ring.toNearest()
    return state.get("nearest")
  })
  assert.deepEqual(visited, [0, 1, 2, 3, 3])
  assert.deepEqual(state.get("z"), space.code(3))
})

test("whoever moves the ring by hand or by the walk lets N start anew, Python does not", () => {
  for (const [move, landed] of [
    ["go", 1],
    ["carry", 1],
    ["moveTo", 3], // since 0, 1 and 2 were visited
  ]) {
    const { ring, state } = createWorld()
    ring.toNearest()
    ring.toNearest()
    assert.equal(state.get("nearest"), 1)
    ring[move]([0.1, 0])
    ring.toNearest()
    ring.toNearest()
    assert.equal(state.get("nearest"), landed, move)
  }
})

test("a hand stops what plays and forgets the pointer's digit, the walk and Python do neither", () => {
  for (const [move, playing, pointed] of [
    ["go", null, null],
    ["toNearest", null, null],
    ["carry", "walk", 2],
    ["moveTo", "walk", 2],
  ]) {
    const { ring, state } = createWorld()
    ring[move]([1, 1])
    assert.deepEqual([state.get("playing"), state.get("pointed")], [playing, pointed], move)
  }
})

test("a ring that stays where it is tells nobody", () => {
  const { ring, state } = createWorld()
  let painted = 0
  state.watch(["z"], () => painted++)
  ring.moveTo([0.5, 0.25])
  assert.equal(painted, 1) // at first
})
