/** Lesson 3.1: pods reach each other by address, whatever machine they are on; and a new pod has a new address. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, answered, audit, born, eventually, missing, obj, reach } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const pod = (name: string, machine: string): AnyObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: name } },
    spec: {
      nodeSelector: { 'kubernetes.io/hostname': machine },
      terminationGracePeriodSeconds: 2,
      containers: [{ name: 'web', image: 'nginx:1.27' }],
    },
  }) as unknown as AnyObject

const MANIFEST = `apiVersion: v1
kind: Pod
metadata:
  name: web
  labels:
    app: web
spec:
  nodeSelector:
    kubernetes.io/hostname: node-2
  containers:
    - name: web
      image: nginx:1.27
`

const web = obj('pod/web')
const ip = web.path('status.podIP')
const call = (host: string): Deed => `kubectl exec caller -- wget -qO- -T 3 http://${host}`
const ASK = "kubectl get pod web -o jsonpath='{.status.podIP}'"
const CURRENT = `$(${ASK})`
const deleted = audit('learner', 'delete', 'pods/web')
const [address, fresh] = [answer('address', ip), answer('fresh', ip)]
/** A call that found nobody at an address. */
const missed = missing('caller')
const isWeb = ({ metadata }: AnyObject): boolean => metadata.name === 'web'

export default lesson({
  start: { objects: [pod('caller', 'node-1'), pod('web', 'node-2')], warmUp: 30_000 },
  files: { 'manifest.yaml': MANIFEST },
  steps: [
    {
      id: 'call',
      goals: { guess: answered('guess'), address, reached: eventuallyReached() },
      hints: { address: address.wrong(), name: reach('caller', 'web').fails() },
      solution: [{ answer: 'guess', is: 'yes' }, { answer: 'address', from: ASK }, call(CURRENT)],
      second: [
        call(CURRENT),
        { answer: 'address', from: 'kubectl get pods -l app=web -o custom-columns=IP:.status.podIP --no-headers' },
        { answer: 'guess', is: 'no' },
      ],
      wrong: [
        { name: 'gives the other one', deeds: [{ answer: 'address', from: ASK.replace('web', 'caller') }], raises: 'address' },
        { name: 'calls it by name', deeds: [{ answer: 'guess', is: 'yes' }, call('web')], raises: 'name' },
      ],
    },
    {
      id: 'again',
      goals: {
        same: answered('same'),
        born: after(deleted, born('pods', { is: isWeb })),
        fresh: after(deleted, fresh),
        back: after(after(deleted, born('pods', { is: isWeb })), reach('caller', 'web')),
      },
      hints: { fresh: fresh.wrong(), old: after(deleted, missed) },
      chain: {
        deleted: { who: 'learner', verb: 'delete', object: 'pods/web' },
        made: { who: 'learner', verb: 'create|patch|apply', object: 'pods/web' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/web/status' },
      },
      solution: [
        { answer: 'same', is: 'no2' },
        'kubectl delete pod web',
        'kubectl apply -f manifest.yaml',
        'kubectl wait --for=condition=Ready pod/web --timeout=60s',
        { answer: 'fresh', from: ASK },
        call(CURRENT),
      ],
      second: [
        { answer: 'same', is: 'yes2' },
        'kubectl replace --force -f manifest.yaml',
        { wait: 15_000 },
        call(CURRENT),
        { answer: 'fresh', from: ASK },
      ],
      wrong: [
        {
          name: 'gives the wrong address',
          deeds: ['kubectl delete pod web', 'kubectl apply -f manifest.yaml', { answer: 'fresh', is: '10.244.2.2' }],
          raises: 'fresh',
        },
        {
          name: 'goes on calling the old address',
          deeds: [
            `${ASK} > old`,
            'kubectl delete pod web',
            'kubectl apply -f manifest.yaml',
            'kubectl wait --for=condition=Ready pod/web --timeout=60s',
            call('$(cat old)'),
          ],
          raises: 'old',
        },
      ],
    },
  ],
})

/** Reached at its present address, not only by luck. */
function eventuallyReached() {
  return after(eventually(web.condition('Ready').is('True')), reach('caller', 'web'))
}
