/** The line being typed: an editor's buffer with history and word movement, as plain functions over plain data. */

export interface Line {
  text: string
  cursor: number
  /** Where in the history one looks; its length when on the new line. */
  at: number
  /** What was typed before one went up. */
  kept: string
}

export const emptyLine = (history: readonly string[]): Line => ({ text: '', cursor: 0, at: history.length, kept: '' })

export const insert = (line: Line, text: string): Line => ({
  ...line,
  text: line.text.slice(0, line.cursor) + text + line.text.slice(line.cursor),
  cursor: line.cursor + text.length,
})

/** Removes from `from` to `to`, and leaves the cursor there. */
const cut = (line: Line, from: number, to: number): Line => ({
  ...line,
  text: line.text.slice(0, from) + line.text.slice(to),
  cursor: from,
})

const wordLeft = ({ text, cursor }: Line): number => text.slice(0, cursor).search(/\S+\s*$/)
const wordRight = ({ text, cursor }: Line): number => cursor + (/^\s*\S+/.exec(text.slice(cursor))?.[0].length ?? 0)
const back = (line: Line): number => Math.max(0, wordLeft(line))

/** Keys as terminals send them. */
const KEYS: Record<string, (line: Line) => Line> = {
  '\x7f': (l) => cut(l, Math.max(0, l.cursor - 1), l.cursor),
  '\b': (l) => cut(l, Math.max(0, l.cursor - 1), l.cursor),
  '\x1b[3~': (l) => cut(l, l.cursor, l.cursor + 1),
  '\x1b[D': (l) => ({ ...l, cursor: Math.max(0, l.cursor - 1) }),
  '\x1b[C': (l) => ({ ...l, cursor: Math.min(l.text.length, l.cursor + 1) }),
  '\x1b[1;5D': (l) => ({ ...l, cursor: back(l) }),
  '\x1b[1;5C': (l) => ({ ...l, cursor: wordRight(l) }),
  '\x1bb': (l) => ({ ...l, cursor: back(l) }),
  '\x1bf': (l) => ({ ...l, cursor: wordRight(l) }),
  '\x1b[H': (l) => ({ ...l, cursor: 0 }),
  '\x01': (l) => ({ ...l, cursor: 0 }),
  '\x1b[F': (l) => ({ ...l, cursor: l.text.length }),
  '\x05': (l) => ({ ...l, cursor: l.text.length }),
  '\x15': (l) => cut(l, 0, l.cursor),
  '\x0b': (l) => cut(l, l.cursor, l.text.length),
  '\x17': (l) => cut(l, back(l), l.cursor),
}

/** The line after a key; the same line when the key means nothing here. */
export function press(line: Line, key: string, history: readonly string[]): Line {
  if (key === '\x1b[A') return recall(line, -1, history)
  if (key === '\x1b[B') return recall(line, 1, history)
  const edit = KEYS[key]
  if (edit) return edit(line)
  // Anything that starts like a control sequence and is not known is no text.
  return /^[\x00-\x1f]/.test(key) ? line : insert(line, key)
}

function recall(line: Line, step: number, history: readonly string[]): Line {
  const at = Math.max(0, Math.min(history.length, line.at + step))
  if (at === line.at) return line
  const kept = line.at === history.length ? line.text : line.kept
  const text = at === history.length ? kept : (history[at] ?? '')
  return { text, cursor: text.length, at, kept }
}

/** The longest beginning all candidates share. */
export function commonStart(words: readonly string[]): string {
  const [first = ''] = words
  let length = first.length
  for (const word of words) while (!word.startsWith(first.slice(0, length))) length -= 1
  return first.slice(0, length)
}

/** What Tab adds, and what there is to choose from when that does not decide it. */
export function completeWith(line: Line, candidates: readonly string[]): { line: Line; choices: readonly string[] } {
  const word = /\S*$/.exec(line.text.slice(0, line.cursor))?.[0] ?? ''
  const fitting = candidates.filter((c) => c.startsWith(word))
  if (fitting.length === 0) return { line, choices: [] }
  const start = commonStart(fitting)
  const whole = fitting.length === 1 && !/[=/]$/.test(start) ? `${start} ` : start
  const next = insert(cut(line, line.cursor - word.length, line.cursor), whole)
  return { line: next, choices: fitting.length > 1 && start === word ? fitting : [] }
}
