/**
 * A shop's busiest day: whoever opens the doors (a label on the ConfigMap `day`) gets 24 hours of visitors by a curve, what goes wrong on such
 * a day at times that the seed says, and books that are kept in that ConfigMap. All of it happens outside of the cluster.
 */
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { type Context, type ControllerDeclaration, controller } from '../../machinery/controller.ts'
import type { Addon, Ground } from '../addon.ts'
import { type Day, type Terms, written } from './books.ts'
import { DAY_MS, visitorsAt } from './curve.ts'
import { andRepaired, type Incident, incidentsOf, releaseAt, unlucky } from './incidents.ts'

const NAMESPACE = 'default'
const DAY = 'day'
const DOORS = 'doors'
/** Visitors come in troops, each told by a few who stand for all: the shorter, the truer, the dearer. */
const TICK_MS = 10_000
const FEWEST_WALKS = 4
/** Who is not answered within so long has gone. */
const PATIENCE_MS = 2000
const WRITTEN_EVERY = 30
const WEATHER_EVERY = 60
const TERMS: Terms = { perMillion: 999_000, machineHours: 100 }

interface State extends Day {
  /** More or fewer come than was expected: a number in [0, 1). */
  luck: number
  incidents: Incident[]
}

const isOpen = ({ metadata }: AnyObject): boolean =>
  metadata.name === DAY && metadata.namespace === NAMESPACE && metadata.labels?.[DOORS] === 'open'
const shopOf = ({ cache }: Context): string => cache('configmaps').get(NAMESPACE, DAY)?.['data']?.service ?? 'shop'

function bookkeeper(ground: Ground): ControllerDeclaration {
  return controller({
    name: 'bookkeeper',
    identity: { user: 'bookkeeper', groups: ['system:masters'], manager: 'bookkeeper' },
    watches: [
      {
        resource: 'configmaps',
        keys: (_change, object, _old, { memory }) => (isOpen(object) && !memory.has(DAY) ? ['open'] : []),
      },
      { resource: 'pods', keys: () => [] },
      { resource: 'services', keys: () => [] },
    ],
    reconcile(key, context) {
      if (key === 'open') open(context)
      const day: State | undefined = context.memory.get(DAY)
      if (day) pass(day, context, ground)
    },
  })
}

function open(context: Context): void {
  if (context.memory.has(DAY)) return
  const day: State = {
    began: context.now,
    ticks: 0,
    visitors: 0,
    lost: 0,
    machineMs: 0,
    luck: 0.5,
    incidents: incidentsOf(context),
  }
  context.memory.set(DAY, day)
}

/** Troop after troop, until the day is over. */
function pass(day: State, context: Context, ground: Ground): void {
  const elapsed = day.ticks * TICK_MS
  if (elapsed > DAY_MS) return
  const wait = day.began + elapsed - context.now
  if (wait > 0) return context.later('tick', wait)
  const over = elapsed === DAY_MS
  for (let next = day.incidents[0]; next && next.at <= elapsed; next = day.incidents[0]) {
    day.incidents.shift()
    strike(next, day, elapsed, context, ground)
  }
  if (day.ticks % WEATHER_EVERY === 0) day.luck = context.world.random('busy day').fraction()
  if (!over) {
    const requests = Math.round((visitorsAt(elapsed, day.luck) * TICK_MS) / 1000)
    day.visitors += requests
    day.lost += ground.network.crowd(`${NAMESPACE}/${shopOf(context)}`, requests, FEWEST_WALKS, PATIENCE_MS)
    day.machineMs += ground.roster().length * TICK_MS
  }
  if (over || day.ticks % WRITTEN_EVERY === 0) write(day, elapsed, over, context)
  day.ticks += 1
  if (!over) context.later('tick', TICK_MS - (context.now - day.began - elapsed))
}

function strike({ what }: Incident, day: State, elapsed: number, context: Context, ground: Ground): void {
  if ('fault' in what) return ground.fault(what.fault)
  if (what.power === 'on') return ground.fault({ kind: 'node-power', node: what.node, on: true })
  const selector = context.cache('services').get(NAMESPACE, shopOf(context))?.['spec']?.selector ?? {}
  const node = unlucky(context, selector)
  if (node === undefined) return
  ground.fault({ kind: 'node-power', node, on: false })
  day.incidents = andRepaired(day.incidents, elapsed, node)
}

function write(day: State, elapsed: number, over: boolean, { api }: Context): void {
  const because = over ? 'the day is over' : 'so much has come of the day so far'
  try {
    api.patch('configmaps', NAMESPACE, DAY, 'merge', { data: written(day, elapsed, over, TERMS) }, { because })
  } catch (error) {
    // Whoever takes the books away has no score.
    if (!(error instanceof ApiError)) throw error
  }
}

/** Somebody of the team releases a new version in the afternoon, whose image nobody has pushed. */
const colleague: ControllerDeclaration = controller({
  name: 'colleague',
  identity: { user: 'colleague', groups: ['system:masters'], manager: 'colleague' },
  watches: [{ resource: 'configmaps', keys: (_change, object) => (isOpen(object) ? ['open'] : []) }],
  reconcile(key, context) {
    const { memory, api, cache } = context
    if (key === 'open' && !memory.has(DAY)) {
      memory.set(DAY, context.now)
      return context.later('release', releaseAt(context))
    }
    const { deployment = 'shop', release } = cache('configmaps').get(NAMESPACE, DAY)?.['data'] ?? {}
    if (key !== 'release' || !release) return
    try {
      const containers = api.get('deployments.apps', NAMESPACE, deployment)['spec'].template.spec.containers
      const next = containers.map(({ name }: { name: string }) => ({ name, image: release }))
      const patch = { spec: { template: { spec: { containers: next } } } }
      api.patch('deployments.apps', NAMESPACE, deployment, 'strategic', patch, { because: 'a new version is released' })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
  },
})

export const busyDay: Addon = { name: 'busy-day', loops: (ground) => [bookkeeper(ground), colleague] }
