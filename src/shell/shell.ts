/** The learner's shell: runs a line of text with kubectl and a handful of text tools; files live in memory. */
import type { Transport, UserInfo } from '#api/request.ts'
import { Client } from '#client/client.ts'
import { complete } from '#kubectl/complete.ts'
import { kubectl } from '#kubectl/kubectl.ts'
import { Files } from './files.ts'
import { type Command, type List, type Pipeline, parseShell, ShellSyntaxError, type Word } from './syntax.ts'
import { tools } from './tools/index.ts'

export interface ShellIo {
  write(text: string): void
  error(text: string): void
  readonly signal: AbortSignal
  columns: number
}

export interface ShellOptions {
  transport: Transport
  namespace?: string
  user?: UserInfo
  /** Milliseconds since 1970 by which ages are told. */
  now(): number
  sleep(ms: number): Promise<void>
}

export interface Shell {
  readonly files: Files
  readonly variables: Map<string, string>
  /** Runs a line (or a script); resolves with its exit status. */
  run(line: string, io: ShellIo): Promise<number>
  /** Words that could stand at the cursor, whole. */
  complete(line: string, cursor: number): Promise<string[]>
}

/** The surroundings of one command: where it reads and writes. */
export interface Streams {
  input: string
  out(text: string): void
  err(text: string): void
}

export function createShell(options: ShellOptions): Shell {
  return new LearnersShell(options)
}

class LearnersShell implements Shell {
  readonly files = new Files()
  readonly variables = new Map<string, string>()
  readonly #options: ShellOptions
  #status = 0
  #parameters: readonly string[] = ['bash']

  constructor(options: ShellOptions) {
    this.#options = options
    this.variables.set('NS', options.namespace ?? 'default')
  }

  async run(line: string, io: ShellIo): Promise<number> {
    try {
      const list = parseShell(line)
      this.#status = await this.#list(list, { input: '', out: (text) => io.write(text), err: (text) => io.error(text) }, io)
    } catch (error) {
      if (!(error instanceof ShellSyntaxError)) throw error
      io.error(`bash: ${error.message}\n`)
      this.#status = 2
    }
    return this.#status
  }

