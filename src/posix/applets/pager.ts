/** `less` and `more`: a text by screens, with keys from the terminal; where there is none, as it is. */
import { type Program, program } from '../program.ts'
import { posixRegex, RegexProblem } from '../regex.ts'
import type { Tty } from '../state.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { keysOf } from '../vi/keys.ts'
import { raw, terminalOf } from '../vi/program.ts'
import { everything, inputs, nextPiece, parseArgs, splitLines, wrongOption } from './text-io.ts'

interface Pager {
  text: string
  /** The rows as they are shown, for the terminal's width. */
  rows: string[]
  width: number
  top: number
  /** What is typed behind `/` or `?`, with that; or a number. */
  line: string
  find: string
  back: boolean
  said: string
  /** Where keys come from. */
  keys: number
  name: string
  cut: boolean
}

const bold = (text: string): string => `\x1b[7m${text}\x1b[m`

/** Lines as wide as the screen; what is longer goes on below (or, cut, nowhere). */
function fold(p: Pager, width: number): void {
  p.width = width
  p.rows = splitLines(p.text).flatMap((line) => {
    const shown = line.replace(/\t/g, (_, at: number) => ' '.repeat(8 - (at % 8)))
    // Colours take no room, so such lines are left as they are.
    if (p.cut || shown.length <= width || shown.includes('\x1b')) return [p.cut ? shown.slice(0, width) : shown]
    return shown.match(new RegExp(`[^]{1,${width}}`, 'g')) ?? ['']
  })
}

/** Keys come from the terminal, also when the text comes through a pipe. */
function openKeys(sys: Sys): number {
  if (sys.isTty(0)) return 0
  const fd = sys.open('/dev/tty')
  return failed(fd) ? 1 : fd
}

const newPager = (sys: Sys, text: string, names: readonly string[]): Pager => ({
  text,
  rows: [],
  width: 0,
  top: 0,
  line: '',
  find: '',
  back: false,
  said: '',
  keys: openKeys(sys),
  name: names[0] && names[0] !== '-' ? names[0] : '',
  cut: false,
})

/** Not on a terminal: all that comes in goes out. */
function copy(sys: Sys, data: any): number | undefined {
  for (;;) {
    const piece = nextPiece(sys, data.at)
    if (piece === undefined) return undefined
    if (piece === null) return data.at.status
    if (sys.write(1, piece)) return 1
  }
}

// ——— less

function draw(sys: Sys, p: Pager, tty: Tty): void {
  if (p.width !== tty.columns) fold(p, tty.columns)
  const height = tty.rows - 1
  p.top = Math.max(0, Math.min(p.top, p.rows.length - height))
  let out = '\x1b[H'
  for (let row = 0; row < height; row++) {
    const text = p.rows[p.top + row]
    // Erased first: at the end of a full row it would take the last character.
    out += `\x1b[K${text === undefined ? '~' : marked(p, text)}\r\n`
  }
  const end = p.top + height >= p.rows.length
  const prompt = p.line || (p.said ? bold(p.said) : end ? bold('(END)') : p.name ? bold(p.name) : ':')
  sys.out(`${out}\x1b[K${prompt}`)
  p.said = ''
  p.name = ''
}

function marked(p: Pager, text: string): string {
  if (p.find === '' || text.includes('\x1b')) return text
  return text.replace(posixRegex(p.find, true, 'g'), (found) => (found === '' ? '' : bold(found)))
}

function search(p: Pager, back: boolean): void {
  if (p.find === '') return void (p.said = 'No previous regular expression')
  const regex = posixRegex(p.find, true)
  for (let y = p.top + (back ? -1 : 1); y >= 0 && y < p.rows.length; y += back ? -1 : 1)
    if (regex.test(p.rows[y] as string)) {
      p.top = y
      return
    }
  p.said = 'Pattern not found'
}

/** A key while a pattern is typed. */
function typing(p: Pager, key: string): void {
  if (key === '\x1b' || key === '\x03') p.line = ''
  else if (key === '\x7f' || key === '\b') p.line = p.line.slice(0, -1)
  else if (key !== '\r' && key !== '\n') p.line += key
  else {
    const words = p.line.slice(1)
    p.back = p.line.startsWith('?')
    p.line = ''
    const before = p.find
    if (words !== '') p.find = words
    try {
      search(p, p.back)
    } catch (error) {
      if (!(error instanceof RegexProblem)) throw error
      p.find = before
      p.said = error.message
    }
  }
}

