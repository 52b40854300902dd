/** Amounts of the pool as one reads them: 3.6, 5.6Gi, 12 %. */
import type { Resource } from '../../state/pool.ts'
import { num } from '../../words/index.ts'

const UNITS = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi']

/** CPUs and Pods as numbers; bytes in the unit that keeps them short. */
export function amountText(what: Resource, amount: number): string {
  if (what === 'pods') return num(amount)
  if (what === 'cpu') return short(amount)
  let [size, unit] = [amount, 0]
  while (size >= 1000 && unit < UNITS.length - 1) {
    size /= 1024
    unit += 1
  }
  return `${short(size)}${UNITS[unit]}`
}

const short = (n: number): string => num(n, n < 0.0995 && n > 0 ? 2 : n < 9.95 && Math.abs(n - Math.round(n)) > 0.04 ? 1 : 0)

export const percentText = (part: number, whole: number): string =>
  whole > 0 ? `${num(Math.round((part / whole) * 100))}%` : '–'
