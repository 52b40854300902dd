/** What `vi` knows between two keys: plain data, and the few ways to change the text. */

export interface Spot {
  y: number
  x: number
}

export interface Vi extends Spot {
  /** The file being edited, and those after it. */
  path: string
  files: string[]
  lines: string[]
  /** The column that up and down would like to keep. */
  want: number
  /** First line and column that are seen. */
  top: number
  left: number
  mode: 'normal' | 'insert' | 'replace' | 'line'
  /** A command that is not whole yet. */
  pending: string
  /** What is typed behind `:`, `/` or `?`, with that. */
  line: string
  yank: string[]
  /** The yanked text is lines, not a piece of one. */
  whole: boolean
  undo: (Spot & { lines: string[] })[]
  /** Length of `undo` when the text was last as in the file; -1: never again. */
  saved: number
  /** What the last line says until the next key. */
  said: string
  find: string
  back: boolean
  ignoreCase: boolean
  /** The last f, F, t or T and its character. */
  sought: string
  /** Keys of the command that runs, and of the last one that changed something. */
  record: string[]
  last: string[]
  changed: boolean
  /** The rows as the screen has them. */
  shown: string[]
  rows: number
  columns: number
  status: number | null
}

export const newVi = (files: string[]): Vi => ({
  path: '',
  files,
  lines: [''],
  y: 0,
  x: 0,
  want: 0,
  top: 0,
  left: 0,
  mode: 'normal',
  pending: '',
  line: '',
  yank: [],
  whole: false,
  undo: [],
  saved: 0,
  said: '',
  find: '',
  back: false,
  ignoreCase: false,
  sought: '',
  record: [],
  last: [],
  changed: false,
  shown: [],
  rows: 24,
  columns: 80,
  status: null,
})

const MOST_UNDONE = 100

export const here = (v: Vi): string => v.lines[v.y] ?? ''
export const modified = (v: Vi): boolean => v.undo.length !== v.saved
export const bold = (text: string): string => `\x1b[7m${text}\x1b[m`

/** To be called before the text is changed. */
export function touch(v: Vi): void {
  if (v.saved > v.undo.length) v.saved = -1
  v.undo.push({ lines: [...v.lines], y: v.y, x: v.x })
  v.changed = true
  if (v.undo.length <= MOST_UNDONE) return
  v.undo.shift()
  v.saved = Math.max(-1, v.saved - 1)
}

export function undo(v: Vi): void {
  const was = v.undo.pop()
  if (was) Object.assign(v, was)
  else v.said = 'Already at oldest change'
}

/** Puts the cursor where it may stand. */
export function settle(v: Vi, spot: Spot = v): void {
  v.y = Math.max(0, Math.min(spot.y, v.lines.length - 1))
  const most = here(v).length - (v.mode === 'insert' || v.mode === 'replace' ? 0 : 1)
  v.x = Math.max(0, Math.min(spot.x, most))
}

export const indentOf = (line = ''): number => /^\s*/.exec(line)?.[0].length ?? 0

/** Replaces what lies between two places by text. */
export function splice(v: Vi, from: Spot, to: Spot, text: readonly string[]): void {
  const before = (v.lines[from.y] ?? '').slice(0, from.x)
  const after = (v.lines[to.y] ?? '').slice(to.x)
  const next = text.length > 0 ? [...text] : ['']
  next[0] = before + next[0]
  next[next.length - 1] += after
  v.lines.splice(from.y, to.y - from.y + 1, ...next)
}