/** Keys that move, by the rows they move. */
const steps = (key: string, height: number, count: number | null): number | undefined => {
  const half = Math.floor(height / 2)
  if (/^(?: |f|\x06|\x16|\x1b\[6~)$/.test(key)) return count ?? height
  if (/^(?:b|\x02|\x1b\[5~)$/.test(key)) return -(count ?? height)
  if (/^(?:j|e|\r|\n|\x05|\x0e|\x1b\[B)$/.test(key)) return count ?? 1
  if (/^(?:k|y|\x19|\x10|\x1b\[A)$/.test(key)) return -(count ?? 1)
  if (/^[d\x04]$/.test(key)) return count ?? half
  if (/^[u\x15]$/.test(key)) return -(count ?? half)
  return undefined
}

/** True: it is left. */
function press(p: Pager, key: string, height: number): boolean {
  if (/^[/?]/.test(p.line)) {
    typing(p, key)
    return false
  }
  if (/^\d$/.test(key)) {
    p.line = (p.line || ':') + key
    return false
  }
  const count = p.line ? Number(p.line.slice(1)) : null
  p.line = ''
  const by = steps(key, height, count)
  if (by !== undefined) p.top += by
  else if (key === 'q' || key === 'Q') return true
  else if (/^(?:g|<|\x1b\[H|\x1b\[1~)$/.test(key)) p.top = (count ?? 1) - 1
  else if (/^(?:G|>|\x1b\[F|\x1b\[4~)$/.test(key)) p.top = count === null ? p.rows.length : count - 1
  else if (key === '/' || key === '?') p.line = key
  else if (key === 'n' || key === 'N') search(p, p.back !== (key === 'N'))
  return false
}

const less = program({
  name: 'less',
  usage: '[-EFIMmNSRh~] [FILE]...\n\nView FILE (or stdin) one screenful at a time',
  run(sys, data) {
    if (data.at === undefined) {
      const words = sys.args.filter((word) => !word.startsWith('+'))
      const parsed = parseArgs(words, 'EeFIiMmNSRrXh~Kns', '')
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      if (parsed.rest.length === 0 && sys.isTty(0)) return sys.fail('missing filename')
      Object.assign(data, { at: inputs(parsed.rest), once: parsed.flags.has('F'), cut: parsed.flags.has('S') })
    }
    const tty = terminalOf(sys, 1)
    if (!tty) return copy(sys, data)
    if (!data.p) {
      const text = data.stop ? (data.all ?? '') : everything(sys, data, data.at)
      if (text === undefined) return undefined
      if (text === '' && data.at.status) return data.at.status
      const p = newPager(sys, text, data.at.names)
      p.cut = data.cut
      data.all = ''
      fold(p, tty.columns)
      if (data.once && p.rows.length < tty.rows) {
        sys.out(text)
        return data.at.status
      }
      data.p = p
      raw(tty, true)
      sys.out('\x1b[?1049h')
      if (sys.args.includes('+G')) p.top = p.rows.length
      draw(sys, p, tty)
    }
    const p = data.p as Pager
    for (;;) {
      const piece = sys.read(p.keys)
      if (piece === undefined) return undefined
      if (piece === null || keysOf(piece).some((key) => press(p, key, tty.rows - 1))) {
        raw(tty, false)
        sys.out('\x1b[?1049l')
        return data.at.status
      }
      draw(sys, p, tty)
    }
  },
  signal(sys, data, signal) {
    const tty = terminalOf(sys, 1)
    if (!tty) return 'default'
    // Ctrl-C while text still comes: what has come is shown.
    if (signal === 'INT' && !data?.p) {
      data.stop = true
      sys.kernel.ready(sys.proc)
      return 'handled'
    }
    if (signal === 'WINCH' && data?.p) draw(sys, data.p, tty)
    else if (data?.p) raw(tty, false)
    return signal === 'WINCH' ? 'handled' : 'default'
  },
})

// ——— more

/** Shows rows, and the prompt below when there are more; true: that was all. */
function show(sys: Sys, p: Pager, count: number): boolean {
  const rows = p.rows.slice(p.top, p.top + count)
  p.top += rows.length
  const left = p.rows.slice(p.top)
  const size = p.rows.join('\n').length
  const percent = Math.floor((100 * (size - left.join('\n').length)) / Math.max(1, size))
  const of = sys.gnu ? `--More--(${percent}%)` : `--More-- (${percent}% of ${size} bytes)`
  sys.out(`\r\x1b[K${rows.map((row) => `${row}\n`).join('')}${left.length > 0 ? bold(of) : ''}`)
  return left.length === 0
}

const more = program({
  name: 'more',
  usage: '[FILE]...\n\nView FILE (or stdin) one screenful at a time',
  run(sys, data) {
    data.at ??= inputs(sys.args.filter((word) => !/^[-+]\w/.test(word)))
    const tty = terminalOf(sys, 1)
    if (!tty) return copy(sys, data)
    if (!data.p) {
      const text = everything(sys, data, data.at)
      if (text === undefined) return undefined
      const p = newPager(sys, text, data.at.names)
      fold(p, tty.columns)
      if (p.rows.length < tty.rows) {
        sys.out(text)
        return data.at.status
      }
      data.p = p
      data.all = ''
      raw(tty, true, true)
      show(sys, p, tty.rows - 1)
    }
    const p = data.p as Pager
    for (;;) {
      const piece = sys.read(p.keys)
      if (piece === undefined) return undefined
      for (const key of keysOf(piece ?? 'q')) {
        const quits = /^[qQ\x04]$/.test(key)
        const count = key === '\r' || key === '\n' ? 1 : key === ' ' ? tty.rows - 1 : 0
        if (!quits && !(count > 0 && show(sys, p, count))) continue
        raw(tty, false)
        sys.out(quits ? '\r\x1b[K' : '')
        return data.at.status
      }
    }
  },
  signal(sys, data) {
    if (data?.p) raw(terminalOf(sys, 1), false)
    return 'default'
  },
})

export const pagers: readonly Program[] = [less, more]
