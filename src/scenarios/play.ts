/** Plays a story in process and in virtual time: our kubectl, our shell, a cluster whose clock the commands drive. */
import { Cluster } from '#engine'
import { preloadKubectl } from '#kubectl/kubectl.ts'
import { createShell, type Shell } from '#shell/shell.ts'
import { inProcess } from '#transport/in-process.ts'
import { preloadOrder } from '#transport/laid-out.ts'
import { type Masker, masker, normal } from './mask.ts'
import { expectedLines, type Item, outputLines, type Printed, parseTranscript } from './transcript.ts'

export interface Difference {
  command: string
  expected: string[]
  actual: string[]
}

export interface Played {
  differences: Difference[]
  troubles: string[]
}

/** What this player offers to stories that need it. */
const OFFERS = new Set(['nodes=3', 'runtime', 'node-loss', 'alone', 'helm'])

export const needsOf = (text: string): string[] =>
  parseTranscript(text).flatMap((item) =>
    item.kind === 'order' && item.text.startsWith('needs ') ? item.text.split(/\s+/).slice(1) : [],
  )

export const isPlayable = (text: string): boolean => needsOf(text).every((need) => OFFERS.has(need))

const seconds = (text: string | undefined, otherwise: number): number => (text ? Number.parseFloat(text) * 1000 : otherwise)

/** How long a command may take, in simulated time. */
const COMMAND_LIMIT_MS = 90_000
/** An interrupted command is given this many tenths of a second. */
const STOP_STEPS = 50
/** Typing and starting a command takes a moment, in which the cluster lives on. */
const START_MS = 60
/** The clock moves at least this far when a command waits and nothing is due. */
const IDLE_STEP_MS = 250

/** What a player may have besides the engine: the texts that `explain` shows. */
export interface Properties {
  descriptions?: Record<string, Record<string, string>> | null
  /** The files below a folder that lies beside the story, by their paths in the working directory. */
  files?(folder: string): Map<string, string>
}

export async function play(name: string, text: string, properties: Properties = {}): Promise<Played> {
  const story = new Story(name, text, properties)
  await story.begin()
  for (const item of story.items) await story.step(item)
  return { differences: story.differences, troubles: story.troubles }
}

interface Background {
  printed: Printed
  stop(): Promise<void>
}

class Story {
  readonly items: Item[]
  readonly differences: Difference[] = []
  readonly troubles: string[] = []
  readonly #namespace: string
  readonly #cluster = new Cluster({ seed: '7', nodes: 3 })
  readonly #properties: Properties
  readonly #shell: Shell
  readonly #real: Masker
  readonly #expected: Masker
  #background: Background[] = []

