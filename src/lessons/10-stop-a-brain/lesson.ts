/** Lesson 10.1: what stops when the scheduler stops, and when the controller manager does; and that both catch up by themselves. */
import type { AnyObject } from '#api/meta.ts'
import {
  after,
  answer,
  answered,
  audit,
  both,
  broken,
  count,
  each,
  either,
  eventually,
  held,
  isReady,
  list,
  not,
  now,
  obj,
  refused,
  Value,
} from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 2,
    selector: { matchLabels: { app: 'web' } },
    template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'nginx:1.27' }] } },
  },
} as unknown as AnyObject

const pod = (nodeName = ''): string => `apiVersion: v1
kind: Pod
metadata:
  name: byhand
spec:
  containers:
    - name: main
      image: nginx:1.27
${nodeName === '' ? '' : `  nodeName: ${nodeName}\n`}`

const [SCHEDULER, MANAGER] = ['kube-scheduler', 'kube-controller-manager']
const power = (component: string, on: boolean): Deed => ({ fault: { kind: 'component', component, on } })
const [noScheduler, noManager] = [broken('components', SCHEDULER), broken('components', MANAGER)]

const web = obj('deployment/web')
const wanted = web.path('spec.replicas')
const onMachine = (object: AnyObject): boolean => Boolean(object['spec']?.nodeName)
const waiting = count('pods', { labels: 'app=web', is: (object) => !onMachine(object) })
const ready = (labels: string) => count('pods', { labels, is: isReady })
const alive = list('pods', { labels: 'app=web' }).map((pods) => pods.filter((each) => !each.metadata.deletionTimestamp).length)
const fewer = new Value([...alive.needs, ...wanted.needs], (view) => alive.read(view) < Number(wanted.read(view) ?? 0))
const whole = new Value([...alive.needs, ...wanted.needs], (view) => ready('app=web').read(view) === wanted.read(view))
const byHand = obj('pod/byhand')
const machine = byHand.path('spec.nodeName')
const machines = list('nodes').map((nodes) => nodes.map(({ metadata }) => metadata.name))
const somewhere = new Value([...machine.needs, ...machines.needs], (view) => machines.read(view).includes(machine.read(view)))
const waits = eventually(both(noScheduler, waiting.atLeast(1)))
/** What a Deployment's status says when nobody corrects it. */
const says = answer(
  'says',
  new Value([...web.needs], (view) => (web.path('status.readyReplicas').read(view) === wanted.read(view) ? 'all' : 'less')),
)
const gone = held(both(noManager, fewer), 5000)
const deleting = count('pods', { labels: 'app=web', is: ({ metadata }) => metadata.deletionTimestamp !== undefined })

const DELETE = "kubectl delete pod --wait=false $(kubectl get pods -l app=web -o jsonpath='{.items[0].metadata.name}')"
const place = (nodeName = ''): Deed[] => [{ write: 'manifest.yaml', text: pod(nodeName) }, 'kubectl apply -f manifest.yaml']
const SCALE = 'kubectl scale deployment web --replicas=3'
const BIND = `kubectl get pods --field-selector=spec.nodeName= -o jsonpath='{.items[0].metadata.name}' > name
echo '{"apiVersion":"v1","kind":"Binding","metadata":{"name":"'$(cat name)'"},"target":{"apiVersion":"v1","kind":"Node","name":"node-2"}}' > binding.json
kubectl create -f binding.json`

