/** Entry: the page. Starts the cluster's worker, hands the desk to the screens, and starts both anew when the worker dies. */
import { createRoot } from 'react-dom/client'
import { assert } from '#api/assert.ts'
import type { Session, Transport } from '#api/request.ts'
import { nextFrame } from '#client/mirror.ts'
import type { Beginning } from '#transport/port-messages.ts'
import { connectWorker, type WorkerTransport } from '#transport/worker-port.ts'
import { App } from '#ui/app/app.tsx'
import type { Choices } from '#ui/state/choices.ts'
import { createDesk, type Desk } from '#ui/state/desk.ts'
import type { Lifeline } from '#ui/state/lifeline.ts'
import type { Opened } from '#ui/state/link.ts'
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

interface Start {
  begin: Beginning
  notice: string
  /** Manifests to apply once the cluster is there. */
  manifests?: string
}

const REPLAYED = 'This is a replay: the link did again what its sender did.'
const SHARED = 'This cluster was begun from what a link asks for.'

const from = (opened: Extract<Opened, { ok: true }>): Start =>
  'session' in opened
    ? { begin: replay(opened.session), notice: REPLAYED }
    : {
        begin: { ...fresh(options), seed: opened.state.seed, nodes: opened.state.nodes, scene: 'empty' },
        notice: SHARED,
        manifests: opened.state.manifests,
      }

/** What to begin with: a link, else where this tab was before a reload, else a new cluster. */
async function beginning(): Promise<Start> {
  // A reload goes on with what was made of the same address.
  const link = /^#[rs]=/.test(location.hash) ? location.hash : ''
  const address = [options.seed, options.scene, options.nodes, options.src, link].join(' ')
  const last = keeper.begun(address) && (await again())
  if (last) return { begin: last, notice: '' }
  if (link) {
    const { openLink } = await import('#ui/state/link.ts')
    const opened = openLink(location.hash)
    return opened?.ok ? from(opened) : { begin: fresh(options), notice: opened?.message ?? '' }
  }
  if (options.src !== undefined) {
    const { fetchSource } = await import('#ui/state/source.ts')
    const found = await fetchSource(options.src, location.href)
    if (!found.ok) return { begin: fresh(options), notice: found.message }
    return { begin: { ...fresh(options), scene: options.scene ?? 'empty' }, notice: '', manifests: found.text }
  }
  return { begin: fresh(options), notice: '' }
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
/** Every transport goes through here on its way to the screens. */
let guard = (transport: Transport): Transport => transport

function open({ begin, notice, manifests }: Start, choices: Partial<Choices> = {}): void {
  generation += 1
  const worker = new Worker(new URL('./worker.ts', import.meta.url), { type: 'module', name: 'cluster' })
  const transport = connectWorker(worker, nextFrame)
  const close = show(guard(transport), notice, () => worker.terminate(), choices)
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
      if (manifests) void give(transport, close.desk, manifests)
    })
  if (options.speed !== undefined) void transport.simulation.setSpeed(options.speed === 0 ? 'paused' : options.speed)
}

/** Manifests of a link: applied as soon as the cluster takes them, and the editor shows them. */
async function give(transport: Transport, desk: Desk, manifests: string): Promise<void> {
  const { applyManifest } = await import('#ui/panels/editor/apply-manifest.ts')
  // A new namespace has its ServiceAccount only after a moment.
  await desk.simulation?.advance(2000)
  const results = await applyManifest({ ...desk, transport }, manifests)
  const failed = results.filter(({ outcome }) => outcome === 'failed')
  if (failed.length === 0) return
  const [first] = failed
  desk.lifeline.setState({
    notice: `${failed.length} of ${results.length} manifests of the link were refused: ${first?.name}: ${first?.problems[0]?.message}`,
  })
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
): { desk: Desk; fail(message: string): void } {
  const desk = createDesk(transport, options)
  desk.choices.setState(choices)
  const restart = async (session: Session | null): Promise<void> => {
    end()
    const { elapsed = 0, present = elapsed } = desk.clock.store.getState().status ?? {}
    if (session) keeper.keep({ ...session, until: Math.max(session.until, present) })
    const begin = session ? await again() : null
    if (!begin) keeper.forget()
    open({ begin: begin ?? fresh(options), notice: begin ? 'The cluster was started again, and is where it was.' : '' })
  }
  const begin: Lifeline['begin'] = (wanted) => {
    end()
    keeper.forget()
    open({ begin: { ...fresh(options), ...wanted }, notice: '' }, { lessonOpen: true, screen: 'lesson' })
  }
  const reopen: Lifeline['open'] = (opened) => {
    end()
    keeper.forget()
    open(from(opened))
  }
  const keep = (session: Session): void => {
    keeper.keep(session)
    const { simulation, clock } = desk
    const steps = clock.store.getState().status?.steps ?? 0
    if (simulation) void keeper.consider(steps, () => simulation.save()).catch(() => {})
  }
  let drawn = 0
  const redraw = (): void => {
    drawn += 1
    root.render(<App key={`${generation} ${drawn}`} desk={desk} keep={keep} />)
  }
  const restarted = (session: Session | null): void => void restart(session)
  desk.lifeline.setState({ notice, restart: restarted, begin, open: reopen, redraw, lastSession: keeper.last })
  redraw()
  // The first error is the cause; those that follow are its echo.
  return { desk, fail: (message) => desk.lifeline.setState((now) => ({ broken: now.broken ?? message })) }
}

if (options.lang && options.lang !== 'en') {
  const { LANGUAGES, speak } = await import('#ui/words/index.ts')
  const lang = LANGUAGES.find((known) => known === options.lang)
  if (lang) await speak(lang)
}
if (options.readonly) guard = (await import('#ui/state/read-only.ts')).readOnly
if (options.poster) {
  const { poster } = await import('#ui/app/poster.ts')
  await poster(element)
}
if (import.meta.env.DEV && options.fake) {
  const { createFake } = await import('#ui/testing/fake.ts')
  show(createFake(), '', () => {})
} else {
  const real = await realCluster()
  if (real) show(guard(real), 'This is the cluster behind kubectl proxy: what you do here is done to it.', () => {})
  else open(await beginning())
}

// In a frame of somebody else's page there is nothing to keep, and often no storage to keep it in.
if (import.meta.env.PROD && !options.embed) {
  const keepForOffline = (): void => void navigator.serviceWorker?.register('./sw.js').catch(() => {})
  if (document.readyState === 'complete') keepForOffline()
  else addEventListener('load', keepForOffline)
}
