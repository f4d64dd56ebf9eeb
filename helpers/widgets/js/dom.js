// Elements: what all parts of the explorer are made of.

import { SIDE } from "./images.js"

/** @typedef {Record<string, string | number | boolean>} Attributes */

/**
 * @template {Element} Made
 * @param {Made} element
 * @param {Attributes} attributes
 * @param {(Node | string)[]} children
 */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.append(...children)
  return element
}

/**
 * @template {keyof HTMLElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {(Node | string)[]} children
 */
export const make = (tag, attributes = {}, ...children) =>
  fill(document.createElement(tag), attributes, children)

/**
 * @template {keyof SVGElementTagNameMap} Tag
 * @param {Tag} tag
 * @param {Attributes} attributes
 * @param {(Node | string)[]} children
 */
export const makeSvg = (tag, attributes = {}, ...children) =>
  fill(document.createElementNS("http://www.w3.org/2000/svg", tag), attributes, children)

/**
 * A canvas for the picture of a digit.
 * @param {number} size CSS pixels
 * @param {Attributes} attributes
 */
export const makePicture = (size, attributes) =>
  make("canvas", {
    width: SIDE,
    height: SIDE,
    class: "digit",
    ...attributes,
    style: `width:${size}px;height:${size}px`,
  })

/**
 * The same, with a name for who cannot see it.
 * @param {string} name
 * @param {number} size
 */
export const namedPicture = (name, size) => makePicture(size, { role: "img", "aria-label": name })

/**
 * @param {Node} content
 * @param {Node | string} caption
 */
export const figure = (content, caption) =>
  make("figure", {}, content, make("figcaption", {}, caption))

/**
 * @param {string} text
 * @param {() => void} click
 * @param {Attributes} attributes
 */
export function button(text, click, attributes = {}) {
  const made = make("button", { type: "button", ...attributes }, text)
  made.addEventListener("click", click)
  return made
}

/**
 * A slider with its name and its value beside it.
 * @param {string} name
 * @param {Attributes} settings
 * @param {(value: number, byHand: boolean) => void} moved
 */
export function slider(name, settings, moved) {
  const value = make("span", { class: "value", "aria-hidden": "true" })
  const range = make("input", { type: "range", ...settings, "aria-label": name })
  range.addEventListener("input", (event) => moved(Number(range.value), event.isTrusted))
  const row = make("label", { class: "slider" }, make("span", {}, name), range, value)
  return {
    range,
    row,
    /** @param {string} text the value in words */
    tell(text) {
      value.textContent = text
      range.setAttribute("aria-valuetext", text)
    },
  }
}

/** @param {HTMLCanvasElement} canvas */
export const context2d = (canvas, settings = {}) =>
  /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", settings))

/**
 * Where each arrow key leads on a plane.
 * @type {Record<string, import("./payload.js").Point>}
 */
export const ARROWS = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowDown: [0, -1],
  ArrowUp: [0, 1],
}

/**
 * Give a part keys of its own; those of the browser and the notebook keep their modifiers.
 * @param {HTMLElement} element
 * @param {(event: KeyboardEvent) => boolean} act says whether the key meant something
 */
export function onKeys(element, act) {
  element.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    if (act(event)) event.preventDefault()
  })
}
