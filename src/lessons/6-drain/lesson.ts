/** Lesson 6.7: a machine is emptied under a budget: never fewer than three of four. */
import type { AnyObject } from '#api/meta.ts'
import { always, answer, answered, both, count, eventually, held, list, not, now, obj, Value } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const agent = {
  apiVersion: 'apps/v1',
  kind: 'DaemonSet',
  metadata: { name: 'agent' },
  spec: {
    selector: { matchLabels: { app: 'agent' } },
    template: {
      metadata: { labels: { app: 'agent' } },
      spec: { containers: [{ name: 'agent', image: 'fluent/fluent-bit:3.1' }] },
    },
  },
} as unknown as AnyObject

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 4,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 3,
        containers: [
          {
            name: 'web',
            image: 'nginx:1.27',
            readinessProbe: { httpGet: { path: '/', port: 80 }, initialDelaySeconds: 6, periodSeconds: 2 },
          },
        ],
      },
    },
  },
} as unknown as AnyObject

const web = obj('deployment/web')
const enough = web.path('status.availableReplicas').map((n) => Number(n ?? 0) >= 3)

interface Status {
  expectedPods?: number
  desiredHealthy?: number
}
/** What the budgets make of the four copies. */
const budgets = list('poddisruptionbudgets', { namespace: 'default' }).map((all) =>
  all.map(({ status }) => (status ?? {}) as Status),
)
const keeps = (of: (status: Status) => boolean) => budgets.map((all) => all.some(of))
const isSized = ({ expectedPods = 0 }: Status): boolean => expectedPods === 4

const closed = list('nodes').map((nodes) => nodes.filter((node) => node['spec'].unschedulable === true))
const pods = list('pods', { labels: 'app=web' })
const leftOn = new Value(['nodes', 'pods'], (view) =>
  closed.read(view).map((node) => pods.read(view).filter((pod) => pod['spec'].nodeName === node.metadata.name).length),
)
const untouched = pods.map((all) => all.every(({ metadata }) => !metadata.deletionTimestamp))

const create = (flags: string): string => `kubectl create poddisruptionbudget web ${flags}`
/** The machine with two copies. */
const CROWDED = `$(kubectl get pods -l app=web -o jsonpath='{range .items[*]}{.spec.nodeName}{"\\n"}{end}' | sort | uniq -d | head -1)`
const right: Deed = { answer: 'power', is: 'no' }

export default lesson({
  start: { objects: [agent, deployment], warmUp: 40_000 },
  steps: [
    {
      id: 'budget',
      goals: {
        power: answer('power', 'no'),
        kept: now(keeps((status) => isSized(status) && status.desiredHealthy === 3)),
      },
      hints: {
        power: answer('power', 'no').wrong(),
        blind: held(
          keeps(({ expectedPods }) => expectedPods === 0),
          1000,
        ),
        never: now(keeps((status) => isSized(status) && Number(status.desiredHealthy) >= 4)),
        loose: now(keeps((status) => isSized(status) && Number(status.desiredHealthy) <= 2)),
        early: eventually(not(enough)),
      },
      solution: [right, create('--selector=app=web --min-available=3')],
      second: [right, create('--selector=app=web --max-unavailable=25%')],
      wrong: [
        { name: 'thinks it holds up everything', deeds: [{ answer: 'power', is: 'yes' }], raises: 'power' },
        { name: 'selects nobody', deeds: [right, create('--selector=name=web --min-available=3')], raises: 'blind' },
        { name: 'lets nobody go', deeds: [right, create('--selector=app=web --min-available=100%')], raises: 'never' },
        { name: 'lets two go', deeds: [right, create('--selector=app=web --max-unavailable=2')], raises: 'loose' },
        { name: 'empties it first', deeds: [`kubectl drain ${CROWDED} --ignore-daemonsets`], raises: 'early' },
      ],
    },
    {
      id: 'drain',
      goals: {
        guess: answered('guess'),
        emptied: now(leftOn.map((left) => left.length === 1 && left[0] === 0)),
        ready: held(
          both(
            web.path('status.readyReplicas').is(4),
            leftOn.map((left) => left.includes(0)),
          ),
          2000,
        ),
        enough: always(enough),
      },
      hints: {
        stopped: held(
          both(
            leftOn.map((left) => left.some((n) => n > 0)),
            untouched,
            enough,
          ),
          4000,
        ),
        fewer: eventually(both(not(enough), count('pods').atLeast(1))),
        two: now(closed.map((all) => all.length > 1)),
      },
      chain: {
        evicted: { who: 'learner', verb: 'delete', object: 'pods/web-*' },
        missed: { who: 'replicaset-controller', verb: 'create', object: 'pods' },
        placed: { who: 'scheduler', verb: 'create', object: 'pods/web-*/binding' },
      },
      solution: [{ answer: 'guess', is: 'again' }, `kubectl drain ${CROWDED} --ignore-daemonsets`],
      second: [{ answer: 'guess', is: 'up' }, `kubectl cordon ${CROWDED}`, 'kubectl rollout restart deployment web'],
      wrong: [
        { name: 'stops at the first message', deeds: [`kubectl drain ${CROWDED}`], raises: 'stopped' },
        { name: 'only closes it', deeds: [`kubectl cordon ${CROWDED}`], raises: 'stopped' },
        {
          name: 'deletes instead',
          deeds: [`kubectl drain ${CROWDED} --ignore-daemonsets --disable-eviction`],
          raises: 'fewer',
        },
        {
          name: 'takes the budget away',
          deeds: ['kubectl delete poddisruptionbudget web', `kubectl drain ${CROWDED} --ignore-daemonsets`],
          raises: 'fewer',
        },
        { name: 'closes two machines', deeds: ['kubectl cordon node-1 node-2'], raises: 'two' },
      ],
    },
  ],
})
