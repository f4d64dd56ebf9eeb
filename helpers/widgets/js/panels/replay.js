// Training: where the same digits lay after each epoch.

import { make, slider } from "../dom.js"

const SECONDS = 8

/**
 * The codes of the replay at a place between two of its epochs, and the epoch that is nearest.
 * @param {Pick<import("../payload.js").Data, "replay" | "replayed" | "epochs">} data
 * @param {number} position 0 at the first of `epochs`, 1 at the second, ...
 */
export function replayAt({ replay, replayed, epochs }, position) {
  const [k, share] = [Math.floor(position), position % 1]
  const next = Math.min(k + 1, epochs.length - 1)
  /** @param {number} epoch @param {number} j */
  const at = (epoch, j) => replay[epoch * replayed * 2 + j]
  const codes = Float32Array.from(
    { length: replayed * 2 },
    (_, j) => at(k, j) + share * (at(next, j) - at(k, j)),
  )
  return { codes, epoch: epochs[Math.round(position)] }
}

/** @param {import("../explorer.js").Parts} parts */
export function createReplay({ data, state, player }) {
  const last = data.epochs.length - 1
  const settings = { min: 0, max: last, step: 0.01, value: 0 }
  const scrub = slider("epoch", settings, (position, byHand) => {
    if (byHand) player.stop()
    state.set({ position })
  })
  state.watch(["tab", "position"], () => {
    if (state.get("tab") !== "replay") {
      state.set({ frame: null })
      return
    }
    const { codes, epoch } = replayAt(data, state.get("position"))
    scrub.tell(epoch === 0 ? "untrained" : `after ${epoch}`)
    state.set({ frame: codes })
  })
  const play = player.button("replay", { range: scrub.range, seconds: SECONDS, jumps: last })
  return {
    name: "replay",
    label: "Training",
    play,
    children: [
      make("div", { class: "row play" }, play, scrub.row),
      make(
        "p",
        { class: "note" },
        `The same ${data.replayed} digits after each epoch of training, from the untrained ` +
          "network on. Watch which digits part first, and which never do.",
      ),
    ],
  }
}
