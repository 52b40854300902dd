/** Builtins that take words apart: read, getopts, mapfile. */
import type { Builtin } from '../builtin.ts'
import type { Interpreter } from '../interpreter.ts'
import { isName } from '../variables.ts'
import { badName } from './variables.ts'

interface ReadState {
  text?: string
  until?: number
  done?: boolean
}

interface ReadOptions {
  raw: boolean
  prompt: string
  count: number
  delimiter: string
  timeout: number
  fd: number
  array: string
  silent: boolean
  names: string[]
}

function readOptions(argv: string[]): ReadOptions {
  const o: ReadOptions = {
    raw: false,
    prompt: '',
    count: -1,
    delimiter: '\n',
    timeout: -1,
    fd: 0,
    array: '',
    silent: false,
    names: [],
  }
  const words = argv.slice(1)
  while (/^-./.test(words[0] ?? '')) {
    const word = words.shift() as string
    if (word === '--') break
    for (let i = 1; i < word.length; i++) {
      const c = word[i] as string
      if (c === 'r') o.raw = true
      else if (c === 's') o.silent = true
      else if ('pnNdtua'.includes(c)) {
        const value = word.slice(i + 1) || (words.shift() ?? '')
        if (c === 'p') o.prompt = value
        else if (c === 'd') o.delimiter = value[0] ?? '\0'
        else if (c === 't') o.timeout = Number(value) * 1000
        else if (c === 'u') o.fd = Number(value)
        else if (c === 'a') o.array = value
        else o.count = Number(value)
        break
      }
    }
  }
  o.names = words
  return o
}

const read: Builtin = {
  run(it, argv, data: ReadState) {
    const o = readOptions(argv)
    const bad = o.names.find((name) => !isName(name))
    if (bad !== undefined) return badName(it, 'read', bad)
    if (data.text === undefined) {
      data.text = ''
      if (o.prompt && it.sys.isTty(o.fd)) it.sys.err(o.prompt)
      if (o.timeout > 0) data.until = it.sys.now + o.timeout
    }
    const outcome = gather(it, o, data)
    if (outcome === undefined) {
      if (data.until !== undefined && it.sys.now >= data.until) return 142
      // The wait for input ends with the time, too.
      if (data.until !== undefined) it.proc.due = data.until
      return undefined
    }
    assign(it, o, data.text)
    return outcome
  },
}

/** Reads up to the delimiter; the status, or undefined while there is nothing. */
function gather(it: Interpreter, o: ReadOptions, data: ReadState): number | undefined {
  const file = it.sys.file(o.fd)
  if (!file) return 1
  for (;;) {
    const piece = it.sys.line(o.fd)
    if (piece === undefined) return undefined
    if (piece === null) return data.text === '' || o.count !== 0 ? 1 : 0
    let text = piece
    if (o.count >= 0) {
      const room = o.count - (data.text ?? '').length
      const end = text.slice(0, room).indexOf(o.delimiter)
      const take = end >= 0 ? end : room
      if (text.length > take) it.sys.kernel.opens.unread(file, text.slice(end >= 0 ? end + 1 : take))
      data.text += text.slice(0, take)
      if (end >= 0 || (data.text ?? '').length >= o.count) return 0
      continue
    }
    if (o.delimiter !== '\n') {
      const end = text.indexOf(o.delimiter)
      if (end < 0) {
        data.text += text
        continue
      }
      it.sys.kernel.opens.unread(file, text.slice(end + 1))
      data.text += text.slice(0, end)
      return 0
    }
    const ended = text.endsWith('\n')
    if (ended) text = text.slice(0, -1)
    if (ended && !o.raw && /(?:^|[^\\])(?:\\\\)*\\$/.test(text)) {
      data.text += text.slice(0, -1)
      continue
    }
    data.text += text
    if (ended) return 0
  }
}

/** Characters with a mark for those a backslash protects from splitting. */
function withMarks(text: string, raw: boolean): { c: string; safe: boolean }[] {
  const out: { c: string; safe: boolean }[] = []
  for (let i = 0; i < text.length; i++) {
    if (!raw && text[i] === '\\' && i + 1 < text.length) out.push({ c: text[++i] as string, safe: true })
    else if (raw || text[i] !== '\\') out.push({ c: text[i] as string, safe: false })
  }
  return out
}

