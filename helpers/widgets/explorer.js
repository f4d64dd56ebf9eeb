// Built by `make widget` from helpers/widgets/js: change it there.


// theme.js
var PALETTES = {
  light: {
    paper: "#ffffff",
    ink: "#141414",
    text: "#1d1d1f",
    soft: "#5a5a60",
    edge: "#c9c9ce",
    accent: "#1f64b0",
    lost: "#b34f00",
    lostInk: "#d65e00",
    added: "#0060be",
    addedInk: "#0060be",
    fog: "#f3f3f3",
    hatch: "#d9d9d9"
  },
  dark: {
    paper: "#161618",
    ink: "#f2f2f2",
    text: "#ececef",
    soft: "#b0b0b8",
    edge: "#4a4a52",
    accent: "#7db4f0",
    lost: "#ff9632",
    lostInk: "#ff9632",
    added: "#7db4f0",
    addedInk: "#5aaaff",
    fog: "#232326",
    hatch: "#3a3a3f"
  }
};
var SHADE = 0.3;
var MIDDLE = 128;
function rgb(color) {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16));
}
function shade(color, theme) {
  const goal = theme === "dark" ? 255 : 0;
  return `rgb(${rgb(color).map((v) => Math.round(v + SHADE * (goal - v)))})`;
}
function followTheme(root, state) {
  const night = matchMedia("(prefers-color-scheme: dark)");
  function follow() {
    delete root.dataset.theme;
    const seen = getComputedStyle(root).backgroundColor.match(/[\d.]+/g)?.map(Number);
    const dark = seen ? 0.3 * seen[0] + 0.6 * seen[1] + 0.1 * seen[2] < MIDDLE : night.matches;
    root.dataset.theme = dark ? "dark" : "light";
    state.set({ theme: dark ? "dark" : "light" });
  }
  follow();
  state.watch(["theme"], () => {
    for (const [name, color] of Object.entries(PALETTES[state.get("theme")])) {
      root.style.setProperty(`--${name}`, color);
    }
  });
  const arrival = new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting) follow();
  });
  arrival.observe(root);
  const page = new MutationObserver(follow);
  page.observe(document.body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-light", "class"]
  });
  night.addEventListener("change", follow);
  return () => {
    page.disconnect();
    arrival.disconnect();
    night.removeEventListener("change", follow);
  };
}

// images.js
var SIDE = 28;
var PIXELS = SIDE * SIDE;
var BOX = 20;
var FAINT = 0.1;
function likeMnist(ink, size) {
  const edges = bounds(ink, size);
  if (!edges) return null;
  const { left, right, top, bottom } = edges;
  const scale = Math.max(right - left + 1, bottom - top + 1) / BOX;
  const side = 1 / scale;
  const small = new Float32Array(PIXELS);
  let [mass, across, down] = [0, 0, 0];
  for (let k = 0; k < ink.length; k++) {
    if (ink[k] === 0) continue;
    const x = (k % size - left) / scale;
    const y = (Math.floor(k / size) - top) / scale;
    for (let v = Math.floor(y); v < y + side; v++) {
      for (let u = Math.floor(x); u < x + side; u++) {
        const share = overlap(x, side, u) * overlap(y, side, v) * ink[k];
        if (share <= 0 || u < 0 || v < 0 || u >= SIDE || v >= SIDE) continue;
        small[v * SIDE + u] += share;
        mass += share;
        across += share * u;
        down += share * v;
      }
    }
  }
  return shifted(small, Math.round(SIDE / 2 - across / mass), Math.round(SIDE / 2 - down / mass));
}
function bounds(ink, size) {
  let [left, right, top, bottom] = [size, -1, size, -1];
  for (let k = 0; k < ink.length; k++) {
    if (ink[k] < FAINT) continue;
    const [x, y] = [k % size, Math.floor(k / size)];
    left = Math.min(left, x);
    right = Math.max(right, x);
    top = Math.min(top, y);
    bottom = Math.max(bottom, y);
  }
  return right < 0 ? null : { left, right, top, bottom };
}
function overlap(start, length, cell) {
  return Math.min(start + length, cell + 1) - Math.max(start, cell);
}
function shifted(image, right, down) {
  return image.map((_, k) => {
    const [x, y] = [k % SIDE - right, Math.floor(k / SIDE) - down];
    return x < 0 || y < 0 || x >= SIDE || y >= SIDE ? 0 : Math.min(1, image[y * SIDE + x]);
  });
}
function pixels(image, palette, signed) {
  const [paper, ink, lost, added] = [
    palette.paper,
    palette.ink,
    palette.lostInk,
    palette.addedInk
  ].map(rgb);
  const bytes = new Uint8ClampedArray(4 * PIXELS);
  for (let k = 0; k < PIXELS; k++) {
    const full = image[k] > 0 ? lost : added;
    const color = signed ? full : ink;
    const amount = Math.min(1, Math.abs(image[k]));
    for (let c = 0; c < 3; c++) bytes[4 * k + c] = paper[c] + amount * (color[c] - paper[c]);
    bytes[4 * k + 3] = 255;
  }
  return bytes;
}

