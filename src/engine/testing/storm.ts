/** Storm: a random life from a seed, with checkers that look on; ends in calm weather, when every promise must hold. */
import type { Pod } from '#api/kinds.ts'
import { Cluster } from '../cluster.ts'
import { unpack } from '../sim/pack.ts'
import { Random } from '../sim/random.ts'
import { daemonSet, deployment, job, pod, service, statefulSet } from './builders.ts'
import { Checkers } from './checkers.ts'
import { ADDONS, mend, OUTSIDE_OPERATIONS } from './storm-outside.ts'
import { MERGE, NAMES, type Operation, send, strike, type Weather } from './storm-weather.ts'

export interface StormResult {
  seed: string
  /** What broke, with the step after which it was seen; empty when all held. */
  problems: string[]
  steps: number
}

export interface StormOptions {
  seed: string
  steps: number
  /** Told of every operation. */
  log?(line: string): void
  /** Save and load at random points: the life must go on identically. */
  reload?: boolean
}

const IMAGES = ['nginx:1.27', 'redis:7', 'busybox:1.36', 'nginx:nope', 'gcr.io/google-samples/hello-app:1.0']
const ROOT = '/apis/apps/v1/namespaces/default'

function patchDeployment(weather: Weather, change: (random: Random) => Record<string, unknown>): string {
  const name = weather.dice.pick(NAMES)
  const spec = change(weather.dice)
  return `patch deployment ${name} ${JSON.stringify(spec)}: ${send(weather, 'PATCH', `${ROOT}/deployments/${name}`, { spec }, MERGE)}`
}

function anyPod({ cluster, dice }: Weather): Pod | undefined {
  const pods = cluster.server.readAll('pods', 'default') as unknown as Pod[]
  return pods.length > 0 ? dice.pick(pods) : undefined
}

function createDeployment(weather: Weather): string {
  const { dice } = weather
  const name = dice.pick(NAMES)
  const strategy = dice.chance(1, 5)
    ? { type: 'Recreate' }
    : { type: 'RollingUpdate', rollingUpdate: { maxSurge: dice.below(3), maxUnavailable: `${25 * (1 + dice.below(3))}%` } }
  const made = deployment(name, dice.below(6), dice.pick(IMAGES), { strategy, minReadySeconds: dice.chance(1, 4) ? 5 : 0 })
  return `create deployment ${name}: ${send(weather, 'POST', `${ROOT}/deployments`, made)}`
}

function deletePod(weather: Weather): string {
  const victim = anyPod(weather)
  if (!victim) return 'no pod to delete'
  const query = weather.dice.chance(1, 3) ? '?gracePeriodSeconds=0' : ''
  return `delete pod ${victim.metadata.name}${query}: ${send(weather, 'DELETE', `/api/v1/namespaces/default/pods/${victim.metadata.name}${query}`)}`
}

function relabelPod(weather: Weather): string {
  const chosen = anyPod(weather)
  // A StatefulSet that has lost a Pod waits until somebody deletes it, for it needs the name.
  if (!chosen || /^(state|vault)-/.test(chosen.metadata.name)) return 'no pod to label'
  const labels = { app: weather.dice.pick(NAMES) }
  return `label pod ${chosen.metadata.name} ${labels.app}: ${send(weather, 'PATCH', `/api/v1/namespaces/default/pods/${chosen.metadata.name}`, { metadata: { labels } }, MERGE)}`
}

function deleteWorkload(weather: Weather): string {
  const { dice } = weather
  const policy = dice.pick(['Background', 'Foreground', 'Orphan'])
  const kind = dice.pick(['deployments', 'replicasets'])
  const all = weather.cluster.server.readAll(`${kind}.apps`, 'default')
  if (all.length === 0) return `no ${kind} to delete`
  const { name } = dice.pick(all).metadata
  return `delete ${kind} ${name} ${policy}: ${send(weather, 'DELETE', `${ROOT}/${kind}/${name}?propagationPolicy=${policy}`)}`
}

function powerNode(weather: Weather): string {
  const { dice, off } = weather
  const node = `node-${1 + dice.below(3)}`
  const on = off.has(node)
  if (on) off.delete(node)
  else off.add(node)
  strike(weather, { kind: 'node-power', node, on })
  return `power ${node} ${on ? 'on' : 'off'}`
}

