/** Lesson 5.1: three places to write to, and how long each lasts. */
import type { AnyObject } from '#api/meta.ts'
import { after, answered, anyOf, audit, both, event, eventually, held, isReady, list, not, now, obj, said } from '../checks.ts'
import { lesson } from '../lesson.ts'

const PLACES = ['container', 'emptyDir', 'disk'] as const
const SCRIPT = [
  "trap 'exit 1' TERM",
  `for place in ${PLACES.join(' ')}; do mkdir -p /$place; date >> /$place/lines; done`,
  `while true; do echo "${PLACES.map((place) => `${place}: $(wc -l < /${place}/lines)`).join('  ')}"; sleep 3 & wait $!; done`,
].join('\n')

const claim = (name: string, storageClass = 'disk'): AnyObject =>
  ({
    apiVersion: 'v1',
    kind: 'PersistentVolumeClaim',
    metadata: { name },
    spec: { storageClassName: storageClass, accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
  }) as unknown as AnyObject

const deployment = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'notes', labels: { app: 'notes' } },
  spec: {
    replicas: 1,
    strategy: { type: 'Recreate' },
    selector: { matchLabels: { app: 'notes' } },
    template: {
      metadata: { labels: { app: 'notes' } },
      spec: {
        terminationGracePeriodSeconds: 5,
        containers: [
          {
            name: 'notes',
            image: 'busybox:1.36',
            command: ['sh', '-c', SCRIPT],
            volumeMounts: [
              { name: 'empty', mountPath: '/emptyDir' },
              { name: 'disk', mountPath: '/disk' },
            ],
          },
        ],
        volumes: [
          { name: 'empty', emptyDir: {} },
          { name: 'disk', persistentVolumeClaim: { claimName: 'notes' } },
        ],
      },
    },
  },
} as unknown as AnyObject

const PAGES = `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: pages
spec:
  storageClassName: disk
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
`

interface Spec {
  volumes?: { name: string; persistentVolumeClaim?: object; hostPath?: object; emptyDir?: object }[]
  containers: { volumeMounts?: { name: string; mountPath: string }[] }[]
}

const notes = obj('deployment/notes')
const pods = list('pods', { labels: 'app=notes' }).map((all) => all.filter(({ metadata }) => !metadata.deletionTimestamp))
const restarts = (pod: AnyObject): number => pod['status']?.containerStatuses?.[0]?.restartCount ?? 0
const restarted = pods.map((all) => all.some((pod) => restarts(pod) > 0 && isReady(pod)))
const isOn = (node: string) => pods.map((all) => all.some((pod) => pod['spec'].nodeName === node))
const isUpOn = (node: string) =>
  pods.map((all) => all.length === 1 && all.every((pod) => pod['spec'].nodeName === node && isReady(pod)))
const from = (one: string, other: string) => after(eventually(isOn(one)), eventually(isUpOn(other)))
const moved = anyOf(from('node-1', 'node-2'), from('node-2', 'node-1'))
const closed = list('nodes').map((nodes) => nodes.filter((node) => node['spec']?.unschedulable).length)
/** What is mounted where the pages are. */
const place = notes.path('spec.template.spec').map((spec: Spec | undefined) => {
  const name = spec?.containers[0]?.volumeMounts?.find(({ mountPath }) => mountPath === '/emptyDir')?.name
  return spec?.volumes?.find((volume) => volume.name === name)
})
const isOnDisk = place.map((volume) => volume?.persistentVolumeClaim !== undefined)
const isFresh = pods.map((all) => all.length === 1 && all.every((pod) => restarts(pod) === 0 && isReady(pod)))
const log = said('notes-*')
const foundMore = log.matches(/emptyDir: (?:[2-9]|\d\d+) [^\n]*\n?$/)
const deleted = audit('learner', 'delete|deletecollection', 'pods/notes-*')

const look = 'kubectl logs deployment/notes --tail=1'
const HERE = "$(kubectl get pods -l app=notes -o jsonpath='{.items[0].spec.nodeName}')"
const gone = 'kubectl delete pod -l app=notes'
const toVolume = (source: object): string =>
  `kubectl patch deployment notes -p '${JSON.stringify({
    spec: { template: { spec: { volumes: [{ name: 'empty', emptyDir: null, ...source }] } } },
  })}'`
const toClaim = (claimName: string): string => toVolume({ persistentVolumeClaim: { claimName } })

