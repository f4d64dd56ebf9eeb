// Light and dark: the one table of colours, and following the page that the explorer lives in.

/**
 * @typedef {"light" | "dark"} Theme
 * @typedef {typeof PALETTES["light"]} Palette
 */

// Canvases take their colours from here, and the style sheet too: as --paper, --text and so on.
// Words need more contrast than areas; hence two tones of each of the signed picture's colours.
export const PALETTES = {
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
    hatch: "#d9d9d9",
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
    hatch: "#3a3a3f",
  },
}
const SHADE = 0.3 // how far a class's colour goes towards black or white
const MIDDLE = 128 // between dark and bright, of 255

/**
 * Red, green and blue of "#rrggbb".
 * @param {string} color
 */
export function rgb(color) {
  return [1, 3, 5].map((at) => Number.parseInt(color.slice(at, at + 2), 16))
}

/**
 * A colour, darker on light paper and lighter on dark, so that small digits can be read.
 * @param {string} color
 * @param {Theme} theme
 */
export function shade(color, theme) {
  const goal = theme === "dark" ? 255 : 0
  return `rgb(${rgb(color).map((v) => Math.round(v + SHADE * (goal - v)))})`
}

/**
 * Keep the theme that of the page around the explorer.
 * @param {HTMLElement} root
 * @param {import("./explorer.js").State} state
 * @returns {() => void} what stops it
 */
export function followTheme(root, state) {
  const night = matchMedia("(prefers-color-scheme: dark)")
  function follow() {
    delete root.dataset.theme // let the page's own background speak, not what was chosen before
    // Outside a document there is no style; then the reader's own wish has to do.
    const seen = getComputedStyle(root)
      .backgroundColor.match(/[\d.]+/g)
      ?.map(Number)
    const dark = seen ? 0.3 * seen[0] + 0.6 * seen[1] + 0.1 * seen[2] < MIDDLE : night.matches
    root.dataset.theme = dark ? "dark" : "light"
    state.set({ theme: dark ? "dark" : "light" })
  }
  follow()
  state.watch(["theme"], () => {
    for (const [name, color] of Object.entries(PALETTES[state.get("theme")])) {
      root.style.setProperty(`--${name}`, color)
    }
  })
  const arrival = new IntersectionObserver(([entry]) => {
    if (entry.isIntersecting) follow()
  })
  arrival.observe(root) // where it was built outside the document, and now has a background
  const page = new MutationObserver(follow)
  page.observe(document.body, {
    attributes: true,
    attributeFilter: ["data-jp-theme-light", "class"],
  })
  night.addEventListener("change", follow)
  return () => {
    page.disconnect()
    arrival.disconnect()
    night.removeEventListener("change", follow)
  }
}
