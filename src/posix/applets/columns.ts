/** Programs that cut lines into pieces and change characters: cut, tr, paste, expand, split, column. */
import { bytesOf, textOf } from '#api/bytes.ts'
import { type Program, program } from '../program.ts'
import { failed } from '../vfs.ts'
import { everything, inputs, nextLine, nextPiece, parseArgs, splitLines, whole, wrongOption } from './text-io.ts'

type Range = [number, number]

function rangesOf(list: string): Range[] | null {
  const ranges: Range[] = []
  for (const word of list.split(/[,\s]+/)) {
    const m = /^(\d*)(-?)(\d*)$/.exec(word)
    if (!m || (m[1] === '' && m[3] === '')) return null
    const from = m[1] === '' ? 1 : Number(m[1])
    const to = m[2] === '' ? from : m[3] === '' ? Number.MAX_SAFE_INTEGER : Number(m[3])
    if (from < 1 || to < from) return null
    ranges.push([from, to])
  }
  return ranges
}
const within = (ranges: Range[], n: number): boolean => ranges.some(([a, b]) => n >= a && n <= b)

const cut = program({
  name: 'cut',
  usage: '{-b|c LIST | -f LIST [-d SEP] [-s]} [-D] [-O SEP] [FILE]...\n\nPrint selected fields from FILEs to stdout',
  run(sys, data) {
    if (!data.at) {
      const parsed = parseArgs(sys.args, 'sn', 'bcfdO', {
        delimiter: 'd',
        fields: 'f',
        characters: 'c',
        bytes: 'b',
        'only-delimited': 's',
        'output-delimiter': 'O',
        complement: 'n',
      })
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      const { values } = parsed
      const list = values['f'] ?? values['c'] ?? values['b']
      if (list === undefined)
        return sys.gnu
          ? sys.fail("you must specify a list of bytes, characters, or fields\nTry 'cut --help' for more information.")
          : sys.fail('expected a list of bytes, characters, or fields')
      const ranges = rangesOf(list)
      if (!ranges) return sys.fail(sys.gnu ? `invalid field range` : `invalid range ${list}`)
      if ((values['d'] ?? '').length > 1)
        return sys.fail(
          sys.gnu
            ? "the delimiter must be a single character\nTry 'cut --help' for more information."
            : 'the delimiter must be a single character',
        )
      Object.assign(data, {
        at: inputs(parsed.rest),
        ranges,
        fields: values['f'] !== undefined,
        bytes: values['b'] !== undefined,
        separator: values['d'] ?? '\t',
        only: parsed.flags.has('s'),
        joiner: values['O'],
        complement: parsed.flags.has('n') && sys.args.includes('--complement'),
      })
    }
    for (;;) {
      const line = nextLine(sys, data.at)
      if (line === undefined) return undefined
      if (line === null) return data.at.status
      const text = line.replace(/\n$/, '')
      const wanted = (n: number): boolean => within(data.ranges, n) !== data.complement
      if (!data.fields) {
        if (data.bytes) sys.out(`${textOf(bytesOf(text).filter((_, i) => wanted(i + 1)))}\n`)
        else sys.out(`${[...text].filter((_, i) => wanted(i + 1)).join('')}\n`)
      } else if (!text.includes(data.separator)) {
        if (!data.only) sys.out(`${text}\n`)
      } else {
        const fields = text.split(data.separator).filter((_, i) => wanted(i + 1))
        sys.out(`${fields.join(data.joiner ?? data.separator)}\n`)
      }
    }
  },
})

const CLASSES: Readonly<Record<string, [number, number][]>> = {
  alpha: [
    [65, 90],
    [97, 122],
  ],
  digit: [[48, 57]],
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  upper: [[65, 90]],
  lower: [[97, 122]],
  space: [
    [9, 13],
    [32, 32],
  ],
  blank: [
    [9, 9],
    [32, 32],
  ],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
  print: [[32, 126]],
  graph: [[33, 126]],
}
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', a: '\x07', b: '\b', f: '\f', v: '\v', '\\': '\\' }