  constructor(name: string, text: string, properties: Properties) {
    this.items = parseTranscript(text)
    this.#properties = properties
    this.#namespace = name
    this.#cluster.server.descriptions = properties.descriptions ?? null
    this.#cluster.run(20_000)
    const nodes = this.#cluster.server
      .readAll('nodes')
      .flatMap((node) => ((node['status']?.addresses ?? []) as { address: string }[]).map((a) => a.address))
    const own = this.items.flatMap(({ kind, text: order }) => {
      const m = kind === 'order' ? /^mask (\w+) (.+)$/.exec(order) : null
      return m ? [[m[1] as string, m[2] as string] as const] : []
    })
    this.#real = masker(nodes, own)
    this.#expected = masker(nodes, own)
    this.#shell = createShell({
      transport: inProcess(this.#cluster),
      namespace: name,
      now: () => this.#cluster.world.now,
      sleep: (ms) => this.#sleep(ms),
    })
  }

  /** A timer in simulated time: whoever drives the clock wakes it. */
  #timers: { at: number; wake(): void }[] = []
  #sleep(ms: number): Promise<void> {
    return new Promise((wake) => this.#timers.push({ at: this.#cluster.world.now + ms, wake }))
  }

  #wakeTimers(): void {
    const due = this.#timers.filter((timer) => timer.at <= this.#cluster.world.now)
    this.#timers = this.#timers.filter((timer) => timer.at > this.#cluster.world.now)
    for (const timer of due) timer.wake()
  }

  async begin(): Promise<void> {
    await Promise.all([preloadKubectl(), preloadOrder()])
    if (this.items.some(({ text }) => /\bhelm\b/.test(text))) await import('#helm/helm.ts')
    await this.#run(`kubectl create namespace ${this.#namespace}`)
    await this.#pass(1000)
  }

  /** Lets time pass; commands in the background live in it, too. */
  async #pass(ms: number): Promise<void> {
    const end = this.#cluster.world.now + ms
    for (;;) {
      const timer = Math.min(end, ...this.#timers.map((t) => t.at))
      this.#cluster.run(Math.max(0, timer - this.#cluster.world.now))
      this.#wakeTimers()
      await breathe()
      if (this.#cluster.world.now >= end) return
    }
  }

  /** Runs a command; while it waits, time passes. */
  async #run(command: string): Promise<Printed> {
    const printed: Printed = { stdout: '', stderr: '', status: 0 }
    const abort = new AbortController()
    let done = false
    const running = this.#shell
      .run(command, {
        write: (t) => void (printed.stdout += t),
        error: (t) => void (printed.stderr += t),
        signal: abort.signal,
        columns: 80,
      })
      .then((status) => {
        printed.status = status
        done = true
      })
    const end = this.#cluster.world.now + COMMAND_LIMIT_MS
    for (;;) {
      await breathe()
      if (done) break
      if (this.#cluster.world.now > end) {
        abort.abort()
        throw new Error(`it took more than ${COMMAND_LIMIT_MS / 1000} s`)
      }
      this.#tick()
    }
    await running
    return printed
  }

  /** The least that can happen: the next due entry, or the next timer. */
  #tick(): void {
    const { world } = this.#cluster
    const due = world.nextDue()?.at ?? Number.POSITIVE_INFINITY
    const timer = Math.min(Number.POSITIVE_INFINITY, ...this.#timers.map((t) => t.at))
    const next = Math.min(due, timer, world.now + IDLE_STEP_MS)
    if (due <= next) world.step()
    else world.skipTo(next)
    this.#wakeTimers()
  }

  async step(item: Item): Promise<void> {
    try {
      if (item.kind === 'run' || item.kind === 'watch') await this.#pass(START_MS)
      if (item.kind === 'run') this.#compare(item, [await this.#run(item.text)], item.mark === '$~' ? 'sorted' : 'lines')
      else if (item.kind === 'watch') await this.#watch(item)
      else if (item.kind === 'order') await this.#order(item)
    } catch (error) {
      this.troubles.push(`${item.lines[0]}\n${error instanceof Error ? troubleOf(error) : error}`)
    }
  }

  async #watch(item: Item): Promise<void> {
    const printed: Printed = { stdout: '', stderr: '', status: 0 }
    const abort = new AbortController()
    const running = this.#shell.run(item.text, {
      write: (t) => void (printed.stdout += t),
      error: (t) => void (printed.stderr += t),
      signal: abort.signal,
      columns: 80,
    })
    this.#background.push({
      printed,
      stop: async () => {
        abort.abort()
        let ended = false
        void running.then(() => (ended = true))
        for (let i = 0; !ended && i < STOP_STEPS; i++) await this.#pass(100)
      },
    })
    for (let i = 0; i < 20; i++) await breathe()
    await this.#pass(1000)
  }

  async #order(item: Item): Promise<void> {
    const [word, ...words] = item.text.split(/\s+/)
    if (word === 'needs' || word === 'mask') return
    if (word === 'files') return this.#files(words[0] as string)
    if (word === 'settle') {
      if (!this.#cluster.settle(3000, seconds(words[0], 120_000))) throw new Error('it did not settle')
      await this.#pass(0)
    } else if (word === 'advance') await this.#pass(seconds(words[0], 0))
    else if (word === 'until') await this.#until(item.text)
    else if (word === 'stop') await this.#stop(item)
    else if (word === 'node') this.#cluster.fault({ kind: 'node-kubelet', node: words[0] as string, on: words[1] === 'start' })
    else throw new Error(`unknown order ${word}`)
  }

  #files(folder: string): void {
    const files = this.#properties.files?.(folder)
    if (!files) throw new Error(`there is no folder ${folder}`)
    for (const [path, content] of files) this.#shell.files.write(path, content)
  }

  async #until(text: string): Promise<void> {
    const [, limit, command = '', pattern = ''] = /^until (\S+): ([^]+?) => (.+)$/.exec(text) ?? []
    const end = this.#cluster.world.now + seconds(limit, 30_000)
    let last = ''
    while (this.#cluster.world.now < end) {
      const { stdout, stderr } = await this.#run(command)
      last = stdout + stderr
      if (new RegExp(pattern, 'm').test(last)) return
      await this.#pass(300)
    }
    throw new Error(`it did not come to that; the last answer was\n${last.trim()}`)
  }

  async #stop(item: Item): Promise<void> {
    for (let i = 0; i < 20; i++) await breathe()
    for (const { stop } of this.#background) await stop()
    const printed = this.#background.map((b) => ({ ...b.printed, status: 0 }))
    this.#background = []
    this.#compare(item, printed, 'once')
  }

  #compare(item: Item, printed: Printed[], way: keyof Masker): void {
    const actual = printed.flatMap((p) => outputLines(atHome(p), this.#real[way]))
    const expected = expectedLines(item.output, this.#expected[way])
    const same = actual.length === expected.length && actual.every((line, i) => normal(line) === normal(expected[i] as string))
    if (!same) this.differences.push({ command: item.lines.join('\n'), expected, actual })
  }
}

/** Where the recordings have their kubeconfig. */
const atHome = (printed: Printed): Printed => ({
  ...printed,
  stdout: printed.stdout.replaceAll('/root/.kube/', '<home>/'),
  stderr: printed.stderr.replaceAll('/root/.kube/', '<home>/').replaceAll(/(?<=[ '])\/root\//g, '<work>/'),
})

/** A programmer's error says where it was. */
const troubleOf = (error: Error): string =>
  error.name === 'Error' ? error.message : (error.stack ?? error.message).split('\n').slice(0, 4).join('\n')

/** Lets every promise that can go on do so: a macrotask later all microtasks have run. */
const breathe = (): Promise<void> => new Promise((done) => setImmediate(done))