// dom.js
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}
var make = (tag, attributes = {}, ...children) => fill(document.createElement(tag), attributes, children);
var makeSvg = (tag, attributes = {}, ...children) => fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children);
var makePicture = (size, attributes) => make("canvas", {
  width: SIDE,
  height: SIDE,
  class: "digit",
  ...attributes,
  style: `width:${size}px;height:${size}px`
});
var namedPicture = (name, size) => makePicture(size, { role: "img", "aria-label": name });
var figure = (content, caption) => make("figure", {}, content, make("figcaption", {}, caption));
function button(text, click, attributes = {}) {
  const made = make("button", { type: "button", ...attributes }, text);
  made.addEventListener("click", click);
  return made;
}
function slider(name, settings, moved) {
  const value = make("span", { class: "value", "aria-hidden": "true" });
  const range = make("input", { type: "range", ...settings, "aria-label": name });
  range.addEventListener("input", (event) => moved(Number(range.value), event.isTrusted));
  const row = make("label", { class: "slider" }, make("span", {}, name), range, value);
  return {
    range,
    row,
    /** @param {string} text the value in words */
    tell(text) {
      value.textContent = text;
      range.setAttribute("aria-valuetext", text);
    }
  };
}
var context2d = (canvas, settings = {}) => (
  /** @type {CanvasRenderingContext2D} */
  canvas.getContext("2d", settings)
);
var ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowDown: [0, -1],
  ArrowUp: [0, 1]
};
function onKeys(element, act) {
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (act(event)) event.preventDefault();
  });
}

// gallery.js
function createGallery(state) {
  const shown = /* @__PURE__ */ new Map();
  function paint(canvas) {
    const { image, signed } = (
      /** @type {Picture} */
      shown.get(canvas)
    );
    const bytes = pixels(image, PALETTES[state.get("theme")], signed);
    context2d(canvas).putImageData(new ImageData(bytes, SIDE, SIDE), 0, 0);
  }
  state.watch(["theme"], () => {
    for (const canvas of shown.keys()) paint(canvas);
  });
  return {
    /**
     * @param {HTMLCanvasElement} canvas
     * @param {Float32Array} image (784,)
     * @param {boolean} signed whether it is a difference: of ink that was lost or added
     */
    show(canvas, image, signed = false) {
      shown.set(canvas, { image, signed });
      paint(canvas);
    }
  };
}

