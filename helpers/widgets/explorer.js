// The latent explorer: a map of codes, and an autoencoder that runs in the page.
//
// `mount(element, data)` needs nothing but a browser. At the end of this file stands the little that
// makes it a widget of Jupyter; helpers/explorer.py packs the data and also wraps all of this into a
// page of its own, which lives without a kernel and without a network.

const SIDE = 28
const PIXELS = SIDE * SIDE
const BOARD = 440 // CSS pixels, the map's side
const STEPS = 100 // key presses from one edge of the map to the other
const SHOTS = 9 // pictures in a filmstrip
const PEN = 24 // of the drawing's 280 pixels: as thick as MNIST's strokes are for their size
const PAD = 280

// ---------------------------------------------------------------- what Python sent

/** Turn the bytes of `explorer.pack` into arrays and networks. */
export async function unpack(bytes) {
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))
  const buffer = await new Response(inflated).arrayBuffer()
  const length = new DataView(buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  const body = new Uint8Array(buffer, 4 + length)
  const count = header.points
  const sizes = header.layers.map(([rows, columns]) => (rows + 1) * columns)
  const shown = header.epochs.length * header.replayed * 2
  const total = sizes.reduce((a, b) => a + b, 0) + 3 * count + shown
  const numbers = readHalves(body.subarray(0, total), body.subarray(total, 2 * total))
  let at = 0
  const take = (n) => numbers.subarray(at, (at += n))
  const layers = header.layers.map(([rows, columns, activation]) => (
    { kernel: take(rows * columns), bias: take(columns), activation }))
  const { low, high } = header // codes travel as shares of the window
  const places = (shares) => shares.map((v, i) => low[i % 2] + v * (high[i % 2] - low[i % 2]))
  return {
    ...header,
    encoder: layers.slice(0, header.encoderLayers),
    decoder: layers.slice(header.encoderLayers),
    codes: places(take(2 * count)),
    errors: take(count),
    replay: places(take(shown)),
    labels: body.subarray(2 * total, 2 * total + count),
    images: body.subarray(2 * total + count),
  }
}

/** Read float16 numbers, whose high and low bytes lie apart because they compress better so. */
function readHalves(high, low) {
  return Float32Array.from(high, (byte, i) => {
    const exponent = (byte >> 2) & 31
    const fraction = ((byte & 3) << 8) | low[i]
    const size = exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24
    return byte & 128 ? -size : size
  })
}

// ---------------------------------------------------------------- the network

const ACTIVATIONS = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  silu: (x) => x / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
}

/** The error function to 1.5e-7: Abramowitz and Stegun, formula 7.1.26. */
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const sum = ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736) * t
    + 0.254829592) * t
  return Math.sign(x) * (1 - sum * Math.exp(-x * x))
}

/** Send numbers through dense layers: what `encoder` and `decoder` do in Keras. */
export function run(layers, signal) {
  for (const { kernel, bias, activation } of layers) {
    const width = bias.length
    const sums = bias.slice()
    for (let i = 0, row = 0; i < signal.length; i++, row += width) {
      const value = signal[i]
      if (value === 0) continue // bare paper, for the most part
      for (let j = 0; j < width; j++) sums[j] += value * kernel[row + j]
    }
    signal = sums.map(ACTIVATIONS[activation])
  }
  return signal
}

// ---------------------------------------------------------------- pictures

/** Centre and scale ink as MNIST does: into 20 x 20, then the centre of mass into the middle.
 *  Takes numbers from 0 to 1, (size x size); returns (784,), or null if there is no ink.
 *  The method: LeCun, Cortes and Burges, http://yann.lecun.com/exdb/mnist/ */
export function likeMnist(ink, size) {
  let [left, right, top, bottom] = [size, -1, size, -1]
  for (let k = 0; k < ink.length; k++) {
    if (ink[k] < 0.1) continue
    const [x, y] = [k % size, Math.floor(k / size)]
    left = Math.min(left, x)
    right = Math.max(right, x)
    top = Math.min(top, y)
    bottom = Math.max(bottom, y)
  }
  if (right < 0) return null
  const scale = Math.max(right - left + 1, bottom - top + 1) / 20 // of its pixels to one of ours
  const small = new Float32Array(PIXELS)
  let [mass, across, down] = [0, 0, 0]
  for (let k = 0; k < ink.length; k++) {
    if (ink[k] === 0) continue
    // Each of its pixels is a square of 1/scale of ours; give each pixel it covers its share.
    const x = (k % size - left) / scale
    const y = (Math.floor(k / size) - top) / scale
    for (let v = Math.floor(y); v < y + 1 / scale; v++) {
      for (let u = Math.floor(x); u < x + 1 / scale; u++) {
        const share = overlap(x, 1 / scale, u) * overlap(y, 1 / scale, v) * ink[k]
        if (share <= 0 || u < 0 || v < 0 || u >= SIDE || v >= SIDE) continue
        small[v * SIDE + u] += share
        mass += share
        across += share * u
        down += share * v
      }
    }
  }
  const shiftX = Math.round(SIDE / 2 - across / mass)
  const shiftY = Math.round(SIDE / 2 - down / mass)
  return small.map((_, k) => {
    const [x, y] = [k % SIDE - shiftX, Math.floor(k / SIDE) - shiftY]
    return x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : Math.min(1, small[y * SIDE + x])
  })
}

