/** The geometry of a small graph: points of time and amount on a field of 100 by 100. */

export interface Reading {
  at: number
  value: number
}

export interface Plot {
  line: string
  area: string
  /** Where the newest is. */
  end: { x: number; y: number }
  /** Height of an amount; null when it lies above the field. */
  heightOf(amount: number): number | null
  top: number
}

/** How many times larger than all else a mark may be and still be drawn. */
const FAR = 20

/** `marks`: amounts to compare with, drawn as far as they leave something to be seen of the rest. */
export function plotOf(readings: readonly Reading[], from: number, to: number, marks: readonly number[]): Plot {
  const most = Math.max(0, ...readings.map(({ value }) => value))
  let top = most
  for (const mark of [...marks].sort((a, b) => a - b)) if (top === 0 || mark <= top * FAR) top = Math.max(top, mark)
  // Where a mark lies above, words say so: they need room.
  top = (top || 1) * (marks.some((mark) => mark > top) && top > 0 ? 1.45 : 1.12)
  const x = (at: number): number => (to > from ? ((at - from) / (to - from)) * 100 : 100)
  const y = (value: number): number => 100 - (value / top) * 100
  const spots = readings.map(({ at, value }) => `${x(at).toFixed(2)} ${y(value).toFixed(2)}`)
  const [first, last] = [readings[0], readings.at(-1)]
  return {
    line: spots.length > 0 ? `M${spots.join('L')}` : '',
    area: first && last ? `M${x(first.at).toFixed(2)} 100L${spots.join('L')}L${x(last.at).toFixed(2)} 100z` : '',
    end: last ? { x: x(last.at), y: y(last.value) } : { x: 0, y: 100 },
    heightOf: (amount) => (amount <= top ? y(amount) : null),
    top,
  }
}
