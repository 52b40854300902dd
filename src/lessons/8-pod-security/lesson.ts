/** Lesson 8.3: a namespace that lets only restricted pods in, and a pod that is made to fit. */
import type { AnyObject } from '#api/meta.ts'
import { answered, both, either, event, held, not, now, obj, refused } from '../checks.ts'
import { lesson } from '../lesson.ts'

const LABEL = 'pod-security.kubernetes.io'
const PAGE = [
  'mkdir -p /tmp/www',
  'echo "served by user $(id -u)" > /tmp/www/index.html',
  'exec httpd -f -p 8080 -h /tmp/www',
].join('\n')

const objects = [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web', namespace: 'shop', labels: { app: 'web' } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: 'web' } },
      template: {
        metadata: { labels: { app: 'web' } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'web',
              image: 'busybox:1.36',
              command: ['sh', '-c', PAGE],
              ports: [{ containerPort: 8080 }],
              securityContext: { privileged: true },
            },
          ],
        },
      },
    },
  },
] as unknown as AnyObject[]

const label = (mode: string) => obj('namespace/shop').map((object) => object?.metadata.labels?.[`${LABEL}/${mode}`])
const enforces = label('enforce').is('restricted')
const web = obj('deployment/shop/web')
const template = web.path('spec.template.spec')
const users = template.map((spec) => [spec?.securityContext?.runAsUser, spec?.containers?.[0]?.securityContext?.runAsUser])
const isOut = both(
  web.path('status.updatedReplicas').is(1),
  web.path('status.replicas').is(1),
  web.path('status.availableReplicas').is(1),
)
const isPrivileged = template.map((spec) => spec?.containers?.[0]?.securityContext?.privileged === true)

const put = (value: string, mode = 'enforce'): string => `kubectl label namespace shop ${LABEL}/${mode}=${value} --overwrite`
const again = 'kubectl rollout restart deployment/web -n shop'
const HARMLESS = {
  privileged: false,
  allowPrivilegeEscalation: false,
  capabilities: { drop: ['ALL'] },
  runAsNonRoot: true,
  runAsUser: 1000,
  seccompProfile: { type: 'RuntimeDefault' },
}
const change = (container: object, pod: object = {}): string =>
  `kubectl patch deployment web -n shop -p '${JSON.stringify({
    spec: { template: { spec: { ...pod, containers: [{ name: 'web', securityContext: container }] } } },
  })}'`
const { runAsUser: _, ...NO_USER } = HARMLESS
const { capabilities, ...ALL_CAPABILITIES } = HARMLESS

export default lesson({
  start: { objects, warmUp: 20_000 },
  steps: [
    {
      id: 'gate',
      goals: {
        guess: answered('guess'),
        label: now(enforces),
        turned: event('FailedCreate', 'replicaset/web-*', /violates PodSecurity "restricted/),
      },
      hints: {
        baseline: now(either(label('enforce').is('baseline'), label('enforce').is('privileged'))),
        warn: now(both(not(label('enforce').exists()), either(label('warn').exists(), label('audit').exists()))),
        still: held(both(enforces, isOut), 8000),
      },
      chain: {
        labelled: { who: 'learner', verb: 'patch|update|apply', object: 'namespaces/shop' },
        wished: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/web' },
        refused: { who: 'replicaset-controller', verb: 'create', object: 'pods', refused: true },
      },
      solution: [
        { answer: 'guess', is: 'on' },
        put('restricted'),
        'kubectl get pods -n shop',
        again,
        { wait: 3000 },
        'kubectl describe replicaset -n shop',
      ],
      second: [{ answer: 'guess', is: 'deleted' }, put('restricted'), 'kubectl delete pods -l app=web -n shop --wait=false'],
      wrong: [
        { name: 'makes it too wide', deeds: [{ answer: 'guess', is: 'on' }, put('baseline'), again], raises: 'baseline' },
        {
          name: 'only has itself warned',
          deeds: [{ answer: 'guess', is: 'on' }, put('restricted', 'warn'), again],
          raises: 'warn',
        },
        { name: 'waits for the running pod', deeds: [{ answer: 'guess', is: 'deleted' }, put('restricted')], raises: 'still' },
      ],
    },
    {
      id: 'through',
      goals: { in: held(both(enforces, isOut, not(isPrivileged)), 3000) },
      hints: {
        root: event('Failed', 'pod/web-*', /image will run as root/),
        left: held(both(not(isPrivileged), web.condition('ReplicaFailure').is('True')), 4000),
        open: now(not(enforces)),
        zero: now(users.map((all) => all.includes(0))),
        refused: refused('learner', 'patch|update|apply', 'deployments/web'),
      },
      solution: ['kubectl get events -n shop', change(HARMLESS), 'kubectl rollout status deployment/web -n shop'],
      second: [
        change(
          { privileged: null, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          { securityContext: { runAsNonRoot: true, runAsUser: 405, seccompProfile: { type: 'RuntimeDefault' } } },
        ),
      ],
      wrong: [
        { name: 'names no user', deeds: [change(NO_USER)], raises: 'root' },
        { name: 'keeps the capabilities', deeds: [change(ALL_CAPABILITIES)], raises: 'left' },
        { name: 'opens the gate', deeds: [`kubectl label namespace shop ${LABEL}/enforce-`], raises: 'open' },
        { name: 'makes the gate wider', deeds: [put('baseline'), change({ privileged: false })], raises: 'open' },
        { name: 'runs it as user 0', deeds: [change({ ...HARMLESS, runAsUser: 0 })], raises: 'zero' },
        { name: 'keeps it privileged', deeds: [change({ ...HARMLESS, privileged: true })], raises: 'refused' },
      ],
    },
  ],
})
