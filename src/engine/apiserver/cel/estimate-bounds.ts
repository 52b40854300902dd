/** Bounds of sizes and costs: from the least to the most, which never runs over. */

export interface Bounds {
  readonly min: number
  readonly max: number
}

/** uint64's greatest number: "unknown". */
export const MOST = 2 ** 64

const cap = (value: number): number => Math.min(value, MOST)

export const fixed = (value: number): Bounds => ({ min: value, max: value })
export const ZERO = fixed(0)
export const add = (a: Bounds, b: Bounds): Bounds => ({ min: cap(a.min + b.min), max: cap(a.max + b.max) })
export const multiply = (a: Bounds, b: Bounds): Bounds => ({ min: cap(a.min * b.min), max: cap(a.max * b.max) })
export const scale = (a: Bounds, factor: number): Bounds => ({
  min: cap(Math.ceil(a.min * factor)),
  max: cap(Math.ceil(a.max * factor)),
})
export const union = (a: Bounds, b: Bounds): Bounds => ({ min: Math.min(a.min, b.min), max: Math.max(a.max, b.max) })
