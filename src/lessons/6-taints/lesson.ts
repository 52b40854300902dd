/** Lesson 6.4: a taint keeps others off a machine, a toleration lets in, a label leads there; which machine it is follows from the seed. */
import type { AnyObject } from '#api/meta.ts'
import { answered, both, held, isReady, list, not, now, obj, Value } from '../checks.ts'
import { type Deed, lesson, pick, type Start } from '../lesson.ts'

const web = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'web', labels: { app: 'web' } },
  spec: {
    replicas: 3,
    selector: { matchLabels: { app: 'web' } },
    template: {
      metadata: { labels: { app: 'web' } },
      spec: {
        terminationGracePeriodSeconds: 5,
        topologySpreadConstraints: [
          {
            maxSkew: 1,
            topologyKey: 'kubernetes.io/hostname',
            whenUnsatisfiable: 'DoNotSchedule',
            nodeTaintsPolicy: 'Honor',
            labelSelector: { matchLabels: { app: 'web' } },
          },
        ],
        containers: [{ name: 'web', image: 'nginx:1.27' }],
      },
    },
  },
} as unknown as AnyObject

/** One copy of `web` on each machine, and a card in one of them. */
const start = (seed: string): Start => ({
  patches: [{ object: `nodes/node-${1 + pick(seed, 3)}`, patch: { metadata: { labels: { accelerator: 'nvidia' } } } }],
  objects: [web],
  warmUp: 30_000,
})

interface Taint {
  key: string
  effect: string
}
const isCard = (node: AnyObject): boolean => node.metadata.labels?.['accelerator'] === 'nvidia'
/** What the cluster writes itself does not count. */
const taintsOf = (node: AnyObject): Taint[] =>
  ((node['spec'].taints ?? []) as Taint[]).filter(({ key }) => !key.startsWith('node.kubernetes.io/'))
const isFenced = (node: AnyObject): boolean => taintsOf(node).some(({ effect }) => /^No(Schedule|Execute)$/.test(effect))
const nodes = list('nodes')
const some = (is: (node: AnyObject) => boolean) => nodes.map((all) => all.some(is))
const fenced = some((node) => isCard(node) && isFenced(node))

/** Pods of an app by whether their machine has the card; those without a machine are nowhere. */
const podsAt = (app: string, card: boolean) =>
  new Value(['pods', 'nodes'], (view) => {
    const names = view.all('nodes').filter((node) => isCard(node) === card)
    return list('pods', { labels: `app=${app}` })
      .read(view)
      .filter((pod) => names.some(({ metadata }) => metadata.name === pod['spec'].nodeName))
  })
const at = podsAt('web', true).map((pods) => pods.filter(({ metadata }) => !metadata.deletionTimestamp).length)
const webReady = obj('deployment/web').path('status.readyReplicas').is(3)
const mlInside = podsAt('ml', true).map((pods) => pods.filter(isReady).length)
const mlOutside = podsAt('ml', false).map((pods) => pods.length)
const waits = list('pods', { labels: 'app=ml' }).map((pods) => pods.some((pod) => !pod['spec'].nodeName))

const manifest = (spec: string): string => `apiVersion: apps/v1
kind: Deployment
metadata:
  name: ml
spec:
  replicas: 2
  selector:
    matchLabels:
      app: ml
  template:
    metadata:
      labels:
        app: ml
    spec:
      containers:
        - name: ml
          image: python:3.12
          command: [sleep, infinity]
${spec}`
const KEY = `      tolerations:
        - key: gpu
          operator: Exists
`
const WAY = `      nodeSelector:
        accelerator: nvidia
`
const LONG_WAY = `      tolerations:
        - operator: Exists
      affinity:
        nodeAffinity:
          requiredDuringSchedulingIgnoredDuringExecution:
            nodeSelectorTerms:
              - matchExpressions:
                  - key: accelerator
                    operator: Exists
`
const apply = (spec: string): Deed[] => [{ write: 'manifest.yaml', text: manifest(spec) }, 'kubectl apply -f manifest.yaml']
const CARD = '-l accelerator=nvidia'
const PLAIN = "$(kubectl get nodes -l '!accelerator' -o jsonpath='{.items[0].metadata.name}')"
const evict =
  'kubectl delete pod -l app=web --field-selector=spec.nodeName=$(basename $(kubectl get nodes -l accelerator=nvidia -o name))'

export default lesson({
  start,
  files: { 'manifest.yaml': manifest('') },
  steps: [
    {
      id: 'fence',
      goals: { guess: answered('guess'), tainted: now(fenced), empty: held(both(fenced, at.is(0), webReady), 2000) },
      hints: {
        sits: held(both(fenced, at.atLeast(1)), 4000),
        other: now(some((node) => !isCard(node) && isFenced(node))),
        soft: now(
          both(
            not(fenced),
            some((node) => taintsOf(node).some(({ effect }) => effect === 'PreferNoSchedule')),
          ),
        ),
        cordoned: now(some((node) => isCard(node) && node['spec'].unschedulable === true)),
      },
      chain: { written: { who: 'learner', verb: 'patch|update|apply', object: 'nodes' } },
      solution: [{ answer: 'guess', is: 'stays' }, `kubectl taint nodes ${CARD} gpu=reserved:NoSchedule`, evict],
      second: [{ answer: 'guess', is: 'goes' }, `kubectl taint nodes ${CARD} gpu=reserved:NoExecute`],
      wrong: [
        {
          name: 'waits for the copy to go',
          deeds: [{ answer: 'guess', is: 'goes' }, `kubectl taint nodes ${CARD} gpu=reserved:NoSchedule`],
          raises: 'sits',
        },
        { name: 'fences in another machine', deeds: [`kubectl taint nodes ${PLAIN} gpu=reserved:NoSchedule`], raises: 'other' },
        { name: 'asks politely', deeds: [`kubectl taint nodes ${CARD} gpu=reserved:PreferNoSchedule`, evict], raises: 'soft' },
        { name: 'closes it for everybody', deeds: [`kubectl cordon ${CARD}`, evict], raises: 'cordoned' },
      ],
    },
    {
      id: 'key',
      goals: {
        guess2: answered('guess2'),
        inside: held(both(mlInside.atLeast(2), mlOutside.is(0)), 2000),
        still: now(fenced),
      },
      hints: {
        waits: held(waits, 2000),
        strays: held(mlOutside.atLeast(1), 2000),
        gone: now(not(fenced)),
      },
      solution: [{ answer: 'guess2', is: 'any' }, ...apply(KEY + WAY)],
      second: [{ answer: 'guess2', is: 'only' }, ...apply(''), { wait: 5000 }, ...apply(LONG_WAY)],
      wrong: [
        { name: 'applies it as it is', deeds: apply(''), raises: 'strays' },
        { name: 'only hands out the key', deeds: apply(KEY), raises: 'strays' },
        { name: 'only shows the way', deeds: apply(WAY), raises: 'waits' },
        { name: 'forges another key', deeds: apply(KEY.replace('gpu', 'card') + WAY), raises: 'waits' },
        { name: 'takes the fence down', deeds: [`kubectl taint nodes ${CARD} gpu-`, ...apply(WAY)], raises: 'gone' },
      ],
    },
  ],
})
