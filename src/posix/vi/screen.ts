/** What `vi` draws: the lines that are seen, and the last one that says where it stands. Only rows that changed are sent. */
import { here, modified, type Vi } from './state.ts'

const TAB = 8

/** Open and close a screen of its own, so that what stood before comes back. */
export const OPEN = '\x1b[?1049h\x1b[H\x1b[J'
export const CLOSE = (v: Vi): string => `\x1b[${v.rows};1H\x1b[K\x1b[?1049l`

/** As it is seen: tabs as spaces, and what is no character in another way. */
function visible(line: string): string {
  let out = ''
  for (const c of line) {
    if (c === '\t') out += ' '.repeat(TAB - (out.length % TAB))
    else if (c < ' ' || c === '\x7f') out += `^${c === '\x7f' ? '?' : String.fromCharCode(c.charCodeAt(0) + 64)}`
    else out += /[\udc80-\udcff]/.test(c) && c.length === 1 ? '.' : c
  }
  return out
}

const MODES = { normal: '-', insert: 'I', replace: 'R', line: '-' }

function status(v: Vi): string {
  if (v.mode === 'line') return v.line
  if (v.said) return v.said
  const percent = Math.floor((100 * (v.y + 1)) / v.lines.length)
  const name = v.path || 'No file'
  return `${MODES[v.mode]} ${name}${modified(v) ? ' [Modified]' : ''} ${v.y + 1}/${v.lines.length} ${percent}%`
}

/** Brings the window to the cursor. */
function follow(v: Vi, column: number): void {
  const height = v.rows - 1
  if (v.y < v.top || v.y >= v.top + height)
    v.top = v.y === v.top - 1 ? v.y : v.y === v.top + height ? v.y - height + 1 : Math.max(0, v.y - Math.floor(height / 2))
  if (column < v.left) v.left = Math.max(0, column - Math.floor(v.columns / 4))
  else if (column >= v.left + v.columns) v.left = column - v.columns + 1
}

export function draw(v: Vi, rows: number, columns: number): string {
  if (rows !== v.rows || columns !== v.columns) v.shown = []
  Object.assign(v, { rows, columns })
  const before = visible(here(v).slice(0, v.x)).length
  // On a tab the cursor stands at its end, as it does in busybox.
  const inTab = here(v)[v.x] === '\t' && v.mode === 'normal'
  const column = inTab ? before + TAB - (before % TAB) - 1 : before
  follow(v, column)
  let out = '\x1b[?25l'
  for (let row = 0; row < rows; row++) {
    const line = v.lines[v.top + row]
    const bottom = row === rows - 1
    const text = bottom ? status(v) : line === undefined ? '~' : visible(line).slice(v.left, v.left + columns)
    if (v.shown[row] === text) continue
    v.shown[row] = text
    out += `\x1b[${row + 1};1H\x1b[K${text}`
  }
  const [y, x] = v.mode === 'line' ? [rows, v.line.length + 1] : [v.y - v.top + 1, column - v.left + 1]
  return `${out}\x1b[${y};${x}H\x1b[?25h`
}