export default lesson({
  start: {
    // A disk belongs to a zone: both machines are in one.
    patches: [{ object: 'nodes/node-2', patch: { metadata: { labels: { 'topology.kubernetes.io/zone': 'zone-a' } } } }],
    objects: [claim('notes'), deployment],
    warmUp: 40_000,
  },
  files: { 'pages.yaml': PAGES },
  steps: [
    {
      id: 'restart',
      goals: { guess: answered('guess'), restarted: eventually(restarted) },
      hints: { deleted: anyOf(deleted, audit('learner', 'patch|update|apply', 'deployments/notes')) },
      solution: [
        look,
        { answer: 'guess', is: 'two' },
        'kubectl exec deployment/notes -- kill 1',
        { wait: 6000 },
        'kubectl get pods',
        look,
      ],
      second: [{ answer: 'guess', is: 'all' }, "kubectl exec deployment/notes -- sh -c 'kill -15 1'"],
      wrong: [
        { name: 'deletes the pod', deeds: [{ answer: 'guess', is: 'two' }, `${gone} --wait=false`], raises: 'deleted' },
        {
          name: 'brings it out again',
          deeds: [{ answer: 'guess', is: 'disk' }, 'kubectl rollout restart deployment/notes'],
          raises: 'deleted',
        },
      ],
    },
    {
      id: 'elsewhere',
      goals: { guess2: answered('guess2'), moved, open: now(closed.is(0)) },
      hints: {
        same: after(
          deleted,
          anyOf(...['node-1', 'node-2'].map((node) => after(eventually(isUpOn(node)), held(isUpOn(node), 4000)))),
        ),
        closed: now(closed.is(2)),
        shut: after(moved, held(closed.is(1), 15_000)),
      },
      chain: {
        deleted: { who: 'learner', verb: 'delete|deletecollection', object: 'pods/notes-*' },
        asked: { who: 'replicaset-controller', verb: 'create', object: 'pods/notes-*' },
        placed: { who: 'scheduler', verb: 'create', object: 'pods/@asked/binding' },
        attached: { who: 'attachdetach-controller', verb: 'create', object: 'volumeattachments' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/@asked/status' },
      },
      solution: [
        { answer: 'guess2', is: 'disk' },
        'kubectl get pods -o wide',
        `kubectl cordon ${HERE}`,
        gone,
        { wait: 15_000 },
        look,
        'kubectl uncordon node-1 node-2',
      ],
      second: [
        { answer: 'guess2', is: 'none' },
        `kubectl drain ${HERE} --ignore-daemonsets --delete-emptydir-data`,
        { wait: 15_000 },
        'kubectl uncordon node-1',
        'kubectl uncordon node-2',
      ],
      wrong: [
        { name: 'leaves the machine open', deeds: [{ answer: 'guess2', is: 'disk' }, gone], raises: 'same' },
        { name: 'closes both', deeds: ['kubectl cordon node-1 node-2', `${gone} --wait=false`], raises: 'closed' },
        {
          name: 'forgets to open it again',
          deeds: [{ answer: 'guess2', is: 'disk' }, `kubectl cordon ${HERE}`, gone, { wait: 15_000 }],
          raises: 'shut',
        },
      ],
    },
    {
      id: 'keep',
      goals: {
        volume: now(both(notes.exists(), not(place.map((volume) => volume?.emptyDir !== undefined)), isOnDisk)),
        kept: eventually(both(isOnDisk, isFresh, foundMore)),
      },
      hints: {
        claim: event('FailedScheduling', 'pod/notes-*', /persistentvolumeclaim .* not found/),
        host: now(place.map((volume) => volume?.hostPath !== undefined)),
        pending: held(
          list('persistentvolumeclaims').map((claims) =>
            claims.some(
              ({ spec, status }: AnyObject) =>
                spec.storageClassName !== 'disk' && !spec.volumeName && status?.phase === 'Pending',
            ),
          ),
          5000,
        ),
        test: held(both(isOnDisk, isFresh, log.matches(/emptyDir: 1 /)), 8000),
      },
      solution: ['kubectl apply -f pages.yaml', toClaim('pages'), { wait: 20_000 }, look, gone, { wait: 15_000 }, look],
      second: [
        'kubectl create -f pages.yaml',
        toClaim('pages'),
        { wait: 20_000 },
        'kubectl rollout restart deployment/notes',
        'kubectl rollout status deployment/notes',
      ],
      wrong: [
        { name: 'names a claim that is not there', deeds: [toClaim('pages')], raises: 'claim' },
        {
          name: 'takes a folder of the machine',
          deeds: [toVolume({ hostPath: { path: '/pages', type: 'DirectoryOrCreate' } })],
          raises: 'host',
        },
        {
          name: 'names no class',
          deeds: [
            { write: 'pages.yaml', text: PAGES.replace('  storageClassName: disk\n', '') },
            'kubectl apply -f pages.yaml',
            toClaim('pages'),
          ],
          raises: 'pending',
        },
        { name: 'makes no test', deeds: ['kubectl apply -f pages.yaml', toClaim('pages'), { wait: 25_000 }], raises: 'test' },
      ],
    },
  ],
})
