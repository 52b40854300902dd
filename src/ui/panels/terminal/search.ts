/** Ctrl-R: looks for a text in what was typed before, from the newest to the oldest. */
import type { Line } from './line.ts'

export interface Search {
  text: string
  /** Where in the history it has got to. */
  at: number
  /** What was on the line before. */
  kept: Line
  missed?: boolean
}

/** The newest line at or before `at` that has the text; where it was, when there is none. */
export function found(history: readonly string[], search: Search): Search {
  for (let at = Math.min(search.at, history.length - 1); at >= 0; at--) {
    if (history[at]?.includes(search.text)) return { text: search.text, at, kept: search.kept }
  }
  return { ...search, at: search.at < 0 ? 0 : search.at, missed: true }
}
