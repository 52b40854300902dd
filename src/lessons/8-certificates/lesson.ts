/** Lesson 8.5: whom a certificate names, and what it takes beside it. */
import type { AnyObject } from '#api/meta.ts'
import { answer, answered, anyOf, both, can, either, eventually, held, list, not, now, refused } from '../checks.ts'
import { lesson, pick, type Start } from '../lesson.ts'
import { IMPOSTOR, KEY, NINA } from './requests.ts'

/** The names of the two requests: the first is Nina's. */
const NAMES = [
  ['csr-4f7k2', 'nina-bakery'],
  ['nina-bakery', 'nina-new'],
  ['csr-9xq1c', 'csr-2m8vd'],
] as const
const OTHER = 'system:kube-controller-manager'

const request = (name: string, text: string): AnyObject =>
  ({
    apiVersion: 'certificates.k8s.io/v1',
    kind: 'CertificateSigningRequest',
    metadata: { name },
    spec: {
      signerName: 'kubernetes.io/kube-apiserver-client',
      expirationSeconds: 7_776_000,
      usages: ['client auth'],
      request: btoa(text),
    },
  }) as unknown as AnyObject

function start(seed: string): Start {
  const [nina, impostor] = NAMES[pick(seed, NAMES.length)] ?? NAMES[0]
  return {
    objects: [
      request(impostor, IMPOSTOR),
      request(nina, NINA),
      {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'oven' },
        spec: { containers: [{ name: 'oven', image: 'busybox:1.36', command: ['sleep', '86400'] }] },
      } as unknown as AnyObject,
    ],
    warmUp: 10_000,
  }
}

const requests = list('certificatesigningrequests')
const of = (text: string) => requests.map((all) => all.filter((each) => each['spec'].request === btoa(text)))
const hasCondition = (text: string, type: string) =>
  of(text).map((all) => all.some((each) => each['status']?.conditions?.some((one: { type: string }) => one.type === type)))
const isIssued = of(NINA).map((all) => all.some((each) => each['status']?.certificate))
const who = answer('who', [OTHER, `CN=${OTHER}`, `user ${OTHER}`])

const NINAS = { user: 'nina', groups: ['bakers', 'system:authenticated'] }
const nina = (verb: string, resource: string, namespace = 'default') => can(NINAS, verb, resource, namespace)
const sees = both(nina('list', 'pods'), nina('get', 'pods'))
const tooMuch = either(nina('delete', 'pods'), nina('create', 'pods'), nina('get', 'secrets'), nina('list', 'secrets'))
const isKnown = anyOf(
  ...['pods', 'secrets', 'nodes', 'services', 'configmaps', 'namespaces', 'deployments'].map((resource) =>
    refused('nina', 'get|list|watch|create|delete|patch|update', resource),
  ),
)
const bindings = list('rolebindings')
const subjects = (kind: string) =>
  bindings.map((all) => all.some((each) => each['subjects']?.some((one: { kind: string }) => one.kind === kind)))

const find = (text: string): string =>
  `$(kubectl get csr -o jsonpath='{.items[?(@.spec.request=="${btoa(text)}")].metadata.name}')`
const [ninas, others] = [find(NINA), find(IMPOSTOR)]
const ask: readonly string[] = [
  `kubectl get csr ${ninas} -o jsonpath='{.status.certificate}' | base64 -d > nina.crt`,
  'kubectl config set-credentials nina --client-certificate=nina.crt --client-key=nina.key',
  'kubectl get pods --user=nina',
]
const told = { answer: 'who', is: OTHER }
const guess = { answer: 'guess', is: 'forbidden' }

export default lesson({
  start,
  files: { 'nina.key': KEY },
  steps: [
    {
      id: 'sign',
      goals: { who, issued: now(isIssued), denied: now(hasCondition(IMPOSTOR, 'Denied')) },
      hints: {
        who: who.wrong(),
        wrong: eventually(hasCondition(IMPOSTOR, 'Approved')),
        lost: eventually(hasCondition(NINA, 'Denied')),
      },
      chain: {
        approved: { who: 'learner', verb: 'patch|update', object: 'certificatesigningrequests/*/approval' },
        signed: { who: 'certificate-controller', verb: 'patch|update', object: 'certificatesigningrequests/*/status' },
      },
      solution: [
        'kubectl describe certificatesigningrequests',
        told,
        `kubectl certificate deny ${others}`,
        `kubectl certificate approve ${ninas}`,
      ],
      second: [`kubectl certificate approve ${ninas}`, `kubectl certificate deny ${others}`, told],
      wrong: [
        { name: 'approves both', deeds: [told, `kubectl certificate approve ${ninas} ${others}`], raises: 'wrong' },
        { name: 'mixes them up', deeds: [told, `kubectl certificate deny ${ninas}`], raises: 'lost' },
        { name: 'answers with the wrong one', deeds: [{ answer: 'who', is: 'nina' }], raises: 'who' },
      ],
    },
    {
      id: 'open',
      goals: {
        guess: answered('guess'),
        known: isKnown,
        sees: now(sees),
        only: held(both(sees, not(tooMuch)), 3000),
      },
      hints: {
        early: held(both(sees, not(tooMuch)), 6000),
        much: now(tooMuch),
        account: now(both(subjects('ServiceAccount'), not(sees))),
        nowhere: held(
          both(
            bindings.map((all) => all.some(({ metadata }) => !/^(?:default|kube-)/.test(metadata.namespace ?? ''))),
            not(sees),
          ),
          4000,
        ),
      },
      solution: [guess, ...ask, 'kubectl create rolebinding nina --clusterrole=view --user=nina', 'kubectl get pods --user=nina'],
      second: [{ answer: 'guess', is: 'unknown' }, ...ask, 'kubectl create rolebinding bakers --clusterrole=view --group=bakers'],
      wrong: [
        {
          name: 'grants first',
          deeds: [guess, 'kubectl create rolebinding nina --clusterrole=view --user=nina'],
          raises: 'early',
        },
        {
          name: 'grants too much',
          deeds: [guess, ...ask, 'kubectl create rolebinding nina --clusterrole=edit --user=nina'],
          raises: 'much',
        },
        {
          name: 'binds an account of her name',
          deeds: [guess, ...ask, 'kubectl create rolebinding nina --clusterrole=view --serviceaccount=default:nina'],
          raises: 'account',
        },
        {
          name: 'binds her elsewhere',
          deeds: [
            guess,
            ...ask,
            'kubectl create namespace bakery',
            'kubectl create rolebinding nina -n bakery --clusterrole=view --user=nina',
          ],
          raises: 'nowhere',
        },
      ],
    },
  ],
})
