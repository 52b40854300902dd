/** Entry: the page. Starts the cluster's worker, hands the desk to the screens, and starts both anew when the worker dies. */
import { createRoot } from 'react-dom/client'
import { assert } from '#api/assert.ts'
import type { Session, Transport } from '#api/request.ts'
import { nextFrame } from '#client/mirror.ts'
import type { Beginning } from '#transport/port-messages.ts'
import { connectWorker, type WorkerTransport } from '#transport/worker-port.ts'
import { App } from '#ui/app/app.tsx'
import type { Choices } from '#ui/state/choices.ts'
import { createDesk } from '#ui/state/desk.ts'
import type { Lifeline } from '#ui/state/lifeline.ts'
import { type Options, readOptions } from '#ui/state/options.ts'
import { createSessionKeeper } from '#ui/state/session-keeper.ts'

const element = document.getElementById('root')
assert(element, 'the page has no #root')
const root = createRoot(element)
const options = readOptions(location.search)
const keeper = createSessionKeeper()

const fresh = ({ seed, nodes, scene }: Options): Extract<Beginning, { kind: 'fresh' }> => ({
  kind: 'fresh',
  seed: seed ?? String(Math.floor(Math.random() * 1e9)),
  epoch: Math.floor(Date.now() / 1000) * 1000,
  nodes: nodes ?? 3,
  scene: scene ?? 'shop',
})

const replay = (session: Session): Beginning => ({ kind: 'replay', session })

/** The session of this tab from its last snapshot, else from its beginning; `null` when there is none. */
async function again(): Promise<Beginning | null> {
  if (!keeper.last()) return null
  const text = await keeper.snapshot().catch(() => null)
  const session = keeper.last()
  if (!session) return null
  return text ? { kind: 'load', text, session } : replay(session)
}

/** What to begin with: a link, else where this tab was before a reload, else a new cluster. */
async function beginning(): Promise<{ begin: Beginning; notice: string }> {
  if (/^#r=/.test(location.hash)) {
    const { openLink } = await import('#ui/state/link.ts')
    const opened = openLink(location.hash)
    if (opened?.ok) return { begin: replay(opened.session), notice: 'This is a replay: the link did again what its sender did.' }
    return { begin: fresh(options), notice: opened?.message ?? '' }
  }
  const asked = options.seed ?? options.scene ?? options.nodes
  return { begin: (asked === undefined && (await again())) || fresh(options), notice: '' }
}

/**
 * `kubectl proxy --www=dist` serves this page under /static/ beside a real API: then that cluster is the one to show.
 * Asked for only there (or with `?cluster=real`), so that no other server is bothered.
 */
async function realCluster(): Promise<Transport | null> {
  if (!location.pathname.startsWith('/static/') && !options.real) return null
  try {
    const answer = await fetch('/version')
    const version = (await answer.json()) as { gitVersion?: string }
    if (!answer.ok || !version.gitVersion) return null
    const { http } = await import('#transport/http.ts')
    return http({ server: location.origin, watchBySocket: true })
  } catch {
    return null
  }
}

let generation = 0

function open(begin: Beginning, notice: string, choices: Partial<Choices> = {}): void {
  generation += 1
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'cluster' })
  const transport = connectWorker(worker, nextFrame)
  const close = show(transport, notice, () => worker.terminate(), choices)
  worker.onerror = (event) => {
    event.preventDefault()
    close.fail(event.message || 'The worker that runs the cluster could not be loaded.')
  }
  transport.onInputs = keeper.add
  void transport
    .begin(begin)
    .then(() => transport.simulation.session())
    .then((session) => {
      keeper.keep(session)
      describe(transport)
    })
  if (options.speed !== undefined) void transport.simulation.setSpeed(options.speed === 0 ? 'paused' : options.speed)
}

/** What `kubectl explain` and OpenAPI say of every field: large, so it follows when the page has nothing better to do. */
function describe(transport: WorkerTransport): void {
  const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 2000))
  idle(async () => {
    try {
      const answer = await fetch(new URL('./generated/descriptions.json', import.meta.url))
      if (answer.ok) transport.setDescriptions((await answer.json()) as Record<string, Record<string, string>>)
    } catch {
      // Offline without them: explain then shows types without texts.
    }
  })
}

function show(
  transport: Transport,
  notice: string,
  end: () => void,
  choices: Partial<Choices> = {},
): { fail(message: string): void } {
  const desk = createDesk(transport, options)
  desk.choices.setState(choices)
  const restart = async (session: Session | null): Promise<void> => {
    end()
    const { elapsed = 0, present = elapsed } = desk.clock.store.getState().status ?? {}
    if (session) keeper.keep({ ...session, until: Math.max(session.until, present) })
    const begin = session ? await again() : null
    if (!begin) keeper.forget()
    open(begin ?? fresh(options), begin ? 'The cluster was started again, and is where it was.' : '')
  }
  const begin: Lifeline['begin'] = (wanted) => {
    end()
    keeper.forget()
    open({ ...fresh(options), ...wanted }, '', { lessonOpen: true, screen: 'lesson' })
  }
  desk.lifeline.setState({ notice, restart: (session) => void restart(session), begin, lastSession: keeper.last })
  const keep = (session: Session): void => {
    keeper.keep(session)
    const { simulation, clock } = desk
    const steps = clock.store.getState().status?.steps ?? 0
    if (simulation) void keeper.consider(steps, () => simulation.save()).catch(() => {})
  }
  root.render(<App key={generation} desk={desk} keep={keep} />)
  // The first error is the cause; those that follow are its echo.
  return { fail: (message) => desk.lifeline.setState((now) => ({ broken: now.broken ?? message })) }
}

if (import.meta.env.DEV && options.fake) {
  const { createFake } = await import('#ui/testing/fake.ts')
  show(createFake(), '', () => {})
} else {
  const real = await realCluster()
  if (real) show(real, 'This is the cluster behind kubectl proxy: what you do here is done to it.', () => {})
  else {
    const { begin, notice } = await beginning()
    open(begin, notice)
  }
}
