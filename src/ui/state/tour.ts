/** The first ninety seconds: what the page says and offers as a newcomer breaks the shop, looks back, asks for more and takes it all back. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Pod } from '#api/kinds.ts'
import type { Stop, TraceLine } from '#api/request.ts'
import { t } from '../words/index.ts'
import { undo } from './actions.ts'
import { becomes, onChange } from './changes.ts'
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
  /** When the machine went dark, simulated ms since the cluster was made. */
  darkAt: number
  /** All that was asked for found room: there is nothing to learn from it yet. */
  fits: boolean
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

/** How fast time goes towards the next hop of the repair: the first ones follow each other within milliseconds. */
const CRAWL = 0.05
const SLOW = 0.25
/** Each sentence stays this long, in wall ms. */
const SENTENCE_MS = 1700
/** The replay begins this long before the deed. */
const BEFORE_MS = 1200
const NOTICE_MS = 50_000
const EVICT_MS = 300_000
const READY_LIMIT_MS = 120_000
/** The page may learn so late what was done: of the pod it hears by another way than of who asked. */
const LATE_MS = 3000
/** So long new copies may take to show whether they find room, and a new machine until they run on it. */
const ROOM_MS = 20_000
const LANDING_MS = 30_000
/** What has not happened within this time will not: a hop that somebody else has spared the cluster. */
const PATIENCE_MS = 15_000
const SHOP = 'default/shop'

interface Hop {
  says(desk: Desk): string
  /** The write it tells of, since the deed. */
  line(lines: readonly TraceLine[]): TraceLine | undefined
  /** Whether it has happened, where a write alone does not tell. */
  seen?(desk: Desk): boolean
  /** How fast time goes until it happens. */
  pace: number
}

const wrote = (by: RegExp, verb: string, resource: RegExp): Hop['line'] => {
  return (lines) => lines.findLast((l) => by.test(l.by) && l.verb === verb && resource.test(l.resource) && l.code < 400)
}

const shopPods = ({ mirror }: Desk): Pod[] =>
  ([...mirror.all('pods').values()] as unknown as Pod[]).filter((pod) => pod.metadata.labels?.['app'] === 'shop')

/** The newest of the shop's pods. */
const newest = (desk: Desk): Pod | undefined =>
  shopPods(desk)
    .sort((a, b) => (a.metadata.creationTimestamp ?? '').localeCompare(b.metadata.creationTimestamp ?? ''))
    .at(-1)

const isKilled = (desk: Desk): boolean =>
  desk.choices.getState().deed?.id === 'kill' || shopPods(desk).some((pod) => pod.metadata.deletionTimestamp)

const wantedOf = ({ mirror }: Desk): number => mirror.get('deployments', SHOP)?.['spec']?.replicas ?? 0
const isPast = ({ clock }: Desk): boolean => clock.store.getState().status?.present !== undefined

const HOPS: readonly Hop[] = [
  { says: () => t('The API server recorded the deletion.'), line: wrote(/admin/, 'delete', /^pods/), pace: CRAWL },
  {
    says: () => t('The ReplicaSet controller counts 2, wants 3: it asks for one more.'),
    line: wrote(/replicaset-controller/, 'create', /^pods/),
    pace: CRAWL,
  },
  {
    says: (desk) => t('The scheduler picks {node}.', { node: newest(desk)?.spec.nodeName ?? 'a machine' }),
    line: wrote(/scheduler/, 'create', /^pods\/binding/),
    pace: CRAWL,
  },
  {
    says: (desk) => t('The kubelet of {node} starts it.', { node: newest(desk)?.spec.nodeName ?? t('that machine') }),
    line: wrote(/node:|kubelet/, 'patch', /^pods\/status/),
    seen: (desk) => newest(desk)?.status?.phase === 'Running',
    pace: SLOW,
  },
  {
    says: () => t('It answers its readiness check: the Service lets it in.'),
    line: wrote(/endpointslice/, 'update', /^endpointslices/),
    seen: (desk) => shopReady(desk, 3),
    // Nothing to see while it gets ready: time need not crawl.
    pace: 1,
  },
]

const shopReady = ({ scene }: Desk, wanted: number): boolean => scene.endpoints(SHOP).filter((e) => e.ready).length >= wanted

const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

