/** Entry: the page. Starts the cluster's worker, hands the desk to the screens, and starts both anew when the worker dies. */
import { createRoot } from 'react-dom/client'
import { assert } from '#api/assert.ts'
import type { Session, Transport } from '#api/request.ts'
import { nextFrame } from '#client/mirror.ts'
import { USUAL } from '#transport/first-picture.ts'
import type { Beginning } from '#transport/port-messages.ts'
import { connectWorker } from '#transport/worker-port.ts'
import { App } from '#ui/app/app.tsx'
import { Boundary } from '#ui/parts/boundary.tsx'
import type { Start } from '#ui/state/beginning.ts'
import { type Choices, forLesson } from '#ui/state/choices.ts'
import { clusterWorker } from '#ui/state/cluster-worker.ts'
import { createDesk, type Desk } from '#ui/state/desk.ts'
import { firstLook } from '#ui/state/first-look.ts'
import type { Hire } from '#ui/state/hire.ts'
import type { Lifeline } from '#ui/state/lifeline.ts'
import { type Options, readOptions } from '#ui/state/options.ts'
import { createSessionKeeper } from '#ui/state/session-keeper.ts'
import { createStorage } from '#ui/state/storage.ts'
import { LANGUAGES, speak, t } from '#ui/words/index.ts'

/** A page that was loaded again is not loaded again so soon. */
const AGAIN_MS = 60_000

/** How long after the cluster was first seen the page is kept for visits without a network. */
const KEEP_AFTER_MS = 2000

const element = document.getElementById('root')
assert(element, 'the page has no #root')
const root = createRoot(element)
const options = readOptions(location.search)
const keeper = createSessionKeeper()

// A part of the page did not come: the line broke, or a newer page has taken this one's place. The session is kept: load again, once.
addEventListener('vite:preloadError', (event) => {
  const [how] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[]
  if (!navigator.onLine || (how?.type === 'reload' && performance.now() < AGAIN_MS)) return
  event.preventDefault()
  location.reload()
})

const fresh = ({ seed, nodes, scene, addons, controlPlanes }: Options): Extract<Beginning, { kind: 'fresh' }> => ({
  kind: 'fresh',
  // A first visitor finds the scene of which there is a picture; who begins again finds another.
  seed: seed ?? (generation === 0 ? USUAL.seed : String(Math.floor(Math.random() * 1e9))),
  epoch: Math.floor(Date.now() / 1000) * 1000,
  nodes: nodes ?? 3,
  scene: scene ?? 'shop',
  ...(controlPlanes ? { controlPlanes } : {}),
  ...(addons ? { addons: addons === 'none' ? [] : addons.split(',') } : {}),
})

/** Most visits begin anew and need nothing of it at first. */
const other = () => import('#ui/state/beginning.ts')

/** Whoever runs a cluster for this page. */
let hire: Hire = clusterWorker

let generation = 0
/** Every transport goes through here on its way to the screens. */
let guard = (transport: Transport): Transport => transport

function open({ begin, notice, follow, choices: own = {} }: Start, choices: Partial<Choices> = own): void {
  generation += 1
  const { port, end, failed } = hire()
  const transport = connectWorker(port, nextFrame)
  const close = show(guard(transport), notice, end, choices)
  // What fails after the first only follows from it.
  let told = false
  failed((message) => {
    if (!told) close.fail(message || t('The worker that runs the cluster could not be loaded.'))
    told = true
  })
  transport.onInputs = keeper.add
  void transport
    .begin(begin)
    .then(() => transport.simulation.session())
    .then((session) => {
      keeper.keep(session)
      return other()
    })
    .then(({ describe }) => {
      describe(transport)
      return follow?.(transport, close.desk)
    })
  if (options.speed !== undefined) void transport.simulation.setSpeed(options.speed === 0 ? 'paused' : options.speed)
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
    const begin = session ? await (await other()).again(keeper) : null
    if (!begin) keeper.forget()
    open({ begin: begin ?? fresh(options), notice: begin ? t('The cluster was started again, and is where it was.') : '' })
  }
  const begin: Lifeline['begin'] = (wanted) => {
    end()
    keeper.forget()
    open({ begin: { ...fresh(options), ...wanted }, notice: '' }, forLesson())
  }
  const reopen: Lifeline['open'] = (opened) => {
    end()
    keeper.forget()
    void other().then(({ from }) => open(from(opened, fresh(options))))
  }
  const keep = (session: Session): void => {
    keeper.keep(session)
    const { simulation, clock } = desk
    const steps = clock.store.getState().status?.steps ?? 0
    if (simulation) void keeper.consider(steps, () => simulation.save()).catch(() => {})
  }
  const restarted = (session: Session | null): void => void restart(session)
  desk.lifeline.setState({
    notice,
    restart: restarted,
    begin,
    open: reopen,
    lastSession: keeper.last,
    rehearse: async () => (await other()).rehearse(desk, connectWorker),
  })
  root.render(
    <Boundary name={t('The page')}>
      <App key={generation} desk={desk} keep={keep} />
    </Boundary>,
  )
  // The first error is the cause; those that follow are its echo.
  return { desk, fail: (message) => desk.lifeline.setState((now) => ({ broken: now.broken ?? message })) }
}

async function beginSimulated(): Promise<void> {
  const link = /^#[rsl]=/.test(location.hash) ? location.hash : ''
  // A reload goes on with what was made of the same address.
  const address = [
    options.seed,
    options.scene,
    options.nodes,
    options.addons,
    options.controlPlanes,
    options.src,
    options.lesson,
    link,
  ].join(' ')
  const kept = keeper.begun(address) && keeper.last() !== null
  const plain = !kept && !link && options.src === undefined && options.lesson === undefined
  const anew = fresh(options)
  open(plain ? { begin: anew, notice: '' } : await (await other()).beginning(options, keeper, kept, anew))
}

const wanted = options.lang ?? (options.embed ? 'en' : createStorage().get('lang'))
const lang = LANGUAGES.find((known) => known === wanted && known !== 'en')
if (lang) await speak(lang)
if (options.readonly) guard = (await import('#ui/state/read-only.ts')).readOnly
if (options.engine) hire = (await import('#ui/state/shared-engine.ts')).shared(options.engine, hire)
if (options.poster) {
  const { poster } = await import('#ui/app/poster.ts')
  await poster(element)
}
if (import.meta.env.DEV && options.fake) {
  const { createFake } = await import('#ui/testing/fake.ts')
  show(createFake(), '', () => {})
} else {
  // `kubectl proxy --www=dist` serves this page under /static/ beside a real API: then that cluster is the one to show.
  // Asked for only there (or with `?cluster=real`), so that no other server is bothered.
  const real = (location.pathname.startsWith('/static/') || options.real) && (await (await other()).realCluster())
  if (real) show(guard(real), t('This is the cluster behind kubectl proxy: what you do here is done to it.'), () => {})
  else await beginSimulated()
}

// In a frame of somebody else's page there is nothing to keep, and often no storage to keep it in. All files are fetched for it: not while
// the first look at the cluster, the terminal and the rest of the engine are waited for.
if (import.meta.env.PROD && !options.embed) {
  void firstLook.then(() => setTimeout(() => void navigator.serviceWorker?.register('./sw.js').catch(() => {}), KEEP_AFTER_MS))
}
