/** Lesson 5.3: a disk that is made at once in the wrong zone, and one that waits for the scheduler. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, anyOf, audit, both, event, eventually, held, list, not, now, obj, refused } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const DRIVER = 'disk.csi.tabernetes.dev'
const ZONE = 'topology.kubernetes.io/zone'

const claim = (name: string, storageClassName: string): string => `apiVersion: v1
kind: PersistentVolumeClaim
metadata:
  name: ${name}
spec:
  storageClassName: ${storageClassName}
  accessModes: [ReadWriteOnce]
  resources:
    requests:
      storage: 1Gi
`
const PRESS = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: press
spec:
  selector:
    matchLabels:
      app: press
  template:
    metadata:
      labels:
        app: press
    spec:
      nodeSelector:
        ${ZONE}: zone-b
      terminationGracePeriodSeconds: 1
      containers:
        - name: press
          image: busybox:1.36
          command: [sleep, "86400"]
          volumeMounts:
            - name: paper
              mountPath: /paper
      volumes:
        - name: paper
          persistentVolumeClaim:
            claimName: early
`
/** Of the learner's own: it makes disks at once, but in one zone only. */
const NEAR = `apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata:
  name: near
provisioner: ${DRIVER}
volumeBindingMode: Immediate
allowedTopologies:
  - matchLabelExpressions:
      - key: ${ZONE}
        values: [zone-b]
`

const press = obj('deployment/press')
const isMeant = press.path('spec.template.spec.nodeSelector').map((selector) => selector?.[ZONE] === 'zone-b')
const isReady = both(
  press.path('status.availableReplicas').is(1),
  press.path('status.updatedReplicas').is(1),
  press.path('status.replicas').is(1),
)
const why = answer('why', ['zone'])
const zonesOf = (volume: AnyObject): string[] =>
  volume['spec'].nodeAffinity?.required?.nodeSelectorTerms?.[0]?.matchExpressions?.[0]?.values ?? []
/** Made since, and of no use in zone-b. */
const isMisplaced = list('persistentvolumes').map((all) =>
  all.some((volume) => volume['spec'].claimRef?.name !== 'early' && !zonesOf(volume).includes('zone-b')),
)
const use = (name: string): string =>
  `kubectl patch deployment press -p '${JSON.stringify({
    spec: { template: { spec: { volumes: [{ name: 'paper', persistentVolumeClaim: { claimName: name } }] } } },
  })}'`
const write = (text: string): Deed => ({ write: 'later.yaml', text })
const applied = 'kubectl apply -f later.yaml'
const guess: Deed = { answer: 'guess', is: 'pending' }

export default lesson({
  start: {
    objects: [
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: { name: 'hasty' },
        provisioner: DRIVER,
        volumeBindingMode: 'Immediate',
        reclaimPolicy: 'Delete',
      },
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'early' },
        spec: { storageClassName: 'hasty', accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } },
      },
    ] as unknown as AnyObject[],
    warmUp: 20_000,
  },
  files: { 'manifest.yaml': PRESS, 'later.yaml': claim('later', 'hasty') },
  steps: [
    {
      id: 'early',
      goals: { applied: eventually(press.exists()), why },
      hints: { why: why.wrong() },
      solution: [
        'kubectl get nodes -L topology.kubernetes.io/zone',
        'kubectl apply -f manifest.yaml',
        { wait: 3000 },
        'kubectl describe pod -l app=press',
        { answer: 'why', is: 'zone' },
      ],
      second: ['kubectl create -f manifest.yaml', 'kubectl describe pv', { answer: 'why', is: 'zone' }],
      wrong: [
        { name: 'blames the machines', deeds: ['kubectl apply -f manifest.yaml', { answer: 'why', is: 'full' }], raises: 'why' },
        { name: 'blames the claim', deeds: ['kubectl apply -f manifest.yaml', { answer: 'why', is: 'nodisk' }], raises: 'why' },
      ],
    },
    {
      id: 'later',
      goals: { guess: answered('guess'), meant: now(isMeant), landed: held(both(isMeant, isReady), 3000) },
      hints: {
        hasty: now(isMisplaced),
        moved: now(both(press.exists(), not(isMeant))),
        fixed: refused('learner', 'patch|update|apply', 'storageclasses/*'),
        again: anyOf(
          audit('learner', 'delete|deletecollection', 'pods/press-*'),
          now(press.path('spec.template.metadata.annotations').exists()),
        ),
        missing: event('FailedScheduling', 'pod/press-*', /persistentvolumeclaim .* not found/),
      },
      chain: {
        wished: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/press' },
        asked: { who: 'replicaset-controller', verb: 'create', object: 'pods/press-*' },
        chosen: { who: 'scheduler', verb: 'patch', object: 'persistentvolumeclaims' },
        made: { who: 'csi-disk-controller', verb: 'create', object: 'persistentvolumes' },
        placed: { who: 'scheduler', verb: 'create', object: 'pods/@asked/binding' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/@asked/status' },
      },
      solution: [
        'kubectl get storageclass',
        guess,
        write(claim('later', 'disk')),
        applied,
        { wait: 3000 },
        'kubectl get persistentvolumeclaims',
        use('later'),
      ],
      second: [
        { answer: 'guess', is: 'bound' },
        { write: 'near.yaml', text: NEAR },
        'kubectl apply -f near.yaml',
        write(claim('later', 'near')),
        applied,
        use('later'),
      ],
      wrong: [
        { name: 'takes the same class', deeds: [guess, applied, use('later')], raises: 'hasty' },
        {
          name: 'moves the pod',
          deeds: [guess, `kubectl patch deployment press -p '{"spec":{"template":{"spec":{"nodeSelector":null}}}}'`],
          raises: 'moved',
        },
        {
          name: 'changes the class',
          deeds: [guess, `kubectl patch storageclass hasty -p '{"volumeBindingMode":"WaitForFirstConsumer"}'`],
          raises: 'fixed',
        },
        { name: 'only starts it again', deeds: [guess, 'kubectl rollout restart deployment/press'], raises: 'again' },
        { name: 'deletes the pod', deeds: [guess, 'kubectl delete pods -l app=press --wait=false'], raises: 'again' },
        { name: 'names a claim that is not there', deeds: [guess, use('later')], raises: 'missing' },
      ],
    },
  ],
})