// network.js
var ACTIVATIONS = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  elu: (x) => x > 0 ? x : Math.expm1(x),
  gelu: (x) => x / 2 * (1 + erf(x / Math.SQRT2)),
  silu: (x) => x / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x))
};
function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x));
  const inner = ((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736;
  const sum = (inner * t + 0.254829592) * t;
  return Math.sign(x) * (1 - sum * Math.exp(-x * x));
}
function run(layers, signal) {
  let values = signal;
  for (const { kernel, bias, activation } of layers) {
    const width = bias.length;
    const sums = bias.slice();
    for (let i = 0, row = 0; i < values.length; i++, row += width) {
      const value = values[i];
      if (value === 0) continue;
      for (let j = 0; j < width; j++) sums[j] += value * kernel[row + j];
    }
    values = sums.map(ACTIVATIONS[activation]);
  }
  return (
    /** @type {Float32Array} */
    values
  );
}

// space.js
var BOARD = 440;
var REACH = 10;
var AXES = [0, 1];
var both = (compute) => [compute(0), compute(1)];
function createPlane({ low, high }) {
  const span = both((k) => high[k] - low[k]);
  const place = (point) => both((k) => {
    const share = Math.min(1, Math.max(0, (point[k] - low[k]) / span[k]));
    return (k ? 1 - share : share) * BOARD;
  });
  const pointAt = ([x, y], [width, height] = [BOARD, BOARD]) => both((k) => k ? high[1] - span[1] * y / height : low[0] + span[0] * x / width);
  const inside = (point) => both((k) => Math.min(high[k], Math.max(low[k], point[k])));
  const contains = ([x, y]) => x >= low[0] && x <= high[0] && y >= low[1] && y <= high[1];
  return { span, place, pointAt, inside, contains };
}
function createDigits({ codes, labels, images, levels }) {
  const count = labels.length;
  const code = (i) => both((k) => codes[2 * i + k]);
  const image = (i) => Float32Array.from(images.subarray(i * PIXELS, (i + 1) * PIXELS), (v) => v / levels);
  const distance = (i, [x, y]) => Math.hypot(codes[2 * i] - x, codes[2 * i + 1] - y);
  function closest(point, allowed = () => true) {
    let [best, least] = [-1, Number.POSITIVE_INFINITY];
    for (let i = 0; i < count; i++) {
      const away = distance(i, point);
      if (away < least && allowed(i)) [best, least] = [i, away];
    }
    return best;
  }
  const ranked = (point) => Array.from(labels, (_, i) => i).sort((a, b) => distance(a, point) - distance(b, point));
  return { count, code, image, distance, closest, ranked };
}
function createSpace(data) {
  const { near, far, decimals } = data;
  const plane = createPlane(data);
  const digits = createDigits(data);
  function meant(point) {
    const i = digits.closest(point);
    const [there, here] = [plane.place(digits.code(i)), plane.place(point)];
    return Math.hypot(there[0] - here[0], there[1] - here[1]) < REACH ? i : null;
  }
  const kind = (away) => away <= near ? "among" : away <= far ? "edge" : "off";
  const fog = (across) => Uint8Array.from({ length: across * across }, (_, k) => {
    const middle = (
      /** @type {Point} */
      [k % across + 0.5, Math.floor(k / across) + 0.5]
    );
    const point = plane.pointAt(middle, [across, across]);
    for (let i = 0; i < digits.count; i++) if (digits.distance(i, point) <= far) return 0;
    return 1;
  });
  return {
    ...plane,
    ...digits,
    meant,
    kind,
    fog,
    /** @param {ArrayLike<number>} point */
    decode: (point) => run(data.decoder, point),
    /** @param {ArrayLike<number>} image */
    encode: (image) => run(data.encoder, image),
    /** @param {Point} point */
    say: (point) => `(${point.map((v) => v.toFixed(decimals)).join(", ")})`,
    /** @param {number} length */
    sayLength: (length) => length.toFixed(decimals)
  };
}

// board.js
var CELL = 5;
var CELLS = Math.ceil(BOARD / CELL);
var HATCH = 8;
var FONT = "system-ui, sans-serif";
var LABEL_ROOM = 14;
function drawFog(context, fog, palette) {
  const tile = make("canvas", { width: HATCH, height: HATCH });
  const lines = context2d(tile);
  lines.fillStyle = palette.fog;
  lines.fillRect(0, 0, HATCH, HATCH);
  lines.strokeStyle = palette.hatch;
  for (const shift of [-HATCH, 0, HATCH]) {
    lines.moveTo(shift, HATCH);
    lines.lineTo(shift + HATCH, 0);
  }
  lines.stroke();
  context.fillStyle = /** @type {CanvasPattern} */
  context.createPattern(tile, "repeat");
  fog.forEach((off, k) => {
    if (off) context.fillRect(k % CELLS * CELL, Math.floor(k / CELLS) * CELL, CELL, CELL);
  });
}
function drawDigits(context, space, { codes, labels, colors, size }) {
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.font = `600 ${size}px ${FONT}`;
  context.globalAlpha = 0.9;
  for (let i = 0; 2 * i < codes.length; i++) {
    const point = (
      /** @type {import("./payload.js").Point} */
      [codes[2 * i], codes[2 * i + 1]]
    );
    if (!space.contains(point)) continue;
    const [x, y] = space.place(point);
    context.fillStyle = colors[labels[i]];
    context.fillText(String(labels[i]), x, y);
  }
  context.globalAlpha = 1;
}
function drawLabels(context, space, typical, colors, palette) {
  context.font = `800 24px ${FONT}`;
  context.lineWidth = 5;
  context.lineJoin = "round";
  for (const [name, i] of Object.entries(typical)) {
    const [x, y] = space.place(space.code(i)).map((v) => Math.min(BOARD - LABEL_ROOM, Math.max(LABEL_ROOM, v)));
    context.strokeStyle = palette.paper;
    context.strokeText(name, x, y);
    context.fillStyle = colors[Number(name)];
    context.fillText(name, x, y);
  }
}

// map.js
var DIGIT_SIZE = 9;
var REPLAYED_SIZE = 12;
function createMap(parts, statusId) {
  const { state, space } = parts;
  const board = make("canvas", { "aria-hidden": "true" });
  const map = make(
    "div",
    {
      class: "map",
      tabindex: 0,
      role: "application",
      "aria-roledescription": "map",
      "aria-describedby": statusId,
      "aria-label": `Map of ${space.count} digits. Arrow keys move the ring, with Shift in big steps; Home goes back to the start; N goes to the nearest digit; P plays the walk.`
    },
    board,
    createOverlay(parts)
  );
  const legend = make("p", { class: "legend" });
  watchBoard(parts, board);
  state.watch(["frame"], () => {
    const replayed = state.get("frame") !== null;
    map.tabIndex = replayed ? -1 : 0;
    legend.textContent = replayed ? "The axes are those of the trained network; what lies outside is not drawn." : "Drag the ring. Where the map is hatched, no real digit lives.";
  });
  addPointer(parts, map);
  addKeys(parts, map);
  return { map, legend };
}
function createOverlay({ state, space }) {
  const line = makeSvg("line", { class: "nearest" });
  const spot = makeSvg("circle", { class: "inspected", r: 8 });
  const path = makeSvg("polyline", { class: "path" });
  const ends = ["A", "B"].map((name) => makeSvg("text", { class: "end" }, name));
  const inked = makeSvg("text", { class: "inked" }, "✎");
  const halo = makeSvg("circle", { r: 11, class: "halo" });
  const ring = makeSvg("g", { class: "ring" }, halo, makeSvg("circle", { r: 11 }));
  function put(mark, point) {
    const [x, y] = space.place(point);
    mark.setAttribute("transform", `translate(${x.toFixed(1)} ${y.toFixed(1)})`);
  }
  state.watch(["z", "nearest", "pointed"], () => {
    const shown = space.code(state.get("pointed") ?? state.get("nearest"));
    const [from, to] = [space.place(state.get("z")), space.place(shown)];
    for (const [name, value] of Object.entries({
      x1: from[0],
      y1: from[1],
      x2: to[0],
      y2: to[1]
    })) {
      line.setAttribute(name, String(value));
    }
    put(ring, state.get("z"));
    put(spot, shown);
  });
  state.watch(["walk"], () => {
    const places = state.get("walk").map(space.code);
    ends.forEach((end, k) => {
      put(end, places[k]);
    });
    path.setAttribute("points", places.map((point) => space.place(point).join(",")).join(" "));
  });
  state.watch(["drawing"], () => {
    const drawing = state.get("drawing");
    if (drawing) put(inked, drawing.code);
  });
  const whole = { viewBox: `0 0 ${BOARD} ${BOARD}`, "aria-hidden": "true" };
  return makeSvg("svg", whole, path, line, spot, ...ends, inked, ring);
}
function watchBoard({ data, state, space }, board) {
  let fog;
  state.watch(["frame", "theme"], () => {
    const [frame, theme] = [state.get("frame"), state.get("theme")];
    const palette = PALETTES[theme];
    const colors = data.colors.map((color) => shade(color, theme));
    const fine = Math.max(2, globalThis.devicePixelRatio || 1);
    board.width = board.height = BOARD * fine;
    const context = context2d(board);
    context.scale(fine, fine);
    context.fillStyle = palette.paper;
    context.fillRect(0, 0, BOARD, BOARD);
    if (frame) {
      drawDigits(context, space, { ...data, codes: frame, colors, size: REPLAYED_SIZE });
      return;
    }
    fog ??= space.fog(CELLS);
    drawFog(context, fog, palette);
    drawDigits(context, space, { ...data, colors, size: DIGIT_SIZE });
    drawLabels(context, space, data.typical, colors, palette);
  });
}
function addPointer({ state, space, ring }, map) {
  const pointOf = ({ clientX, clientY }) => {
    const { left, top, width, height } = map.getBoundingClientRect();
    return space.inside(space.pointAt([clientX - left, clientY - top], [width, height]));
  };
  map.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary || state.get("frame")) return;
    map.setPointerCapture(event.pointerId);
    map.focus({ preventScroll: true });
    ring.go(pointOf(event));
  });
  map.addEventListener("pointermove", (event) => {
    if (state.get("frame")) return;
    if (map.hasPointerCapture(event.pointerId)) ring.go(pointOf(event));
    else if (event.pointerType === "mouse") state.set({ pointed: space.meant(pointOf(event)) });
  });
  map.addEventListener("pointerleave", () => {
    if (!state.get("frame")) state.set({ pointed: null });
  });
}
function addKeys({ state, ring }, map) {
  onKeys(map, ({ key, shiftKey }) => {
    if (state.get("frame")) return false;
    if (key === "Home") ring.home();
    else if (ARROWS[key]) ring.nudge(ARROWS[key], shiftKey);
    else return false;
    return true;
  });
}