  async #list(list: List, streams: Streams, io: ShellIo): Promise<number> {
    let status = 0
    for (const { pipeline, when } of list.entries) {
      if (io.signal.aborted) return 130
      if ((when === 'success' && status !== 0) || (when === 'failure' && status === 0)) continue
      status = await this.#pipeline(pipeline, streams, io)
      this.#status = status
    }
    return status
  }

  async #pipeline({ commands }: Pipeline, streams: Streams, io: ShellIo): Promise<number> {
    let input = streams.input
    let status = 0
    for (const [i, command] of commands.entries()) {
      const last = i === commands.length - 1
      let captured = ''
      const out = last ? streams.out : (text: string) => void (captured += text)
      status = await this.#command(command, { input, out, err: streams.err }, io)
      input = captured
    }
    return status
  }

  async #command(command: Command, streams: Streams, io: ShellIo): Promise<number> {
    if (command.kind === 'for') {
      let status = 0
      for (const item of (await Promise.all(command.items.map((word) => this.#expand(word, io)))).flat()) {
        this.variables.set(command.name, item)
        status = await this.#list(command.body, streams, io)
      }
      return status
    }
    for (const { name, value } of command.assignments) this.variables.set(name, (await this.#expand(value, io)).join(' '))
    const words: string[] = []
    for (const word of command.words) words.push(...(await this.#expand(word, io)))
    const writes: { path: string; text: string; append: boolean }[] = []
    const redirected = await this.#redirect(command, streams, io, writes)
    if (typeof redirected === 'number') return redirected
    const status = words.length === 0 ? 0 : await this.#start(words, redirected, io)
    for (const { path, text, append } of writes) this.files.write(path, append ? (this.files.find(path) ?? '') + text : text)
    return status
  }

  async #redirect(
    command: Extract<Command, { kind: 'simple' }>,
    streams: Streams,
    io: ShellIo,
    writes: { path: string; text: string; append: boolean }[],
  ): Promise<Streams | number> {
    const result = { ...streams }
    for (const { from, to } of command.redirects) {
      if ('document' in to) result.input = (await this.#expand(to.document, io, true)).join('')
      else if ('input' in to) {
        const path = (await this.#expand(to.input, io)).join(' ')
        const text = this.files.find(path)
        if (text === undefined) {
          streams.err(`bash: ${path}: No such file or directory\n`)
          return 1
        }
        result.input = text
      } else if ('descriptor' in to) {
        if (from === 2) result.err = result.out
        else result.out = result.err
      } else {
        const path = (await this.#expand(to.file, io)).join(' ')
        const write = { path, text: '', append: to.append }
        if (path !== '/dev/null') writes.push(write)
        const put = (text: string): void => void (write.text += text)
        if (from === 2) result.err = put
        else result.out = put
      }
    }
    return result
  }

  /** Variables, substitutions, splitting of what is not quoted, and `~`-free globs on the shell's files. */
  async #expand(word: Word, io: ShellIo, whole = false): Promise<string[]> {
    const fields: string[] = []
    let current: string | null = null
    for (const piece of word) {
      const text =
        piece.kind === 'text'
          ? piece.text
          : piece.kind === 'variable'
            ? this.#variable(piece.name)
            : await this.#substitute(piece.text, io)
      if (piece.quoted || piece.kind === 'text' || whole) {
        current = (current ?? '') + text
        continue
      }
      const parts = text.split(/\s+/).filter((part) => part !== '')
      if (parts.length === 0) continue
      for (const [i, part] of parts.entries()) {
        if (i > 0 && current !== null) {
          fields.push(current)
          current = null
        }
        current = (current ?? '') + part
      }
    }
    if (current !== null) fields.push(current)
    return fields
  }

  #variable(name: string): string {
    if (name === '?') return String(this.#status)
    if (name === '#') return String(Math.max(0, this.#parameters.length - 1))
    if (name === '@' || name === '*') return this.#parameters.slice(1).join(' ')
    return /^\d+$/.test(name) ? (this.#parameters[Number(name)] ?? '') : (this.variables.get(name) ?? '')
  }

  async #substitute(text: string, io: ShellIo): Promise<string> {
    let captured = ''
    await this.#list(parseShell(text), { input: '', out: (t) => void (captured += t), err: (t) => io.error(t) }, io)
    return captured.replace(/\n+$/, '')
  }

  async #start(words: string[], streams: Streams, io: ShellIo): Promise<number> {
    const [name = '', ...args] = words
    if (name === 'kubectl' || name === 'k') return this.#kubectl(args, streams, io)
    if (name === 'helm') return this.#helm(args, streams, io)
    const tool = tools.find((t) => t.name === name)
    if (!tool) {
      streams.err(`bash: ${name}: command not found\n`)
      return 127
    }
    return tool.run(args, streams, {
      files: this.files,
      now: this.#options.now,
      sleep: this.#options.sleep,
      run: (script, parameters) => this.#script(script, parameters, streams, io),
    })
  }

  /** A script's variables and parameters are its own. */
  async #script(text: string, parameters: readonly string[], streams: Streams, io: ShellIo): Promise<number> {
    const kept = { variables: new Map(this.variables), parameters: this.#parameters }
    this.#parameters = parameters
    try {
      return await this.#list(parseShell(text), streams, io)
    } finally {
      this.#parameters = kept.parameters
      this.variables.clear()
      for (const [name, value] of kept.variables) this.variables.set(name, value)
    }
  }

  #kubectl(args: string[], streams: Streams, io: ShellIo): Promise<number> {
    const { transport, user, now, sleep } = this.#options
    return kubectl(
      args,
      { transport, namespace: this.variables.get('NS') ?? 'default', ...(user ? { user } : {}) },
      {
        out: streams.out,
        err: streams.err,
        stdin: async () => streams.input,
        read: async (path) => this.files.read(path),
        list: async (path) => this.files.list(path),
        write: async (path, text) => this.files.write(path, text),
        remove: async (path) => void this.files.remove(path),
        env: (name) => this.variables.get(name) ?? (name === 'HOME' || name === 'PWD' ? '/root' : undefined),
        now,
        sleep,
        useNamespace: (name) => void this.variables.set('NS', name),
        signal: io.signal,
      },
    )
  }

  /** Loaded with its first use: most sessions never need it. */
  async #helm(args: string[], streams: Streams, io: ShellIo): Promise<number> {
    const { helm } = await import('#helm/helm.ts')
    const { transport, now, sleep } = this.#options
    return helm(
      args,
      { transport, namespace: this.variables.get('NS') ?? 'default' },
      {
        out: streams.out,
        err: streams.err,
        stdin: async () => streams.input,
        read: async (path) => this.files.read(path),
        write: async (path, text) => this.files.write(path, text),
        list: async (path) => this.files.list(path),
        now,
        sleep,
        random: this.#random,
        signal: io.signal,
      },
    )
  }

  /** For passwords that charts make up: the same in every session, as nothing here is a secret. */
  #seed = 1
  readonly #random = (): number => {
    this.#seed = (this.#seed * 48_271) % 0x7fffffff
    return this.#seed / 0x7fffffff
  }

  async complete(line: string, cursor: number): Promise<string[]> {
    const before = line.slice(0, cursor)
    const words = before.trimStart().split(/\s+/)
    const at = before.split(/[|;&]/).at(-1)?.trimStart().split(/\s+/) ?? []
    if (at.length <= 1)
      return ['kubectl', ...tools.map((t) => t.name)].filter((name) => name.startsWith(words.at(-1) ?? '')).sort()
    if (at[0] !== 'kubectl' && at[0] !== 'k') return []
    const client = new Client(this.#options.transport, { agent: 'kubectl/v1.36.3 (browser) kubernetes/tabernetes' })
    return complete(at.slice(1), { client, namespace: this.variables.get('NS') ?? 'default' })
  }
}