export function createTour(desk: Desk): Tour {
  const store = createStore<TourState>()(() => ({ phase: 'invite', guess: '', darkAt: 0, fits: false, undone: 0, busy: false }))
  const guide: Guide = {
    desk,
    store,
    killedAt: 0,
    wanted: 3,
    machines: 3,
    seeking: false,
    stopped: false,
    to: (phase) => store.setState({ phase, busy: false }),
    speed: (value) => void desk.simulation?.setSpeed(value === 0 ? 'paused' : value),
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
  /** What was done, by a click or by a command: the cluster itself tells. */
  const look = (): void => {
    const { phase } = store.getState()
    if (phase === 'invite' && isKilled(desk)) void tellRepair(guide)
    else if (phase === 'machine' && desk.choices.getState().off.length > 0) {
      store.setState({ darkAt: desk.clock.store.getState().status?.elapsed ?? 0 })
      guide.to('predict')
    } else if (phase === 'ask' && wantedOf(desk) !== guide.wanted) void watchRoom(guide)
    else if (phase === 'short' && desk.scene.nodes().length > guide.machines) void watchLanding(guide)
    // Who resumes by another button has seen enough.
    else if (phase === 'replay' && guide.seeking === false && !isPast(desk)) guide.to('machine')
  }
  return {
    store,
    act: (what, word = '') => void ACTS[what](word),
    start() {
      guide.stopped = false
      const stop = onChange(desk, look)
      return () => {
        guide.stopped = true
        stop()
        desk.story.mute(false)
      }
    },
  }
}

interface Guide {
  readonly desk: Desk
  readonly store: StoreApi<TourState>
  /** When the pod was killed, simulated ms since 1970. */
  killedAt: number
  /** How many copies were asked for, and how many machines there were, when the step began. */
  wanted: number
  machines: number
  /** On the way into the past. */
  seeking: boolean
  stopped: boolean
  to(phase: Phase): void
  speed(value: number): void
}

/** Until it is so, or for so long that it will not be; or until the newcomer leaves. */
const until = (guide: Guide, so: () => boolean, patience = PATIENCE_MS): Promise<boolean> =>
  becomes(guide.desk, () => guide.stopped || so(), patience)

/** When somebody asked for the deletion: a little before the page learns of it. */
const deletedAt = ({ journal, clock }: Desk): number | undefined =>
  journal.since(clock.now(), PATIENCE_MS).findLast((l) => /admin/.test(l.by) && l.verb === 'delete' && /^pods/.test(l.resource))
    ?.at

/** One sentence per hop, each when it has happened; the world stands still while it is read, so that picture and words agree. */
async function tellRepair(guide: Guide): Promise<void> {
  const { desk } = guide
  const { clock, story, journal } = desk
  guide.killedAt = deletedAt(desk) ?? clock.now()
  guide.to('repair')
  story.mute(true)
  for (const hop of HOPS) {
    guide.speed(hop.pace)
    const line = (): TraceLine | undefined => hop.line(journal.since(clock.now(), clock.now() - guide.killedAt + LATE_MS))
    const seen = await until(guide, () => (hop.seen ? hop.seen(desk) : line() !== undefined))
    if (guide.stopped) return
    if (!seen) continue
    guide.killedAt = deletedAt(desk) ?? guide.killedAt
    guide.speed(0)
    story.say(hop.says(desk), line())
    await wait(SENTENCE_MS)
    if (guide.stopped) return guide.speed(1)
  }
  story.mute(false)
  guide.speed(1)
  guide.to('repaired')
}

async function lookBack(guide: Guide): Promise<void> {
  const { simulation, clock } = guide.desk
  const { status } = clock.store.getState()
  if (!status || !simulation) return
  guide.seeking = true
  guide.to('replay')
  seeker(guide.desk).begin()
  clock.take(await simulation.seek(guide.killedAt - (status.now - status.elapsed) - BEFORE_MS))
  await simulation.setSpeed(0.5)
  guide.seeking = false
}

async function goOn(guide: Guide): Promise<void> {
  if (guide.store.getState().phase === 'reborn') {
    guide.wanted = wantedOf(guide.desk)
    return guide.to('ask')
  }
  await guide.desk.simulation?.resume()
  guide.speed(1)
  guide.to('machine')
}

async function skip({ desk, store, to }: Guide, phase: Phase, ms: number): Promise<void> {
  store.setState({ busy: true })
  const { story } = desk
  const [node = t('that machine')] = desk.choices.getState().off
  // What happened meanwhile is much; the one thing that matters is said.
  story.mute(true)
  await desk.simulation?.advance(ms)
  const shop = { resource: 'deployments.apps', namespace: 'default', name: 'shop' }
  if (phase === 'reborn')
    await desk.simulation?.runUntil({ kind: 'condition', ...shop, type: 'Available', status: 'True' }, READY_LIMIT_MS)
  story.mute(false)
  story.say(
    phase === 'reborn'
      ? t('The taint eviction controller deleted the Pods of {node}: the ReplicaSet controller asked for others.', { node })
      : t('The node life-cycle controller has not heard from {node} for 50 s: it marks it NotReady.', { node }),
  )
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
  const { desk, store, to } = guide
  const asked = wantedOf(desk)
  guide.wanted = asked
  store.setState({ fits: false })
  const short = (): boolean =>
    desk.verdict.getState().verdict !== null && desk.scene.podsOn(WAITING).some((pod) => !isSystem(pod.metadata.namespace))
  await until(guide, () => wantedOf(desk) !== asked || short() || shopReady(desk, asked), ROOM_MS)
  guide.machines = desk.scene.nodes().length
  if (guide.stopped || wantedOf(desk) !== asked) return
  if (short()) to('short')
  else store.setState({ fits: shopReady(desk, asked) })
}

/** The machine that was added is there, and nobody waits any more. */
async function watchLanding(guide: Guide): Promise<void> {
  const { desk, to } = guide
  guide.machines = desk.scene.nodes().length
  const landed = (): boolean => {
    const own = shopPods(desk).filter((pod) => !pod.metadata.deletionTimestamp)
    return own.every((pod) => lookOf(pod).family === 'good' && lookOf(pod).fill === 'solid')
  }
  await until(guide, landed, LANDING_MS)
  if (!guide.stopped) to('landed')
}
