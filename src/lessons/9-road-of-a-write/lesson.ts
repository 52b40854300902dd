/** Lesson 9.1: the gates on the way into the store: who, may they, is it allowed, does it make sense. */
import type { AnyObject } from '#api/meta.ts'
import { answer, anyOf, audit, count, now, refused } from '../checks.ts'
import { type Deed, lesson } from '../lesson.ts'

const strict = {
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name: 'strict', labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
} as unknown as AnyObject

const manifest = (image: string): string => `apiVersion: v1
kind: Pod
metadata:
  name: letter
spec:
  containers:
    - name: web
${image}`
const GOOD = manifest('      image: nginx:1.27\n')
const MISSPELLED = manifest('      image: nginx:1.27\n      imagePullPolice: Always\n')
const MISSING = manifest('')

/** Whatever kind of thing it is about; what people try here. */
const KINDS = ['configmaps', 'pods', 'deployments', 'secrets', 'namespaces', 'services', 'serviceaccounts'] as const
const WRITES = 'create|patch|update|apply|delete'
const anywhere = (who: string, verb: string, where: { code: number; stage: string }) =>
  anyOf(...KINDS.map((kind) => refused(who, verb, kind, where)))
const unauthorized = { code: 401, stage: 'authenticate' }
const forbidden = { code: 403, stage: 'authorize' }

const order = answer('order', 'may')
const same = answer('same', 'message')
const NOBODY: Deed[] = ['kubectl config set-credentials nobody --token=nonsense', 'kubectl --user=nobody create configmap letter']
const GUEST = 'kubectl --as=guest create configmap letter'
const apply = (text: string, where = ''): Deed[] => [{ write: 'manifest.yaml', text }, `kubectl apply -f manifest.yaml ${where}`]
const may: Deed = { answer: 'order', is: 'may' }
const message: Deed = { answer: 'same', is: 'message' }

export default lesson({
  start: { objects: [strict], warmUp: 10_000 },
  files: { 'manifest.yaml': GOOD },
  steps: [
    {
      id: 'who',
      goals: { order, authn: anywhere('anonymous', WRITES, unauthorized), authz: anywhere('learner', WRITES, forbidden) },
      hints: {
        passed: anyOf(...KINDS.map((kind) => audit('learner', 'create', kind))),
        read: anywhere('learner', 'get|list|watch', forbidden),
        order: order.wrong(),
      },
      chain: {
        unknown: { who: 'anonymous', verb: 'create', object: 'configmaps', refused: true },
        guest: { who: 'learner', verb: 'create', object: 'configmaps', refused: true },
      },
      solution: [may, ...NOBODY, GUEST],
      second: [may, GUEST.replace('guest', 'anna'), ...NOBODY],
      wrong: [
        { name: 'asks as somebody who may', deeds: ['kubectl create configmap letter'], raises: 'passed' },
        { name: 'only reads', deeds: [...NOBODY, 'kubectl --as=guest get configmaps'], raises: 'read' },
        { name: 'thinks that all gates answer', deeds: [{ answer: 'order', is: 'both' }], raises: 'order' },
      ],
    },
    {
      id: 'what',
      goals: {
        same,
        admission: refused('learner', 'create', 'pods', { code: 403, stage: 'validate' }),
        schema: anyOf(
          refused('learner', 'create', 'pods', { code: 400, stage: 'decode' }),
          refused('learner', 'create', 'pods', { code: 422 }),
        ),
        stored: audit('learner', 'create|patch|apply', 'configmaps'),
      },
      hints: {
        guest2: anywhere('learner', WRITES, forbidden),
        let_in: now(count('pods').atLeast(1)),
        same: same.wrong(),
      },
      chain: {
        judged: { who: 'learner', verb: 'create', object: 'pods', refused: true },
        through: { who: 'learner', verb: 'create', object: 'configmaps' },
      },
      solution: [message, ...apply(GOOD, '-n strict'), ...apply(MISSPELLED), 'kubectl create configmap letter'],
      second: [
        message,
        ...apply(MISSING),
        'kubectl run letter --image=nginx:1.27 -n strict',
        'kubectl create configmap note -n strict',
      ],
      wrong: [
        {
          name: 'sends it as a guest',
          deeds: [message, 'kubectl apply -n strict -f manifest.yaml --as=guest', 'kubectl create configmap x --as=guest'],
          raises: 'guest2',
        },
        { name: 'sends it elsewhere', deeds: [message, ...apply(GOOD)], raises: 'let_in' },
        { name: 'does not want it checked', deeds: [message, ...apply(MISSPELLED, '--validate=false')], raises: 'let_in' },
        { name: 'takes both for the same', deeds: [{ answer: 'same', is: 'no' }], raises: 'same' },
      ],
    },
  ],
})
