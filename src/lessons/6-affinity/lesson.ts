/** Lesson 6.3: what a machine must have, what it should have, and what each means on a bad day; which machine is slow follows from the seed. */
import type { AnyObject } from '#api/meta.ts'
import { after, answered, both, eventually, held, isReady, list, not, now, obj, Value } from '../checks.ts'
import { lesson, pick, type Start } from '../lesson.ts'

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'db', labels: { app: 'db' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'db' } },
    template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'db', image: 'redis:7' }] } },
  },
} as unknown as AnyObject

/** The machine of zone-b is a fast one, and one of the others. */
const start = (seed: string): Start => {
  const slow = pick(seed, 2) === 0 ? 'node-1' : 'node-3'
  const label = (node: string) => ({
    object: `nodes/${node}`,
    patch: { metadata: { labels: { disktype: node === slow ? 'hdd' : 'ssd' } } },
  })
  return { patches: ['node-1', 'node-2', 'node-3'].map(label), objects: [deployment], warmUp: 30_000 }
}

interface Expression {
  key: string
  operator: string
  values?: string[]
}
interface Template {
  nodeName?: string
  nodeSelector?: Record<string, string>
  affinity?: {
    nodeAffinity?: {
      requiredDuringSchedulingIgnoredDuringExecution?: { nodeSelectorTerms: { matchExpressions?: Expression[] }[] }
      preferredDuringSchedulingIgnoredDuringExecution?: { preference: { matchExpressions?: Expression[] } }[]
    }
  }
}
const ZONE = 'topology.kubernetes.io/zone'
const db = obj('deployment/db')
const template = db.path('spec.template.spec').map((spec) => (spec ?? {}) as Template)
/** All others but one value can be ruled out, too. */
const OTHERS: Readonly<Record<string, string>> = { ssd: 'hdd' }
const means = (label: string, value: string, all: readonly Expression[] = []): boolean =>
  all.some(({ key, operator, values = [] }) => {
    if (key !== label || values.length !== 1) return false
    return operator === 'In' ? values[0] === value : operator === 'NotIn' && values[0] === OTHERS[value]
  })
const demands = (label: string, value: string) =>
  template.map(
    ({ nodeSelector, affinity }) =>
      nodeSelector?.[label] === value ||
      (affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution?.nodeSelectorTerms ?? []).some((term) =>
        means(label, value, term.matchExpressions),
      ),
  )
const wishes = template.map(({ affinity }) => affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? [])
const prefers = (label: string, value: string) =>
  wishes.map((all) => all.some(({ preference }) => means(label, value, preference.matchExpressions)))
const fast = demands('disktype', 'ssd')
const near = prefers(ZONE, 'zone-b')
const hard = demands(ZONE, 'zone-b')

const pods = list('pods', { labels: 'app=db' })
const waits = pods.map((all) =>
  all.some(({ status }) =>
    (status?.conditions as { reason?: string }[] | undefined)?.some(({ reason }) => reason === 'Unschedulable'),
  ),
)
/** Two copies of the latest template, and all of them on machines of this kind. */
const allOn = (fits: (node: AnyObject) => boolean) =>
  both(
    db.path('status.updatedReplicas').is(2),
    db.path('status.readyReplicas').is(2),
    new Value(['pods', 'nodes'], (view) => {
      const all = pods.read(view)
      const nodes = view.all('nodes').filter(fits)
      return (
        all.length === 2 && all.every((pod) => isReady(pod) && nodes.some((node) => node.metadata.name === pod['spec'].nodeName))
      )
    }),
  )
const label = (node: AnyObject, key: string): string | undefined => node.metadata.labels?.[key]
const isFast = (node: AnyObject): boolean => label(node, 'disktype') === 'ssd'
const isNear = (node: AnyObject): boolean => label(node, ZONE) === 'zone-b'
const shut = obj('node/node-2').path('spec.unschedulable').is(true)
const onNode2 = pods.map((all) => all.some((pod) => pod['spec'].nodeName === 'node-2' && !pod.metadata.deletionTimestamp))
const restarted = db.path('spec.template.metadata.annotations').exists()

