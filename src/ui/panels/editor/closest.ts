/** The names nearest to a mistyped one. */

/** At most two, the nearest first; none that is far off. */
export function closest(name: string, names: readonly string[]): string[] {
  const far = Math.max(1, Math.floor(name.length / 3))
  return [...new Set(names)]
    .filter((other) => other !== name && Math.abs(other.length - name.length) <= far)
    .map((other): [number, string] => [distance(name.toLowerCase(), other.toLowerCase()), other])
    .filter(([steps]) => steps <= far)
    .sort(([a, x], [b, y]) => a - b || (x < y ? -1 : 1))
    .slice(0, 2)
    .map(([, other]) => other)
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1) {
      const swap = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min(swap, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row[b.length] ?? 0
}