// sheet.js
var PAD = 280;
var PEN = 24;
var MOVE = 10;
var BIG_MOVE = 40;
function createSheet(state, inked) {
  const sheet = makeSheet();
  const pen = { x: PAD / 2, y: PAD / 2, down: false, byKeys: false };
  const ink = context2d(make("canvas", { width: PAD, height: PAD }), { willReadFrequently: true });
  const paint = () => paintSheet(context2d(sheet), ink.canvas, pen, PALETTES[state.get("theme")]);
  function stroke([x, y]) {
    ink.lineWidth = PEN;
    ink.lineCap = ink.lineJoin = "round";
    ink.beginPath();
    ink.moveTo(pen.x, pen.y);
    ink.lineTo(x, y);
    ink.stroke();
    Object.assign(pen, { x, y });
    paint();
    inked();
  }
  function clear() {
    ink.clearRect(0, 0, PAD, PAD);
    paint();
    inked();
  }
  function take([x, y]) {
    Object.assign(pen, { x, y, down: false, byKeys: false });
  }
  addPointer2(sheet, take, stroke);
  sheet.addEventListener("blur", () => {
    take([pen.x, pen.y]);
    paint();
  });
  onKeys(sheet, ({ key, shiftKey }) => {
    if (key === "Delete" || key === "Backspace") clear();
    else if (key === " ") {
      Object.assign(pen, { byKeys: true, down: !pen.down });
      if (pen.down) stroke([pen.x, pen.y]);
      else paint();
    } else if (ARROWS[key]) {
      pen.byKeys = true;
      const [x, y] = step(pen, ARROWS[key], shiftKey ? BIG_MOVE : MOVE);
      if (pen.down) stroke([x, y]);
      else {
        Object.assign(pen, { x, y });
        paint();
      }
    } else return false;
    return true;
  });
  state.watch(["theme"], paint);
  return {
    sheet,
    clear,
    /** How much ink lies on each pixel, 0 to 1. */
    read() {
      const { data } = ink.getImageData(0, 0, PAD, PAD);
      return Float32Array.from({ length: PAD * PAD }, (_, k) => data[4 * k + 3] / 255);
    }
  };
}
function makeSheet() {
  return make("canvas", {
    width: PAD,
    height: PAD,
    class: "sheet",
    tabindex: 0,
    role: "application",
    "aria-roledescription": "drawing",
    "aria-label": "Draw a digit with the pointer. By keyboard: arrow keys move the pen, Space puts it down or lifts it, Delete clears the sheet."
  });
}
function step({ x, y }, arrow, size) {
  const inside = (v) => Math.min(PAD - PEN / 2, Math.max(PEN / 2, v));
  return [inside(x + size * arrow[0]), inside(y - size * arrow[1])];
}
function addPointer2(sheet, take, stroke) {
  const placeOf = ({ clientX, clientY }) => {
    const { left, top, width, height } = sheet.getBoundingClientRect();
    return [(clientX - left) * PAD / width, (clientY - top) * PAD / height];
  };
  sheet.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || !event.isPrimary) return;
    sheet.setPointerCapture(event.pointerId);
    take(placeOf(event));
    stroke(placeOf(event));
  });
  sheet.addEventListener("pointermove", (event) => {
    if (sheet.hasPointerCapture(event.pointerId)) stroke(placeOf(event));
  });
}
function paintSheet(context, ink, pen, palette) {
  context.globalCompositeOperation = "source-over";
  context.fillStyle = palette.ink;
  context.fillRect(0, 0, PAD, PAD);
  context.globalCompositeOperation = "destination-in";
  context.drawImage(ink, 0, 0);
  context.globalCompositeOperation = "destination-over";
  context.fillStyle = palette.paper;
  context.fillRect(0, 0, PAD, PAD);
  if (!pen.byKeys) return;
  context.globalCompositeOperation = "source-over";
  context.strokeStyle = palette.accent;
  context.lineWidth = pen.down ? 6 : 2;
  context.beginPath();
  context.arc(pen.x, pen.y, PEN / 2, 0, 7);
  context.stroke();
}