export default lesson({
  start: { objects: [deployment], warmUp: 30_000 },
  files: { 'manifest.yaml': pod() },
  steps: [
    {
      id: 'scheduler',
      goals: {
        guess: answered('guess'),
        stopped: eventually(noScheduler),
        waits,
        placed: after(
          waits,
          eventually(
            both(
              noScheduler,
              either(
                ready('app=web').atLeast(3),
                byHand.map((it) => it !== undefined && isReady(it)),
              ),
            ),
          ),
        ),
      },
      hints: {
        running: now(both(ready('app=web').atLeast(3), not(noScheduler))),
        nameless: now(both(noScheduler, byHand.exists(), not(machine.exists()))),
        late: refused('learner', 'patch|update|apply', 'pods'),
        nowhere: now(both(machine.exists(), not(somewhere))),
      },
      chain: {
        asked: { who: 'learner', verb: 'update|patch|apply', object: 'deployments/web/*' },
        made: { who: 'replicaset-controller', verb: 'create', object: 'pods/web-*' },
      },
      solution: [{ answer: 'guess', is: 'waits' }, power(SCHEDULER, false), SCALE, 'sleep 1', ...place('node-1')],
      second: [{ answer: 'guess', is: 'runs' }, power(SCHEDULER, false), SCALE, 'sleep 1', BIND],
      wrong: [
        { name: 'asks before it is stopped', deeds: [SCALE, { wait: 5000 }], raises: 'running' },
        {
          name: 'names no machine',
          deeds: [{ answer: 'guess', is: 'none' }, power(SCHEDULER, false), SCALE, ...place()],
          raises: 'nameless',
        },
        {
          name: 'adds the name afterwards',
          deeds: [power(SCHEDULER, false), SCALE, ...place(), ...place('node-1')],
          raises: 'late',
        },
        {
          name: 'names a machine that is not there',
          deeds: [{ answer: 'guess', is: 'none' }, power(SCHEDULER, false), SCALE, ...place('node-7')],
          raises: 'nowhere',
        },
      ],
    },
    {
      id: 'manager',
      goals: {
        guess2: answered('guess2'),
        gone,
        says: each(noManager, says),
        back: after(gone, now(both(not(noScheduler), not(noManager), whole))),
      },
      hints: {
        replaced: after(audit('learner', 'delete', 'pods/web-*'), now(both(not(noManager), deleting.is(0), whole))),
        says: says.wrong(),
        lost: eventually(not(web.exists())),
        still: after(gone, now(noManager)),
      },
      chain: {
        made: { who: 'replicaset-controller', verb: 'create', object: 'pods/web-*' },
        bound: { who: 'scheduler', verb: 'create', object: 'pods/@made/binding' },
      },
      solution: [
        power(SCHEDULER, true),
        { wait: 20_000 },
        { answer: 'guess2', is: 'nobody' },
        power(MANAGER, false),
        DELETE,
        { wait: 8000 },
        'kubectl get deployment web',
        { answer: 'says', is: 'all' },
        power(MANAGER, true),
        { wait: 20_000 },
      ],
      second: [
        power(MANAGER, false),
        { answer: 'guess2', is: 'scheduler' },
        power(SCHEDULER, true),
        { wait: 20_000 },
        DELETE,
        { answer: 'says', is: 'less' },
        { wait: 8000 },
        {
          answer: 'says',
          from: 'kubectl get deployment web -o jsonpath="{.status.readyReplicas}" | sed "s/3/all/; s/[12]/less/"',
        },
        power(MANAGER, true),
        { wait: 20_000 },
      ],
      wrong: [
        {
          name: 'deletes while the controllers run',
          deeds: [power(SCHEDULER, true), { wait: 20_000 }, DELETE, { wait: 8000 }],
          raises: 'replaced',
        },
        {
          name: 'believes that the number follows',
          deeds: [power(SCHEDULER, true), { wait: 20_000 }, power(MANAGER, false), DELETE, { answer: 'says', is: 'less' }],
          raises: 'says',
        },
        { name: 'deletes the Deployment', deeds: [power(MANAGER, false), 'kubectl delete deployment web'], raises: 'lost' },
        {
          name: 'leaves it stopped',
          deeds: [power(SCHEDULER, true), { wait: 20_000 }, power(MANAGER, false), DELETE, { wait: 8000 }],
          raises: 'still',
        },
      ],
    },
  ],
})