const patch = (spec: object): string => `kubectl patch deployment db -p '${JSON.stringify({ spec: { template: { spec } } })}'`
const required = (key: string, value: string, operator = 'In') => ({
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key, operator, values: [value] }] }],
      },
    },
  },
})
const preferred = (key: string, value: string, weight = 100) => ({
  affinity: {
    nodeAffinity: {
      preferredDuringSchedulingIgnoredDuringExecution: [
        { weight, preference: { matchExpressions: [{ key, operator: 'In', values: [value] }] } },
      ],
    },
  },
})

export default lesson({
  start,
  steps: [
    {
      id: 'must',
      goals: { guess: answered('guess'), demands: now(fast), there: after(eventually(fast), held(allOn(isFast), 2000)) },
      hints: {
        nowhere: now(waits),
        pinned: now(template.map(({ nodeName }) => nodeName !== undefined)),
        soft: now(both(not(fast), prefers('disktype', 'ssd'))),
        lie: now(list('nodes').map((nodes) => nodes.length > 0 && nodes.every(isFast))),
      },
      solution: [{ answer: 'guess', is: 'replaced' }, patch({ nodeSelector: { disktype: 'ssd' } })],
      second: [{ answer: 'guess', is: 'moved' }, patch(required('disktype', 'hdd', 'NotIn'))],
      wrong: [
        { name: 'misspells the label', deeds: [patch({ nodeSelector: { disktype: 'sdd' } })], raises: 'nowhere' },
        { name: 'names a machine', deeds: [patch({ nodeName: 'node-2' })], raises: 'pinned' },
        { name: 'only wishes', deeds: [patch(preferred('disktype', 'ssd'))], raises: 'soft' },
        { name: 'labels all machines as fast', deeds: ['kubectl label nodes --all disktype=ssd --overwrite'], raises: 'lie' },
      ],
    },
    {
      id: 'wish',
      goals: { prefers: now(both(near, fast)), near: after(eventually(both(near, not(hard))), held(allOn(isNear), 2000)) },
      hints: {
        hard: now(hard),
        slow: now(both(db.exists(), not(fast))),
        elsewhere: held(
          both(
            wishes.map((all) => all.length > 0),
            not(near),
          ),
          2000,
        ),
      },
      solution: [patch(preferred(ZONE, 'zone-b'))],
      second: [patch(preferred(ZONE, 'zone-b', 10))],
      wrong: [
        { name: 'makes it a must', deeds: [patch({ nodeSelector: { [ZONE]: 'zone-b' } })], raises: 'hard' },
        {
          name: 'takes the wish in place of the demand',
          deeds: [patch({ ...preferred(ZONE, 'zone-b'), nodeSelector: null })],
          raises: 'slow',
        },
        { name: 'wishes for what is not there', deeds: [patch(preferred('zone', 'zone-b'))], raises: 'elsewhere' },
      ],
    },
    {
      id: 'closed',
      goals: {
        guess2: answered('guess2'),
        shut: now(shut),
        other: held(
          allOn((node) => isFast(node) && !isNear(node)),
          2000,
        ),
      },
      hints: { remain: held(both(shut, onNode2, not(restarted)), 4000), open: now(both(restarted, onNode2, not(shut))) },
      solution: [
        { answer: 'guess2', is: 'fast' },
        'kubectl cordon node-2',
        'kubectl rollout restart deployment db',
        'kubectl rollout status deployment db',
      ],
      second: [{ answer: 'guess2', is: 'wait' }, 'kubectl drain node-2 --ignore-daemonsets'],
      wrong: [
        { name: 'only closes it', deeds: ['kubectl cordon node-2'], raises: 'remain' },
        { name: 'restarts too early', deeds: ['kubectl rollout restart deployment db'], raises: 'open' },
      ],
    },
  ],
})
