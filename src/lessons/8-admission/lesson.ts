/** Lesson 8.4: a webhook that nobody answers, and a policy that the API server judges by itself. */
import type { AnyObject } from '#api/meta.ts'
import { after, answer, answered, anyOf, audit, both, eventually, list, not, now, obj, refused } from '../checks.ts'
import { type Deed, lesson, pick, type Start } from '../lesson.ts'

const ADMISSION = 'admissionregistration.k8s.io'
/** Of the configuration whose program is gone. */
const NAMES = ['image-scanner', 'cost-center', 'night-watch'] as const
const WORKS = 'secret-names'

const webhook = (name: string, resource: string, failurePolicy: string): AnyObject =>
  ({
    apiVersion: `${ADMISSION}/v1`,
    kind: 'ValidatingWebhookConfiguration',
    metadata: { name },
    webhooks: [
      {
        name: `ask.${resource}.example.com`,
        clientConfig: { service: { namespace: 'guard', name: `${resource}-guard`, path: '/validate' } },
        rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: [resource], scope: 'Namespaced' }],
        failurePolicy,
        sideEffects: 'None',
        admissionReviewVersions: ['v1'],
        timeoutSeconds: 5,
      },
    ],
  }) as unknown as AnyObject

const start = (seed: string): Start => ({
  objects: [
    webhook(WORKS, 'secrets', 'Ignore'),
    webhook(NAMES[pick(seed, NAMES.length)] ?? NAMES[0], 'pods', 'Fail'),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web', labels: { app: 'web' } },
      spec: {
        replicas: 2,
        selector: { matchLabels: { app: 'web' } },
        template: {
          metadata: { labels: { app: 'web' } },
          spec: { terminationGracePeriodSeconds: 1, containers: [{ name: 'web', image: 'nginx' }] },
        },
      },
    } as unknown as AnyObject,
  ],
  warmUp: 20_000,
})

const policy = (expression: string): string => `apiVersion: ${ADMISSION}/v1
kind: ValidatingAdmissionPolicy
metadata:
  name: versions
spec:
  matchConstraints:
    resourceRules:
      - apiGroups: [apps]
        apiVersions: [v1]
        operations: [CREATE, UPDATE]
        resources: [deployments]
  validations:
    - expression: "${expression}"
      message: say which version
`
const binding = (action: string): string => `---
apiVersion: ${ADMISSION}/v1
kind: ValidatingAdmissionPolicyBinding
metadata:
  name: versions
spec:
  policyName: versions
  validationActions: [${action}]
`
const inForce = (expression: string, action = 'Deny'): string => policy(expression) + binding(action)
const RIGHT = "object.spec.template.spec.containers.all(c, c.image.contains(':'))"

const web = obj('deployment/web')
const which = answer(
  'which',
  NAMES.flatMap((name) =>
    ['', 'validatingwebhookconfiguration/', `validatingwebhookconfiguration.${ADMISSION}/`].map((kind) => kind + name),
  ),
)
const policies = list('validatingadmissionpolicies')
const isThere = policies.map((all) => all.length > 0)
const bindings = list('validatingadmissionpolicybindings')
const works = obj(`validatingwebhookconfiguration/${WORKS}`)

const FIND = `kubectl get validatingwebhookconfigurations -o jsonpath='{.items[?(@.webhooks[0].failurePolicy=="Fail")].metadata.name}'`
const write = (text: string): Deed => ({ write: 'versions.yaml', text })
const applied: Deed[] = ['kubectl apply -f versions.yaml', { wait: 2000 }]
const [bad, good] = ['kubectl create deployment bad --image=nginx', 'kubectl create deployment good --image=nginx:1.28']
const found: Deed = { answer: 'which', from: FIND }
const guess: Deed = { answer: 'guess', is: 'nothing' }

export default lesson({
  start,
  files: { 'versions.yaml': inForce('true') },
  steps: [
    {
      id: 'dead',
      goals: { which, free: now(web.path('status.availableReplicas').is(2)) },
      hints: {
        which: which.wrong(),
        again: anyOf(
          audit('learner', 'delete|deletecollection', 'replicasets/web-*'),
          now(web.path('spec.template.metadata.annotations').exists()),
        ),
        other: eventually(not(works.exists())),
      },
      chain: {
        freed: { who: 'learner', verb: 'delete|patch|update|apply', object: 'validatingwebhookconfigurations' },
        made: { who: 'replicaset-controller', verb: 'create', object: 'pods/web-*' },
      },
      solution: [
        'kubectl run test --image=nginx:1.27',
        'kubectl describe replicaset',
        'kubectl get validatingwebhookconfigurations -o yaml',
        found,
        `kubectl delete validatingwebhookconfiguration $(${FIND})`,
      ],
      second: [
        found,
        `kubectl patch validatingwebhookconfiguration $(${FIND}) --type=json -p '[{"op":"replace","path":"/webhooks/0/failurePolicy","value":"Ignore"}]'`,
      ],
      wrong: [
        { name: 'names the webhook', deeds: [{ answer: 'which', is: 'ask.pods.example.com' }], raises: 'which' },
        { name: 'only starts it again', deeds: [found, 'kubectl rollout restart deployment/web'], raises: 'again' },
        { name: 'deletes the ReplicaSet', deeds: [found, 'kubectl delete replicaset -l app=web'], raises: 'again' },
        {
          name: 'deletes the other one',
          deeds: [found, `kubectl delete validatingwebhookconfiguration ${WORKS}`],
          raises: 'other',
        },
      ],
    },
    {
      id: 'rule',
      goals: {
        guess: answered('guess'),
        denied: after(eventually(isThere), refused('learner', 'create', 'deployments')),
        admitted: after(
          eventually(
            both(
              isThere,
              bindings.map((all) => all.length > 0),
            ),
          ),
          now(both(obj('deployment/good').exists(), not(obj('deployment/bad').exists()))),
        ),
      },
      hints: {
        open: now(obj('deployment/bad').exists()),
        unbound: now(
          both(
            isThere,
            bindings.map((all) => all.length === 0),
          ),
        ),
        warn: now(bindings.map((all) => all.some((each) => !each['spec'].validationActions?.includes('Deny')))),
        strict: refused('learner', 'create', 'deployments/good'),
        syntax: refused('learner', 'create|patch|update|apply', 'validatingadmissionpolicies'),
        field: now(policies.map((all) => all.some((each) => each['status']?.typeChecking?.expressionWarnings?.length > 0))),
      },
      solution: [guess, write(inForce(RIGHT)), ...applied, bad, good],
      second: [
        { answer: 'guess', is: 'pods' },
        write(inForce("!object.spec.template.spec.containers.exists(c, !c.image.matches(':[^/]+$'))")),
        ...applied,
        good,
        bad,
      ],
      wrong: [
        { name: 'applies it as it is', deeds: [guess, ...applied, bad, good], raises: 'open' },
        { name: 'leaves the binding out', deeds: [guess, write(policy(RIGHT)), ...applied], raises: 'unbound' },
        { name: 'only warns', deeds: [guess, write(inForce(RIGHT, 'Warn')), ...applied, bad, good], raises: 'warn' },
        { name: 'denies everything', deeds: [guess, write(inForce('false')), ...applied, bad, good], raises: 'strict' },
        { name: 'forgets a bracket', deeds: [guess, write(inForce(RIGHT.slice(0, -1))), ...applied], raises: 'syntax' },
        {
          name: 'misspells a field',
          deeds: [guess, write(inForce(RIGHT.replace('c.image', 'c.picture'))), ...applied, bad],
          raises: 'field',
        },
      ],
    },
  ],
})
