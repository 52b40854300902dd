/** The first ninety seconds: what the page says and offers as a newcomer breaks the shop, looks back, asks for more and takes it all back. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import type { Stop, TraceLine } from '#api/request.ts'
import { t } from '../words/index.ts'
import { undo } from './actions.ts'
import type { Desk } from './desk.ts'
import { lookOf } from './look.ts'
import { seeker } from './past.ts'
import { WAITING } from './scene.ts'
import { isSystem } from './seats.ts'

export type Phase =
  | 'invite'
  | 'repair'
  | 'repaired'
  | 'replay'
  | 'machine'
  | 'predict'
  | 'silent'
  | 'noticed'
  | 'reborn'
  | 'ask'
  | 'short'
  | 'landed'
  | 'undo'
  | 'doors'

export interface TourState {
  phase: Phase
  /** What the newcomer guessed: how long until somebody notices. */
  guess: string
  /** Deeds taken back so far. */
  undone: number
  busy: boolean
}

export interface Tour {
  readonly store: StoreApi<TourState>
  /** The one thing to do now, by the button that offers it. */
  act(what: Act, word?: string): void
  start(): Stop
}

export type Act = 'again' | 'onward' | 'guess' | 'skip' | 'wait' | 'undo' | 'keep'

/** How slowly time goes while the repair is told. */
const SLOW = 0.25
/** Each sentence stays this long, in wall ms. */
const SENTENCE_MS = 1700
/** The replay begins this long before the deed. */
const BEFORE_MS = 1200
const NOTICE_MS = 50_000
const EVICT_MS = 300_000
const READY_LIMIT_MS = 120_000
const SHOP = 'default/shop'

interface Hop {
  says(desk: Desk): string
  /** Whether it has happened, since the deed. */
  seen(desk: Desk, lines: readonly TraceLine[]): boolean
}

const wrote = (by: RegExp, verb: string, resource: RegExp): Hop['seen'] => {
  return (_desk, lines) => lines.some((l) => by.test(l.by) && l.verb === verb && resource.test(l.resource) && l.code < 400)
}

/** The newest of the shop's pods. */
function newest({ mirror }: Desk): Pod | undefined {
  const pods = [...mirror.all('pods').values()] as unknown as Pod[]
  const own = pods.filter((pod) => pod.metadata.labels?.['app'] === 'shop')
  return own.sort((a, b) => (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? '')).at(-1)
}

const HOPS: readonly Hop[] = [
  { says: () => t('The API server recorded the deletion.'), seen: wrote(/admin/, 'delete', /^pods/) },
  {
    says: () => t('The ReplicaSet controller counts 2, wants 3: it asks for one more.'),
    seen: wrote(/replicaset-controller/, 'create', /^pods/),
  },
  {
    says: (desk) => t('The scheduler picks {node}.', { node: newest(desk)?.spec.nodeName ?? 'a machine' }),
    seen: wrote(/scheduler/, 'create', /^pods\/binding/),
  },
  {
    says: (desk) => t('The kubelet of {node} starts it.', { node: newest(desk)?.spec.nodeName ?? t('that machine') }),
    seen: (desk) => newest(desk)?.status?.phase === 'Running',
  },
  {
    says: () => t('It answers its readiness check: the Service lets it in.'),
    seen: (desk) => shopReady(desk, 3),
  },
]

const shopReady = ({ scene }: Desk, wanted: number): boolean => scene.endpoints(SHOP).filter((e) => e.ready).length >= wanted

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

export function createTour(desk: Desk): Tour {
  const store = createStore<TourState>()(() => ({ phase: 'invite', guess: '', undone: 0, busy: false }))
  const guide: Guide = {
    desk,
    store,
    killedAt: 0,
    stopped: false,
    to: (phase) => store.setState({ phase, busy: false }),
    speed: (value) => void desk.simulation?.setSpeed(value),
  }
  const ACTS: Record<Act, (word: string) => unknown> = {
    again: () => lookBack(guide),
    onward: () => goOn(guide),
    guess: (guess) => store.setState({ guess, phase: 'silent' }),
    skip: () => skip(guide, 'noticed', NOTICE_MS),
    wait: () => skip(guide, 'reborn', EVICT_MS),
    undo: () => takeBack(guide),
    keep: () => guide.to('doors'),
  }
  const onDeed = (id: string): void => {
    const { phase } = store.getState()
    if (id === 'kill' && phase === 'invite') void tellRepair(guide)
    else if (id === 'power-off' && phase === 'machine') guide.to('predict')
    else if (id === 'scale' && phase === 'ask') void watchRoom(guide)
    else if (id === 'add-node' && phase === 'short') void watchLanding(guide)
  }
  return {
    store,
    act: (what, word = '') => void ACTS[what](word),
    start() {
      guide.stopped = false
      const stop = desk.choices.subscribe(({ deed }, before) => {
        if (deed && deed !== before.deed) onDeed(deed.id)
      })
      return () => {
        guide.stopped = true
        stop()
      }
    },
  }
}

