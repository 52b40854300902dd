/** `sort`, `uniq`, `comm`, `shuf`: lines in order. */
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { everything, inputs, nextLine, parseArgs, splitLines, whole, wrongOption } from './text-io.ts'

interface Key {
  from: number
  fromChar: number
  to: number
  toChar: number
  flags: string
}

function keyOf(word: string): Key | null {
  const m = /^(\d+)(?:\.(\d+))?([a-zA-Z]*)(?:,(\d+)(?:\.(\d+))?([a-zA-Z]*))?$/.exec(word)
  if (!m) return null
  return {
    from: Number(m[1]),
    fromChar: Number(m[2] ?? 1),
    to: Number(m[4] ?? 0),
    toChar: Number(m[5] ?? 0),
    flags: `${m[3]}${m[6] ?? ''}`,
  }
}

/** Fields with the blanks in front of each. */
function fieldsOf(line: string, separator: string | undefined): string[] {
  if (separator !== undefined) return line.split(separator)
  return line.match(/\s*\S+/g) ?? [line]
}

function part(line: string, key: Key, separator: string | undefined): string {
  const fields = fieldsOf(line, separator)
  const last = key.to === 0 ? fields.length : Math.min(key.to, fields.length)
  const picked = fields.slice(key.from - 1, last)
  if (picked.length === 0) return ''
  if (key.toChar > 0 && key.to > 0 && last === key.to) picked[picked.length - 1] = (picked.at(-1) as string).slice(0, key.toChar)
  let text = picked.join(separator ?? '')
  if (key.flags.includes('b') || (separator === undefined && key.fromChar > 1)) text = text.trimStart()
  return text.slice(key.fromChar - 1)
}

const SUFFIX = ' KMGTPE'
function humanNumber(text: string): number {
  const m = /^\s*(-?\d*\.?\d+)([KMGTPEk]?)/.exec(text)
  return m ? Number(m[1]) * 1024 ** Math.max(0, SUFFIX.indexOf((m[2] as string).toUpperCase() || ' ')) : 0
}
const MONTHS = 'JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC'

export function versionOrder(a: string, b: string): number {
  const x = a.match(/\d+|\D+/g) ?? []
  const y = b.match(/\d+|\D+/g) ?? []
  for (let i = 0; i < Math.max(x.length, y.length); i++) {
    const p = x[i] ?? ''
    const q = y[i] ?? ''
    const order = /^\d/.test(p) && /^\d/.test(q) ? Number(p) - Number(q) : p < q ? -1 : p > q ? 1 : 0
    if (order !== 0) return order
  }
  return 0
}

function compare(a: string, b: string, flags: string): number {
  if (flags.includes('n') || flags.includes('g')) {
    const number = (text: string): number => Number(/^\s*[-+]?\d*\.?\d*(?:[eE][-+]?\d+)?/.exec(text)?.[0] || 0) || 0
    return number(a) - number(b)
  }
  if (flags.includes('h')) return humanNumber(a) - humanNumber(b)
  if (flags.includes('V')) return versionOrder(a, b)
  if (flags.includes('M'))
    return MONTHS.indexOf(a.trim().slice(0, 3).toUpperCase()) - MONTHS.indexOf(b.trim().slice(0, 3).toUpperCase())
  let x = a
  let y = b
  if (flags.includes('d')) [x, y] = [x.replace(/[^\w\s]/g, ''), y.replace(/[^\w\s]/g, '')]
  if (flags.includes('f')) [x, y] = [x.toUpperCase(), y.toUpperCase()]
  return x < y ? -1 : x > y ? 1 : 0
}

const sort = program({
  name: 'sort',
  usage: '[-nrughMcszbdfiokt] [-o FILE] [-k START[.OFS][OPTS][,END[.OFS][OPTS]]] [-t CHAR] [FILE]...\n\nSort lines of text',
  run(sys, data) {
    if (!data.at) {
      const parsed = parseArgs(sys.args, 'nrughMcszbdfiVmC', 'okTtS', {
        numeric: 'n',
        reverse: 'r',
        unique: 'u',
        key: 'k',
        output: 'o',
        'field-separator': 't',
        'human-numeric-sort': 'h',
        'version-sort': 'V',
        'numeric-sort': 'n',
      })
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      const keys = (parsed.lists['k'] ?? []).map(keyOf)
      if (keys.includes(null))
        return sys.fail(
          sys.gnu
            ? `invalid number at field start: invalid count at start of '${parsed.values['k']}'`
            : 'bad field specification',
          2,
        )
      Object.assign(data, {
        at: inputs(parsed.rest),
        flags: [...parsed.flags].join(''),
        keys,
        separator: parsed.values['t']?.replace('\\t', '\t'),
        output: parsed.values['o'],
      })
    }
    const text = everything(sys, data, data.at)
    if (text === undefined) return undefined
    if (data.at.status && sys.gnu) return 2
    if (data.at.status) return 1
    const { flags, keys, separator } = data as { flags: string; keys: Key[]; separator: string | undefined }
    const lines = flags.includes('z') ? text.split('\0').filter((line) => line !== '') : splitLines(text)
    const order = (a: string, b: string): number => {
      for (const key of keys) {
        const own = /[nrghMbdfV]/.test(key.flags) ? key.flags : flags
        const result = compare(part(a, key, separator), part(b, key, separator), own)
        if (result !== 0) return own.includes('r') ? -result : result
      }
      if (keys.length === 0) {
        const result = compare(a, b, flags)
        if (result !== 0) return flags.includes('r') ? -result : result
      }
      return 0
    }
    const last = (a: string, b: string): number => {
      const result = order(a, b)
      if (result !== 0 || flags.includes('s') || flags.includes('u')) return result
      return (a < b ? -1 : a > b ? 1 : 0) * (flags.includes('r') ? -1 : 1)
    }
    if (flags.includes('c') || flags.includes('C')) return checkOrder(sys, lines, order)
    let sorted = [...lines].sort(last)
    if (flags.includes('u')) sorted = sorted.filter((line, i) => i === 0 || order(sorted[i - 1] as string, line) !== 0)
    const end = flags.includes('z') ? '\0' : '\n'
    const result = sorted.map((line) => line + end).join('')
    if (data.output !== undefined) {
      const why = sys.put(data.output, result)
      return why ? sys.fail(`can't create '${data.output}': ${why}`) : 0
    }
    sys.out(result)
    return 0
  },
})

