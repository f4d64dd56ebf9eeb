// The latent explorer: a map of codes, and an autoencoder that runs in the page.
//
// `mount(element, data)` needs nothing but a browser. What stands here makes it a widget of Jupyter;
// helpers/widgets/explorer.py packs the data and also wraps the bundle into a page of its own, which
// lives without a kernel and without a network.

import { mount } from "./explorer.js"
import { unpack } from "./payload.js"

export { mount, unpack }

/** @typedef {import("./payload.js").Point} Point */

/**
 * The part of a widget's model that is used here.
 * @typedef {object} Model
 * @property {(name: string) => any} get
 * @property {(name: string, value: any) => void} set
 * @property {() => void} save_changes
 * @property {(event: string, callback: () => void) => void} on
 * @property {(event: string, callback: () => void) => void} off
 */

const PATIENCE = 100 // milliseconds between two messages to Python

/**
 * Send moves to Python, not too many.
 * @param {Model} model
 */
function createSender(model) {
  let timer = 0
  let sending = false
  /** @type {Point | null} */
  let latest = null

  // The model gets a move only when it is sent: an echo of an older one then changes nothing.
  function send() {
    timer = 0
    if (latest === null) return
    sending = true
    model.set("code_1", latest[0])
    model.set("code_2", latest[1])
    sending = false
    model.save_changes()
    latest = null
    timer = setTimeout(send, PATIENCE)
  }
  return {
    /** Whether the model changes because of a move from here. */
    isSending: () => sending,
    /** @param {Point} z */
    push(z) {
      latest = z
      if (!timer) send()
    },
    drop() {
      latest = null
    },
    stop: () => clearTimeout(timer),
  }
}

/** @param {{ model: Model, el: Element }} given */
async function render({ model, el }) {
  const data = await unpack(model.get("payload"))
  const sender = createSender(model)
  let following = true // the ring moves because of the model, or is still being built
  const explorer = mount(el, data, (z) => {
    if (!following) sender.push(z)
  })
  function follow() {
    if (sender.isSending()) return
    following = true // whoever moved the model has told Python too
    sender.drop()
    explorer.moveTo([model.get("code_1"), model.get("code_2")])
    following = false
  }
  follow()
  model.on("change:code_1", follow)
  model.on("change:code_2", follow)
  return () => {
    sender.stop()
    model.off("change:code_1", follow)
    model.off("change:code_2", follow)
    explorer.remove()
  }
}

export default { render }