/** The characters of a set in order. */
function setOf(word: string): string[] {
  const out: string[] = []
  for (let i = 0; i < word.length; ) {
    const named = /^\[:(\w+):\]/.exec(word.slice(i))
    if (named) {
      for (const [from, to] of CLASSES[named[1] as string] ?? [])
        for (let c = from; c <= to; c++) out.push(String.fromCharCode(c))
      i += named[0].length
      continue
    }
    const [c, length] = one(word, i)
    i += length
    if (word[i] === '-' && i + 1 < word.length) {
      const [end, more] = one(word, i + 1)
      for (let code = c.charCodeAt(0); code <= end.charCodeAt(0); code++) out.push(String.fromCharCode(code))
      i += 1 + more
    } else out.push(c)
  }
  return out
}

function one(word: string, i: number): [string, number] {
  if (word[i] !== '\\') {
    const c = String.fromCodePoint(word.codePointAt(i) as number)
    return [c, c.length]
  }
  const octal = /^\\([0-7]{1,3})/.exec(word.slice(i))
  if (octal) return [String.fromCharCode(Number.parseInt(octal[1] as string, 8)), octal[0].length]
  const next = word[i + 1] ?? ''
  return [ESCAPES[next] ?? next, 2]
}

const tr = program({
  name: 'tr',
  usage: '[-cds] STRING1 [STRING2]\n\nTranslate, squeeze, or delete characters from stdin, writing to stdout',
  run(sys, data) {
    if (!data.ready) {
      const parsed = parseArgs(sys.args, 'cCdst', '', { delete: 'd', 'squeeze-repeats': 's', complement: 'c' }, true)
      const wrong = wrongOption(sys, parsed)
      if (wrong !== null) return wrong
      const [from, to] = parsed.rest
      if (from === undefined || (to === undefined && !parsed.flags.has('d') && !parsed.flags.has('s'))) {
        return sys.gnu
          ? sys.fail(
              `missing operand${from === undefined ? '' : ` after '${from}'\nTwo strings must be given when translating.`}\nTry 'tr --help' for more information.`,
            )
          : sys.misuse()
      }
      Object.assign(data, {
        ready: true,
        from: setOf(from),
        to: to === undefined ? [] : setOf(to),
        flags: [...parsed.flags].join('').replace('C', 'c'),
        last: '',
      })
    }
    const { from, to, flags } = data as { from: string[]; to: string[]; flags: string }
    const complement = flags.includes('c')
    const places = new Map(from.map((c, i) => [c, i]).reverse() as [string, number][])
    for (const [i, c] of from.entries()) places.set(c, i)
    const squeezed = new Set(flags.includes('s') ? (to.length > 0 ? to : from) : [])
    const squeezes = (c: string): boolean =>
      flags.includes('s') && (to.length > 0 ? squeezed.has(c) : squeezed.has(c) !== complement)
    for (;;) {
      const piece = sys.read(0)
      if (piece === undefined) return undefined
      if (piece === null) return 0
      let out = ''
      for (const c of piece) {
        const inside = places.has(c) !== complement
        let mapped: string = c
        if (inside && flags.includes('d')) continue
        if (inside && to.length > 0)
          mapped = complement ? (to.at(-1) as string) : (to[places.get(c) as number] ?? (to.at(-1) as string))
        if (squeezes(mapped) && data.last === mapped) continue
        data.last = mapped
        out += mapped
      }
      sys.out(out)
    }
  },
})

