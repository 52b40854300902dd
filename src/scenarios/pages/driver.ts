/** Runs the commands of Kubernetes' pages in the learner's shell, in virtual time, and looks for what the pages say they print. */
import { Cluster } from '#engine'
import { preloadKubectl } from '#kubectl/kubectl.ts'
import { createShell } from '#shell/shell.ts'
import { inProcess } from '#transport/in-process.ts'

/** A page: its address, and its commands with what must be found in what they print (one expression a line). */
export interface Page {
  url: string
  steps: { command: string; wants: string[] }[]
}

/** `# URL`, `$ command` (continued by `> `), expressions below it; `wait SECONDS`. */
export function pagesIn(text: string): Page[] {
  const pages: Page[] = []
  for (const line of text.split('\n')) {
    const page = pages.at(-1)
    const step = page?.steps.at(-1)
    if (line.startsWith('# http')) pages.push({ url: line.slice(2), steps: [] })
    else if (line.startsWith('$ ') || line.startsWith('wait ')) page?.steps.push({ command: line.replace(/^\$ /, ''), wants: [] })
    else if (line.startsWith('> ') && step) step.command += `\n${line.slice(2)}`
    else if (line.trim() !== '' && !line.startsWith('#')) step?.wants.push(line)
  }
  return pages
}

const LIMIT_MS = 180_000
const TYPING_MS = 2000
const ADDONS = ['dns', 'local-path', 'metrics-server', 'cloud']

const breathe = (): Promise<void> => new Promise((done) => setImmediate(done))

/** What did not come out as the page says. */
export async function walk(page: Page): Promise<string[]> {
  await preloadKubectl()
  await import('#shell/examples/index.ts')
  const cluster = new Cluster({ seed: '7', nodes: 2, addons: ADDONS })
  cluster.run(30_000)
  let timers: { at: number; wake(): void }[] = []
  const shell = createShell({
    transport: inProcess(cluster),
    now: () => cluster.world.now,
    sleep: (ms) => new Promise((wake) => timers.push({ at: cluster.world.now + ms, wake })),
  })
  const tick = (): void => {
    const next = Math.min(cluster.world.now + 250, ...timers.map((t) => t.at))
    cluster.run(Math.max(1, next - cluster.world.now))
    const due = timers.filter((t) => t.at <= cluster.world.now)
    timers = timers.filter((t) => t.at > cluster.world.now)
    for (const { wake } of due) wake()
  }
  const troubles: string[] = []
  for (const { command, wants } of page.steps) {
    const pause = /^wait ([\d.]+)$/.exec(command)
    if (pause) {
      for (const end = cluster.world.now + Number(pause[1]) * 1000; cluster.world.now < end; ) tick()
      continue
    }
    // Reading and typing take their time.
    for (const end = cluster.world.now + TYPING_MS; cluster.world.now < end; ) tick()
    let out = ''
    let over = false
    const stop = new AbortController()
    const write = (text: string): void => void (out += text)
    const done = shell.run(command, { write, error: write, signal: stop.signal, columns: 120 }).then(() => void (over = true))
    for (const end = cluster.world.now + LIMIT_MS; !over; ) {
      for (let i = 0; i < 3; i++) await breathe()
      if (over) break
      if (cluster.world.now > end) {
        stop.abort()
        troubles.push(`$ ${command}\nit goes on for more than ${LIMIT_MS / 1000} s`)
        break
      }
      tick()
    }
    await Promise.race([done, breathe()])
    for (const want of wants)
      if (!new RegExp(want, 'm').test(out)) troubles.push(`$ ${command}\nwants ${want}\ngot   ${out.trim()}`)
  }
  return troubles
}