interface Guide {
  readonly desk: Desk
  readonly store: StoreApi<TourState>
  /** When the pod was killed, simulated ms since 1970. */
  killedAt: number
  stopped: boolean
  to(phase: Phase): void
  speed(value: number): void
}

/** Looks ten times a second until it is so. */
async function until(guide: Guide, so: () => boolean): Promise<void> {
  while (!guide.stopped && !so()) await wait(100)
}

/** One sentence per hop, each when it has happened. */
async function tellRepair(guide: Guide): Promise<void> {
  const { desk } = guide
  const { clock, story, journal } = desk
  guide.killedAt = clock.now()
  guide.to('repair')
  guide.speed(SLOW)
  for (const [i, hop] of HOPS.entries()) {
    // Nothing to see while it gets ready: time need not crawl.
    if (i === HOPS.length - 1) guide.speed(1)
    await until(guide, () => hop.seen(desk, journal.since(clock.now(), clock.now() - guide.killedAt + 50)))
    if (guide.stopped) return
    story.hush()
    story.say(hop.says(desk))
    await wait(SENTENCE_MS)
  }
  guide.speed(1)
  guide.to('repaired')
}

async function lookBack(guide: Guide): Promise<void> {
  const { simulation, clock } = guide.desk
  const { status } = clock.store.getState()
  if (!status || !simulation) return
  guide.to('replay')
  seeker(guide.desk).begin()
  clock.take(await simulation.seek(guide.killedAt - (status.now - status.elapsed) - BEFORE_MS))
  await simulation.setSpeed(0.5)
}

async function goOn(guide: Guide): Promise<void> {
  if (guide.store.getState().phase === 'reborn') return guide.to('ask')
  await guide.desk.simulation?.resume()
  guide.speed(1)
  guide.to('machine')
}

async function skip({ desk, store, to }: Guide, phase: Phase, ms: number): Promise<void> {
  store.setState({ busy: true })
  await desk.simulation?.advance(ms)
  const shop = { resource: 'deployments.apps', namespace: 'default', name: 'shop' }
  if (phase === 'reborn')
    await desk.simulation?.runUntil({ kind: 'condition', ...shop, type: 'Available', status: 'True' }, READY_LIMIT_MS)
  to(phase)
}

async function takeBack({ desk, store, to }: Guide): Promise<void> {
  store.setState({ busy: true })
  const done = await undo(desk)
  store.setState(({ undone }) => ({ phase: 'undo', undone: done ? undone + 1 : undone, busy: false }))
  const left = (await desk.simulation?.deeds())?.length ?? 0
  if (!done || left === 0) to('doors')
}

/** After the scaling: are there pods that find no place, or do all of them run? */
async function watchRoom(guide: Guide): Promise<void> {
  const { desk, to } = guide
  for (let i = 0; i < 40 && !guide.stopped; i += 1) {
    await wait(250)
    const waits = desk.scene.podsOn(WAITING).some((pod) => !isSystem(pod.metadata.namespace))
    if (waits && desk.verdict.getState().verdict) return to('short')
  }
}

/** The machine that was added is there, and nobody waits any more. */
async function watchLanding(guide: Guide): Promise<void> {
  const { desk, to } = guide
  for (let i = 0; i < 120 && !guide.stopped; i += 1) {
    await wait(250)
    const pods = [...desk.mirror.all('pods').values()] as unknown as Pod[]
    const own = pods.filter((pod) => pod.metadata.labels?.['app'] === 'shop' && !pod.metadata.deletionTimestamp)
    if (own.every((pod) => lookOf(pod).family === 'good' && lookOf(pod).fill === 'solid')) break
  }
  if (!guide.stopped) to('landed')
}

/** A tile that a newcomer may click: one of the shop's, in good health. */
export const inviting = ({ mirror }: Desk): string | null => {
  for (const pod of mirror.all('pods').values()) {
    if (!isSystem(pod.metadata.namespace) && lookOf(pod as unknown as Pod).family === 'good') return keyOf(pod.metadata)
  }
  return null
}
