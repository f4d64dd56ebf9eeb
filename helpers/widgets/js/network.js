// The network: dense layers and their activations, as Keras computes them.

/** @type {Record<string, (x: number) => number>} */
const ACTIVATIONS = {
  linear: (x) => x,
  relu: (x) => Math.max(x, 0),
  elu: (x) => (x > 0 ? x : Math.expm1(x)),
  gelu: (x) => (x / 2) * (1 + erf(x / Math.SQRT2)),
  silu: (x) => x / (1 + Math.exp(-x)),
  tanh: Math.tanh,
  sigmoid: (x) => 1 / (1 + Math.exp(-x)),
}

/**
 * The error function to 1.5e-7: Abramowitz and Stegun, formula 7.1.26.
 * @param {number} x
 */
export function erf(x) {
  const t = 1 / (1 + 0.3275911 * Math.abs(x))
  const inner = ((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - 0.284496736
  const sum = (inner * t + 0.254829592) * t
  return Math.sign(x) * (1 - sum * Math.exp(-x * x))
}

/**
 * Send numbers through dense layers: what `encoder` and `decoder` do in Keras.
 * @param {import("./payload.js").Layer[]} layers
 * @param {ArrayLike<number>} signal
 * @returns {Float32Array}
 */
export function run(layers, signal) {
  let values = signal
  for (const { kernel, bias, activation } of layers) {
    const width = bias.length
    const sums = bias.slice()
    for (let i = 0, row = 0; i < values.length; i++, row += width) {
      const value = values[i]
      if (value === 0) continue // bare paper, for the most part
      for (let j = 0; j < width; j++) sums[j] += value * kernel[row + j]
    }
    values = sums.map(ACTIVATIONS[activation])
  }
  return /** @type {Float32Array} */ (values)
}