function overlap(start, length, cell) {
  return Math.min(start + length, cell + 1) - Math.max(start, cell)
}

/** Paint a picture of 784 numbers: ink on paper, or, if signed, ink that is missing or too much. */
function paint(canvas, image, theme, signed = false) {
  const [paper, ink, less, more] = theme === "dark"
    ? [[22, 22, 24], [242, 242, 242], [255, 150, 50], [90, 170, 255]]
    : [[255, 255, 255], [20, 20, 20], [214, 94, 0], [0, 96, 190]]
  const context = canvas.getContext("2d")
  const picture = context.createImageData(SIDE, SIDE)
  for (let k = 0; k < PIXELS; k++) {
    const color = !signed ? ink : image[k] > 0 ? less : more
    const amount = Math.min(1, Math.abs(image[k]))
    for (let c = 0; c < 3; c++) {
      picture.data[4 * k + c] = paper[c] + amount * (color[c] - paper[c])
    }
    picture.data[4 * k + 3] = 255
  }
  context.putImageData(picture, 0, 0)
}

/** Make an element: a tag, its attributes, its children; functions become listeners. */
function make(tag, attributes = {}, ...children) {
  const space = ["svg", "line", "circle", "text", "polyline", "g"].includes(tag)
    ? "http://www.w3.org/2000/svg" : "http://www.w3.org/1999/xhtml"
  const element = document.createElementNS(space, tag)
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name, value)
    else element.setAttribute(name, value)
  }
  element.append(...children)
  return element
}

// ---------------------------------------------------------------- the explorer

/** Build an explorer inside an element.
 *  @param data what `unpack` returned
 *  @param onMove called with [code 1, code 2] whenever the ring has moved
 *  @returns {moveTo, remove, decode, encode} */