function cordonNode(weather: Weather): string {
  const node = `node-${1 + weather.dice.below(3)}`
  const unschedulable = weather.dice.chance(1, 2)
  return `cordon ${node} ${unschedulable}: ${send(weather, 'PATCH', `/api/v1/nodes/${node}`, { spec: { unschedulable } }, MERGE)}`
}

function toggleService(weather: Weather): string {
  const name = weather.dice.pick(NAMES)
  const there = weather.cluster.server.read('services', 'default', name)
  const path = '/api/v1/namespaces/default/services'
  return there
    ? `delete service ${name}: ${send(weather, 'DELETE', `${path}/${name}`)}`
    : `create service ${name}: ${send(weather, 'POST', path, service(name, name))}`
}

const BATCH = '/apis/batch/v1/namespaces/default/jobs'

/** Creates it; when it is there already, scales it or deletes it. */
function toggleStatefulSet(weather: Weather): string {
  const replicas = weather.dice.below(5)
  const path = `${ROOT}/statefulsets`
  if (!weather.cluster.server.read('statefulsets.apps', 'default', 'state')) {
    return `create statefulset ${replicas}: ${send(weather, 'POST', path, statefulSet('state', replicas))}`
  }
  if (weather.dice.chance(1, 4)) return `delete statefulset: ${send(weather, 'DELETE', `${path}/state`)}`
  return `scale statefulset ${replicas}: ${send(weather, 'PATCH', `${path}/state`, { spec: { replicas } }, MERGE)}`
}

function toggleDaemonSet(weather: Weather): string {
  const path = `${ROOT}/daemonsets`
  const there = weather.cluster.server.read('daemonsets.apps', 'default', 'agent')
  return there
    ? `delete daemonset: ${send(weather, 'DELETE', `${path}/agent`)}`
    : `create daemonset: ${send(weather, 'POST', path, daemonSet('agent'))}`
}

function createJob(weather: Weather): string {
  const { dice } = weather
  const name = `task-${dice.below(10)}`
  const script = dice.pick(['sleep 3', 'sleep 40', 'exit 1', 'for i in 1 2 3; do echo $i; sleep 1; done'])
  return `create ${name} ${script}: ${send(weather, 'POST', BATCH, job(name, 1 + dice.below(4), script))}`
}

function evictPod(weather: Weather): string {
  const victim = anyPod(weather)
  if (!victim) return 'no pod to evict'
  const { name } = victim.metadata
  const eviction = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace: 'default' } }
  return `evict pod ${name}: ${send(weather, 'POST', `/api/v1/namespaces/default/pods/${name}/eviction`, eviction)}`
}

function toggleBudget(weather: Weather): string {
  const name = weather.dice.pick(NAMES)
  const path = '/apis/policy/v1/namespaces/default/poddisruptionbudgets'
  if (weather.cluster.server.read('poddisruptionbudgets.policy', 'default', name)) {
    return `delete budget ${name}: ${send(weather, 'DELETE', `${path}/${name}`)}`
  }
  const spec = { minAvailable: weather.dice.below(3), selector: { matchLabels: { app: name } } }
  const budget = { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name }, spec }
  return `create budget ${name}: ${send(weather, 'POST', path, budget)}`
}

function killContainer(weather: Weather): string {
  const victim = anyPod(weather)
  if (!victim) return 'no container to kill'
  strike(weather, { kind: 'container-kill', namespace: 'default', pod: victim.metadata.name, container: 'web' })
  return `kill ${victim.metadata.name}`
}

function changeTraffic(weather: Weather): string {
  const [name, perSecond] = [weather.dice.pick(NAMES), weather.dice.below(4)]
  strike(weather, { kind: 'traffic', namespace: 'default', service: name, perSecond })
  return `traffic ${name} ${perSecond}/s`
}

const pass = (weather: Weather, ms: number): string => {
  for (const each of [weather.cluster, weather.twin]) each?.run(ms)
  return `pass ${ms} ms`
}

