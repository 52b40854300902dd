/** Arithmetic with whole numbers of any size, as keys want it. */

export const mod = (value: bigint, by: bigint): bigint => {
  const rest = value % by
  return rest < 0n ? rest + by : rest
}

export function inverse(value: bigint, by: bigint): bigint {
  let [a, b, x, y] = [mod(value, by), by, 1n, 0n]
  while (b > 0n) {
    const q = a / b
    ;[a, b, x, y] = [b, a - q * b, y, x - q * y]
  }
  return mod(x, by)
}

export function power(base: bigint, exponent: bigint, by: bigint): bigint {
  let [result, square] = [1n, mod(base, by)]
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % by
    square = (square * square) % by
  }
  return result
}

const hexOf = (bytes: ArrayLike<number>): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** From big-endian bytes. */
export const bigOf = (bytes: ArrayLike<number>): bigint => (bytes.length === 0 ? 0n : BigInt(`0x${hexOf(bytes)}`))

/** Big-endian, at least so many bytes. */
export function bytesOfBig(value: bigint, length = 1): number[] {
  const digits = value.toString(16)
  const hex = digits.padStart(Math.max(length * 2, digits.length + (digits.length & 1)), '0')
  return Array.from({ length: hex.length / 2 }, (_, i) => Number.parseInt(hex.slice(i * 2, i * 2 + 2), 16))
}