// panels/draw.js
var ALIKE = 5;
var BLANK = new Float32Array(PIXELS);
function createDraw({ data, state, space, ring, gallery }) {
  const seen = namedPicture("as the encoder gets it", 84);
  const redrawn = namedPicture("reconstruction of your digit", 84);
  const verdict = make("p", { class: "verdict" });
  const alike = Array.from({ length: ALIKE }, (_, k) => ({
    canvas: namedPicture(`nearest real digit ${k + 1}`, 46),
    caption: make("span", { "aria-hidden": "true" })
  }));
  function showNothing() {
    verdict.textContent = "Draw a digit.";
    for (const canvas of [seen, redrawn]) gallery.show(canvas, BLANK);
    for (const { canvas, caption } of alike) {
      gallery.show(canvas, BLANK);
      caption.textContent = "";
    }
    state.set({ drawing: null });
  }
  function encode(image) {
    const encoded = space.encode(image);
    const code = both((k) => encoded[k]);
    const restored = space.decode(code);
    const ranked = space.ranked(code);
    gallery.show(seen, image);
    gallery.show(redrawn, restored);
    alike.forEach(({ canvas, caption }, k) => {
      const label = data.labels[ranked[k]];
      gallery.show(canvas, space.image(ranked[k]));
      canvas.setAttribute("aria-label", `nearest real digit ${k + 1}, a ${label}`);
      caption.textContent = String(label ?? "");
    });
    const error = image.reduce((sum, v, k) => sum + (v - restored[k]) ** 2, 0) / PIXELS;
    const kind = space.kind(space.distance(ranked[0], code));
    verdict.textContent = `Encoded as z = ${space.say(code)}, error ${error.toFixed(3)}. ` + judge(kind, error > data.unlike, data.labels[ranked[0]]);
    ring.go(code);
    state.set({ drawing: { code, verdict: verdict.textContent } });
  }
  const { sheet, clear, read } = createSheet(state, readSheet);
  function readSheet() {
    const image = likeMnist(read(), PAD);
    if (image) encode(image);
    else showNothing();
  }
  showNothing();
  const figures = alike.map(({ canvas, caption }) => figure(canvas, caption));
  return {
    name: "draw",
    label: "Draw",
    children: [
      make(
        "div",
        { class: "row" },
        make("div", {}, sheet, button("Clear", clear)),
        make(
          "div",
          { class: "column" },
          figure(seen, "centred, scaled"),
          figure(redrawn, "reconstruction")
        )
      ),
      verdict,
      make("div", { class: "row alike" }, ...figures)
    ]
  };
}
function judge(kind, unlike, label) {
  if (kind === "off") {
    return "Unlike anything in the data: no real digit is encoded near there.";
  }
  return unlike ? "It lands among real digits, but is unlike anything in the data: 99 of 100 real digits are reconstructed better." : `Like real digits: the nearest is a ${label}.`;
}

// panels/look.js
function createLook({ data, state, space, gallery }) {
  const decoded = namedPicture("decoded from the ring", 196);
  const heading = make("p", { class: "heading" });
  const [original, reconstruction, difference] = ["original", "reconstruction", "difference"].map(
    (name) => namedPicture(name, 84)
  );
  let inspected = -1;
  state.watch(["z"], () => gallery.show(decoded, space.decode(state.get("z"))));
  state.watch(["nearest", "pointed"], () => {
    const pointed = state.get("pointed");
    const i = pointed ?? state.get("nearest");
    const reason = pointed === null ? "Nearest real digit" : "Under the pointer";
    heading.textContent = `${reason}: a ${data.labels[i]}, error ${data.errors[i].toFixed(3)}`;
    if (inspected === i) return;
    inspected = i;
    const image = space.image(i);
    const restored = space.decode(space.code(i));
    gallery.show(original, image);
    gallery.show(reconstruction, restored);
    gallery.show(difference, subtract(image, restored), true);
  });
  return {
    name: "look",
    label: "Look",
    children: [
      figure(decoded, "decoded from the ring"),
      heading,
      make(
        "div",
        { class: "row" },
        figure(original, "original"),
        figure(reconstruction, "reconstruction"),
        figure(difference, "difference")
      ),
      make(
        "p",
        { class: "note" },
        make("b", { class: "lost" }, "orange"),
        ": ink that was lost, ",
        make("b", { class: "added" }, "blue"),
        ": ink that was added. Error: the mean squared difference of the pixels. Point at a digit, tap near it, or press N."
      )
    ]
  };
}
var subtract = (original, restored) => original.map((v, k) => v - restored[k]);

// panels/replay.js
var SECONDS = 8;
function replayAt({ replay, replayed, epochs }, position) {
  const [k, share] = [Math.floor(position), position % 1];
  const next = Math.min(k + 1, epochs.length - 1);
  const at = (epoch, j) => replay[epoch * replayed * 2 + j];
  const codes = Float32Array.from(
    { length: replayed * 2 },
    (_, j) => at(k, j) + share * (at(next, j) - at(k, j))
  );
  return { codes, epoch: epochs[Math.round(position)] };
}
function createReplay({ data, state, player }) {
  const last = data.epochs.length - 1;
  const settings = { min: 0, max: last, step: 0.01, value: 0 };
  const scrub = slider("epoch", settings, (position, byHand) => {
    if (byHand) player.stop();
    state.set({ position });
  });
  state.watch(["tab", "position"], () => {
    if (state.get("tab") !== "replay") {
      state.set({ frame: null });
      return;
    }
    const { codes, epoch } = replayAt(data, state.get("position"));
    scrub.tell(epoch === 0 ? "untrained" : `after ${epoch}`);
    state.set({ frame: codes });
  });
  const play = player.button("replay", { range: scrub.range, seconds: SECONDS, jumps: last });
  return {
    name: "replay",
    label: "Training",
    play,
    children: [
      make("div", { class: "row play" }, play, scrub.row),
      make(
        "p",
        { class: "note" },
        `The same ${data.replayed} digits after each epoch of training, from the untrained network on. Watch which digits part first, and which never do.`
      )
    ]
  };
}

