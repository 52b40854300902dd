/** Lesson 4.1: what a change of a ConfigMap does to a file, and what it does not do to a variable. */
import type { AnyObject } from '#api/meta.ts'
import { answered, audit, both, event, eventually, held, not, now, obj, said, type Value } from '../checks.ts'
import { lesson, pick, type Start } from '../lesson.ts'

const DISHES = ['pea soup', 'potato salad', 'lentil stew'] as const
/** On `window`: what the ConfigMap said at first. */
const FIRST = 'inn/first-dish'

interface Env {
  name: string
  value?: string
  valueFrom?: { configMapKeyRef?: { name: string; key: string } }
}

const program = (name: string, dish: string, said: string, container: object, pod: object = {}): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, labels: { app: name }, annotations: { [FIRST]: dish } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: {
          terminationGracePeriodSeconds: 1,
          containers: [
            {
              name: 'board',
              image: 'busybox:1.36',
              command: ['sh', '-c', `while true; do echo "Today: ${said}"; sleep 5; done`],
              ...container,
            },
          ],
          ...pod,
        },
      },
    },
  }) as unknown as AnyObject

function start(seed: string): Start {
  const dish = DISHES[pick(seed, DISHES.length)] ?? DISHES[0]
  const variable = { name: 'SPECIAL', valueFrom: { configMapKeyRef: { name: 'menu', key: 'special' } } }
  return {
    objects: [
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'menu' }, data: { special: dish } } as unknown as AnyObject,
      program('window', dish, '$SPECIAL', { env: [variable] }),
      program(
        'counter',
        dish,
        '$(cat /menu/special)',
        { volumeMounts: [{ name: 'menu', mountPath: '/menu' }] },
        { volumes: [{ name: 'menu', configMap: { name: 'menu' } }] },
      ),
    ],
    warmUp: 30_000,
  }
}

const menu = obj('configmap/menu')
const window = obj('deployment/window')
const firstLine = (text: unknown): string | undefined =>
  typeof text === 'string' ? text.trim().split('\n')[0]?.trim() : undefined
const dish = menu.path('data.special').map(firstLine)
const shown = (name: string): Value<string | undefined> => said(`${name}-*`).map((log) => firstLine(log?.split('Today: ').at(-1)))

const first = window.map((object) => object?.metadata.annotations?.[FIRST])
const changed = both(dish.exists(), dish.isNot(''), not(dish.sameAs(first)))
const shows = (name: string) => shown(name).sameAs(dish)
const variable = window
  .path('spec.template.spec.containers.0.env')
  .map((env: Env[] | undefined) => env?.find(({ name }) => name === 'SPECIAL'))
const isFixed = variable.map((env) => env?.value !== undefined)
/** Named one by one, or all keys of the ConfigMap with the one renamed: what counts is that no value stands in the template. */
const isTied = both(window.exists(), not(isFixed))

const change = (value: string): string => `kubectl patch configmap menu -p '{"data":{"special":"${value}"}}'`
const look: readonly ['kubectl logs deployment/window --tail=1', 'kubectl logs deployment/counter --tail=1'] = [
  'kubectl logs deployment/window --tail=1',
  'kubectl logs deployment/counter --tail=1',
]

export default lesson({
  start,
  steps: [
    {
      id: 'change',
      goals: {
        guess: answered('guess'),
        changed: now(changed),
        apart: held(both(changed, shows('counter'), shown('window').exists(), not(shows('window'))), 6000),
      },
      hints: {
        early: now(both(changed, shows('counter'), shows('window'))),
        literal: now(isFixed),
        key: now(both(menu.exists(), not(dish.exists()))),
        gone: now(not(menu.exists())),
      },
      solution: [...look, { answer: 'guess', is: 'counter' }, change('plum cake'), { wait: 100_000 }, ...look],
      second: [
        { answer: 'guess', is: 'both' },
        'kubectl create configmap menu --from-literal=special=dumplings --dry-run=client -o yaml | kubectl replace -f -',
      ],
      wrong: [
        {
          name: 'starts it anew, too',
          deeds: [
            { answer: 'guess', is: 'both' },
            change('plum cake'),
            'kubectl rollout restart deployment/window',
            { wait: 60_000 },
          ],
          raises: 'early',
        },
        {
          name: 'writes the dish into the Deployment',
          deeds: [{ answer: 'guess', is: 'counter' }, 'kubectl set env deployment/window SPECIAL=cake'],
          raises: 'literal',
        },
        {
          name: 'makes it anew with another key',
          deeds: [
            { answer: 'guess', is: 'counter' },
            'kubectl create configmap menu --from-literal=dish=cake --dry-run=client -o yaml | kubectl replace -f -',
          ],
          raises: 'key',
        },
        { name: 'deletes it', deeds: [{ answer: 'guess', is: 'neither' }, 'kubectl delete configmap menu'], raises: 'gone' },
      ],
    },
    {
      id: 'both',
      goals: { tied: now(isTied), same: eventually(both(isTied, changed, shows('window'), shows('counter'))) },
      hints: {
        other: audit('learner', 'patch|update|apply', 'deployments/counter'),
        fixed: now(isFixed),
        lost: event('Failed', 'pod/window-*', /couldn't find key/),
      },
      chain: {
        wished: { who: 'learner', verb: 'patch|update|apply', object: 'deployments/window' },
        made: { who: 'deployment-controller', verb: 'create', object: 'replicasets' },
        asked: { who: 'replicaset-controller', verb: 'create', object: 'pods/window-*' },
        started: { who: 'kubelet', verb: 'patch', object: 'pods/@asked/status' },
      },
      solution: ['kubectl rollout restart deployment/window', 'kubectl rollout status deployment/window', ...look],
      second: ['kubectl delete pods -l app=window --wait=false'],
      wrong: [
        { name: 'starts the other one anew', deeds: ['kubectl rollout restart deployment/counter'], raises: 'other' },
        {
          name: 'sets the variable by hand',
          deeds: ["kubectl set env deployment/window SPECIAL='plum cake'"],
          raises: 'fixed',
        },
        {
          name: 'renames the key, and restarts',
          deeds: [
            'kubectl create configmap menu --from-literal=dish=cake --dry-run=client -o yaml | kubectl replace -f -',
            'kubectl rollout restart deployment/window',
          ],
          raises: 'lost',
        },
      ],
    },
  ],
})