export function mount(element, data, onMove = () => {}) {
  const { codes, labels, low, high, near, far, unlike, decimals, start, typical } = data
  const count = labels.length
  const span = [high[0] - low[0], high[1] - low[1]]
  const calm = matchMedia("(prefers-reduced-motion: reduce)")
  const night = matchMedia("(prefers-color-scheme: dark)")
  const decode = (point) => run(data.decoder, point)
  const encode = (image) => run(data.encoder, image)
  const code = (i) => [codes[2 * i], codes[2 * i + 1]]
  const image = (i) =>
    Float32Array.from(data.images.subarray(i * PIXELS, (i + 1) * PIXELS), (v) => v / data.levels)

  let z = null
  let theme = null
  let nearest = 0 // to the ring
  let hovered = null
  let lookedAt = null
  let visited = new Set() // by the key N
  let inkPoint = null // where the drawing lies
  let frame = null // of the replay, or null
  let playing = null // the animation frame that is waited for
  let colors = [] // of the digits, for the theme

  // ---- pieces of the page

  const id = `latent-${Math.random().toString(36).slice(2)}`
  const pictures = new Map() // canvas -> what it shows, to paint it again when the theme changes
  function show(canvas, values, signed = false) {
    pictures.set(canvas, [values, signed])
    paint(canvas, values, theme, signed)
  }
  const digit = (name, size) => make("canvas", {
    width: SIDE, height: SIDE, class: "digit", role: "img", "aria-label": name,
    style: `width:${size}px;height:${size}px` })
  const figure = (canvas, caption) => make("figure", {}, canvas, make("figcaption", {}, caption))
  const button = (text, click, more = {}) => make("button", { type: "button", click, ...more }, text)
  function slider(name, settings, input) {
    const value = make("span", { class: "value", "aria-hidden": "true" })
    const range = make("input", { type: "range", ...settings, "aria-label": name, input })
    const tell = (text) => {
      value.textContent = text
      range.setAttribute("aria-valuetext", text)
    }
    return { row: make("label", { class: "slider" }, make("span", {}, name), range, value), range, tell }
  }

  const board = make("canvas", { "aria-hidden": "true" })
  const line = make("line", { class: "nearest" })
  const spot = make("circle", { class: "inspected", r: 8 })
  const path = make("polyline", { class: "path" })
  const ends = ["A", "B"].map((name) => make("text", { class: "end" }, name))
  const inked = make("text", { class: "inked" }, "✎")
  const ring = make("g", { class: "ring" },
    make("circle", { r: 11, class: "halo" }), make("circle", { r: 11 }))
  const overlay = make("svg", { viewBox: `0 0 ${BOARD} ${BOARD}`, "aria-hidden": "true" },
    path, line, spot, ...ends, inked, ring)
  const map = make("div", {
    class: "map", tabindex: 0, role: "application", "aria-roledescription": "map",
    "aria-describedby": `${id}-status`,
    "aria-label": `Map of ${count} digits. Arrow keys move the ring, with Shift in big steps; `
      + "Home goes back to the start; N goes to the nearest digit; P plays the walk.",
  }, board, overlay)
  const legend = make("p", { class: "legend" })

  const sliders = [0, 1].map((k) => slider(`code ${k + 1}`,
    { min: low[k], max: high[k], step: span[k] / (2 * STEPS) },
    () => go(sliders.map(({ range }, j) => (j === k ? Number(range.value) : z[j])))))
  const status = make("p", { class: "status", id: `${id}-status` })
  const cue = make("p", { class: "cue" })
  const spoken = make("p", { class: "spoken", "aria-live": "polite" })

  const decoded = digit("decoded from the ring", 196)
  const heading = make("p", { class: "heading" })
  const trio = ["original", "reconstruction", "difference"].map((name) => digit(name, 84))
  const lookPanel = [
    figure(decoded, "decoded from the ring"), heading,
    make("div", { class: "row" },
      figure(trio[0], "original"), figure(trio[1], "reconstruction"), figure(trio[2], "difference")),
    make("p", { class: "note" },
      make("b", { class: "less" }, "orange"), ": ink that was lost, ",
      make("b", { class: "more" }, "blue"), ": ink that was added. Error: the mean squared difference "
      + "of the pixels. Point at a digit, tap near it, or press N."),
  ]

  const tabs = []
  const addTab = (name, label, children) => {
    const panel = make("div", { role: "tabpanel", id: `${id}-${name}-panel`,
      "aria-labelledby": `${id}-${name}`, class: `panel ${name}` }, ...children)
    const tab = button(label, () => choose(name), { role: "tab", id: `${id}-${name}`,
      "aria-controls": panel.id })
    tabs.push({ name, tab, panel })
  }

  // ---- the ring

  /** Where a point lies on the board, kept inside it. */
  const place = (point) => [0, 1].map((k) => {
    const share = Math.min(1, Math.max(0, (point[k] - low[k]) / span[k]))
    return (k ? 1 - share : share) * BOARD
  })
  const inside = (point) => point.map((v, k) => Math.min(high[k], Math.max(low[k], v)))
  const say = (point) => `(${point.map((v) => v.toFixed(decimals)).join(", ")})`
  const distanceTo = (i, [x, y]) => Math.hypot(codes[2 * i] - x, codes[2 * i + 1] - y)
  function closest(point, allowed = () => true) {
    let [best, least] = [-1, Infinity]
    for (let i = 0; i < count; i++) {
      const away = distanceTo(i, point)
      if (away < least && allowed(i)) [best, least] = [i, away]
    }
    return best
  }
  function put(node, [x, y]) {
    node.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`)
  }
  let speaking = 0
  function speak(text) { // only once the hand rests, or a screen reader would never end
    clearTimeout(speaking)
    speaking = setTimeout(() => { spoken.textContent = text }, 300)
  }

  /** Move the ring, as a hand does: N starts anew, and whoever listens is told. */
  function go(point) {
    stop()
    hovered = null
    visited = new Set()
    moveTo(point)
  }
  /** Move the ring; everything that depends on it changes before the next frame. */
  function moveTo(point) {
    if (z && point[0] === z[0] && point[1] === z[1]) return
    z = [...point]
    show(decoded, decode(z))
    nearest = closest(z)
    const away = distanceTo(nearest, z)
    const kind = away <= near ? "among" : away <= far ? "edge" : "off"
    const words = { among: "Among real digits.", edge: "At the edge: few real digits are near.",
      off: "Off the map: no real digit is encoded near here." }[kind]
    const facts = `z = ${say(z)}, nearest digit ${labels[nearest]}, distance ${away.toFixed(decimals)}`
    status.textContent = facts
    cue.textContent = words
    root.dataset.cue = kind
    speak(`${facts}. ${words}`)
    sliders.forEach(({ range, tell }, k) => {
      range.value = z[k]
      tell(z[k].toFixed(decimals))
    })
    put(ring, place(z))
    look()
    onMove(z)
  }

  /** Show a digit as it is, as it comes back, and what that changed: the one that is pointed at, or
   *  else the one nearest to the ring. */
  function look() {
    const i = hovered ?? nearest
    const why = hovered === null ? "Nearest real digit" : "Under the pointer"
    const [from, to] = [place(z), place(code(i))]
    for (const [name, value] of Object.entries({ x1: from[0], y1: from[1], x2: to[0], y2: to[1] })) {
      line.setAttribute(name, value)
    }
    put(spot, to)
    const title = `${why}: a ${labels[i]}, error ${data.errors[i].toFixed(3)}`
    heading.textContent = title
    if (lookedAt === i) return
    lookedAt = i
    const original = image(i)
    const restored = decode(code(i))
    show(trio[0], original)
    show(trio[1], restored)
    show(trio[2], original.map((v, k) => v - restored[k]), true)
  }

  const pointOf = (event) => {
    const box = map.getBoundingClientRect()
    const x = low[0] + span[0] * (event.clientX - box.left) / box.width
    const y = high[1] - span[1] * (event.clientY - box.top) / box.height
    return inside([x, y])
  }
  map.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary || frame) return
    map.setPointerCapture(event.pointerId)
    map.focus({ preventScroll: true })
    go(pointOf(event))
  })
  map.addEventListener("pointermove", (event) => {
    if (frame) return
    if (map.hasPointerCapture(event.pointerId)) go(pointOf(event))
    else if (event.pointerType === "mouse") hover(pointOf(event))
  })
  map.addEventListener("pointerleave", () => { if (!frame) hover(null) })
  function hover(point) {
    const i = point ? closest(point) : -1
    const [there, here] = i < 0 ? [] : [place(code(i)), place(point)]
    hovered = there && Math.hypot(there[0] - here[0], there[1] - here[1]) < 10 ? i : null
    look()
  }

  /** To the nearest digit on the map; pressed again, to the next one that was not visited yet. */
  function toNearest() {
    stop()
    const here = z
    const at = ([x, y]) => x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1]
    const i = closest(here, (k) => !visited.has(k) && at(code(k)) && distanceTo(k, here) > 0)
    if (i < 0) return
    visited.add(i)
    hovered = null
    moveTo(code(i))
  }

  // ---- playing: one animation at a time

  function stop() {
    cancelAnimationFrame(playing)
    playing = null
    for (const player of [walkPlay, replayPlay]) player.textContent = "▶ Play"
  }
  /** Let a slider run from where it stands to its end; in steps for who wants little motion. */
  function play(range, seconds, jumps, player) {
    stop()
    player.textContent = "❚❚ Pause"
    const end = Number(range.max)
    if (Number(range.value) >= end) range.value = 0
    const from = Number(range.value)
    const began = performance.now()
    const tick = (now) => {
      const share = Math.max(0, now - began) / (1000 * seconds)
      const value = Math.min(end, from + end * (calm.matches ? Math.floor(share * jumps) / jumps : share))
      if (value !== Number(range.value)) {
        range.value = value
        range.dispatchEvent(new Event("input"))
      }
      if (value >= end) stop()
      else if (playing) playing = requestAnimationFrame(tick)
    }
    playing = requestAnimationFrame(tick)
  }

  // ---- the walk

  let walk = [typical[4] ?? 0, typical[8] ?? count - 1]
  const endDigits = ["A", "B"].map((name) => digit(`digit ${name}`, 56))
  const walked = digit("the walk on the map", 112)
  const faded = digit("the cross-fade of pixels", 112)
  const films = ["map", "pixels"].map(() =>
    Array.from({ length: SHOTS }, () => make("canvas", {
      width: SIDE, height: SIDE, class: "digit", "aria-hidden": "true", style: "width:27px;height:27px" })))
  const scrub = slider("from A to B", { min: 0, max: 1, step: 0.001, value: 0 }, (event) => {
    if (event.isTrusted) stop()
    step()
    visited = new Set()
    moveTo(between(Number(scrub.range.value)))
  })
  const walkPlay = button("▶ Play", () => (playing ? stop() : play(scrub.range, 4, SHOTS - 1, walkPlay)))
  const between = (share) => {
    const [a, b] = walk.map(code)
    return a.map((v, k) => v + share * (b[k] - v))
  }
  const blend = (share) => {
    const [a, b] = walk.map(image)
    return a.map((v, k) => v + share * (b[k] - v))
  }
  /** Show one step of the walk; the ring goes there only if the walk is moved. */
  function step() {
    const share = Number(scrub.range.value)
    scrub.tell(`${Math.round(100 * share)} %`)
    show(faded, blend(share))
    show(walked, decode(between(share)))
    films.flat().forEach((shot, k) =>
      shot.classList.toggle("now", k % SHOTS === Math.round(share * (SHOTS - 1))))
  }
  function setWalk(which, i) {
    walk[which] = i
    walk.forEach((end, k) => {
      show(endDigits[k], image(end))
      endDigits[k].setAttribute("aria-label", `${"AB"[k]}, a ${labels[end]}`)
      put(ends[k], place(code(end)))
    })
    path.setAttribute("points", walk.map((end) => place(code(end)).join(",")).join(" "))
    for (let k = 0; k < SHOTS; k++) {
      show(films[0][k], decode(between(k / (SHOTS - 1))))
      show(films[1][k], blend(k / (SHOTS - 1)))
    }
  }
  const walkPanel = [
    make("div", { class: "row" },
      ...endDigits.map((canvas, k) => figure(canvas, button(["Start here", "End here"][k], () => {
        stop()
        setWalk(k, nearest)
        scrub.range.value = k
        step()
      }))),
    ),
    make("div", { class: "row" }, figure(walked, "walk on the map"), figure(faded, "cross-fade of pixels")),
    make("div", { class: "row play" }, walkPlay, scrub.row),
    ...films.map((shots, k) => make("div", { class: "film" },
      make("span", { "aria-hidden": "true" }, ["map", "pixels"][k]),
      make("div", { class: "strip", role: "img",
        "aria-label": `${SHOTS} steps from A to B, ${["on the map", "mixed pixels"][k]}` }, ...shots))),
    make("p", { class: "note" }, "Mixed pixels show two digits at once. On the map each step is one shape. "
      + "Drag the ring to a digit, then start or end the walk there: A and B are the nearest digits."),
  ]

  // ---- the drawing

  const sheet = make("canvas", {
    width: PAD, height: PAD, class: "sheet", tabindex: 0, role: "application",
    "aria-roledescription": "drawing", "aria-label": "Draw a digit with the pointer. By keyboard: "
      + "arrow keys move the pen, Space puts it down or lifts it, Delete clears the sheet.",
  })
  const pen = { x: PAD / 2, y: PAD / 2, down: false, keys: false }
  const ink = document.createElement("canvas") // the ink alone; the sheet adds the paper and a cursor
  ink.width = ink.height = PAD
  const inkContext = ink.getContext("2d", { willReadFrequently: true })
  const seen = digit("as the encoder gets it", 84)
  const redrawn = digit("reconstruction of your digit", 84)
  const verdict = make("p", { class: "verdict" }, "Draw a digit.")
  const alike = Array.from({ length: 5 }, (_, k) => {
    const caption = make("span", { "aria-hidden": "true" })
    return { canvas: digit(`nearest real digit ${k + 1}`, 46), caption }
  })
  const drawPanel = [
    make("div", { class: "row" }, make("div", {}, sheet, button("Clear", clear)),
      make("div", { class: "column" }, figure(seen, "centred, scaled"), figure(redrawn, "reconstruction"))),
    verdict,
    make("div", { class: "row alike" }, ...alike.map(({ canvas, caption }) => figure(canvas, caption))),
  ]
  function paintSheet() {
    const context = sheet.getContext("2d")
    context.globalCompositeOperation = "source-over"
    context.fillStyle = theme === "dark" ? "#f2f2f2" : "#141414"
    context.fillRect(0, 0, PAD, PAD)
    context.globalCompositeOperation = "destination-in"
    context.drawImage(ink, 0, 0)
    context.globalCompositeOperation = "destination-over"
    context.fillStyle = theme === "dark" ? "#161618" : "#ffffff"
    context.fillRect(0, 0, PAD, PAD)
    if (!pen.keys) return
    context.globalCompositeOperation = "source-over"
    context.strokeStyle = theme === "dark" ? "#7db4f0" : "#1f64b0"
    context.lineWidth = pen.down ? 6 : 2
    context.beginPath()
    context.arc(pen.x, pen.y, PEN / 2, 0, 7)
    context.stroke()
  }
  function stroke(x, y) {
    inkContext.lineWidth = PEN
    inkContext.lineCap = inkContext.lineJoin = "round"
    inkContext.beginPath()
    inkContext.moveTo(pen.x, pen.y)
    inkContext.lineTo(x, y)
    inkContext.stroke()
    ;[pen.x, pen.y] = [x, y]
  }
  function clear() {
    inkContext.clearRect(0, 0, PAD, PAD)
    read()
  }
  /** Encode what is drawn and show where it lands; say so if it is like nothing in the data. */
  function read() {
    paintSheet()
    const alpha = inkContext.getImageData(0, 0, PAD, PAD).data
    const digitDrawn = likeMnist(Float32Array.from({ length: PAD * PAD }, (_, k) => alpha[4 * k + 3] / 255), PAD)
    root.classList.toggle("drawn", digitDrawn !== null)
    inkPoint = digitDrawn && [...encode(digitDrawn)]
    if (!digitDrawn) {
      verdict.textContent = "Draw a digit."
      for (const canvas of [seen, redrawn, ...alike.map((one) => one.canvas)]) {
        show(canvas, new Float32Array(PIXELS))
      }
      for (const { caption } of alike) caption.textContent = ""
      return
    }
    const restored = decode(inkPoint)
    const error = digitDrawn.reduce((sum, v, k) => sum + (v - restored[k]) ** 2, 0) / PIXELS
    show(seen, digitDrawn)
    show(redrawn, restored)
    put(inked, place(inkPoint))
    go(inkPoint)
    const order = Array.from(labels, (_, i) => i)
      .sort((a, b) => distanceTo(a, inkPoint) - distanceTo(b, inkPoint))
    alike.forEach(({ canvas, caption }, k) => {
      show(canvas, image(order[k]))
      canvas.setAttribute("aria-label", `nearest real digit ${k + 1}, a ${labels[order[k]]}`)
      caption.textContent = labels[order[k]]
    })
    const away = distanceTo(order[0], inkPoint)
    verdict.textContent = `Encoded as z = ${say(inkPoint)}, error ${error.toFixed(3)}. ` + (
      away > far ? "Unlike anything in the data: no real digit is encoded near there."
        : error > unlike ? "It lands among real digits, but is unlike anything in the data: 99 of 100 "
          + "real digits are reconstructed better."
          : `Like real digits: the nearest is a ${labels[order[0]]}.`)
    speak(verdict.textContent)
  }
  const onSheet = (event) => {
    const box = sheet.getBoundingClientRect()
    return [(event.clientX - box.left) * PAD / box.width, (event.clientY - box.top) * PAD / box.height]
  }
  sheet.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return
    sheet.setPointerCapture(event.pointerId)
    pen.keys = pen.down = false
    ;[pen.x, pen.y] = onSheet(event)
    stroke(pen.x, pen.y)
    read()
  })
  sheet.addEventListener("pointermove", (event) => {
    if (!sheet.hasPointerCapture(event.pointerId)) return
    stroke(...onSheet(event))
    read()
  })
  sheet.addEventListener("blur", () => {
    pen.keys = pen.down = false
    paintSheet()
  })
  function drawByKey(event) {
    const draw = () => (pen.down ? read() : paintSheet())
    const arrow = ARROWS[event.key]
    if (event.key === "Delete" || event.key === "Backspace") clear()
    else if (event.key === " ") {
      pen.keys = true
      pen.down = !pen.down
      if (pen.down) stroke(pen.x, pen.y)
      draw()
    } else if (arrow) {
      pen.keys = true
      const move = event.shiftKey ? 40 : 10
      const [x, y] = [pen.x + move * arrow[0], pen.y - move * arrow[1]]
        .map((v) => Math.min(PAD - PEN / 2, Math.max(PEN / 2, v)))
      if (pen.down) stroke(x, y)
      else [pen.x, pen.y] = [x, y]
      draw()
    } else return false
    return true
  }

  // ---- the replay of training

  const replayed = data.replayed
  const epoch = slider("epoch", { min: 0, max: data.epochs.length - 1, step: 0.01, value: 0 }, (event) => {
    if (event.isTrusted) stop()
    replay()
  })
  const replayPlay = button("▶ Play", () => (playing ? stop() : play(epoch.range, 8, data.epochs.length - 1, replayPlay)))
  const replayPanel = [
    make("div", { class: "row play" }, replayPlay, epoch.row),
    make("p", { class: "note" }, `The same ${replayed} digits after each epoch of training, from the untrained `
      + "network on. Watch which digits part first, and which never do."),
  ]
  function replay() {
    const value = Number(epoch.range.value)
    const [k, share] = [Math.floor(value), value % 1]
    const next = Math.min(k + 1, data.epochs.length - 1)
    const at = (f, j) => data.replay[f * replayed * 2 + j]
    frame = Float32Array.from({ length: replayed * 2 }, (_, j) => at(k, j) + share * (at(next, j) - at(k, j)))
    const now = data.epochs[Math.round(value)]
    const text = now === 0 ? "untrained" : `after ${now}`
    epoch.tell(text)
    drawMap()
  }

  // ---- the map

  function drawMap() {
    const fine = Math.max(2, globalThis.devicePixelRatio || 1)
    board.width = board.height = BOARD * fine
    const context = board.getContext("2d")
    context.scale(fine, fine)
    context.fillStyle = theme === "dark" ? "#161618" : "#ffffff"
    context.fillRect(0, 0, BOARD, BOARD)
    if (!frame) drawFog(context)
    context.textAlign = "center"
    context.textBaseline = "middle"
    const [shown, size] = frame ? [frame, 12] : [codes, 9]
    context.font = `600 ${size}px system-ui, sans-serif`
    context.globalAlpha = 0.9
    for (let i = 0; 2 * i < shown.length; i++) {
      const point = [shown[2 * i], shown[2 * i + 1]]
      const [x, y] = place(point)
      if (point.some((v, k) => v < low[k] || v > high[k])) continue
      context.fillStyle = colors[labels[i]]
      context.fillText(labels[i], x, y)
    }
    context.globalAlpha = 1
    if (frame) return
    context.font = "800 24px system-ui, sans-serif"
    context.lineWidth = 5
    context.lineJoin = "round"
    for (const [name, i] of Object.entries(typical)) {
      const [x, y] = place(code(i)).map((v) => Math.min(BOARD - 14, Math.max(14, v)))
      context.strokeStyle = theme === "dark" ? "#161618" : "#ffffff"
      context.strokeText(name, x, y)
      context.fillStyle = colors[name]
      context.fillText(name, x, y)
    }
  }
  /** A colour, darker on light paper and lighter on dark, so that small digits can be read. */
  function shade(color) {
    const parts = color.match(/\w\w/g).map((hex) => parseInt(hex, 16))
    const [goal, share] = theme === "dark" ? [255, 0.3] : [0, 0.3]
    return `rgb(${parts.map((v) => Math.round(v + share * (goal - v)))})`
  }
  /** Hatch the parts of the map that are farther from every digit than digits are from each other. */
  let fog = null // does not change; found once
  function drawFog(context) {
    const cell = 5
    const across = Math.ceil(BOARD / cell)
    fog ??= Uint8Array.from({ length: across * across }, (_, k) => {
      const x = low[0] + span[0] * (k % across + 0.5) / across
      const y = high[1] - span[1] * (Math.floor(k / across) + 0.5) / across
      for (let i = 0; i < count; i++) if (distanceTo(i, [x, y]) <= far) return 0
      return 1
    })
    const hatch = document.createElement("canvas")
    hatch.width = hatch.height = 8
    const lines = hatch.getContext("2d")
    lines.fillStyle = theme === "dark" ? "#232326" : "#f3f3f3"
    lines.fillRect(0, 0, 8, 8)
    lines.strokeStyle = theme === "dark" ? "#3a3a3f" : "#d9d9d9"
    for (const shift of [-8, 0, 8]) {
      lines.moveTo(shift, 8)
      lines.lineTo(shift + 8, 0)
    }
    lines.stroke()
    context.fillStyle = context.createPattern(hatch, "repeat")
    fog.forEach((off, k) => {
      if (off) context.fillRect(k % across * cell, Math.floor(k / across) * cell, cell, cell)
    })
  }

  // ---- keys, tabs, themes

  const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowDown: [0, -1], ArrowUp: [0, 1] }
  function onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const { key, target } = event
    const axis = sliders.findIndex(({ range }) => range === target)
    let done = true
    if (target === sheet && drawByKey(event)) { /* drawn */ }
    else if ((key === "n" || key === "N") && !frame) toNearest()
    else if ((key === "p" || key === "P") && !event.repeat) {
      if (!["walk", "replay"].includes(root.dataset.tab)) choose("walk")
      const player = frame ? replayPlay : walkPlay
      if (!target.getClientRects().length) player.focus() // it stood in the part that is now hidden
      player.click()
    } else if (target === map && key === "Home" && !frame) go(start)
    else if (target === map && ARROWS[key] && !frame) {
      const size = event.shiftKey ? 10 : 1
      go(inside(z.map((v, k) => v + size * ARROWS[key][k] * span[k] / STEPS)))
    } else if (axis >= 0 && ARROWS[key] && event.shiftKey) {
      const sign = ARROWS[key][0] + ARROWS[key][1]
      go(inside(z.map((v, k) => (k === axis ? v + 10 * sign * span[k] / STEPS : v))))
    } else if (target.role === "tab" && (key === "ArrowLeft" || key === "ArrowRight")) {
      const k = tabs.findIndex(({ tab }) => tab === target)
      const next = tabs[(k + ARROWS[key][0] + tabs.length) % tabs.length]
      choose(next.name)
      next.tab.focus()
    } else done = false
    if (done) event.preventDefault()
    event.stopPropagation() // the notebook has shortcuts of its own
  }

  function choose(name) {
    stop()
    root.dataset.tab = name
    for (const { name: own, tab, panel } of tabs) {
      tab.setAttribute("aria-selected", own === name)
      tab.tabIndex = own === name ? 0 : -1
      panel.hidden = own !== name
    }
    const before = frame
    frame = null
    if (name === "replay") replay()
    else if (before) drawMap()
    map.tabIndex = frame ? -1 : 0
    legend.textContent = name === "replay"
      ? "The axes are those of the trained network; what lies outside is not drawn."
      : "Drag the ring. Where the map is hatched, no real digit lives."
  }

  function dress() {
    delete root.dataset.theme // let the page's own background speak, not what was chosen before
    // Outside a document there is no style; then the reader's own wish has to do.
    const seen = getComputedStyle(root).backgroundColor.match(/[\d.]+/g)?.map(Number)
    const dark = seen ? 0.3 * seen[0] + 0.6 * seen[1] + 0.1 * seen[2] < 128 : night.matches
    root.dataset.theme = dark ? "dark" : "light"
    if (theme === root.dataset.theme) return
    theme = root.dataset.theme
    colors = data.colors.map(shade)
    for (const [canvas, [values, signed]] of pictures) paint(canvas, values, theme, signed)
    drawMap()
    paintSheet()
  }

  addTab("look", "Look", lookPanel)
  tabs[0].panel.tabIndex = 0 // nothing inside it takes the focus
  addTab("walk", "Walk", walkPanel)
  addTab("draw", "Draw", drawPanel)
  if (data.epochs.length) addTab("replay", "Training", replayPanel)
  const root = make("section", { class: "latent-explorer", "aria-label": "Latent explorer", keydown: onKey },
    make("div", { class: "left" }, map, legend,
      make("div", { class: "place" }, ...sliders.map(({ row }) => row), status, cue, spoken)),
    make("div", { class: "right" },
      make("div", { role: "tablist", "aria-label": "What to do" }, ...tabs.map(({ tab }) => tab)),
      ...tabs.map(({ panel }) => panel),
      make("details", {}, make("summary", {}, "Keys"), make("p", {},
        "On the map: arrows move, Shift + arrows move ten times as far, Home goes back to the start. "
        + "Anywhere: N next nearest digit, P play or pause. On the sheet: arrows move the pen, Space "
        + "puts it down or lifts it, Delete clears. Tab goes on to the next part."))))
  for (const one of [map, sheet, ...root.querySelectorAll("button, input, summary")]) {
    one.setAttribute("data-lm-suppress-shortcuts", "true") // JupyterLab's, while this has the focus
  }
  element.append(root)
  dress()
  moveTo(start)
  setWalk(0, walk[0])
  step()
  read()
  choose("look")
  const arrival = new IntersectionObserver(([entry]) => { if (entry.isIntersecting) dress() })
  arrival.observe(root) // where it was built outside the document, and now has a background
  const themes = new MutationObserver(dress)
  themes.observe(document.body, { attributes: true, attributeFilter: ["data-jp-theme-light", "class"] })
  night.addEventListener("change", dress)
  return {
    moveTo, decode, encode,
    remove() {
      stop()
      clearTimeout(speaking)
      themes.disconnect()
      arrival.disconnect()
      night.removeEventListener("change", dress)
      root.remove()
    },
  }
}

// ---------------------------------------------------------------- as a widget of Jupyter

const PATIENCE = 100 // milliseconds between two messages to Python

export default {
  async render({ model, el }) {
    const data = await unpack(model.get("payload"))
    const where = () => [model.get("code_1"), model.get("code_2")]
    let [timer, own, latest] = [0, true, null]
    // The model gets a move only when it is sent: an echo of an older one then changes nothing.
    const send = () => {
      timer = 0
      if (latest === null) return
      own = true // these changes come from here: do not follow them
      model.set("code_1", latest[0])
      model.set("code_2", latest[1])
      own = false
      model.save_changes()
      latest = null
      timer = setTimeout(send, PATIENCE)
    }
    const explorer = mount(el, data, (z) => {
      if (own) return // it is still being built
      latest = z
      if (!timer) send()
    })
    explorer.moveTo(where())
    own = false
    const follow = () => {
      if (own) return
      own = true // whoever moved the model has told Python too
      latest = null
      explorer.moveTo(where())
      own = false
    }
    model.on("change:code_1", follow)
    model.on("change:code_2", follow)
    return () => {
      clearTimeout(timer)
      model.off("change:code_1", follow)
      model.off("change:code_2", follow)
      explorer.remove()
    }
  },
}