// panels/walk.js
var SHOTS = 9;
var SECONDS2 = 4;
function between(space, walk, share) {
  const [a, b] = walk.map(space.code);
  return both((k) => a[k] + share * (b[k] - a[k]));
}
function blend(space, walk, share) {
  const [a, b] = walk.map(space.image);
  return a.map((v, k) => v + share * (b[k] - v));
}
function createWalk(parts) {
  const { state, space, ring, player } = parts;
  const scrub = slider(
    "from A to B",
    { min: 0, max: 1, step: 1e-3, value: 0 },
    (share, byHand) => {
      if (byHand) player.stop();
      state.set({ share });
      ring.carry(between(space, state.get("walk"), share));
    }
  );
  state.watch(["share"], () => {
    scrub.range.value = String(state.get("share"));
    scrub.tell(`${Math.round(100 * state.get("share"))} %`);
  });
  const track = { range: scrub.range, seconds: SECONDS2, jumps: SHOTS - 1 };
  const play = player.button("walk", track);
  return {
    name: "walk",
    label: "Walk",
    play,
    children: [
      createEnds(parts),
      createStep(parts),
      make("div", { class: "row play" }, play, scrub.row),
      ...createStrips(parts),
      make(
        "p",
        { class: "note" },
        "Mixed pixels show two digits at once. On the map each step is one shape. Drag the ring to a digit, then start or end the walk there: A and B are the nearest digits."
      )
    ]
  };
}
function createEnds({ data, state, space, gallery }) {
  const pictures = ["A", "B"].map((name) => namedPicture(`digit ${name}`, 56));
  state.watch(["walk"], () => {
    state.get("walk").forEach((i, k) => {
      gallery.show(pictures[k], space.image(i));
      pictures[k].setAttribute("aria-label", `${"AB"[k]}, a ${data.labels[i]}`);
    });
  });
  const figures = ["Start here", "End here"].map((text, end) => {
    const take = () => {
      const walk = both((k) => k === end ? state.get("nearest") : state.get("walk")[k]);
      state.set({ playing: null, walk, share: end });
    };
    return figure(pictures[end], button(text, take));
  });
  return make("div", { class: "row" }, ...figures);
}
function createStep({ state, space, gallery }) {
  const walked = namedPicture("the walk on the map", 112);
  const faded = namedPicture("the cross-fade of pixels", 112);
  state.watch(["walk", "share"], () => {
    const [walk, share] = [state.get("walk"), state.get("share")];
    gallery.show(faded, blend(space, walk, share));
    gallery.show(walked, space.decode(between(space, walk, share)));
  });
  return make(
    "div",
    { class: "row" },
    figure(walked, "walk on the map"),
    figure(faded, "cross-fade of pixels")
  );
}
function createStrips({ state, space, gallery }) {
  const kinds = [
    {
      name: "map",
      words: "on the map",
      /** @type {(walk: Pair, share: number) => Float32Array} */
      picture: (walk, share) => space.decode(between(space, walk, share))
    },
    {
      name: "pixels",
      words: "mixed pixels",
      /** @type {(walk: Pair, share: number) => Float32Array} */
      picture: (walk, share) => blend(space, walk, share)
    }
  ];
  return kinds.map(({ name, words, picture }) => {
    const shots = Array.from({ length: SHOTS }, () => makePicture(27, { "aria-hidden": "true" }));
    state.watch(["walk"], () => {
      shots.forEach((shot, k) => {
        gallery.show(shot, picture(state.get("walk"), k / (SHOTS - 1)));
      });
    });
    state.watch(["share"], () => {
      const now = Math.round(state.get("share") * (SHOTS - 1));
      shots.forEach((shot, k) => {
        shot.classList.toggle("now", k === now);
      });
    });
    const label = `${SHOTS} steps from A to B, ${words}`;
    return make(
      "div",
      { class: "film" },
      make("span", { "aria-hidden": "true" }, name),
      make("div", { class: "strip", role: "img", "aria-label": label }, ...shots)
    );
  });
}

// player.js
function createPlayer(state) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)");
  const tracks = {};
  let waiting = 0;
  const stop = () => state.set({ playing: null });
  function run2({ range, seconds, jumps }) {
    const end = Number(range.max);
    if (Number(range.value) >= end) range.value = "0";
    const from = Number(range.value);
    const began = performance.now();
    const tick = (now) => {
      const share = Math.max(0, now - began) / (1e3 * seconds);
      const shown = calm.matches ? Math.floor(share * jumps) / jumps : share;
      const value = Math.min(end, from + end * shown);
      if (value !== Number(range.value)) {
        range.value = String(value);
        range.dispatchEvent(new Event("input"));
      }
      if (value >= end) stop();
      else if (state.get("playing")) waiting = requestAnimationFrame(tick);
    };
    waiting = requestAnimationFrame(tick);
  }
  state.watch(["playing"], () => {
    cancelAnimationFrame(waiting);
    const name = state.get("playing");
    const track = name && tracks[name];
    if (track) run2(track);
  });
  return {
    stop,
    /**
     * The button that plays a slider, and pauses it.
     * @param {Playable} name
     * @param {Track} track
     */
    button(name, track) {
      tracks[name] = track;
      const made = button("", () => state.set({ playing: state.get("playing") ? null : name }));
      state.watch(["playing"], () => {
        made.textContent = state.get("playing") === name ? "❚❚ Pause" : "▶ Play";
      });
      return made;
    }
  };
}

