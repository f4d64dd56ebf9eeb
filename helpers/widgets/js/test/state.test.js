import assert from "node:assert/strict"
import { test } from "node:test"
import { createState } from "../state.js"

test("what is set is what one gets", () => {
  const state = createState({ a: 1, b: 2 })
  state.set({ b: 3 })
  assert.deepEqual([state.get("a"), state.get("b")], [1, 3])
})

test("a watcher paints at once, and then for each change of what it watches", () => {
  const state = createState({ a: 1, b: 2, c: 3 })
  const seen = []
  state.watch(["a", "b"], () => seen.push([state.get("a"), state.get("b")]))
  state.set({ c: 4 })
  state.set({ a: 1 })
  state.set({ a: 5, b: 6 })
  assert.deepEqual(seen, [
    [1, 2],
    [5, 6],
  ])
})
