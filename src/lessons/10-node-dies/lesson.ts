/** Lesson 10.3: a machine without power: the two clocks until its pods have successors, and how to shorten the second. */
import type { AnyObject } from '#api/meta.ts'
import {
  after,
  allOf,
  answered,
  audit,
  both,
  broken,
  count,
  either,
  eventually,
  held,
  isReady,
  list,
  not,
  now,
  obj,
} from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

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
        containers: [{ name: 'web', image: 'nginx:1.27' }],
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'ScheduleAnyway',
            labelSelector: { matchLabels: { app: 'web' } },
            matchLabelKeys: ['pod-template-hash'],
          },
        ],
      },
    },
  },
} as unknown as AnyObject

const toleration = (key: string, seconds: number | null): string => `        - key: node.kubernetes.io/${key}
          operator: Exists
          effect: NoExecute
${seconds === null ? '' : `          tolerationSeconds: ${seconds}\n`}`
const manifest = (...tolerations: string[]): string => `spec:
  template:
    spec:
      tolerations:
${tolerations.join('')}`
const BOTH = manifest(toleration('unreachable', 20), toleration('not-ready', 20))

const NODES = ['node-1', 'node-2', 'node-3']
const off = either(...NODES.map((name) => broken('off', name)))
const conditionOf = (object: AnyObject, type: string): string =>
  (object['status']?.conditions ?? []).find((each: { type: string }) => each.type === type)?.status ?? ''
const unknown = count('nodes', { is: (node) => conditionOf(node, 'Ready') === 'Unknown' }).atLeast(1)
const alive = ({ metadata }: AnyObject): boolean => metadata.deletionTimestamp === undefined
const leaving = count('pods', { labels: 'app=web', is: (pod) => !alive(pod) })
const whole = count('pods', { labels: 'app=web', is: (pod) => alive(pod) && isReady(pod) }).is(3)
const givenUp = both(off, unknown, leaving.atLeast(1))

const web = obj('deployment/web')
interface Toleration {
  key?: string
  effect?: string
  tolerationSeconds?: number
}
const isAbout = (key: string) => (each: Toleration) => each.key === undefined || each.key === `node.kubernetes.io/${key}`
const tolerations = web.path('spec.template.spec.tolerations').map((all: Toleration[] | undefined) => all ?? [])
const seconds = (key: string) =>
  tolerations.map((all) => {
    const about = all.filter(isAbout(key))
    return about.length === 0 ? null : Math.min(...about.map((each) => each.tolerationSeconds ?? Number.POSITIVE_INFINITY))
  })
const unreachable = seconds('unreachable')
const short = unreachable.map((n) => n !== null && n <= 30)
const bearsShortly = (pod: AnyObject): boolean =>
  (pod['spec'].tolerations as Toleration[]).some((each) => isAbout('unreachable')(each) && Number(each.tolerationSeconds) <= 30)
/** No pod of the old template is left. */
const rolled = both(
  short,
  list('pods', { labels: 'app=web' }).map((pods) => pods.filter(alive).every(bearsShortly)),
  whole,
)

const power = (node: string, on: boolean): Deed => ({ fault: { kind: 'node-power', node, on } })
const patch = (text: string): Deed[] => [
  { write: 'manifest.yaml', text },
  'kubectl patch deployment web --patch-file manifest.yaml',
]
const LONG = { wait: 380_000 }

export default lesson({
  start: { objects: [deployment], warmUp: 30_000 },
  files: { 'manifest.yaml': BOTH },
  steps: [
    {
      id: 'silence',
      goals: {
        guess: answered('guess'),
        unknown: eventually(both(off, unknown)),
        evicted: eventually(givenUp),
        back: after(eventually(givenUp), eventually(both(off, whole))),
      },
      hints: {
        early: allOf(after(eventually(off), held(not(off), 2000)), now(not(off))),
        pod: audit('learner', 'delete', 'pods'),
        drain: eventually(count('nodes', { is: (node) => node['spec'].unschedulable === true }).atLeast(1)),
      },
      chain: {
        marked: { who: 'node-controller', verb: 'update|patch', object: 'nodes' },
        gave_up: { who: 'node-controller', verb: 'delete', object: 'pods/web-*' },
        made: { who: 'replicaset-controller', verb: 'create', object: 'pods/web-*' },
      },
      solution: [{ answer: 'guess', is: 'six' }, power('node-2', false), LONG],
      second: [{ answer: 'guess', is: 'once' }, power('node-1', false), power('node-3', false), LONG],
      wrong: [
        {
          name: 'gives the power back at once',
          deeds: [
            { answer: 'guess', is: 'once' },
            power('node-1', false),
            { wait: 20_000 },
            power('node-1', true),
            { wait: 5000 },
          ],
          raises: 'early',
        },
        {
          name: 'kills a pod',
          deeds: ['kubectl delete $(kubectl get pods -o name | head -1)'],
          raises: 'pod',
        },
        { name: 'drains the machine', deeds: ['kubectl drain node-2 --ignore-daemonsets'], raises: 'drain' },
      ],
    },
    {
      id: 'sooner',
      goals: {
        guess2: answered('guess2'),
        short: now(short),
        again: after(eventually(both(rolled, not(off))), after(eventually(givenUp), eventually(both(off, whole)))),
      },
      hints: {
        not_ready: now(both(unreachable.is(null), seconds('not-ready').isNot(null))),
        forever: now(unreachable.is(Number.POSITIVE_INFINITY)),
        running: now(both(not(short), count('pods', { labels: 'app=web', is: bearsShortly }).atLeast(1))),
        long: now(unreachable.map((n) => n !== null && n > 30 && n !== Number.POSITIVE_INFINITY)),
      },
      solution: [
        { answer: 'guess2', is: 'seventy' },
        power('node-2', true),
        { wait: 20_000 },
        ...patch(BOTH),
        { wait: 20_000 },
        power('node-1', false),
        { wait: 100_000 },
      ],
      second: [
        power('node-1', true),
        power('node-3', true),
        { wait: 20_000 },
        ...patch(manifest(toleration('unreachable', 5))),
        { answer: 'guess2', is: 'twenty' },
        { wait: 20_000 },
        power('node-3', false),
        { wait: 100_000 },
      ],
      wrong: [
        { name: 'shortens the other one', deeds: patch(manifest(toleration('not-ready', 20))), raises: 'not_ready' },
        { name: 'bears it for ever', deeds: patch(manifest(toleration('unreachable', null))), raises: 'forever' },
        {
          name: 'changes a pod',
          deeds: [
            power('node-2', true),
            { wait: 20_000 },
            `kubectl patch $(kubectl get pods -o name | head -1) -p '{"spec":{"tolerations":[{"key":"node.kubernetes.io/unreachable","operator":"Exists","effect":"NoExecute","tolerationSeconds":20}]}}'`,
          ],
          raises: 'running',
        },
        { name: 'bears it for two minutes', deeds: patch(manifest(toleration('unreachable', 120))), raises: 'long' },
      ],
    },
  ],
})