function checkOrder(sys: Sys, lines: string[], order: (a: string, b: string) => number): number {
  for (let i = 1; i < lines.length; i++) {
    if (order(lines[i - 1] as string, lines[i] as string) <= 0) continue
    sys.err(sys.gnu ? `sort: -:${i + 1}: disorder: ${lines[i]}\n` : `sort: -:${i + 1}: disorder: ${lines[i]}\n`)
    return 1
  }
  return 0
}

const uniq = program({
  name: 'uniq',
  usage: '[-cduiz] [-f,s,w N] [FILE [OUTFILE]]\n\nDiscard duplicate lines',
  run(sys, data) {
    if (!data.at) {
      const parsed = parseArgs(sys.args, 'cdui', 'fsw', { count: 'c', repeated: 'd', unique: 'u', 'ignore-case': 'i' })
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      const { values } = parsed
      Object.assign(data, {
        at: inputs(parsed.rest.slice(0, 1)),
        flags: [...parsed.flags].join(''),
        skip: Number(values['f'] ?? 0),
        from: Number(values['s'] ?? 0),
        width: Number(values['w'] ?? 1e9),
        last: null,
        count: 0,
      })
    }
    const keyed = (line: string): string => {
      let text = line.replace(/\n$/, '')
      for (let i = 0; i < data.skip; i++) text = text.replace(/^\s*\S+/, '')
      text = text.slice(data.from, data.from + data.width)
      return data.flags.includes('i') ? text.toLowerCase() : text
    }
    const show = (): void => {
      if (data.last === null) return
      if (data.flags.includes('d') && data.count < 2) return
      if (data.flags.includes('u') && data.count > 1) return
      sys.out(`${data.flags.includes('c') ? `${String(data.count).padStart(7)} ` : ''}${data.last.replace(/\n$/, '')}\n`)
    }
    for (;;) {
      const line = nextLine(sys, data.at)
      if (line === undefined) return undefined
      if (line === null) {
        show()
        return data.at.status
      }
      if (data.last !== null && keyed(data.last) === keyed(line)) {
        data.count += 1
        continue
      }
      show()
      data.last = line
      data.count = 1
    }
  },
})

const comm = program({
  name: 'comm',
  usage: '[-123] FILE1 FILE2\n\nCompare FILE1 with FILE2',
  run(sys, data) {
    const parsed = parseArgs(sys.args, '123', '')
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    if (parsed.rest.length !== 2) return sys.misuse()
    const [a, b] = [whole(sys, data, 'a', parsed.rest[0] as string), undefined as ReturnType<typeof whole>]
    if (a === undefined) return undefined
    const second = b ?? whole(sys, data, 'b', parsed.rest[1] as string)
    if (second === undefined) return undefined
    for (const [i, each] of [a, second].entries())
      if ('why' in each) return sys.fail(`can't open '${parsed.rest[i]}': ${each.why}`)
    const x = splitLines('text' in a ? a.text : '')
    const y = splitLines('text' in second ? second.text : '')
    const { flags } = parsed
    const put = (column: number, line: string): void => {
      if (flags.has(String(column))) return
      const tabs = [1, 2].filter((c) => c < column && !flags.has(String(c))).length
      sys.out(`${'\t'.repeat(tabs)}${line}\n`)
    }
    let i = 0
    let j = 0
    while (i < x.length || j < y.length) {
      const p = x[i]
      const q = y[j]
      if (p !== undefined && (q === undefined || p < q)) {
        put(1, p)
        i += 1
      } else if (q !== undefined && (p === undefined || q < p)) {
        put(2, q)
        j += 1
      } else {
        put(3, p as string)
        i += 1
        j += 1
      }
    }
    return 0
  },
})

const shuf = program({
  name: 'shuf',
  usage: '[-n NUM] [-o FILE] [-z] [-e WORDS | -i L-H | FILE]\n\nRandomly permute lines',
  run(sys, data) {
    const parsed = parseArgs(sys.args, 'ezr', 'nio')
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    let lines: string[]
    if (parsed.flags.has('e')) lines = parsed.rest
    else if (parsed.values['i']) {
      const [low = 0, high = 0] = parsed.values['i'].split('-').map(Number)
      lines = Array.from({ length: Math.max(0, Math.min(1_000_000, high - low + 1)) }, (_, k) => String(low + k))
    } else {
      data.at ??= inputs(parsed.rest)
      const text = everything(sys, data, data.at)
      if (text === undefined) return undefined
      lines = splitLines(text)
    }
    for (let i = lines.length - 1; i > 0; i--) {
      const j = sys.kernel.random(i + 1)
      const kept = lines[i] as string
      lines[i] = lines[j] as string
      lines[j] = kept
    }
    for (const line of lines.slice(0, Number(parsed.values['n'] ?? lines.length))) sys.out(`${line}\n`)
    return 0
  },
})

export const sortApplets: readonly Program[] = [sort, uniq, comm, shuf]
export const missing = (value: unknown): boolean => failed(value as string)
