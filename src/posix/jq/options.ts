/** jq's command line. */
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { JsonReader } from './reader.ts'
import type { Value } from './syntax.ts'
import type { Style } from './values.ts'

export interface Options {
  source: string
  files: string[]
  named: Record<string, Value>
  args: Value[]
  null: boolean
  raw: boolean
  join: boolean
  nul: boolean
  slurp: boolean
  rawInput: boolean
  exitStatus: boolean
  style: Style
}

const USAGE = `Usage:\tjq [OPTIONS] FILTER [FILES...]
\tjq [OPTIONS] -f FILE [FILES...]
\tjq [OPTIONS] --args FILTER [ARGUMENTS...]
\tjq [OPTIONS] --jsonargs FILTER [JSON_VALUES...]
`
const LONG: Readonly<Record<string, string>> = {
  'null-input': 'n',
  'raw-output': 'r',
  'join-output': 'j',
  'compact-output': 'c',
  slurp: 's',
  'raw-input': 'R',
  'exit-status': 'e',
  'sort-keys': 'S',
  'color-output': 'C',
  'monochrome-output': 'M',
  'ascii-output': 'a',
  'from-file': 'f',
  help: 'h',
  version: 'V',
  seq: 'q',
  stream: 'q',
  'raw-output0': '0',
  unbuffered: 'u',
}

const fresh = (color: boolean): Options => ({
  source: '',
  files: [],
  named: {},
  args: [],
  null: false,
  raw: false,
  join: false,
  nul: false,
  slurp: false,
  rawInput: false,
  exitStatus: false,
  style: { indent: 2, color },
})

const wrong = (sys: Sys, message: string): number => {
  sys.err(`jq: error: ${message}\n${USAGE}`)
  return 2
}

/** The options, or the status of wrong use. */
export function beginJq(sys: Sys): Options | number {
  const o = fresh(sys.isTty(1))
  const rest: string[] = []
  let kind: 'files' | 'args' | 'json' = 'files'
  let fromFile = false
  const words = sys.args
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string
    if (word === '--') {
      rest.push(...words.slice(i + 1))
      break
    }
    if (!word.startsWith('-') || word === '-') rest.push(word)
    else if (word === '--args') kind = 'args'
    else if (word === '--jsonargs') kind = 'json'
    else if (word === '--tab') o.style = { ...o.style, indent: 1, tab: true }
    else if (word === '--indent') {
      const n = Number(words[++i])
      if (!(n >= 0 && n <= 7)) return wrong(sys, n < 0 ? 'Cannot indent less than zero' : 'Cannot indent more than 7 characters')
      o.style.indent = n
    } else if (/^--(?:arg|argjson|slurpfile|rawfile)$/.test(word)) {
      const status = named(sys, o, word, words[i + 1], words[i + 2])
      if (status !== 0) return status
      i += 2
    } else {
      const letters = word.startsWith('--') ? LONG[word.slice(2)] : word.slice(1)
      for (const letter of letters ?? '?') {
        const status = flag(sys, o, letter)
        if (status === 'file') fromFile = true
        else if (status !== undefined) return status === 2 ? wrong(sys, `Unknown option: ${word}`) : status
      }
    }
  }
  return filled(sys, o, rest, kind, fromFile)
}

/** The program, and what stands behind it. */
function filled(sys: Sys, o: Options, rest: string[], kind: 'files' | 'args' | 'json', fromFile: boolean): Options | number {
  const [source, ...others] = rest
  if (source === undefined) {
    sys.err(USAGE)
    return 2
  }
  o.source = source
  if (fromFile) {
    const read = sys.text(source)
    if (failed(read)) {
      sys.err(`jq: error: Could not open ${source}: ${read}\n`)
      return 2
    }
    o.source = read.text
  }
  if (kind === 'files') o.files = others
  else if (kind === 'args') o.args = others
  else {
    for (const text of others) {
      const value = parsed(text)
      if (value === undefined) return wrong(sys, 'Invalid JSON text passed to --jsonargs')
      o.args.push(value)
    }
  }
  return o
}

function flag(sys: Sys, o: Options, letter: string): number | 'file' | undefined {
  switch (letter) {
    case 'n':
      o.null = true
      return
    case 'r':
      o.raw = true
      return
    case 'j':
      o.raw = true
      o.join = true
      return
    case '0':
      o.raw = true
      o.nul = true
      return
    case 'c':
      o.style.indent = 0
      return
    case 's':
      o.slurp = true
      return
    case 'R':
      o.rawInput = true
      return
    case 'e':
      o.exitStatus = true
      return
    case 'S':
      o.style.sorted = true
      return
    case 'C':
      o.style.color = true
      return
    case 'M':
      o.style.color = false
      return
    case 'a':
      o.style.ascii = true
      return
    case 'f':
      return 'file'
    case 'u':
      return
    case 'h':
      sys.out(USAGE)
      return 0
    case 'V':
      sys.out('jq-1.7.1\n')
      return 0
  }
  return 2
}

function parsed(text: string): Value | undefined {
  try {
    const reader = new JsonReader()
    reader.feed(text)
    reader.end()
    return reader.next()
  } catch {
    return undefined
  }
}

function named(sys: Sys, o: Options, word: string, name: string | undefined, text: string | undefined): number {
  const option = word.slice(2)
  if (name === undefined || text === undefined) {
    sys.err(
      `jq: error: --${option} takes two parameters (e.g. --${option} ${option === 'arg' || option === 'argjson' ? `varname ${option === 'arg' ? 'value' : 'text'}` : 'varname filename'})\n${USAGE}`,
    )
    return 2
  }
  if (option === 'arg') o.named[name] = text
  else if (option === 'argjson') {
    const value = parsed(text)
    if (value === undefined) {
      sys.err(`jq: error: Invalid JSON text passed to --argjson\n${USAGE}`)
      return 2
    }
    o.named[name] = value
  } else {
    const read = sys.text(text)
    if (failed(read)) {
      sys.err(`jq: error: Bad JSON in --${option} ${name} ${text}: Could not open ${text}: ${read}\n`)
      return 2
    }
    if (option === 'rawfile') o.named[name] = read.text
    else {
      const reader = new JsonReader()
      reader.feed(read.text)
      reader.end()
      const all: Value[] = []
      for (let v = reader.next(); v !== undefined; v = reader.next()) all.push(v)
      o.named[name] = all
    }
  }
  return 0
}
