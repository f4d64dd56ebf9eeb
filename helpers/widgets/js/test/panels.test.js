import assert from "node:assert/strict"
import { test } from "node:test"
import { drawDigits } from "../board.js"
import { judge } from "../panels/draw.js"
import { replayAt } from "../panels/replay.js"
import { between, blend } from "../panels/walk.js"
import { step } from "../sheet.js"
import { createSpace } from "../space.js"
import { createData } from "./world.js"

const data = createData()
const space = createSpace(data)

test("the walk leads from A to B", () => {
  assert.deepEqual(between(space, [3, 2], 0), [-4, -2])
  assert.deepEqual(between(space, [3, 2], 0.25), [-2, -1])
  assert.deepEqual(between(space, [3, 2], 1), [4, 2])
})

test("so do the mixed pixels", () => {
  const shades = [0, 0.5, 1].map((share) => blend(space, [1, 4], share)[0].toFixed(3))
  assert.deepEqual(shades, ["0.200", "0.500", "0.800"])
})

test("the replay begins with the first epoch and ends with the last", () => {
  const at = (position) => {
    const { codes, epoch } = replayAt(data, position)
    return [...codes, epoch]
  }
  assert.deepEqual(at(0), [0, 0, 0])
  assert.deepEqual(at(0.25), [0.25, 2.5, 0])
  assert.deepEqual(at(1), [1, 10, 2])
  assert.deepEqual(at(1.75), [4, 25, 10])
  assert.deepEqual(at(2), [5, 30, 10])
})

test("each digit is written where its code lies, in its own colour; those outside are not", () => {
  const written = []
  const context = {
    fillText(text, x, y) {
      written.push([text, x, y, this.fillStyle])
    },
  }
  drawDigits(context, space, { ...data, size: 9 })
  assert.deepEqual(written, [
    ["7", 220, 220, "#707070"],
    ["3", (10 / 12) * 440, 220, "#303030"],
    ["1", (10 / 12) * 440, (1 - 5 / 6) * 440, "#101010"],
    ["0", (2 / 12) * 440, (1 - 1 / 6) * 440, "#000000"],
  ])
})

test("a drawing is like real digits only near them and with a small error", () => {
  assert.match(judge("off", false, 4), /^Unlike anything in the data/)
  assert.match(judge("edge", true, 4), /^It lands among real digits, but is unlike/)
  assert.match(judge("among", false, 4), /^Like real digits: the nearest is a 4\.$/)
})

test("the pen moves by its size and stays on the sheet", () => {
  assert.deepEqual(step({ x: 140, y: 140 }, [0, 1], 10), [140, 130])
  assert.deepEqual(step({ x: 15, y: 140 }, [-1, 0], 40), [12, 140])
})
