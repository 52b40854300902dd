/** Lesson 2.6: one agent per machine, also on the one with a taint, and on the one that comes later. */
import { after, answered, both, count, eventually, now, obj } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const agent = obj('daemonset/agent')
const tolerations = agent.path('spec.template.spec.tolerations')
interface Toleration {
  key?: string
  operator?: string
  value?: string
  effect?: string
}
const tolerates = tolerations.map((list: Toleration[] | undefined) =>
  (list ?? []).some(
    ({ key, operator, value, effect = 'NoSchedule' }) =>
      effect === 'NoSchedule' &&
      (operator === 'Exists' ? key === undefined || key === 'dedicated' : key === 'dedicated' && value === 'control'),
  ),
)
const ready = agent.path('status.numberReady')
const machines = count('nodes')
const everywhere = both(ready.is(3), agent.path('status.desiredNumberScheduled').is(3))

const manifest = (kind: string, toleration: string): string => `apiVersion: apps/v1
kind: ${kind}
metadata:
  name: agent
spec:
  selector:
    matchLabels:
      app: agent
  template:
    metadata:
      labels:
        app: agent
    spec:
      containers:
        - name: agent
          image: fluent/fluent-bit:3.1
${toleration}`

const TOLERATION = `      tolerations:
        - key: dedicated
          operator: Exists
`
const EVERY = `      tolerations:
        - operator: Exists
`

const write = (kind: string, toleration: string): Deed => ({ write: 'manifest.yaml', text: manifest(kind, toleration) })

export default lesson({
  start: {
    patches: [
      { object: 'nodes/node-1', patch: { spec: { taints: [{ key: 'dedicated', value: 'control', effect: 'NoSchedule' }] } } },
    ],
    warmUp: 30_000,
  },
  files: { 'manifest.yaml': manifest('DaemonSet', '') },
  steps: [
    {
      id: 'everywhere',
      goals: { guess: answered('guess'), tolerates: now(tolerates), everywhere: now(everywhere) },
      hints: {
        two: now(both(ready.is(2), agent.exists())),
        untainted: now(both(obj('node/node-1').exists(), obj('node/node-1').path('spec.taints').exists().is(false))),
        deployment: now(count('deployments', { is: ({ metadata }) => metadata.name === 'agent' }).atLeast(1)),
      },
      chain: {
        wished: { who: 'learner', verb: 'create|patch|apply', object: 'daemonsets/agent' },
        asked: { who: 'daemon-set-controller', verb: 'create', object: 'pods' },
      },
      solution: [{ answer: 'guess', is: 'two' }, write('DaemonSet', TOLERATION), 'kubectl apply -f manifest.yaml'],
      second: [
        { answer: 'guess', is: 'three' },
        'kubectl apply -f manifest.yaml',
        { wait: 8000 },
        write('DaemonSet', EVERY),
        'kubectl apply -f manifest.yaml',
      ],
      wrong: [
        { name: 'applies it as it is', deeds: [{ answer: 'guess', is: 'two' }, 'kubectl apply -f manifest.yaml'], raises: 'two' },
        {
          name: 'tolerates another one',
          deeds: [
            { answer: 'guess', is: 'two' },
            write('DaemonSet', TOLERATION.replace('dedicated', 'reserved')),
            'kubectl apply -f manifest.yaml',
          ],
          raises: 'two',
        },
        {
          name: 'takes the fence away',
          deeds: [{ answer: 'guess', is: 'two' }, 'kubectl apply -f manifest.yaml', 'kubectl taint nodes node-1 dedicated-'],
          raises: 'untainted',
        },
        {
          name: 'takes a Deployment',
          deeds: [{ answer: 'guess', is: 'two' }, write('Deployment', TOLERATION), 'kubectl apply -f manifest.yaml'],
          raises: 'deployment',
        },
      ],
    },
    {
      id: 'grow',
      goals: {
        guess2: answered('guess2'),
        joined: eventually(machines.atLeast(4)),
        there: after(eventually(machines.atLeast(4)), now(both(ready.is(4), agent.path('status.desiredNumberScheduled').is(4)))),
      },
      hints: {
        gone: eventually(agent.exists().is(false)),
        lost: now(both(agent.path('spec.template.spec.nodeSelector').exists(), agent.exists())),
      },
      solution: [{ answer: 'guess2', is: 'self' }, { fault: { kind: 'node-add' } }],
      second: [{ answer: 'guess2', is: 'apply' }, { fault: { kind: 'node-add', name: 'node-9' } }],
      wrong: [
        { name: 'deletes it', deeds: [{ answer: 'guess2', is: 'self' }, 'kubectl delete daemonset agent'], raises: 'gone' },
        {
          name: 'binds it to one machine',
          deeds: [
            { answer: 'guess2', is: 'self' },
            `kubectl patch daemonset agent -p '{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/hostname":"node-2"}}}}}'`,
          ],
          raises: 'lost',
        },
      ],
    },
  ],
})