function assign(it: Interpreter, o: ReadOptions, text: string): void {
  const clean = text.replaceAll('\0', '')
  const characters = withMarks(clean, o.raw)
  const separators = it.vars.separators
  const names = o.array ? [] : o.names.length > 0 ? o.names : ['REPLY']
  if (!o.array && o.names.length === 0 && it.st.flavour === 'bash') {
    it.vars.set('REPLY', characters.map(({ c }) => c).join(''))
    return
  }
  const splits = (i: number): boolean => {
    const at = characters[i]
    return at !== undefined && !at.safe && separators.includes(at.c)
  }
  const blank = (i: number): boolean => splits(i) && ' \t\n'.includes(characters[i]?.c ?? '')
  const all: string[] = []
  let i = 0
  while (blank(i)) i++
  while (i < characters.length) {
    if (!o.array && all.length === names.length - 1) {
      all.push(rest(characters, i, splits, blank))
      break
    }
    let field = ''
    while (i < characters.length && !splits(i)) field += characters[i++]?.c
    all.push(field)
    while (blank(i)) i++
    if (i < characters.length && splits(i) && !blank(i)) {
      i++
      while (blank(i)) i++
    }
  }
  if (o.array)
    it.vars.setList(
      o.array,
      all.map((value) => ['', value]),
    )
  else for (const [k, name] of names.entries()) it.vars.set(name, all[k] ?? '')
}

/** What is left for the last name, without blanks at its end. */
function rest(characters: { c: string }[], from: number, splits: (i: number) => boolean, blank: (i: number) => boolean): string {
  let end = characters.length
  while (end > from && blank(end - 1)) end--
  // One separator alone at the end goes, too.
  if (end > from && splits(end - 1)) {
    let inner = false
    for (let i = from; i < end - 1; i++) if (splits(i)) inner = true
    if (!inner) end--
  }
  return characters
    .slice(from, end)
    .map(({ c }) => c)
    .join('')
}

const getopts: Builtin = {
  run(it, argv) {
    const [, spec = '', name = '', ...given] = argv
    const args = given.length > 0 ? given : it.st.args
    const { getopts: state } = it.st
    const index = Number(it.vars.get('OPTIND') ?? 1)
    if (index !== state.index) Object.assign(state, { index, at: 0 })
    const finish = (letter: string, value?: string): number => {
      it.vars.set(name, letter)
      if (value === undefined) delete it.st.vars['OPTARG']
      else it.vars.set('OPTARG', value)
      it.vars.set('OPTIND', String(state.index))
      return letter === '?' && value === undefined && state.at < 0 ? 1 : 0
    }
    const word = args[state.index - 1]
    if (state.at === 0) {
      if (word === undefined || word === '-' || !word.startsWith('-')) return end(it, name, state.index)
      if (word === '--') return end(it, name, state.index + 1)
      state.at = 1
    }
    const letter = (word as string)[state.at] as string
    const advance = (): void => {
      state.at += 1
      if (state.at >= (word as string).length) Object.assign(state, { index: state.index + 1, at: 0 })
    }
    const at = letter === ':' ? -1 : spec.replace(/^:/, '').indexOf(letter)
    const silent = spec.startsWith(':')
    if (at < 0) {
      advance()
      if (!silent)
        it.sys.err(it.st.flavour === 'bash' ? `${it.st.name}: illegal option -- ${letter}\n` : `Illegal option -${letter}\n`)
      return finish('?', silent ? letter : undefined)
    }
    if (spec.replace(/^:/, '')[at + 1] !== ':') {
      advance()
      return finish(letter)
    }
    const value = (word as string).slice(state.at + 1) || args[state.index]
    Object.assign(state, { index: state.index + ((word as string).length > state.at + 1 ? 1 : 2), at: 0 })
    if (value === undefined) {
      state.index = args.length + 1
      if (!silent)
        it.sys.err(
          it.st.flavour === 'bash'
            ? `${it.st.name}: option requires an argument -- ${letter}\n`
            : `No arg for -${letter} option\n`,
        )
      return finish(silent ? ':' : '?', silent ? letter : undefined)
    }
    return finish(letter, value)
  },
}

function end(it: Interpreter, name: string, index: number): number {
  it.st.getopts = { index, at: 0 }
  it.vars.set(name, '?')
  it.vars.set('OPTIND', String(index))
  delete it.st.vars['OPTARG']
  return 1
}

const mapfile: Builtin = {
  run(it, argv, data: { lines?: string[] }) {
    const trim = argv.includes('-t')
    const name = argv.slice(1).find((word) => !word.startsWith('-')) ?? 'MAPFILE'
    data.lines ??= []
    for (;;) {
      const line = it.sys.line(0)
      if (line === undefined) return undefined
      if (line === null) break
      data.lines.push(trim ? line.replace(/\n$/, '') : line)
    }
    it.vars.setList(
      name,
      data.lines.map((line) => ['', line]),
    )
    return 0
  },
}

export const inputBuiltins: Readonly<Record<string, Builtin>> = { read, getopts }
export const bashInput: Readonly<Record<string, Builtin>> = { mapfile, readarray: mapfile }
