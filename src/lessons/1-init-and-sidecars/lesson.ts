/** Lesson 1.5: an init container that waits for a name, and a sidecar that doesn't keep a Job from ending. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, both, count, eventually, not, now, obj, refused } from '../checks.ts'
import { lesson } from '../lesson.ts'

const db = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'db', labels: { app: 'db' } },
  spec: {
    replicas: 1,
    selector: { matchLabels: { app: 'db' } },
    template: { metadata: { labels: { app: 'db' } }, spec: { containers: [{ name: 'redis', image: 'redis:7' }] } },
  },
} as unknown as AnyObject
const app = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'app', labels: { app: 'app' } },
  spec: {
    initContainers: [
      {
        name: 'wait-for-db',
        image: 'busybox:1.36',
        command: [
          'sh',
          '-c',
          'until nslookup db.default.svc.cluster.local >/dev/null 2>&1; do echo "no db yet"; sleep 2; done; echo "there it is"',
        ],
      },
    ],
    containers: [{ name: 'app', image: 'nginx:1.27' }],
  },
} as unknown as AnyObject

const SHIPPER = `- name: shipper
          image: busybox:1.36
          command: [sh, -c, "touch /out/report.txt; tail -n +1 -f /out/report.txt"]
          volumeMounts: [{name: out, mountPath: /out}]
`
const REPORT = `- name: report
          image: busybox:1.36
          command: [sh, -c, "sleep 5; echo all is well > /out/report.txt; sleep 3"]
          volumeMounts: [{name: out, mountPath: /out}]
`
const head = `apiVersion: batch/v1
kind: Job
metadata:
  name: report
spec:
  template:
    spec:
      restartPolicy: Never
      terminationGracePeriodSeconds: 3
      volumes:
        - name: out
          emptyDir: {}
`
const asContainer = `${head}      containers:\n        ${REPORT}        ${SHIPPER}`
const asInit = (always: boolean): string =>
  `${head}      initContainers:\n        ${SHIPPER}${always ? '          restartPolicy: Always\n' : ''}      containers:\n        ${REPORT}`
const withoutShipper = `${head}      containers:\n        ${REPORT}`

const start = {
  apiVersion: 'batch/v1',
  kind: 'Job',
  metadata: { name: 'report' },
  spec: {
    template: {
      spec: {
        restartPolicy: 'Never',
        terminationGracePeriodSeconds: 3,
        volumes: [{ name: 'out', emptyDir: {} }],
        containers: [
          {
            name: 'report',
            image: 'busybox:1.36',
            command: ['sh', '-c', 'sleep 5; echo all is well > /out/report.txt; sleep 3'],
            volumeMounts: [{ name: 'out', mountPath: '/out' }],
          },
          {
            name: 'shipper',
            image: 'busybox:1.36',
            command: ['sh', '-c', 'touch /out/report.txt; tail -n +1 -f /out/report.txt'],
            volumeMounts: [{ name: 'out', mountPath: '/out' }],
          },
        ],
      },
    },
  },
} as unknown as AnyObject

const pod = obj('pod/app')
const endedAt = pod.path('status.initContainerStatuses.0.state.terminated.finishedAt')
const beganAt = pod.path('status.containerStatuses.0.state.running.startedAt')
const ordered = both(
  endedAt.exists(),
  beganAt.exists(),
  pod.map(
    (object) =>
      String(object?.['status']?.initContainerStatuses?.[0]?.state?.terminated?.finishedAt) <=
      String(object?.['status']?.containerStatuses?.[0]?.state?.running?.startedAt),
  ),
)
const job = obj('job/report')
type Init = { name: string; restartPolicy?: string }
const inits = job.path('spec.template.spec.initContainers').map((list: Init[] | undefined) => list ?? [])
const isInit = inits.map((list) => list.some(({ name }) => name === 'shipper'))
const isNative = inits.map((list) => list.some(({ name, restartPolicy }) => name === 'shipper' && restartPolicy === 'Always'))
const isComplete = job.condition('Complete').is('True')
const shipperAnywhere = job.map((object) => /"name":"shipper"/.test(JSON.stringify(object?.['spec'] ?? {})))
const when = answer('when', ['started'])

export default lesson({
  start: { objects: [db, app, start], warmUp: 45_000 },
  files: { 'report.yaml': asContainer },
  steps: [
    {
      id: 'wait',
      goals: { guess: answered('guess'), service: now(obj('service/db').exists()), ordered: eventually(ordered) },
      hints: {
        name: now(both(obj('service/db').exists().is(false), count('services', { is: isOwn }).atLeast(1))),
        killed: eventually(not(pod.exists())),
      },
      chain: {
        made: { who: 'learner', verb: 'create|patch|apply', object: 'services/db' },
        began: { who: 'kubelet', verb: 'patch', object: 'pods/app/status' },
      },
      solution: [{ answer: 'guess', is: 'goes' }, 'kubectl logs app -c wait-for-db', 'kubectl expose deployment db --port=6379'],
      second: [{ answer: 'guess', is: 'anew' }, 'kubectl create service clusterip db --tcp=6379'],
      wrong: [
        {
          name: 'calls it otherwise',
          deeds: [{ answer: 'guess', is: 'goes' }, 'kubectl expose deployment db --name=database --port=6379'],
          raises: 'name',
        },
        {
          name: 'deletes the pod',
          deeds: [{ answer: 'guess', is: 'anew' }, 'kubectl delete pod app --wait=false --grace-period=1'],
          raises: 'killed',
        },
      ],
    },
    {
      id: 'sidecar',
      goals: { when, native: now(isNative), complete: now(both(isComplete, isNative)) },
      hints: {
        init: now(both(isInit, not(isNative))),
        refused: refused('learner', 'patch|update|apply', 'jobs/report'),
        alone: now(both(isComplete, not(shipperAnywhere))),
        when: when.wrong(),
      },
      chain: {
        again: { who: 'learner', verb: 'create|patch|apply', object: 'jobs/report' },
        podded: { who: 'job-controller', verb: 'create', object: 'pods' },
        ran: { who: 'kubelet', verb: 'patch', object: 'pods/@podded/status' },
        counted: { who: 'job-controller', verb: 'update|patch', object: 'jobs/report/status' },
      },
      solution: [
        { answer: 'when', is: 'started' },
        'kubectl delete job report',
        { write: 'report.yaml', text: asInit(true) },
        'kubectl apply -f report.yaml',
      ],
      second: [
        { answer: 'when', is: 'ended' },
        { answer: 'when', is: 'started' },
        { write: 'report.yaml', text: asInit(true) },
        'kubectl replace --force -f report.yaml',
      ],
      wrong: [
        {
          name: 'makes it an ordinary init container',
          deeds: ['kubectl delete job report', { write: 'report.yaml', text: asInit(false) }, 'kubectl apply -f report.yaml'],
          raises: 'init',
        },
        {
          name: 'changes the Job in place',
          deeds: [{ write: 'report.yaml', text: asInit(true) }, 'kubectl apply -f report.yaml'],
          raises: 'refused',
        },
        {
          name: 'leaves the shipper out',
          deeds: ['kubectl delete job report', { write: 'report.yaml', text: withoutShipper }, 'kubectl apply -f report.yaml'],
          raises: 'alone',
        },
        { name: 'waits for the end of what never ends', deeds: [{ answer: 'when', is: 'ended' }], raises: 'when' },
      ],
    },
  ],
})

/** Not the API server's own Service. */
function isOwn({ metadata }: AnyObject): boolean {
  return metadata.name !== 'kubernetes'
}
