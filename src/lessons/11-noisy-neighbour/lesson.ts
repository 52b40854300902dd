/** Lesson 11.5: somebody takes the processors of a machine; which of three Deployments it is follows from the seed. */
import type { AnyObject } from '#api/meta.ts'
import { allOf, answer, answered, both, held, not, now, quick, Value } from '../checks.ts'
import { lesson, pick, type Start } from '../lesson.ts'

const NAMES = ['report', 'search', 'encode']

const deployment = (name: string, node: string, container: object): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          nodeSelector: { 'kubernetes.io/hostname': node },
          terminationGracePeriodSeconds: 1,
          containers: [{ name, ...container }],
        },
      },
    },
  }) as unknown as AnyObject

const stress = (args: string[], cpu: string): object => ({ image: 'polinux/stress', args, resources: { requests: { cpu } } })

/** One takes all processors of the till's machine, one as many of another machine, and one only memory. */
const start = (seed: string): Start => {
  const [noisy = '', far = '', large = ''] = NAMES.map((_, i) => NAMES[(i + pick(seed, NAMES.length)) % NAMES.length])
  const till = { image: 'registry.k8s.io/hpa-example', ports: [{ containerPort: 80 }], resources: { requests: { cpu: '10m' } } }
  return {
    objects: [
      deployment('till', 'node-1', till),
      deployment(noisy, 'node-1', stress(['--cpu', '8'], '1')),
      deployment(far, 'node-2', stress(['--cpu', '8'], '1')),
      deployment(large, 'node-1', stress(['--vm', '1', '--vm-bytes', '900M'], '100m')),
      {
        apiVersion: 'v1',
        kind: 'Service',
        metadata: { name: 'till' },
        spec: { selector: { app: 'till' }, ports: [{ port: 80 }] },
      } as unknown as AnyObject,
    ],
    faults: [{ after: 30_000, fault: { kind: 'traffic', namespace: 'default', service: 'till', perSecond: 4 } }],
    warmUp: 45_000,
  }
}

const template = (each: AnyObject) => each['spec'].template.spec
const isNoisy = (each: AnyObject): boolean =>
  template(each).nodeSelector?.['kubernetes.io/hostname'] === 'node-1' &&
  (template(each).containers[0].args ?? []).includes('--cpu')
const noisy = new Value(['deployment'], (view) =>
  view.all('deployment').find((each) => each.metadata.namespace === 'default' && isNoisy(each)),
)
const limitOf = (each: AnyObject | undefined): unknown => each && template(each).containers[0].resources?.limits?.cpu
const fenced = noisy.map((each) => limitOf(each) !== undefined)
const runs = noisy.map((each) => (each?.['status']?.availableReplicas ?? 0) >= 1)
const other = new Value(['deployment'], (view) =>
  view.all('deployment').some((each) => NAMES.includes(each.metadata.name) && !isNoisy(each) && limitOf(each) !== undefined),
)
const culprit = answer(
  'culprit',
  noisy.map((each) => each?.metadata.name),
)
const till = quick('till', 200, 20)

const CULPRIT = `node=$(kubectl get pods -l app=till -o jsonpath='{.items[0].spec.nodeName}')
for pod in $(kubectl top pods --sort-by=cpu --no-headers | cut -d' ' -f1); do
if [ "$(kubectl get pod $pod -o jsonpath='{.spec.nodeName}')" = "$node" ]
then kubectl get pod $pod -o jsonpath='{.metadata.labels.app}'; break; fi; done`
const FAR = CULPRIT.replace('= "$node"', '!= "$node"')
const limit = (cpu: string, whose = CULPRIT): string => `kubectl set resources deployment/$(${whose}) --limits=cpu=${cpu}`

export default lesson({
  start,
  steps: [
    {
      id: 'find',
      goals: { guess: answered('guess'), culprit },
      hints: { culprit: culprit.wrong() },
      solution: [
        { answer: 'guess', is: 'asked' },
        { answer: 'culprit', from: CULPRIT },
      ],
      second: [
        { answer: 'culprit', from: FAR },
        { answer: 'culprit', from: CULPRIT },
        { answer: 'guess', is: 'alike' },
      ],
      wrong: [{ name: 'does not look where it runs', deeds: [{ answer: 'culprit', from: FAR }], raises: 'culprit' }],
    },
    {
      id: 'fence',
      goals: { quick: till, fenced: now(fenced), runs: now(runs) },
      hints: {
        gone: now(not(runs)),
        other: now(both(other, not(fenced))),
        high: allOf(held(both(fenced, runs), 20_000), till.slow()),
        asked: allOf(held(both(not(fenced), not(other)), 30_000), quick('till', 200, 1)),
      },
      chain: {
        limited: { who: 'learner', verb: 'patch|update', object: 'deployments' },
        made: { who: 'replicaset-controller', verb: 'create', object: 'pods' },
      },
      solution: [limit('2'), { wait: 25_000 }],
      second: [`kubectl set resources deployment/$(${CULPRIT}) --limits=cpu=1500m --requests=cpu=500m`, { wait: 25_000 }],
      wrong: [
        {
          name: 'sends it away',
          deeds: [`kubectl scale deployment/$(${CULPRIT}) --replicas=0`, { wait: 10_000 }],
          raises: 'gone',
        },
        { name: 'fences the other one', deeds: [limit('2', FAR), { wait: 5000 }], raises: 'other' },
        { name: 'fences it too far out', deeds: [limit('6'), { wait: 40_000 }], raises: 'high' },
        {
          name: 'only asks for more',
          deeds: ['kubectl set resources deployment/till --requests=cpu=500m', { wait: 40_000 }],
          raises: 'asked',
        },
      ],
    },
  ],
})
