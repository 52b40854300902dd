/** Lesson 10.2: without an API server traffic goes on, and wishes are lost. */
import { after, answered, both, broken, during, either, eventually, held, not, now, obj, traffic } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const down = broken('components', 'kube-apiserver')
const noMemory = broken('components', 'etcd')
const power = (component: string, on: boolean): Deed => ({ fault: { kind: 'component', component, on } })
const [STOP, START] = [power('kube-apiserver', false), power('kube-apiserver', true)]

const shop = obj('deployment/shop')
const wanted = shop.path('spec.replicas')
const SCALE = 'kubectl scale deployment shop --replicas=4'

export default lesson({
  steps: [
    {
      id: 'shut',
      goals: {
        guess: answered('guess'),
        stopped: eventually(down),
        watched: during(down, traffic('shop').ok().atLeast(0.99, 60)),
      },
      hints: {
        etcd: now(both(noMemory, not(down))),
        short: after(eventually(down), now(not(down))),
        other: now(
          both(not(down), either(broken('components', 'kube-scheduler'), broken('components', 'kube-controller-manager'))),
        ),
      },
      solution: [{ answer: 'guess', is: 'answers' }, STOP, { wait: 16_000 }, 'kubectl get pods'],
      second: [{ answer: 'guess', is: 'later' }, STOP, { wait: 3000 }, START, { wait: 3000 }, STOP, { wait: 16_000 }],
      wrong: [
        { name: 'stops etcd', deeds: [{ answer: 'guess', is: 'errors' }, power('etcd', false)], raises: 'etcd' },
        {
          name: 'opens again too soon',
          deeds: [{ answer: 'guess', is: 'errors' }, STOP, { wait: 3000 }, START],
          raises: 'short',
        },
        { name: 'stops the scheduler', deeds: [power('kube-scheduler', false)], raises: 'other' },
      ],
    },
    {
      id: 'wish',
      goals: {
        guess2: answered('guess2'),
        open: now(not(down)),
        four: now(both(not(down), wanted.is(4), shop.path('status.availableReplicas').is(4))),
      },
      hints: {
        forgotten: held(both(not(down), not(noMemory), wanted.is(3)), 3000),
        memory: now(noMemory),
        number: now(both(wanted.isNot(3), wanted.isNot(4))),
      },
      chain: {
        asked: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/shop/*' },
        made: { who: 'replicaset-controller', verb: 'create', object: 'pods/shop-*' },
        bound: { who: 'scheduler', verb: 'create', object: 'pods/@made/binding' },
      },
      solution: [{ answer: 'guess2', is: 'nothing' }, SCALE, START, { wait: 4000 }, SCALE],
      second: [
        START,
        { answer: 'guess2', is: 'kept' },
        { wait: 2000 },
        `kubectl patch deployment shop --subresource=scale --type=merge -p '{"spec":{"replicas":4}}'`,
      ],
      wrong: [
        { name: 'asks while it is shut only', deeds: [SCALE, { answer: 'guess2', is: 'kept' }, START], raises: 'forgotten' },
        {
          name: 'forgets etcd',
          deeds: [{ answer: 'guess2', is: 'etcd' }, power('etcd', false), START, { wait: 1000 }, SCALE],
          raises: 'memory',
        },
        { name: 'asks for five', deeds: [START, 'kubectl scale deployment shop --replicas=5'], raises: 'number' },
      ],
    },
  ],
})
