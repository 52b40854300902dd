/** Lesson 6.5: copies that sit in one zone are spread over three, and outlive the loss of one; which zone they sit in follows from the seed. */
import type { AnyObject } from '#api/meta.ts'
import { after, answered, both, count, either, eventually, held, isReady, list, not, now, obj, Value } from '../checks.ts'
import { lesson, pick, type Start } from '../lesson.ts'

const NODES = ['node-1', 'node-2', 'node-3']
const ZONE = 'topology.kubernetes.io/zone'

/** Fills a machine until `web` is placed, and is done soon after. */
const nightly = (node: string): AnyObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: `nightly-${node}` },
    spec: {
      nodeName: node,
      restartPolicy: 'Never',
      containers: [{ name: 'job', image: 'busybox:1.36', command: ['sleep', '12'], resources: { requests: { cpu: '3950m' } } }],
    },
  }) as unknown as AnyObject

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 5,
        containers: [{ name: 'web', image: 'nginx:1.27', resources: { requests: { cpu: '100m', memory: '64Mi' } } }],
      },
    },
  },
} as unknown as AnyObject

const start = (seed: string): Start => {
  const free = pick(seed, NODES.length)
  return { objects: [...NODES.filter((_, i) => i !== free).map(nightly), deployment], warmUp: 40_000 }
}

interface Constraint {
  maxSkew: number
  topologyKey: string
  whenUnsatisfiable: string
  labelSelector?: { matchLabels?: Record<string, string>; matchExpressions?: unknown[] }
  matchLabelKeys?: string[]
}
const web = obj('deployment/web')
const template = web.path('spec.template.spec')
const constraints = template.map((spec) => (spec?.topologySpreadConstraints ?? []) as Constraint[])
const some = (is: (constraint: Constraint) => boolean) => constraints.map((all) => all.some(is))
const isZone = ({ topologyKey }: Constraint): boolean => topologyKey === ZONE
const isHard = ({ whenUnsatisfiable }: Constraint): boolean => whenUnsatisfiable === 'DoNotSchedule'
/** A selector with expressions is left to itself: what comes of it shows. */
const sees = ({ labelSelector }: Constraint): boolean =>
  labelSelector?.matchLabels?.['app'] === 'web' || labelSelector?.matchExpressions !== undefined
/** No two of them in one zone is another way to demand it. */
const apart = template.map((spec) =>
  (spec?.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution ?? []).some(
    ({ topologyKey }: { topologyKey: string }) => topologyKey === ZONE,
  ),
)
const demands = either(
  apart,
  some((each) => isZone(each) && isHard(each) && each.maxSkew === 1 && sees(each)),
)

const nodes = list('nodes')
/** How many copies of the latest template are ready in each zone, when no others are left. */
const tally = new Value(['pods', 'nodes'], (view) => {
  const pods = list('pods', { labels: 'app=web' })
    .read(view)
    .filter((pod) => isReady(pod) && pod['spec'].nodeName)
  const zoneOf = (node: AnyObject): string => node.metadata.labels?.[ZONE] ?? ''
  const zones = new Map(view.all('nodes').map((node) => [node.metadata.name, zoneOf(node)]))
  return ['zone-a', 'zone-b', 'zone-c'].map((zone) => pods.filter((pod) => zones.get(pod['spec'].nodeName) === zone).length)
})
const unplaced = list('pods', { labels: 'app=web' }).map((all) => all.some((pod) => !pod['spec'].nodeName))
const settled = both(
  web.path('status.updatedReplicas').is(3),
  web.path('status.replicas').is(3),
  web.path('status.readyReplicas').is(3),
)
const even = tally.map((counts) => counts.join() === '1,1,1')
const restarted = web.path('spec.template.metadata.annotations').exists()

const isSilent = ({ status }: AnyObject): boolean =>
  ((status?.conditions ?? []) as { type: string; status: string }[]).some(
    (each) => each.type === 'Ready' && each.status !== 'True',
  )
