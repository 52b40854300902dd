/** How many visitors a second come at which time of the day: few at night, a crowd when the sale begins. */

const HOUR_MS = 3_600_000
export const DAY_MS = 24 * HOUR_MS

/** Hours, and visitors per second; straight lines in between. */
const CURVE: readonly (readonly [hour: number, perSecond: number])[] = [
  [0, 90],
  [2, 60],
  [5, 60],
  [7, 150],
  [9, 400],
  [12, 500],
  [15, 450],
  [18, 550],
  [18.05, 2000],
  [19, 2200],
  [20, 1700],
  [21, 900],
  [22, 400],
  [24, 150],
]

/** So much more or less than was expected, of a hundred: a day is not like the other. */
const LUCK = 8

export function visitorsAt(ms: number, luck: number): number {
  const hour = ms / HOUR_MS
  const next = CURVE.findIndex(([at]) => at > hour)
  const [from, to] = next < 0 ? [24, 24] : [CURVE[next - 1]?.[0] ?? 0, CURVE[next]?.[0] ?? 24]
  const [low, high] = next < 0 ? [0, 0] : [CURVE[next - 1]?.[1] ?? 0, CURVE[next]?.[1] ?? 0]
  const expected = low + ((high - low) * (hour - from)) / Math.max(1e-9, to - from)
  return expected * (1 + ((2 * luck - 1) * LUCK) / 100)
}
