// What Python sent: helpers/widgets packs it, `unpack` makes arrays and networks of it.

/**
 * @typedef {[number, number]} Point a place on the plane of codes, in the code's own units
 *
 * @typedef {object} Layer a dense one
 * @property {Float32Array} kernel (rows x columns), row by row
 * @property {Float32Array} bias
 * @property {string} activation its name in Keras
 *
 * @typedef {object} Data
 * @property {Layer[]} encoder
 * @property {Layer[]} decoder
 * @property {Float32Array} codes two numbers a digit
 * @property {Uint8Array} labels what the digits are, 0 to 9
 * @property {Float32Array} errors of their reconstructions, mean squared
 * @property {Uint8Array} images 784 a digit, 0 to `levels`
 * @property {number} levels
 * @property {Point} low the window of the map, its lower left corner
 * @property {Point} high its upper right corner
 * @property {number} near closer than this to a digit is among digits
 * @property {number} far farther than this from every digit is off the map
 * @property {number} unlike 99 of 100 digits have a smaller error
 * @property {number} decimals of a code that are worth showing
 * @property {Point} start where the ring stands at first
 * @property {Record<string, number>} typical a digit of each class, by its name
 * @property {string[]} colors of the classes, "#rrggbb"
 * @property {number[]} epochs that the replay shows
 * @property {number} replayed digits in the replay
 * @property {Float32Array} replay their codes, epoch by epoch
 */

/**
 * Turn the bytes that Python packed into arrays and networks.
 * @param {Uint8Array<ArrayBuffer> | DataView<ArrayBuffer>} bytes
 * @returns {Promise<Data>}
 */
export async function unpack(bytes) {
  const inflated = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"))
  const buffer = await new Response(inflated).arrayBuffer()
  const length = new DataView(buffer).getUint32(0, true)
  const header = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)))
  const body = new Uint8Array(buffer, 4 + length)
  const count = header.points
  const shown = header.epochs.length * header.replayed * 2
  /** @type {[number, number, string][]} */
  const shapes = header.layers
  const weights = shapes.reduce((sum, [rows, columns]) => sum + (rows + 1) * columns, 0)
  const total = weights + 3 * count + shown
  const numbers = joinBytes(body.subarray(0, total), body.subarray(total, 2 * total))
  let at = 0
  /** @param {number} n */
  const take = (n) => {
    at += n
    return numbers.subarray(at - n, at)
  }
  const layers = shapes.map(([rows, columns, activation]) => ({
    kernel: take(rows * columns),
    bias: take(columns),
    activation,
  }))
  const { low, high } = header // codes travel as shares of the window
  /** @param {Float32Array} shares */
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

/**
 * Read float16 numbers, whose high and low bytes lie apart because they compress better so.
 * @param {Uint8Array} high sign, exponent and the first two bits of the fraction
 * @param {Uint8Array} low the other eight
 */
export function joinBytes(high, low) {
  return Float32Array.from(high, (byte, i) => {
    const exponent = (byte >> 2) & 31
    const fraction = ((byte & 3) << 8) | low[i]
    const size = exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24
    return byte & 128 ? -size : size
  })
}