const silent = nodes.map((all) => all.filter(isSilent).length)
const available = web.path('status.availableReplicas').map((n) => Number(n ?? 0))

const patch = (spec: object): string => `kubectl patch deployment web -p '${JSON.stringify({ spec: { template: { spec } } })}'`
const constraint = (change: Partial<Constraint> = {}): string =>
  patch({
    topologySpreadConstraints: [
      {
        maxSkew: 1,
        topologyKey: ZONE,
        whenUnsatisfiable: 'DoNotSchedule',
        labelSelector: { matchLabels: { app: 'web' } },
        matchLabelKeys: ['pod-template-hash'],
        ...change,
      },
    ],
  })
/** No two of them in one zone. */
const apartness = patch({
  affinity: {
    podAntiAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: [{ topologyKey: ZONE, labelSelector: { matchLabels: { app: 'web' } } }],
    },
  },
})
const off = (node: string) => ({ fault: { kind: 'node-power', node, on: false } as const })

export default lesson({
  start,
  steps: [
    {
      id: 'spread',
      goals: {
        guess: answered('guess'),
        demands: now(demands),
        even: after(eventually(demands), held(both(settled, even), 2000)),
      },
      hints: {
        luck: held(
          both(
            restarted,
            settled,
            constraints.map((all) => all.length === 0),
            not(apart),
          ),
          2000,
        ),
        soft: now(some((each) => isZone(each) && !isHard(each))),
        hosts: now(
          both(
            some((each) => each.topologyKey === 'kubernetes.io/hostname'),
            not(some(isZone)),
          ),
        ),
        uneven: held(both(demands, settled, not(even)), 3000),
        blind: now(some((each) => isZone(each) && isHard(each) && !sees(each))),
        stuck: held(both(apart, unplaced), 5000),
      },
      solution: [{ answer: 'guess', is: 'empty' }, constraint()],
      second: [
        { answer: 'guess', is: 'anywhere' },
        'kubectl scale deployment web --replicas=0',
        apartness,
        { wait: 10_000 },
        'kubectl scale deployment web --replicas=3',
      ],
      wrong: [
        { name: 'only makes them anew', deeds: ['kubectl rollout restart deployment web'], raises: 'luck' },
        { name: 'only wishes', deeds: [constraint({ whenUnsatisfiable: 'ScheduleAnyway' })], raises: 'soft' },
        { name: 'counts machines', deeds: [constraint({ topologyKey: 'kubernetes.io/hostname' })], raises: 'hosts' },
        { name: 'counts other pods', deeds: [constraint({ labelSelector: { matchLabels: { app: 'shop' } } })], raises: 'blind' },
        { name: 'keeps them apart, the old ones, too', deeds: [apartness], raises: 'stuck' },
        { name: 'counts the old ones, too', deeds: [constraint({ matchLabelKeys: [] })], raises: 'uneven' },
      ],
    },
    {
      id: 'loss',
      goals: {
        guess2: answered('guess2'),
        lost: now(silent.is(1)),
        kept: after(eventually(silent.is(1)), held(both(available.atLeast(2), silent.is(1)), 5000)),
      },
      hints: {
        closed: now(nodes.map((all) => all.some((node) => node['spec'].unschedulable === true))),
        more: now(silent.atLeast(2)),
        removed: now(count('nodes').map((n) => n > 0 && n < 3)),
      },
      solution: [{ answer: 'guess2', is: 'two' }, off('node-2'), { wait: 60_000 }],
      second: [
        { answer: 'guess2', is: 'three' },
        { fault: { kind: 'node-kubelet', node: 'node-3', on: false } },
        { wait: 60_000 },
      ],
      wrong: [
        { name: 'closes a machine', deeds: ['kubectl cordon node-1'], raises: 'closed' },
        { name: 'switches off two', deeds: [off('node-1'), off('node-3')], raises: 'more' },
        { name: 'removes a machine', deeds: ['kubectl delete node node-1'], raises: 'removed' },
      ],
    },
  ],
})