const OPERATIONS: readonly (readonly [number, Operation])[] = [
  [4, createDeployment],
  [4, (w) => patchDeployment(w, (dice) => ({ replicas: dice.below(8) }))],
  [3, (w) => patchDeployment(w, (dice) => ({ template: { spec: { containers: [{ name: 'web', image: dice.pick(IMAGES) }] } } }))],
  [1, (w) => patchDeployment(w, (dice) => ({ paused: dice.chance(1, 2) }))],
  [4, deletePod],
  [2, relabelPod],
  [2, deleteWorkload],
  [2, toggleService],
  [
    1,
    (w) =>
      `create pod: ${send(w, 'POST', '/api/v1/namespaces/default/pods', pod(`lone-${w.dice.below(50)}`, w.dice.pick(IMAGES)))}`,
  ],
  [2, toggleStatefulSet],
  [1, toggleDaemonSet],
  [1, createJob],
  [1, evictPod],
  [1, toggleBudget],
  [1, killContainer],
  [1, changeTraffic],
  [1, powerNode],
  [1, cordonNode],
  ...OUTSIDE_OPERATIONS,
  [6, (w) => pass(w, w.dice.below(200))],
  [5, (w) => pass(w, 1000 + w.dice.below(20_000))],
  [1, (w) => pass(w, w.dice.below(400_000))],
]

const TOTAL = OPERATIONS.reduce((sum, [weight]) => sum + weight, 0)

function next(dice: Random): Operation {
  let left = dice.below(TOTAL)
  for (const [weight, operation] of OPERATIONS) {
    if (left < weight) return operation
    left -= weight
  }
  return OPERATIONS[0]?.[1] as Operation
}

/** Lives the life of `seed`. An exception of the engine is a problem like any other. */
export function storm({ seed, steps, log, reload }: StormOptions): StormResult {
  const options = { seed, addons: ADDONS }
  const twin = reload ? new Cluster(options) : null
  const dice = Random.seeded(seed, 'storm')
  const weather: Weather = { cluster: new Cluster(options), twin, dice, off: new Set(), broken: new Map() }
  let checkers = new Checkers(weather.cluster)
  const problems: string[] = []
  let step = 0
  try {
    pass(weather, 15_000)
    for (const _ of NAMES) createDeployment(weather)
    for (; step < steps && problems.length === 0; step++) {
      const did = next(weather.dice)(weather)
      log?.(`${step} ${did}`)
      if (twin && weather.dice.chance(1, 10)) {
        log?.(`${step} reload`)
        problems.push(...difference(weather))
        weather.cluster = Cluster.load(weather.cluster.save())
        checkers = new Checkers(weather.cluster)
      }
      problems.push(...checkers.look())
    }
    if (problems.length === 0) problems.push(...calm(weather, checkers), ...difference(weather))
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  }
  return { seed, problems: problems.map((p) => `step ${step}: ${p}`), steps: step }
}

/** Where the reloaded life and its twin differ. */
function difference({ cluster, twin }: Weather): string[] {
  if (!twin) return []
  const [mine, other] = [cluster.save(), twin.save()]
  if (mine === other) return []
  return [`not the same life after loading: ${firstDifference(unpack(mine), unpack(other), '')}`]
}

/** `.world.parts.3.table: 1 / 2`: the path to the first leaf that is not the same. */
function firstDifference(a: unknown, b: unknown, path: string): string {
  const [mine, other] = [entries(a), entries(b)]
  const at = mine.findIndex(([key, value], i) => key !== other[i]?.[0] || JSON.stringify(value) !== JSON.stringify(other[i]?.[1]))
  const [[key, value], [otherKey, otherValue]] = [mine[at] ?? [], other[at] ?? []] as [[string?, unknown?], [string?, unknown?]]
  if (key === undefined || key !== otherKey) return `${path}: ${JSON.stringify(a)} / ${JSON.stringify(b)}`
  return firstDifference(value, otherValue, `${path}.${key}`)
}

const entries = (value: unknown): [string, unknown][] =>
  typeof value === 'object' && value !== null ? Object.entries(value) : []

/** Everything is switched on again, visitors stay away, bad images are mended, and time passes: then every promise must be kept. */
function calm(weather: Weather, checkers: Checkers): string[] {
  const { cluster } = weather
  mend(weather)
  for (const node of weather.off) strike(weather, { kind: 'node-power', node, on: true })
  for (const name of NAMES) strike(weather, { kind: 'traffic', namespace: 'default', service: name, perSecond: 0 })
  for (const n of [1, 2, 3]) send(weather, 'PATCH', `/api/v1/nodes/node-${n}`, { spec: { unschedulable: null } }, MERGE)
  for (const { metadata } of cluster.server.readAll('deployments.apps', 'default')) {
    const spec = { paused: false, template: { spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } } }
    send(weather, 'PATCH', `${ROOT}/deployments/${metadata.name}`, { spec }, MERGE)
  }
  for (let minute = 0; minute < 30; minute++) {
    pass(weather, 60_000)
    const problems = checkers.look()
    if (problems.length > 0) return problems
  }
  return checkers.promises()
}
