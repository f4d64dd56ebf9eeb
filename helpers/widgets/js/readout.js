// Where the ring stands, in numbers and in words: two sliders, the status, the cue, the spoken line.

import { ARROWS, make, onKeys, slider } from "./dom.js"
import { STEPS } from "./ring.js"
import { AXES, both } from "./space.js"

const FINE = 2 // steps of a slider to one of the map's keys
const REST = 300 // milliseconds: only once the hand rests, or a screen reader would never end
const CUES = {
  among: "Among real digits.",
  edge: "At the edge: few real digits are near.",
  off: "Off the map: no real digit is encoded near here.",
}

/**
 * @param {import("./explorer.js").Parts} parts
 * @param {string} statusId
 */
export function createReadout({ data, state, space, ring }, statusId) {
  const sliders = AXES.map((axis) => {
    const settings = {
      min: data.low[axis],
      max: data.high[axis],
      step: space.span[axis] / (FINE * STEPS),
    }
    const made = slider(`code ${axis + 1}`, settings, (value) => {
      const z = state.get("z")
      ring.go(both((k) => (k === axis ? value : z[k])))
    })
    onKeys(made.range, ({ key, shiftKey }) => {
      if (!ARROWS[key] || !shiftKey) return false // small steps are the browser's own
      const sign = ARROWS[key][0] + ARROWS[key][1]
      ring.nudge(
        both((k) => (k === axis ? sign : 0)),
        true,
      )
      return true
    })
    return made
  })
  const status = make("p", { class: "status", id: statusId })
  const cue = make("p", { class: "cue" })
  const spoken = make("p", { class: "spoken", "aria-live": "polite" })
  let speaking = 0
  /** @param {string} text */
  function speak(text) {
    clearTimeout(speaking)
    speaking = setTimeout(() => {
      spoken.textContent = text
    }, REST)
  }

  state.watch(["z", "nearest"], () => {
    const [z, nearest] = [state.get("z"), state.get("nearest")]
    const away = space.distance(nearest, z)
    const facts =
      `z = ${space.say(z)}, nearest digit ${data.labels[nearest]}, ` +
      `distance ${space.sayLength(away)}`
    status.textContent = facts
    cue.textContent = CUES[space.kind(away)]
    speak(`${facts}. ${cue.textContent}`)
    sliders.forEach(({ range, tell }, axis) => {
      range.value = String(z[axis])
      tell(space.sayLength(z[axis]))
    })
  })
  state.watch(["drawing"], () => {
    const drawing = state.get("drawing")
    if (drawing) speak(drawing.verdict)
  })
  const rows = sliders.map(({ row }) => row)
  return {
    element: make("div", { class: "place" }, ...rows, status, cue, spoken),
    release: () => clearTimeout(speaking),
  }
}
