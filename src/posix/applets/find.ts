/** `find`: walks directories, one entry a step, with the tests and actions of every day. */
import { type Program, program } from '../program.ts'
import { posixRegex } from '../regex.ts'
import { matches } from '../shell/pattern.ts'
import type { Sys } from '../sys.ts'
import { failed, type Place } from '../vfs.ts'
import { FindProblem, FindReader, type Test } from './find-tests.ts'
import { sizeOfNode } from './ls.ts'

interface Entry {
  path: string
  depth: number
  /** Its children are behind it already. */
  after: boolean
}

interface Find {
  test: Test
  implicit: boolean
  least: number
  most: number
  depth: boolean
  todo: Entry[]
  status: number
  /** Results of commands run for the present entry. */
  results: number[]
  at: number
  pid: number | null
  gathered: Record<string, string[]>
  prune: boolean
  quit: boolean
  finishing: string[]
}

/** A command has to run before the test is decided. */
class NeedsRun {
  readonly words: string[]
  constructor(words: string[]) {
    this.words = words
  }
}

function begin(sys: Sys): Find | number {
  const words = sys.args.filter((word) => !/^-[HLP]$/.test(word))
  const paths: string[] = []
  while (words.length > 0 && !/^[-(!]/.test(words[0] as string)) paths.push(words.shift() as string)
  try {
    const reader = new FindReader(sys, words)
    const test = reader.read()
    const { least, most, depth } = reader
    const starts = paths.length > 0 ? paths : ['.']
    const todo = starts.map((path) => ({ path, depth: 0, after: false })).reverse()
    return {
      test,
      implicit: !reader.acts,
      least,
      most,
      depth,
      todo,
      status: 0,
      results: [],
      at: 0,
      pid: null,
      gathered: {},
      prune: false,
      quit: false,
      finishing: [],
    }
  } catch (error) {
    if (!(error instanceof FindProblem)) throw error
    if (sys.gnu) return sys.fail(error.message.replace(/^unrecognized: (.*)$/, "unknown predicate `$1'"))
    return sys.fail(error.message)
  }
}

const compared = (sign: string, value: number, n: number): boolean =>
  sign === '+' ? value > n : sign === '-' ? value < n : value === n

class Visit {
  readonly #sys: Sys
  readonly #f: Find
  readonly #e: Entry
  readonly #place: Place

  constructor(sys: Sys, f: Find, e: Entry, place: Place) {
    this.#sys = sys
    this.#f = f
    this.#e = e
    this.#place = place
  }

  check(t: Test): boolean {
    const { node } = this.#place
    const sys = this.#sys
    switch (t.o) {
      case 'and':
        return this.check(t.a) && this.check(t.b)
      case 'or':
        return this.check(t.a) || this.check(t.b)
      case 'not':
        return !this.check(t.a)
      case 'name': {
        const text = t.path
          ? this.#e.path
          : this.#e.path === '/'
            ? '/'
            : (this.#e.path.replace(/\/+$/, '').split('/').pop() as string)
        return t.fold ? matches(t.pattern.toLowerCase(), text.toLowerCase()) : matches(t.pattern, text)
      }
      case 'regex':
        return posixRegex(`^(${t.pattern})$`, true).test(this.#e.path)
      case 'type':
        return t.kinds.includes(node.k)
      case 'size':
        return compared(t.sign, Math.ceil(sizeOfNode(node) / t.unit), t.n)
      case 'mtime':
        return compared(t.sign, Math.floor((sys.now - node.mtime) / 86_400_000), t.n)
      case 'mmin':
        return compared(t.sign, Math.floor((sys.now - node.mtime) / 60_000), t.n)
      case 'newer': {
        const other = sys.at(t.path)
        return !failed(other) && node.mtime > other.node.mtime
      }
      case 'perm':
        return t.kind === '-'
          ? (node.mode & t.mode) === t.mode
          : t.kind
            ? (node.mode & t.mode) !== 0
            : (node.mode & 0o7777) === t.mode
      case 'user':
        return node.uid === t.id
      case 'group':
        return node.gid === t.id
      default:
        return this.#act(t)
    }
  }

  #act(t: Test): boolean {
    const { node } = this.#place
    const sys = this.#sys
    const { path } = this.#e
    switch (t.o) {
      case 'empty':
        return node.k === 'd' ? sys.kernel.vfs.names(this.#place).length === 0 : sizeOfNode(node) === 0
      case 'print':
        sys.out(`${path}\n`)
        return true
      case 'print0':
        sys.out(`${path}\0`)
        return true
      case 'printf':
        sys.out(this.#format(t.format))
        return true
      case 'prune':
        this.#f.prune = true
        return true
      case 'quit':
        this.#f.quit = true
        return true
      case 'delete': {
        if (path === '.') return true
        const why = node.k === 'd' ? sys.rmdir(path) : sys.unlink(path)
        if (why) {
          sys.err(sys.gnu ? `find: cannot delete '${path}': ${why}\n` : `find: ${path}: ${why}\n`)
          this.#f.status = 1
        }
        return why === ''
      }
      case 'exec': {
        if (t.many) {
          ;(this.#f.gathered[t.index] ??= []).push(path)
          return true
        }
        const known = this.#f.results[this.#f.at++]
        if (known !== undefined) return known === 0
        throw new NeedsRun(t.words.map((word) => word.replaceAll('{}', path)))
      }
      case 'false':
        return false
      default:
        return true
    }
  }

  #format(format: string): string {
    const { node } = this.#place
    const { path, depth } = this.#e
    return format.replace(/\\n|\\t|\\0|%(?:T[@a-zA-Z]|[a-zA-Z%])/g, (m) => {
      const value: Readonly<Record<string, string>> = {
        '\\n': '\n',
        '\\t': '\t',
        '\\0': '\0',
        '%p': path,
        '%f': path.split('/').pop() as string,
        '%h': path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.',
        '%s': String(sizeOfNode(node)),
        '%m': (node.mode & 0o7777).toString(8),
        '%y': node.k,
        '%d': String(depth),
        '%u': String(node.uid),
        '%T@': `${(node.mtime / 1000).toFixed(10)}`,
        '%l': node.k === 'l' ? node.target : '',
        '%%': '%',
      }
      return value[m] ?? m
    })
  }
}

/** One entry; undefined when a command for it still runs. */
function visit(sys: Sys, f: Find, e: Entry): boolean | undefined {
  if (f.pid !== null) {
    const status = sys.reap(f.pid)
    if (status === undefined) return undefined
    f.pid = null
    f.results.push(status)
  }
  const place = sys.at(e.path, false)
  if (failed(place)) {
    sys.err(sys.gnu ? `find: '${e.path}': ${place}\n` : `find: ${e.path}: ${place}\n`)
    f.status = 1
    return true
  }
  f.at = 0
  f.prune = false
  if (e.depth >= f.least && (!f.depth || e.after || place.node.k !== 'd')) {
    try {
      const yes = new Visit(sys, f, e, place).check(f.test)
      if (yes && f.implicit) sys.out(`${e.path}\n`)
    } catch (error) {
      if (!(error instanceof NeedsRun)) throw error
      f.pid = sys.spawn(error.words)?.pid ?? 0
      return undefined
    }
  }
  f.results = []
  if (place.node.k === 'd' && !e.after && !f.prune && e.depth < f.most) descend(sys, f, e, place)
  return true
}

function descend(sys: Sys, f: Find, e: Entry, place: Place): void {
  const names = sys.names(e.path)
  if (f.depth) f.todo.push({ ...e, after: true })
  if (failed(names)) {
    sys.err(sys.gnu ? `find: '${e.path}': ${names}\n` : `find: ${e.path}: ${names}\n`)
    f.status = 1
    return
  }
  void place
  for (const name of names.reverse())
    f.todo.push({ path: e.path.endsWith('/') ? `${e.path}${name}` : `${e.path}/${name}`, depth: e.depth + 1, after: false })
}

export const find: Program = program({
  name: 'find',
  usage: '[-HL] [PATH]... [OPTIONS] [ACTIONS]\n\nSearch for files and perform actions on them.',
  run(sys, data) {
    if (!data.f) {
      const f = begin(sys)
      if (typeof f === 'number') return f
      data.f = f
    }
    const f = data.f as Find
    while (f.todo.length > 0 && !f.quit) {
      if (!sys.ready()) return undefined
      const e = f.todo.pop() as Entry
      const done = visit(sys, f, e)
      if (done === undefined) {
        f.todo.push(e)
        if (sys.proc.state === 'run') sys.reap(f.pid ?? 0)
        return undefined
      }
    }
    return finishing(sys, f)
  },
})

/** The commands of `-exec … +`. */
function finishing(sys: Sys, f: Find): number | undefined {
  if (f.pid !== null) {
    const status = sys.reap(f.pid)
    if (status === undefined) return undefined
    f.pid = null
    if (status !== 0) f.status = 1
  }
  const collect = (t: Test): Extract<Test, { o: 'exec' }>[] => {
    if (t.o === 'and' || t.o === 'or') return [...collect(t.a), ...collect(t.b)]
    if (t.o === 'not') return collect(t.a)
    return t.o === 'exec' && t.many ? [t] : []
  }
  for (const { words, index } of collect(f.test)) {
    const paths = f.gathered[index]
    if (!paths) continue
    delete f.gathered[index]
    f.pid = sys.spawn([...words.slice(0, -1), ...paths])?.pid ?? 0
    sys.kernel.park(sys.proc, `child:${sys.proc.pid}`)
    return undefined
  }
  return f.status
}
