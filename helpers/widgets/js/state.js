// Named values, and who watches them. Data flows one way: input sets values, watchers paint them.

/**
 * @template {Record<string, any>} Values
 * @param {Values} values what each name stands for at first
 */
export function createState(values) {
  /** @type {{ names: (keyof Values)[], paint: () => void }[]} */
  const watchers = []
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
      const changed = Object.keys(changes).filter((name) => values[name] !== changes[name])
      Object.assign(values, changes)
      for (const { names, paint } of watchers) {
        if (names.some((name) => changed.includes(String(name)))) paint()
      }
    },

    /**
     * Paint now, and again whenever one of these values has changed.
     * @param {(keyof Values)[]} names
     * @param {() => void} paint
     */
    watch(names, paint) {
      watchers.push({ names, paint })
      paint()
    },
  }
}
