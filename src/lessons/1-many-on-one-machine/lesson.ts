/** Lesson 1.8: what requests promise takes room; as light as containers are, many more fit on the same machines. */
import type { AnyObject } from '#api/meta.ts'
import { always, answer, answered, both, count, eventually, held, not, now, obj } from '../checks.ts'
import { lesson } from '../lesson.ts'

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'guests', labels: { app: 'guests' } },
  spec: {
    replicas: 20,
    selector: { matchLabels: { app: 'guests' } },
    template: {
      metadata: { labels: { app: 'guests' } },
      spec: {
        containers: [{ name: 'nginx', image: 'nginx:1.27', resources: { requests: { cpu: '900m', memory: '1536Mi' } } }],
      },
    },
  },
} as unknown as AnyObject

const guests = obj('deployment/guests')
const requests = guests.path('spec.template.spec.containers.0.resources.requests')
const cpu = requests.map((asked: { cpu?: string } | undefined) => milli(asked?.cpu))
const available = guests.path('status.availableReplicas').map((n) => Number(n ?? 0))
/** As READY shows it, too. */
const running = answer(
  'running',
  available.map((n) => [n, `${n}/20`]),
)
const why = answer('why', ['promised'])
const machines = count('nodes')
const small = both(cpu.atLeast(1), cpu.atMost(120))
const ask = (what: string): string => `kubectl set resources deployment guests --requests=${what}`
const scale = 'kubectl scale deployment guests --replicas=60'

export default lesson({
  start: { objects: [deployment], warmUp: 30_000 },
  steps: [
    {
      id: 'heavy',
      goals: { guess: answered('guess'), running, why },
      hints: { running: running.wrong(), why: why.wrong() },
      solution: [
        { answer: 'guess', is: 'eight' },
        'kubectl get deployment guests',
        { answer: 'running', from: "kubectl get deployment guests -o jsonpath='{.status.availableReplicas}'" },
        { answer: 'why', is: 'promised' },
      ],
      second: [
        { answer: 'guess', is: 'all' },
        { answer: 'why', is: 'promised' },
        { answer: 'running', is: '8/20' },
      ],
      wrong: [
        { name: 'counts them all', deeds: [{ answer: 'running', is: '20' }], raises: 'running' },
        { name: 'thinks that they work hard', deeds: [{ answer: 'why', is: 'busy' }], raises: 'why' },
      ],
    },
    {
      id: 'light',
      goals: { small: now(small), sixty: held(both(small, available.is(60)), 3000), two: always(machines.atMost(2)) },
      hints: {
        bought: eventually(machines.atLeast(3)),
        nothing: now(both(guests.exists(), not(cpu.atLeast(1)))),
        early: held(both(small, guests.path('spec.replicas').atLeast(60), available.atMost(59)), 30_000),
        large: held(both(cpu.atLeast(121), guests.path('spec.replicas').atLeast(60), available.atMost(59)), 10_000),
      },
      chain: {
        asked: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/guests' },
        renewed: { who: 'deployment-controller', verb: 'create', object: 'replicasets' },
        placed: { who: 'scheduler', verb: 'create', object: 'pods/guests-*/binding' },
      },
      solution: [ask('cpu=50m,memory=32Mi'), 'kubectl rollout status deployment/guests', scale],
      second: [
        ask('cpu=100m,memory=64Mi'),
        'kubectl rollout status deployment/guests',
        `kubectl patch deployment guests -p '{"spec":{"replicas":60}}'`,
      ],
      wrong: [
        { name: 'adds a machine', deeds: [{ fault: { kind: 'node-add' } }], raises: 'bought' },
        { name: 'lets them request nothing', deeds: [ask('cpu=0,memory=0'), scale], raises: 'nothing' },
        { name: 'is in a hurry', deeds: [ask('cpu=100m,memory=64Mi'), scale], raises: 'early' },
        { name: 'only asks for more', deeds: [scale], raises: 'large' },
      ],
    },
  ],
})

/** Of a quantity of processors: thousandths. */
function milli(text: string | undefined): number {
  if (text === undefined) return 0
  return text.endsWith('m') ? Number(text.slice(0, -1)) : Number(text) * 1000
}