// ring.js
var STEPS = 100;
var BIG = 10;
function createRing(space, state, start) {
  let visited = /* @__PURE__ */ new Set();
  function put(point, changes = {}) {
    const z = state.get("z");
    if (point[0] === z[0] && point[1] === z[1]) return;
    state.set({ z: [...point], nearest: space.closest(point), ...changes });
  }
  function go(point) {
    state.set({ playing: null });
    visited = /* @__PURE__ */ new Set();
    put(point, { pointed: null });
  }
  return {
    go,
    /**
     * Move it as Python does: whatever else goes on goes on.
     * @param {Point} point
     */
    moveTo: (point) => put(point),
    /**
     * Move it as the walk does: N starts anew, but what plays goes on.
     * @param {Point} point
     */
    carry(point) {
      visited = /* @__PURE__ */ new Set();
      put(point);
    },
    home: () => go(start),
    /**
     * Move it by a step as keys do, or by a big one.
     * @param {Point} direction
     * @param {boolean} big
     */
    nudge(direction, big) {
      const size = big ? BIG : 1;
      const z = state.get("z");
      go(space.inside(both((k) => z[k] + size * direction[k] * space.span[k] / STEPS)));
    },
    /** To the nearest digit on the map; again, to the next one that was not visited yet. */
    toNearest() {
      state.set({ playing: null });
      const here = state.get("z");
      const i = space.closest(
        here,
        (k) => !visited.has(k) && space.contains(space.code(k)) && space.distance(k, here) > 0
      );
      if (i < 0) return;
      visited.add(i);
      put(space.code(i), { pointed: null });
    }
  };
}

// readout.js
var FINE = 2;
var REST = 300;
var CUES = {
  among: "Among real digits.",
  edge: "At the edge: few real digits are near.",
  off: "Off the map: no real digit is encoded near here."
};
function createReadout({ data, state, space, ring }, statusId) {
  const sliders = AXES.map((axis) => {
    const settings = {
      min: data.low[axis],
      max: data.high[axis],
      step: space.span[axis] / (FINE * STEPS)
    };
    const made = slider(`code ${axis + 1}`, settings, (value) => {
      const z = state.get("z");
      ring.go(both((k) => k === axis ? value : z[k]));
    });
    onKeys(made.range, ({ key, shiftKey }) => {
      if (!ARROWS[key] || !shiftKey) return false;
      const sign = ARROWS[key][0] + ARROWS[key][1];
      ring.nudge(
        both((k) => k === axis ? sign : 0),
        true
      );
      return true;
    });
    return made;
  });
  const status = make("p", { class: "status", id: statusId });
  const cue = make("p", { class: "cue" });
  const spoken = make("p", { class: "spoken", "aria-live": "polite" });
  let speaking = 0;
  function speak(text) {
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      spoken.textContent = text;
    }, REST);
  }
  state.watch(["z", "nearest"], () => {
    const [z, nearest] = [state.get("z"), state.get("nearest")];
    const away = space.distance(nearest, z);
    const facts = `z = ${space.say(z)}, nearest digit ${data.labels[nearest]}, distance ${space.sayLength(away)}`;
    status.textContent = facts;
    cue.textContent = CUES[space.kind(away)];
    speak(`${facts}. ${cue.textContent}`);
    sliders.forEach(({ range, tell }, axis) => {
      range.value = String(z[axis]);
      tell(space.sayLength(z[axis]));
    });
  });
  state.watch(["drawing"], () => {
    const drawing = state.get("drawing");
    if (drawing) speak(drawing.verdict);
  });
  const rows = sliders.map(({ row }) => row);
  return {
    element: make("div", { class: "place" }, ...rows, status, cue, spoken),
    release: () => clearTimeout(speaking)
  };
}

// state.js
function createState(values) {
  const watchers = [];
  return {
    /**
     * @template {keyof Values} Name
     * @param {Name} name
     * @returns {Values[Name]}
     */
    get: (name) => values[name],
    /**
     * Change some values at once, and tell whoever watches one that is now another.
     * @param {Partial<Values>} changes
     */
    set(changes) {
      const changed = Object.keys(changes).filter((name) => values[name] !== changes[name]);
      Object.assign(values, changes);
      for (const { names, paint } of watchers) {
        if (names.some((name) => changed.includes(String(name)))) paint();
      }
    },
    /**
     * Paint now, and again whenever one of these values has changed.
     * @param {(keyof Values)[]} names
     * @param {() => void} paint
     */
    watch(names, paint) {
      watchers.push({ names, paint });
      paint();
    }
  };
}

// tabs.js
function createTabs(state, panels, id) {
  const tabs = panels.map(({ name, label, children }) => {
    const panelId = `${id}-${name}-panel`;
    const tab = button(label, () => choose(name), {
      role: "tab",
      id: `${id}-${name}`,
      "aria-controls": panelId
    });
    const panel = make(
      "div",
      { role: "tabpanel", id: panelId, "aria-labelledby": tab.id, class: `panel ${name}` },
      ...children
    );
    return { name, tab, panel };
  });
  tabs[0].panel.tabIndex = 0;
  const choose = (name) => state.set({ playing: null, tab: name });
  state.watch(["tab"], () => {
    for (const { name, tab, panel } of tabs) {
      const chosen = name === state.get("tab");
      tab.setAttribute("aria-selected", String(chosen));
      tab.tabIndex = chosen ? 0 : -1;
      panel.hidden = !chosen;
    }
  });
  const list = make(
    "div",
    { role: "tablist", "aria-label": "What to do" },
    ...tabs.map(({ tab }) => tab)
  );
  onKeys(list, ({ key, target }) => {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return false;
    const k = tabs.findIndex(({ tab }) => tab === target);
    const next = tabs[(k + ARROWS[key][0] + tabs.length) % tabs.length];
    choose(next.name);
    next.tab.focus();
    return true;
  });
  return { choose, elements: [list, ...tabs.map(({ panel }) => panel)] };
}