const paste = program({
  name: 'paste',
  usage: '[-d LIST] [-s] [FILE]...\n\nPaste lines from each input file together using LIST as delimiters',
  run(sys, data) {
    const parsed = parseArgs(sys.args, 's', 'd', { delimiters: 'd', serial: 's' })
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    const names = parsed.rest.length > 0 ? parsed.rest : ['-']
    const delimiters = setOf(parsed.values['d'] ?? '\t')
    const texts: string[][] = []
    const twice = names.filter((name) => name === '-').length
    for (const [i, name] of names.entries()) {
      const read = whole(sys, data, name === '-' ? 'stdin' : `f${i}`, name)
      if (read === undefined) return undefined
      if ('why' in read) return sys.fail(`can't open '${name}': ${read.why}`)
      texts.push(splitLines(read.text))
    }
    // The same input several times is dealt out line by line.
    if (twice > 1) {
      const lines = texts[names.indexOf('-')] as string[]
      let k = 0
      for (const [i, name] of names.entries())
        if (name === '-') {
          const offset = k++
          texts[i] = lines.filter((_, n) => n % twice === offset)
        }
    }
    const glue = (cells: string[]): string =>
      cells.map((cell, i) => (i < cells.length - 1 ? cell + (delimiters[i % delimiters.length] ?? '') : cell)).join('')
    if (parsed.flags.has('s')) for (const lines of texts) sys.out(`${glue(lines)}\n`)
    else for (let n = 0; n < Math.max(...texts.map((t) => t.length)); n++) sys.out(`${glue(texts.map((t) => t[n] ?? ''))}\n`)
    return 0
  },
})

const tabs = (name: string, change: (line: string) => string): Program =>
  program({
    name,
    run(sys, data) {
      data.at ??= inputs(sys.args.filter((word) => !word.startsWith('-')))
      for (;;) {
        const line = nextLine(sys, data.at)
        if (line === undefined) return undefined
        if (line === null) return data.at.status
        sys.out(change(line))
      }
    },
  })

function expandLine(line: string): string {
  let out = ''
  for (const c of line) out += c === '\t' ? ' '.repeat(8 - (out.length % 8)) : c
  return out
}

const split = program({
  name: 'split',
  usage: '[OPTIONS] [INPUT [PREFIX]]',
  run(sys, data) {
    const parsed = parseArgs(sys.args, 'd', 'lab')
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    const [name = '-', prefix = 'x'] = parsed.rest
    const read = whole(sys, data, 'in', name)
    if (read === undefined) return undefined
    if ('why' in read) return sys.fail(`can't open '${name}': ${read.why}`)
    const size = Number(parsed.values['l'] ?? 1000)
    const lines = splitLines(read.text)
    for (let i = 0, n = 0; i < lines.length; i += size, n++) {
      const suffix = String.fromCharCode(97 + Math.floor(n / 26), 97 + (n % 26))
      sys.put(
        `${prefix}${suffix}`,
        lines
          .slice(i, i + size)
          .map((line) => `${line}\n`)
          .join(''),
      )
    }
    return 0
  },
})

const column = program({
  name: 'column',
  run(sys, data) {
    const parsed = parseArgs(sys.args, 't', 'so')
    data.at ??= inputs(parsed.rest)
    const text = everything(sys, data, data.at)
    if (text === undefined) return undefined
    const separator = parsed.values['s']
    const rows = splitLines(text).map((line) => (separator ? line.split(separator) : line.trim().split(/\s+/)))
    const widths: number[] = []
    for (const row of rows) for (const [i, cell] of row.entries()) widths[i] = Math.max(widths[i] ?? 0, cell.length)
    for (const row of rows)
      sys.out(
        `${row.map((cell, i) => (i < row.length - 1 ? cell.padEnd(widths[i] ?? 0) : cell)).join(parsed.values['o'] ?? '  ')}\n`,
      )
    return 0
  },
})

const convert = (name: string, change: (text: string) => string): Program =>
  program({
    name,
    run(sys, data) {
      const [file] = sys.args.filter((word) => !word.startsWith('-'))
      if (file !== undefined) {
        const read = sys.text(file)
        if (failed(read)) return sys.fail(`can't open '${file}': ${read}`)
        sys.put(file, change(read.text))
        return 0
      }
      for (;;) {
        const piece = nextPiece(sys, (data.at ??= inputs([])))
        if (piece === undefined) return undefined
        if (piece === null) return 0
        sys.out(change(piece))
      }
    },
  })

export const columnApplets: readonly Program[] = [
  cut,
  tr,
  paste,
  tabs('expand', expandLine),
  tabs('unexpand', (line) => line.replace(/^ {8}/g, '\t')),
  split,
  column,
  convert('dos2unix', (text) => text.replaceAll('\r\n', '\n')),
  convert('unix2dos', (text) => text.replace(/\r?\n/g, '\r\n')),
]
