/** Lesson 8.1: under what name a program comes to the API server, and a program that needs none. */
import type { AnyObject } from '#api/meta.ts'
import { answered, both, event, eventually, held, isReady, list, not, now, obj, refused, said } from '../checks.ts'
import { lesson } from '../lesson.ts'

const ASKS = `D=/var/run/secrets/kubernetes.io/serviceaccount
while true; do
  curl -s --cacert $D/ca.crt -H "Authorization: Bearer $(cat $D/token)" -H 'Content-Type: application/json' \\
    -d '{"apiVersion":"authentication.k8s.io/v1","kind":"SelfSubjectReview"}' \\
    https://$KUBERNETES_SERVICE_HOST/apis/authentication.k8s.io/v1/selfsubjectreviews |
    sed -n 's/.*"username": *"\\([^"]*\\)".*/I am \\1/p'
  sleep 5
done`

const deployment = (name: string, container: object): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name, ...container }] },
      },
    },
  }) as unknown as AnyObject

const account = obj('serviceaccount/robot')
const robot = obj('deployment/robot')
const named = robot.path('spec.template.spec.serviceAccountName')
const hasToken = (pod: AnyObject): boolean =>
  (pod['spec'].volumes ?? []).some(({ name }: { name: string }) => name.startsWith('kube-api-access'))
const alive = (app: string) =>
  list('pods', { labels: `app=${app}` }).map((pods) => pods.filter(({ metadata }) => !metadata.deletionTimestamp))
const all = (app: string, is: (pod: AnyObject) => boolean) =>
  alive(app).map((pods) => pods.length > 0 && pods.every((pod) => isReady(pod) && is(pod)))
const says = said('robot-*').map((log) => log?.trim().split('\n').at(-1) ?? '')
const isCalled = says.is('I am system:serviceaccount:default:robot')
const isOff = (path: typeof named) => path.is(false)
const offOnAccounts = list('serviceaccounts', { namespace: 'default' }).map((accounts) =>
  accounts.some((each) => each['automountServiceAccountToken'] === false),
)

const use = (name: string): string => `kubectl set serviceaccount deployment/robot ${name}`
const off = (name: string): string =>
  `kubectl patch deployment ${name} -p '{"spec":{"template":{"spec":{"automountServiceAccountToken":false}}}}'`
const offFor = (name: string): string => `kubectl patch serviceaccount ${name} -p '{"automountServiceAccountToken":false}'`
const made = 'kubectl create serviceaccount robot'

export default lesson({
  start: {
    objects: [
      deployment('robot', { image: 'curlimages/curl:8.10.1', command: ['sh', '-c', ASKS] }),
      deployment('web', { image: 'nginx:1.27' }),
    ],
    warmUp: 25_000,
  },
  steps: [
    {
      id: 'name',
      goals: { guess: answered('guess'), account: now(account.exists()), called: now(both(isCalled, named.is('robot'))) },
      hints: {
        unused: held(both(account.exists(), not(named.exists())), 8000),
        ghost: event('FailedCreate', 'replicaset/robot-*', /service account/),
        pod: refused('learner', 'patch|update|apply', 'pods/robot-*'),
        mute: now(isOff(robot.path('spec.template.spec.automountServiceAccountToken'))),
      },
      chain: {
        wished: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/robot' },
        asked: { who: 'replicaset-controller', verb: 'create', object: 'pods/robot-*' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/@asked/status' },
      },
      solution: [
        'kubectl logs deployment/robot --tail=1',
        { answer: 'guess', is: 'default' },
        made,
        use('robot'),
        { wait: 10_000 },
        'kubectl logs deployment/robot --tail=1',
      ],
      second: [
        { answer: 'guess', is: 'machine' },
        `kubectl patch deployment robot -p '{"spec":{"template":{"spec":{"serviceAccountName":"robot"}}}}'`,
        made,
      ],
      wrong: [
        { name: 'only makes the account', deeds: [{ answer: 'guess', is: 'maker' }, made], raises: 'unused' },
        {
          name: 'names an account that is not there',
          deeds: [{ answer: 'guess', is: 'default' }, use('robby')],
          raises: 'ghost',
        },
        {
          name: 'gives it to the pod',
          deeds: [made, `kubectl patch $(kubectl get pods -l app=robot -o name) -p '{"spec":{"serviceAccountName":"robot"}}'`],
          raises: 'pod',
        },
        {
          name: 'takes the token away',
          deeds: [{ answer: 'guess', is: 'default' }, made, use('robot'), off('robot')],
          raises: 'mute',
        },
      ],
    },
    {
      id: 'without',
      goals: {
        guess2: answered('guess2'),
        bare: now(all('web', (pod) => !hasToken(pod))),
        other: now(both(all('robot', hasToken), isCalled)),
      },
      hints: {
        old: held(both(offOnAccounts, all('web', hasToken)), 6000),
        wrong: eventually(all('robot', (pod) => !hasToken(pod))),
      },
      solution: [
        'kubectl exec deployment/web -- ls /var/run/secrets/kubernetes.io/serviceaccount',
        { answer: 'guess2', is: 'later' },
        off('web'),
        'kubectl rollout status deployment/web',
      ],
      second: [{ answer: 'guess2', is: 'once' }, offFor('default'), 'kubectl rollout restart deployment/web'],
      wrong: [
        { name: 'waits for the account to count', deeds: [{ answer: 'guess2', is: 'once' }, offFor('default')], raises: 'old' },
        {
          name: 'takes the other one',
          deeds: [{ answer: 'guess2', is: 'later' }, off('robot'), { wait: 10_000 }, off('web')],
          raises: 'wrong',
        },
      ],
    },
  ],
})
