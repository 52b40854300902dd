/** What each machine and Pod used, over simulated time: a point for each time it was measured, as far as this page has asked. */

export interface Point {
  /** When it was measured, ms since 1970. */
  at: number
  cpu: number
  memory: number
}

export interface History {
  /** A measurement; the same one told again changes nothing. Whether it is a new one. */
  note(key: string, point: Point): boolean
  /** Up to a moment, oldest first. */
  until(key: string, now: number): readonly Point[]
  /** What came after this moment did not happen. */
  undo(now: number): void
}

/** An hour, measured each quarter of a minute. */
const MOST_POINTS = 240
const MOST_SERIES = 400

export function createHistory(): History {
  /** Those noted last stand last. */
  const series = new Map<string, Point[]>()
  return {
    note(key, point) {
      const points = series.get(key) ?? []
      let place = points.length
      while (place > 0 && (points[place - 1] as Point).at >= point.at) place -= 1
      const isNew = points[place]?.at !== point.at
      points.splice(place, isNew ? 0 : 1, point)
      if (points.length > MOST_POINTS) points.shift()
      series.delete(key)
      series.set(key, points)
      if (series.size > MOST_SERIES) series.delete(series.keys().next().value as string)
      return isNew
    },
    until: (key, now) => (series.get(key) ?? []).filter(({ at }) => at <= now),
    undo(now) {
      for (const [key, points] of series)
        series.set(
          key,
          points.filter(({ at }) => at <= now),
        )
    },
  }
}
