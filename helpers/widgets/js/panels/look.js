// Look: the digit decoded from the ring, and a real digit beside its reconstruction.

import { figure, make, namedPicture } from "../dom.js"

/** @param {import("../explorer.js").Parts} parts */
export function createLook({ data, state, space, gallery }) {
  const decoded = namedPicture("decoded from the ring", 196)
  const heading = make("p", { class: "heading" })
  const [original, reconstruction, difference] = ["original", "reconstruction", "difference"].map(
    (name) => namedPicture(name, 84),
  )
  let inspected = -1 // the digit that is shown

  state.watch(["z"], () => gallery.show(decoded, space.decode(state.get("z"))))
  // The digit that is pointed at, or else the one nearest to the ring.
  state.watch(["nearest", "pointed"], () => {
    const pointed = state.get("pointed")
    const i = pointed ?? state.get("nearest")
    const reason = pointed === null ? "Nearest real digit" : "Under the pointer"
    heading.textContent = `${reason}: a ${data.labels[i]}, error ${data.errors[i].toFixed(3)}`
    if (inspected === i) return
    inspected = i
    const image = space.image(i)
    const restored = space.decode(space.code(i))
    gallery.show(original, image)
    gallery.show(reconstruction, restored)
    gallery.show(difference, subtract(image, restored), true)
  })

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
        figure(difference, "difference"),
      ),
      make(
        "p",
        { class: "note" },
        make("b", { class: "lost" }, "orange"),
        ": ink that was lost, ",
        make("b", { class: "added" }, "blue"),
        ": ink that was added. Error: the mean squared difference of the pixels. " +
          "Point at a digit, tap near it, or press N.",
      ),
    ],
  }
}

/**
 * What a reconstruction lost (above 0) and added (below 0).
 * @param {Float32Array} original
 * @param {Float32Array} restored
 */
export const subtract = (original, restored) => original.map((v, k) => v - restored[k])