// explorer.js
var atFirst = ({ start, typical }, space) => ({
  z: [...start],
  nearest: space.closest(start),
  pointed: null,
  tab: "look",
  theme: "light",
  // until the page around it is known
  playing: null,
  walk: [typical[4] ?? 0, typical[8] ?? space.count - 1],
  share: 0,
  position: 0,
  frame: null,
  drawing: null
});
function mount(element, data, onMove = () => {
}) {
  const root = make("section", { class: "latent-explorer", "aria-label": "Latent explorer" });
  element.append(root);
  const space = createSpace(data);
  const state = createState(atFirst(data, space));
  const unfollow = followTheme(root, state);
  const ring = createRing(space, state, data.start);
  const player = createPlayer(state);
  const parts = { data, state, space, ring, player, gallery: createGallery(state) };
  const id = `latent-${Math.random().toString(36).slice(2)}`;
  const { map, legend } = createMap(parts, `${id}-status`);
  const readout = createReadout(parts, `${id}-status`);
  const panels = [createLook(parts), createWalk(parts), createDraw(parts)];
  if (data.epochs.length) panels.push(createReplay(parts));
  const tabs = createTabs(state, panels, id);
  root.append(
    make("div", { class: "left" }, map, legend, readout.element),
    make("div", { class: "right" }, ...tabs.elements, createHelp())
  );
  for (const one of root.querySelectorAll(".map, .sheet, button, input, summary")) {
    one.setAttribute("data-lm-suppress-shortcuts", "true");
  }
  watchRoot(parts, root);
  addKeys2(parts, root, panels, tabs.choose);
  state.watch(["z"], () => onMove(state.get("z")));
  return {
    moveTo: ring.moveTo,
    decode: space.decode,
    encode: space.encode,
    remove() {
      player.stop();
      readout.release();
      unfollow();
      root.remove();
    }
  };
}
function createHelp() {
  const words = "On the map: arrows move, Shift + arrows move ten times as far, Home goes back to the start. Anywhere: N next nearest digit, P play or pause. On the sheet: arrows move the pen, Space puts it down or lifts it, Delete clears. Tab goes on to the next part.";
  return make("details", {}, make("summary", {}, "Keys"), make("p", {}, words));
}
function watchRoot({ state, space }, root) {
  state.watch(["z", "nearest"], () => {
    root.dataset.cue = space.kind(space.distance(state.get("nearest"), state.get("z")));
  });
  state.watch(["tab"], () => {
    root.dataset.tab = state.get("tab");
  });
  state.watch(["drawing"], () => {
    root.classList.toggle("drawn", state.get("drawing") !== null);
  });
}
function addKeys2({ state, ring }, root, panels, choose) {
  const chosen = () => panels.find(({ name }) => name === state.get("tab"));
  onKeys(root, ({ key, repeat, target }) => {
    if (["n", "N"].includes(key) && !state.get("frame")) ring.toNearest();
    else if (["p", "P"].includes(key) && !repeat) {
      if (!chosen()?.play) choose("walk");
      const play = (
        /** @type {HTMLButtonElement} */
        chosen()?.play
      );
      const { length } = (
        /** @type {Element} */
        target.getClientRects()
      );
      if (!length) play.focus();
      play.click();
    } else return false;
    return true;
  });
  root.addEventListener("keydown", (event) => {
    if (!event.ctrlKey && !event.metaKey && !event.altKey) event.stopPropagation();
  });
}

// payload.js
async function unpack(bytes) {
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
  const buffer = await new Response(inflated).arrayBuffer();
  const length = new DataView(buffer).getUint32(0, true);
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const body = new Uint8Array(buffer, 4 + length);
  const count = header.points;
  const shown = header.epochs.length * header.replayed * 2;
  const shapes = header.layers;
  const weights = shapes.reduce((sum, [rows, columns]) => sum + (rows + 1) * columns, 0);
  const total = weights + 3 * count + shown;
  const numbers = joinBytes(body.subarray(0, total), body.subarray(total, 2 * total));
  let at = 0;
  const take = (n) => {
    at += n;
    return numbers.subarray(at - n, at);
  };
  const layers = shapes.map(([rows, columns, activation]) => ({
    kernel: take(rows * columns),
    bias: take(columns),
    activation
  }));
  const { low, high } = header;
  const places = (shares) => shares.map((v, i) => low[i % 2] + v * (high[i % 2] - low[i % 2]));
  return {
    ...header,
    encoder: layers.slice(0, header.encoderLayers),
    decoder: layers.slice(header.encoderLayers),
    codes: places(take(2 * count)),
    errors: take(count),
    replay: places(take(shown)),
    labels: body.subarray(2 * total, 2 * total + count),
    images: body.subarray(2 * total + count)
  };
}
function joinBytes(high, low) {
  return Float32Array.from(high, (byte, i) => {
    const exponent = byte >> 2 & 31;
    const fraction = (byte & 3) << 8 | low[i];
    const size = exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24;
    return byte & 128 ? -size : size;
  });
}

// index.js
var PATIENCE = 100;
function createSender(model) {
  let timer = 0;
  let sending = false;
  let latest = null;
  function send() {
    timer = 0;
    if (latest === null) return;
    sending = true;
    model.set("code_1", latest[0]);
    model.set("code_2", latest[1]);
    sending = false;
    model.save_changes();
    latest = null;
    timer = setTimeout(send, PATIENCE);
  }
  return {
    /** Whether the model changes because of a move from here. */
    isSending: () => sending,
    /** @param {Point} z */
    push(z) {
      latest = z;
      if (!timer) send();
    },
    drop() {
      latest = null;
    },
    stop: () => clearTimeout(timer)
  };
}
async function render({ model, el }) {
  const data = await unpack(model.get("payload"));
  const sender = createSender(model);
  let following = true;
  const explorer = mount(el, data, (z) => {
    if (!following) sender.push(z);
  });
  function follow() {
    if (sender.isSending()) return;
    following = true;
    sender.drop();
    explorer.moveTo([model.get("code_1"), model.get("code_2")]);
    following = false;
  }
  follow();
  model.on("change:code_1", follow);
  model.on("change:code_2", follow);
  return () => {
    sender.stop();
    model.off("change:code_1", follow);
    model.off("change:code_2", follow);
    explorer.remove();
  };
}
var index_default = { render };
export {
  index_default as default,
  mount,
  unpack
};
