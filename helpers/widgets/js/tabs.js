// The tabs, and the panel of the one that is chosen.

import { ARROWS, button, make, onKeys } from "./dom.js"

/**
 * @typedef {object} Panel
 * @property {string} name
 * @property {string} label
 * @property {HTMLElement[]} children
 * @property {HTMLButtonElement} [play] its button, if it can play
 */

/**
 * @param {import("./explorer.js").State} state
 * @param {Panel[]} panels
 * @param {string} id of this explorer, since a page may hold several
 */
export function createTabs(state, panels, id) {
  const tabs = panels.map(({ name, label, children }) => {
    const panelId = `${id}-${name}-panel`
    const tab = button(label, () => choose(name), {
      role: "tab",
      id: `${id}-${name}`,
      "aria-controls": panelId,
    })
    const panel = make(
      "div",
      { role: "tabpanel", id: panelId, "aria-labelledby": tab.id, class: `panel ${name}` },
      ...children,
    )
    return { name, tab, panel }
  })
  tabs[0].panel.tabIndex = 0 // nothing inside it takes the focus

  /** @param {string} name */
  const choose = (name) => state.set({ playing: null, tab: name })

  state.watch(["tab"], () => {
    for (const { name, tab, panel } of tabs) {
      const chosen = name === state.get("tab")
      tab.setAttribute("aria-selected", String(chosen))
      tab.tabIndex = chosen ? 0 : -1
      panel.hidden = !chosen
    }
  })
  const list = make(
    "div",
    { role: "tablist", "aria-label": "What to do" },
    ...tabs.map(({ tab }) => tab),
  )
  onKeys(list, ({ key, target }) => {
    if (key !== "ArrowLeft" && key !== "ArrowRight") return false
    const k = tabs.findIndex(({ tab }) => tab === target)
    const next = tabs[(k + ARROWS[key][0] + tabs.length) % tabs.length]
    choose(next.name)
    next.tab.focus()
    return true
  })
  return { choose, elements: [list, ...tabs.map(({ panel }) => panel)] }
}
