/** Words, files and streams of a thread: expansion, globs, redirections, and where output goes. */
import { expandDocument, expandText, expandWords, globRegExp, type Scope } from './expand.ts'
import { type Node, parse, type Redirect } from './parse.ts'
import type { Host } from './program.ts'
import { LIVE, NeedsInput, type ShellState, type Sink, type Thread } from './thread.ts'

export abstract class Streams {
  readonly host: Host
  /** Output of what runs to its end at once. */
  protected buffer = ''
  abstract readonly state: ShellState

  constructor(host: Host) {
    this.host = host
  }

  /** Output of a node that is run at once. */
  protected abstract captured(node: Node, thread: Thread, input: string): { text: string; status: number }

  scope(thread: Thread): Scope {
    return {
      get: (name) => {
        if (/^[1-9]\d*$/.test(name)) return thread.args[Number(name) - 1]
        if (name === '@' || name === '*') return thread.args.join(name === '@' ? '\u0000' : ' ')
        if (name === '#') return String(thread.args.length)
        if (name === '?') return String(thread.status)
        if (name === '$') return '1'
        if (name === '0') return thread.vars['0'] ?? 'sh'
        if (name === 'RANDOM') return String(this.host.random(32_768))
        return thread.vars[name]
      },
      set: (name, value) => {
        thread.vars[name] = value
      },
      capture: (src) => {
        const got = this.captured(parse(src), thread, '')
        thread.status = got.status
        return got.text
      },
      glob: (pattern) => this.#glob(pattern, thread.cwd),
    }
  }

  /** All of a thread's input; of standard input, once it has ended. */
  inputOf(text: string): string {
    if (text !== LIVE) return text
    const { state, host } = this
    state.input += host.read()
    if (!host.inputEnded) throw new NeedsInput()
    const all = state.input
    state.input = ''
    return all
  }
  /** A line of standard input with its newline, or its end; empty when it has ended. */
  lineOfInput(): string {
    const { state, host } = this
    state.input += host.read()
    const cut = state.input.indexOf('\n') + 1
    if (cut === 0 && !host.inputEnded) throw new NeedsInput()
    const line = cut === 0 ? state.input : state.input.slice(0, cut)
    state.input = state.input.slice(line.length)
    return line
  }

  words(words: readonly string[], thread: Thread): string[] {
    return expandWords(words, this.scope(thread))
  }
  text(word: string, thread: Thread): string {
    return expandText(word, this.scope(thread))
  }

  #glob(pattern: string, cwd: string): string[] {
    const cut = pattern.lastIndexOf('/')
    const directory = cut < 0 ? cwd : pattern.slice(0, cut) || '/'
    const test = globRegExp(pattern.slice(cut + 1))
    const names = this.host.files.list(directory.startsWith('/') ? directory : `${cwd}/${directory}`) ?? []
    return names
      .filter((name) => test.test(name) && !name.startsWith('.'))
      .map((name) => `${cut < 0 ? '' : pattern.slice(0, cut + 1)}${name}`)
  }

  /** The thread's streams with these redirections; null when a file could not be opened. */
  redirected(thread: Thread, redirects: readonly Redirect[]): Thread['streams'] | null {
    let streams = thread.streams
    for (const { fd, op, word } of redirects) {
      if (op === '<<') streams = { ...streams, in: expandDocument(word, this.scope(thread)) }
      else if (op === '>&') {
        const other = word === '1' ? streams.out : word === '2' ? streams.err : { to: 'null' as const }
        streams = fd === 2 ? { ...streams, err: other } : { ...streams, out: other }
      } else {
        const path = this.path(this.text(word, thread), thread.cwd)
        if (op === '<') {
          const text = path === '/dev/null' ? '' : this.host.files.read(path)
          if (text === undefined) return this.#cannot(thread, path, 'open', 'no such file')
          streams = { ...streams, in: text }
        } else {
          const sink = this.#sink(path, op === '>>', thread)
          if (!sink) return null
          streams = fd === 2 ? { ...streams, err: sink } : { ...streams, out: sink }
        }
      }
    }
    return streams
  }

  #cannot(thread: Thread, path: string, what: string, why: string): null {
    this.write(thread.streams.err, `sh: can't ${what} ${path}: ${why}\n`)
    return null
  }

  #sink(path: string, append: boolean, thread: Thread): Sink | null {
    if (path === '/dev/null') return { to: 'null' }
    if (path === '/dev/stdout') return thread.streams.out
    if (path === '/dev/stderr') return thread.streams.err
    if (/^\/proc\/1\/fd\/[12]$/.test(path)) return { to: path.endsWith('1') ? 'main' : 'main-error' }
    if (!append || this.host.files.read(path) === undefined) {
      const why = this.host.files.write(path, '')
      if (why) return this.#cannot(thread, path, 'create', why === 'No such file or directory' ? 'nonexistent directory' : why)
    }
    return { to: 'file', path }
  }

  path(word: string, cwd: string): string {
    return word.startsWith('/') ? word : `${cwd === '/' ? '' : cwd}/${word}`
  }

  write(sink: Sink, text: string): void {
    switch (sink.to) {
      case 'buffer':
        this.buffer += text
        return
      case 'file':
        this.host.files.write(sink.path, (this.host.files.read(sink.path) ?? '') + text)
        return
      case 'stdout':
      case 'stderr':
        this.host.out(text, sink.to)
        return
      case 'main':
        this.host.mainOut(text, 'stdout')
        return
      case 'main-error':
        this.host.mainOut(text, 'stderr')
        return
      case 'null':
        return
    }
  }
}
