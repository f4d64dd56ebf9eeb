// A sheet to draw on, by pointer or by key.

import { ARROWS, context2d, make, onKeys } from "./dom.js"
import { PALETTES } from "./theme.js"

/** @typedef {import("./payload.js").Point} Point */

export const PAD = 280 // pixels, the sheet's side
const PEN = 24 // of them: as thick as MNIST's strokes are for their size
const MOVE = 10 // of them, by an arrow key
const BIG_MOVE = 40 // with Shift

/**
 * @param {import("./explorer.js").State} state
 * @param {() => void} inked called when there is more ink, or none
 */
export function createSheet(state, inked) {
  const sheet = makeSheet()
  const pen = { x: PAD / 2, y: PAD / 2, down: false, byKeys: false }
  // The ink alone; the sheet adds the paper and a cursor.
  const ink = context2d(make("canvas", { width: PAD, height: PAD }), { willReadFrequently: true })

  const paint = () => paintSheet(context2d(sheet), ink.canvas, pen, PALETTES[state.get("theme")])

  /** @param {Point} place */
  function stroke([x, y]) {
    ink.lineWidth = PEN
    ink.lineCap = ink.lineJoin = "round"
    ink.beginPath()
    ink.moveTo(pen.x, pen.y)
    ink.lineTo(x, y)
    ink.stroke()
    Object.assign(pen, { x, y })
    paint()
    inked()
  }
  function clear() {
    ink.clearRect(0, 0, PAD, PAD)
    paint()
    inked()
  }
  /** @param {Point} place where the pen stands from now on */
  function take([x, y]) {
    Object.assign(pen, { x, y, down: false, byKeys: false })
  }

  addPointer(sheet, take, stroke)
  sheet.addEventListener("blur", () => {
    take([pen.x, pen.y])
    paint()
  })
  onKeys(sheet, ({ key, shiftKey }) => {
    if (key === "Delete" || key === "Backspace") clear()
    else if (key === " ") {
      Object.assign(pen, { byKeys: true, down: !pen.down })
      if (pen.down) stroke([pen.x, pen.y])
      else paint()
    } else if (ARROWS[key]) {
      pen.byKeys = true
      const [x, y] = step(pen, ARROWS[key], shiftKey ? BIG_MOVE : MOVE)
      if (pen.down) stroke([x, y])
      else {
        Object.assign(pen, { x, y })
        paint()
      }
    } else return false
    return true
  })
  state.watch(["theme"], paint)

  return {
    sheet,
    clear,
    /** How much ink lies on each pixel, 0 to 1. */
    read() {
      const { data } = ink.getImageData(0, 0, PAD, PAD)
      return Float32Array.from({ length: PAD * PAD }, (_, k) => data[4 * k + 3] / 255)
    },
  }
}

function makeSheet() {
  return make("canvas", {
    width: PAD,
    height: PAD,
    class: "sheet",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "drawing",
    "aria-label":
      "Draw a digit with the pointer. By keyboard: " +
      "arrow keys move the pen, Space puts it down or lifts it, Delete clears the sheet.",
  })
}

/**
 * Where an arrow key takes the pen, which stays on the sheet.
 * @param {{ x: number, y: number }} pen
 * @param {Point} arrow
 * @param {number} size
 */
export function step({ x, y }, arrow, size) {
  /** @param {number} v */
  const inside = (v) => Math.min(PAD - PEN / 2, Math.max(PEN / 2, v))
  return [inside(x + size * arrow[0]), inside(y - size * arrow[1])]
}

/**
 * @param {HTMLCanvasElement} sheet
 * @param {(place: Point) => void} take
 * @param {(place: Point) => void} stroke
 */
function addPointer(sheet, take, stroke) {
  /**
   * @param {PointerEvent} event
   * @returns {Point}
   */
  const placeOf = ({ clientX, clientY }) => {
    const { left, top, width, height } = sheet.getBoundingClientRect()
    return [((clientX - left) * PAD) / width, ((clientY - top) * PAD) / height]
  }
  sheet.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return
    sheet.setPointerCapture(event.pointerId)
    take(placeOf(event))
    stroke(placeOf(event))
  })
  sheet.addEventListener("pointermove", (event) => {
    if (sheet.hasPointerCapture(event.pointerId)) stroke(placeOf(event))
  })
}

/**
 * Ink on paper, and where the pen is if keys move it.
 * @param {CanvasRenderingContext2D} context
 * @param {HTMLCanvasElement} ink
 * @param {{ x: number, y: number, down: boolean, byKeys: boolean }} pen
 * @param {import("./theme.js").Palette} palette
 */
function paintSheet(context, ink, pen, palette) {
  context.globalCompositeOperation = "source-over"
  context.fillStyle = palette.ink
  context.fillRect(0, 0, PAD, PAD)
  context.globalCompositeOperation = "destination-in"
  context.drawImage(ink, 0, 0)
  context.globalCompositeOperation = "destination-over"
  context.fillStyle = palette.paper
  context.fillRect(0, 0, PAD, PAD)
  if (!pen.byKeys) return
  context.globalCompositeOperation = "source-over"
  context.strokeStyle = palette.accent
  context.lineWidth = pen.down ? 6 : 2
  context.beginPath()
  context.arc(pen.x, pen.y, PEN / 2, 0, 7)
  context.stroke()
}
