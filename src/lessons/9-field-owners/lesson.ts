/** Lesson 9.2: who owns a field, what happens when two want it, and how to let go of it. */
import type { AnyObject } from '#api/meta.ts'
import { after, allOf, answer, answered, both, type Check, eventually, held, never, not, now, obj, refused } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const autoscaler = {
  apiVersion: 'autoscaling/v2',
  kind: 'HorizontalPodAutoscaler',
  metadata: { name: 'web' },
  spec: {
    scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
    minReplicas: 4,
    maxReplicas: 8,
    metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 50 } } }],
  },
} as unknown as AnyObject

const manifest = (replicas: string, tag: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
${replicas}  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx:${tag}
          resources:
            requests:
              cpu: 50m
`
const TWO = '  replicas: 2\n'
const AUTOSCALER = 'kube-controller-manager'

interface Entry {
  manager: string
  operation: string
  fieldsV1?: { 'f:spec'?: Record<string, unknown> }
}
const web = obj('deployment/web')
const entries = web.path('metadata.managedFields').map((all) => (all ?? []) as Entry[])
/** Those who own a field directly below spec. */
const ownersOf = (field: string) =>
  entries.map((all) => all.filter(({ fieldsV1 }) => fieldsV1?.['f:spec']?.[`f:${field}`] !== undefined))
const owners = ownersOf('replicas').map((all) => [...new Set(all.map(({ manager }) => manager))])
const sole = owners.map((all) => all.join() === AUTOSCALER)
const replicas = web.path('spec.replicas')
const four = replicas.is(4)
const applied = ownersOf('template').map((all) => all.some(({ operation }) => operation === 'Apply'))
const image = web.path('spec.template.spec.containers.0.image')
const scaler = obj('horizontalpodautoscaler/web')
const conflict = refused('learner', 'patch|apply', 'deployments/web', { code: 409 })
const owner = answer('owner', AUTOSCALER)
/** What a plain apply leaves behind. */
const plain = web
  .path('metadata.annotations')
  .map((all) => all?.['kubectl.kubernetes.io/last-applied-configuration'] !== undefined)
const taken = owners.map((all) => all.length > 0 && !all.includes(AUTOSCALER))

/** Nobody has taken the field from the autoscaler since this step began. */
const unforced: Check = { ...never(eventually(both(web.exists(), taken))), since: 'step' }

const apply = (flags = '', text?: string): Deed[] => [
  ...(text === undefined ? [] : [{ write: 'manifest.yaml', text }]),
  `kubectl apply --server-side ${flags} -f manifest.yaml`,
]
const guess: Deed = { answer: 'guess', is: 'refused' }
const guess2: Deed = { answer: 'guess2', is: 'stays' }
const who: Deed = { answer: 'owner', is: AUTOSCALER }
const scaled = 'sleep 20'

export default lesson({
  start: { objects: [autoscaler], warmUp: 5000 },
  files: { 'manifest.yaml': manifest(TWO, '1.27') },
  steps: [
    {
      id: 'conflict',
      goals: { guess: answered('guess'), four: eventually(four), refused: conflict, owner },
      hints: {
        owner: owner.wrong(),
        plain: now(plain),
        forced: after(eventually(sole), eventually(both(web.exists(), taken))),
      },
      chain: {
        applied: { who: 'learner', verb: 'patch|apply', object: 'deployments/web' },
        scaled: { who: 'horizontal-pod-autoscaler', verb: 'update', object: 'deployments/web/scale' },
        clash: { who: 'learner', verb: 'patch|apply', object: 'deployments/web', refused: true },
      },
      solution: [guess, ...apply(), scaled, ...apply(), who],
      second: [
        { answer: 'guess', is: 'flips' },
        ...apply(),
        scaled,
        'kubectl diff --server-side -f manifest.yaml',
        ...apply(),
        who,
      ],
      wrong: [
        {
          name: 'names themselves',
          deeds: [guess, ...apply(), scaled, ...apply(), { answer: 'owner', is: 'kubectl' }],
          raises: 'owner',
        },
        {
          name: 'applies it the plain way',
          deeds: [guess, 'kubectl apply -f manifest.yaml', scaled, 'kubectl apply -f manifest.yaml'],
          raises: 'plain',
        },
        { name: 'forces it', deeds: [guess, ...apply(), scaled, ...apply('--force-conflicts')], raises: 'forced' },
      ],
    },
    {
      id: 'peace',
      goals: {
        guess2: answered('guess2'),
        sole: now(sole),
        rolled: now(both(image.is('nginx:1.28'), applied)),
        four2: allOf(held(both(four, sole, image.is('nginx:1.28')), 20_000), unforced),
      },
      hints: {
        shared: now(
          both(
            owners.map((all) => all.length > 1),
            scaler.exists(),
          ),
        ),
        forced2: eventually(both(web.exists(), taken)),
        alone: now(not(scaler.exists())),
      },
      solution: [guess2, ...apply('', manifest('', '1.28'))],
      second: [guess2, ...apply('', manifest('', '1.27')), { wait: 2000 }, ...apply('', manifest('', '1.28'))],
      wrong: [
        { name: 'says the same', deeds: [guess2, ...apply('', manifest('  replicas: 4\n', '1.28'))], raises: 'shared' },
        { name: 'forces it', deeds: [guess2, ...apply('--force-conflicts', manifest(TWO, '1.28'))], raises: 'forced2' },
        { name: 'takes the autoscaler away', deeds: [guess2, 'kubectl delete hpa web'], raises: 'alone' },
      ],
    },
  ],
})
