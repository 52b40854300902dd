/** Runs the commands of Kubernetes' pages in the learner's shell, in virtual time, and looks for what the pages say they print. */
import { Cluster } from '#engine'
import { preloadKubectl } from '#kubectl/kubectl.ts'
import { createShell, type Shell } from '#shell/shell.ts'
import { inProcess } from '#transport/in-process.ts'
import { preloadOrder } from '#transport/laid-out.ts'
import { Desk } from './desk.ts'

/** What is done: a line for the shell, a pause, or something at a terminal of its own (`a$ …`). */
interface Step {
  command: string
  wants: string[]
}

/** A page: its address, what its cluster has, and its commands with what must be found in what they print (one expression a line). */
export interface Page {
  url: string
  nodes: number
  addons: readonly string[]
  steps: Step[]
}

const ACT = /^(\$ |wait |[a-z](\$ |& |< |\^[CD]))/

/**
 * `# URL`, `# nodes N`, `# addons A B`, `$ command` (continued by `> `), expressions below it; `wait SECONDS`.
 * At a terminal called `a`: `a$ command` waits for its end, `a& command` does not, `a< text` is typed at what runs, `a^C` and `a^D` are keys;
 * the expressions are looked for in all that this terminal has shown since its last command.
 */
export function pagesIn(text: string): Page[] {
  const pages: Page[] = []
  for (const line of text.split('\n')) {
    const page = pages.at(-1)
    const step = page?.steps.at(-1)
    if (line.startsWith('# http')) pages.push({ url: line.slice(2), nodes: 2, addons: ADDONS, steps: [] })
    else if (line.startsWith('# nodes ') && page) page.nodes = Number(line.slice(8))
    else if (line.startsWith('# addons ') && page) page.addons = line.slice(9).split(' ')
    else if (ACT.test(line)) page?.steps.push({ command: line, wants: [] })
    else if (/^>( |$)/.test(line) && step) step.command += `\n${line.slice(2)}`
    else if (line.trim() !== '' && !line.startsWith('#')) step?.wants.push(line)
  }
  return pages
}

const LIMIT_MS = 180_000
const TYPING_MS = 2000
const ADDONS = ['dns', 'local-path', 'metrics-server', 'cloud']

const breathe = (): Promise<void> => new Promise((done) => setImmediate(done))

class Walk {
  readonly troubles: string[] = []
  readonly #cluster: Cluster
  readonly #shell: Shell
  readonly #desks = new Map<string, Desk>()
  #timers: { at: number; wake(): void }[] = []

  constructor({ nodes, addons }: Page) {
    const cluster = new Cluster({ seed: '7', nodes, addons })
    cluster.run(30_000)
    this.#cluster = cluster
    this.#shell = createShell({
      transport: inProcess(cluster),
      now: () => cluster.world.now,
      sleep: (ms) => new Promise((wake) => this.#timers.push({ at: cluster.world.now + ms, wake })),
    })
  }

  get #now(): number {
    return this.#cluster.world.now
  }

  #tick(): void {
    const next = Math.min(this.#now + 250, ...this.#timers.map((t) => t.at))
    this.#cluster.run(Math.max(1, next - this.#now))
    const due = this.#timers.filter((t) => t.at <= this.#now)
    this.#timers = this.#timers.filter((t) => t.at > this.#now)
    for (const { wake } of due) wake()
  }

  async #pass(ms: number): Promise<void> {
    const watched = this.#desks.size > 0
    for (const end = this.#now + ms; this.#now < end; this.#tick()) for (let i = 0; watched && i < 4; i++) await breathe()
  }

  /** Time goes on until it is over, and stands still while programs compute; false: it never is. */
  async #until(over: () => boolean): Promise<boolean> {
    for (const end = this.#now + LIMIT_MS; ; this.#tick()) {
      for (let i = 0; i < 3 || this.#shell.computes; i++) await breathe()
      if (over()) return true
      if (this.#now > end) return false
    }
  }

  async step({ command, wants }: Step): Promise<void> {
    const pause = /^wait ([\d.]+)$/.exec(command)
    if (pause) return this.#pass(Number(pause[1]) * 1000)
    // Reading and typing take their time.
    await this.#pass(TYPING_MS)
    const out = command.startsWith('$ ') ? await this.#line(command.slice(2)) : await this.#at(command)
    for (const want of wants)
      if (!new RegExp(want, 'm').test(out)) this.troubles.push(`${command}\nwants ${want}\ngot   ${out.trim()}`)
  }

  async #line(command: string): Promise<string> {
    let out = ''
    let over = false
    const stop = new AbortController()
    const write = (text: string): void => void (out += text)
    const done = this.#shell
      .run(command, { write, error: write, signal: stop.signal, columns: 120 })
      .then(() => void (over = true))
    if (!(await this.#until(() => over))) {
      stop.abort()
      this.#endless(command)
    }
    await Promise.race([done, breathe()])
    return out
  }

  #endless(command: string): void {
    this.troubles.push(`${command}\nit goes on for more than ${LIMIT_MS / 1000} s`)
  }

  async #at(command: string): Promise<string> {
    const [name = '', act] = command
    const desk = this.#desks.get(name) ?? new Desk(this.#shell)
    this.#desks.set(name, desk)
    if (act === '^') desk.type(command[2] === 'C' ? '\x03' : '\x04')
    else {
      if (act !== '<') desk.forget()
      desk.type(`${command.slice(3).replaceAll('\n', '\r')}\r`)
    }
    if (act === '$') {
      if (!(await this.#until(() => desk.idle))) this.#endless(command)
    } else await this.#pass(TYPING_MS)
    return desk.seen
  }
}

/** What did not come out as the page says. */
export async function walk(page: Page): Promise<string[]> {
  await preloadKubectl()
  await import('#shell/examples/index.ts')
  await preloadOrder()
  const walk = new Walk(page)
  for (const step of page.steps) await walk.step(step)
  return walk.troubles
}
