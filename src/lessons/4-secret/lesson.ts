/** Lesson 4.2: what a Secret hides, and how a password gets out of a manifest. */
import type { AnyObject } from '#api/meta.ts'
import { allOf, answer, answered, both, either, event, held, not, now, obj, refused, said } from '../checks.ts'
import { type Deed, lesson, pick, type Start } from '../lesson.ts'

const PASSWORDS = ['blue-Kettle-7', 'seven-Geese-31', 'dry-Thunder-88'] as const

interface Env {
  name: string
  value?: string
  valueFrom?: { secretKeyRef?: object; configMapKeyRef?: object }
}
interface Template {
  volumes?: { secret?: object; configMap?: object }[]
  containers: { command?: string[]; args?: string[]; env?: Env[]; envFrom?: { secretRef?: object; configMapRef?: object }[] }[]
}

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
        spec: { terminationGracePeriodSeconds: 1, containers: [{ name, image: 'redis:7', ...container }] },
      },
    },
  }) as unknown as AnyObject

function start(seed: string): Start {
  const password = PASSWORDS[pick(seed, PASSWORDS.length)] ?? PASSWORDS[0]
  const own = { name: 'PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }
  return {
    objects: [
      { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, stringData: { password } },
      { apiVersion: 'v1', kind: 'Service', metadata: { name: 'db' }, spec: { selector: { app: 'db' }, ports: [{ port: 6379 }] } },
      deployment('db', { args: ['--requirepass', '$(PASSWORD)'], env: [own] }),
      deployment('till', {
        command: ['sh', '-c', 'while true; do redis-cli -h db ping; sleep 5; done'],
        env: [{ name: 'REDISCLI_AUTH', value: password }],
      }),
    ] as unknown as AnyObject[],
    warmUp: 40_000,
  }
}

const coded = obj('secret/db').path('data.password')
const password = answer(
  'password',
  coded.map((text) => (typeof text === 'string' ? atob(text) : undefined)),
)
const inCode = answer('password', coded)

const till = obj('deployment/till')
const template = till.path('spec.template.spec').map((spec: Template | undefined) => spec ?? { containers: [] })
const variables = template.map(({ containers }) => containers.flatMap(({ env = [] }) => env))
const sources = template.map(({ containers }) => containers.flatMap(({ envFrom = [] }) => envFrom))
const literal = variables.map((env) => env.find(({ name }) => name === 'REDISCLI_AUTH')?.value)
const isLiteral = both(
  till.exists(),
  template.map((spec) => PASSWORDS.some((one) => [one, btoa(one)].some((text) => JSON.stringify(spec).includes(text)))),
)
const fromSecret = either(
  variables.map((env) => env.some(({ valueFrom }) => valueFrom?.secretKeyRef)),
  sources.map((from) => from.some(({ secretRef }) => secretRef)),
  template.map(({ volumes = [] }) => volumes.some(({ secret }) => secret)),
)
const fromConfigMap = either(
  variables.map((env) => env.some(({ valueFrom }) => valueFrom?.configMapKeyRef)),
  sources.map((from) => from.some(({ configMapRef }) => configMapRef)),
)
const log = said('till-*')
const answers = log.map((text) => text?.trim().split('\n').at(-1) === 'PONG')
const isOut = both(
  till.path('status.updatedReplicas').is(1),
  till.path('status.replicas').is(1),
  till.path('status.availableReplicas').is(1),
)

const variable = (valueFrom: object, name = 'REDISCLI_AUTH', value: string | null = null): string =>
  `kubectl patch deployment till -p '${JSON.stringify({
    spec: { template: { spec: { containers: [{ name: 'till', env: [{ name, value, valueFrom }] }] } } },
  })}'`
const secret = (name: string, key: string) => ({ secretKeyRef: { name, key } })
const READ = "kubectl get secret db -o jsonpath='{.data.password}'"
const own = (text: string): Deed[] => [
  `kubectl create secret generic till --from-literal=REDISCLI_AUTH="$(${text})"`,
  'kubectl set env deployment/till --from=secret/till',
]

export default lesson({
  start,
  steps: [
    {
      id: 'read',
      goals: { guess: answered('guess'), password },
      hints: { coded: inCode, password: allOf(password.wrong(), inCode.wrong()) },
      solution: [
        { answer: 'guess', is: 'encoded' },
        'kubectl describe secret db',
        'kubectl get secret db -o yaml',
        { answer: 'password', from: `${READ} | base64 -d` },
      ],
      second: [
        { answer: 'guess', is: 'encrypted' },
        { answer: 'password', from: 'kubectl exec deployment/db -- printenv PASSWORD' },
      ],
      wrong: [
        {
          name: 'takes it as it stands',
          deeds: [
            { answer: 'guess', is: 'hash' },
            { answer: 'password', from: READ },
          ],
          raises: 'coded',
        },
        {
          name: 'guesses',
          deeds: [
            { answer: 'guess', is: 'hash' },
            { answer: 'password', is: 'secret' },
          ],
          raises: 'password',
        },
      ],
    },
    {
      id: 'move',
      goals: {
        literal: now(both(till.exists(), not(isLiteral))),
        from: now(fromSecret),
        works: held(both(not(isLiteral), fromSecret, isOut, answers), 10_000),
      },
      hints: {
        coded2: now(literal.map((value) => PASSWORDS.some((one) => value === btoa(one)))),
        two: refused('learner', 'patch|update|apply', 'deployments/till'),
        unread: now(both(fromSecret, isLiteral)),
        key: event('Failed', 'pod/till-*', /couldn't find key/),
        name: event('Failed', 'pod/till-*', /secret .* not found/),
        open: now(both(fromConfigMap, not(fromSecret))),
        twice: now(both(fromSecret, not(isLiteral), log.matches(/WRONGPASS/))),
      },
      chain: {
        wished: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/till' },
        made: { who: 'deployment-controller', verb: 'create', object: 'replicasets' },
        asked: { who: 'replicaset-controller', verb: 'create', object: 'pods/till-*' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/@asked/status' },
      },
      solution: [
        'kubectl get deployment till -o yaml',
        variable(secret('db', 'password')),
        'kubectl rollout status deployment/till',
        'kubectl logs deployment/till --tail=3',
      ],
      second: own(`${READ} | base64 -d`),
      wrong: [
        { name: 'puts base64 there', deeds: [`kubectl set env deployment/till REDISCLI_AUTH="$(${READ})"`], raises: 'coded2' },
        { name: 'keeps both', deeds: [variable(secret('db', 'password'), 'REDISCLI_AUTH', 'x')], raises: 'two' },
        { name: 'takes it over by its key', deeds: ['kubectl set env deployment/till --from=secret/db'], raises: 'unread' },
        { name: 'names a wrong key', deeds: [variable(secret('db', 'pass'))], raises: 'key' },
        { name: 'names a wrong Secret', deeds: [variable(secret('database', 'password'))], raises: 'name' },
        {
          name: 'makes a ConfigMap of it',
          deeds: [
            `kubectl create configmap till --from-literal=password="$(${READ} | base64 -d)"`,
            variable({ configMapKeyRef: { name: 'till', key: 'password' } }),
          ],
          raises: 'open',
        },
        { name: 'codes it twice', deeds: own(READ), raises: 'twice' },
      ],
    },
  ],
})
