/** Troubleshooting: 30 of the hundred. */
import type { AnyObject } from '#api/meta.ts'
import { both, either, held, lookup, not, now, obj } from '../checks.ts'
import { CONTAINER, deployment, object, POD, patchMain, patchPods, shell } from '../exam-objects.ts'
import type { Step } from '../lesson.ts'

// ——— nowhere to go

const engine = obj('deployment/key/engine')
const zoneB = engine.path(`${POD}.nodeSelector.zone`).is('b')
const shut = obj('node/node-2').path('spec.unschedulable').is(true)
const elsewhere = either(
  obj('node/node-1').path('metadata.labels.zone').is('b'),
  obj('node/node-3').path('metadata.labels.zone').is('b'),
)
const nowhere: Step = {
  id: 'nowhere',
  weight: 6,
  goals: { open: now(not(shut)), runs: now(both(both(zoneB, not(elsewhere)), engine.path('status.availableReplicas').is(2))) },
  hints: { changed: now(both(engine.exists(), not(zoneB))), relabelled: now(elsewhere) },
  solution: ['kubectl uncordon node-2'],
  second: [`kubectl patch node node-2 -p '{"spec":{"unschedulable":false}}'`],
  wrong: [
    { name: 'lets it run anywhere', deeds: [patchPods('key', 'engine', { nodeSelector: null })], raises: 'changed' },
    { name: 'calls another machine zone b', deeds: ['kubectl label node node-1 zone=b --overwrite'], raises: 'relabelled' },
  ],
}

// ——— again and again

const MAIL = 'if [ -z "$QUEUE" ]; then echo "QUEUE is not set"; exit 1; fi; echo "listening on $QUEUE"; sleep 86400'
const mail = obj('deployment/lagoon/mail')
interface Variable {
  name: string
  value?: string
  valueFrom?: { configMapKeyRef?: { name: string; key: string } }
}
const queue = mail.path(`${CONTAINER}.env`).map((all: Variable[] | undefined) => all?.find(({ name }) => name === 'QUEUE'))
const fromMap = queue.map(
  (found) => found?.valueFrom?.configMapKeyRef?.name === 'post' && found.valueFrom.configMapKeyRef.key === 'queue',
)
const asWritten = mail.path(`${CONTAINER}.command`).map((words) => words?.[2] === MAIL)
const FROM = { env: [{ name: 'QUEUE', valueFrom: { configMapKeyRef: { name: 'post', key: 'queue' } } }] }
const again: Step = {
  id: 'again',
  weight: 6,
  goals: {
    from: now(both(fromMap, asWritten)),
    runs: now(
      both(
        both(fromMap, asWritten),
        both(mail.path('status.availableReplicas').is(1), mail.path('status.updatedReplicas').is(1)),
      ),
    ),
  },
  hints: { literal: now(queue.map((found) => found?.value !== undefined)), rewritten: now(both(mail.exists(), not(asWritten))) },
  solution: [patchMain('lagoon', 'mail', FROM)],
  second: [
    `kubectl patch deployment mail -n lagoon --type=json -p '${JSON.stringify([{ op: 'add', path: '/spec/template/spec/containers/0/env', value: FROM.env }])}'`,
  ],
  wrong: [
    { name: 'writes the value down', deeds: ['kubectl set env deployment/mail -n lagoon QUEUE=inbox'], raises: 'literal' },
    { name: 'lets it only sleep', deeds: [patchMain('lagoon', 'mail', { command: ['sleep', '86400'] })], raises: 'rewritten' },
  ],
}

// ——— stuck twice

const press = obj('deployment/marsh/press')
const image = press.path(`${CONTAINER}.image`)
const isPaused = press.path('spec.paused').is(true)
const stuck: Step = {
  id: 'stuck',
  weight: 6,
  goals: {
    image: now(both(image.is('nginx:1.28'), not(isPaused))),
    runs: now(
      both(
        both(image.is('nginx:1.28'), not(isPaused)),
        both(press.path('status.updatedReplicas').is(2), press.path('status.availableReplicas').is(2)),
      ),
    ),
  },
  hints: { paused: held(both(image.is('nginx:1.28'), isPaused), 2000), back: now(both(image.is('nginx:1.27'), not(isPaused))) },
  solution: ['kubectl set image deployment/press -n marsh main=nginx:1.28', 'kubectl rollout resume deployment/press -n marsh'],
  second: [
    `kubectl patch deployment press -n marsh -p '{"spec":{"paused":false,"template":{"spec":{"containers":[{"name":"main","image":"nginx:1.28"}]}}}}'`,
  ],
  wrong: [
    { name: 'only mends the image', deeds: ['kubectl set image deployment/press -n marsh main=nginx:1.28'], raises: 'paused' },
    {
      name: 'goes back to the old version',
      deeds: ['kubectl rollout resume deployment/press -n marsh', 'kubectl set image deployment/press -n marsh main=nginx:1.27'],
      raises: 'back',
    },
  ],
}

// ——— nobody to run as

const ledger = obj('deployment/narrows/ledger')
const accountant = obj('serviceaccount/narrows/accountant').exists()
const runsAs = ledger.path(`${POD}.serviceAccountName`).is('accountant')
const missing: Step = {
  id: 'missing',
  weight: 6,
  goals: { account: now(accountant), runs: now(both(both(accountant, runsAs), ledger.path('status.availableReplicas').is(2))) },
  hints: { default: now(both(ledger.exists(), not(runsAs))), elsewhere: now(obj('serviceaccount/default/accountant').exists()) },
  solution: ['kubectl create serviceaccount accountant -n narrows', 'kubectl rollout restart deployment/ledger -n narrows'],
  second: ['kubectl create serviceaccount accountant -n narrows'],
  wrong: [
    {
      name: 'runs it as somebody else',
      deeds: ['kubectl set serviceaccount deployment ledger default -n narrows'],
      raises: 'default',
    },
    { name: 'makes the account in another namespace', deeds: ['kubectl create serviceaccount accountant'], raises: 'elsewhere' },
  ],
}

// ——— no names

const coredns = obj('deployment/kube-system/coredns')
const answers = lookup('kubernetes.default', 'ocean/caller-0').map((found) => (found ?? '') !== '')
const up = coredns.path('status.availableReplicas').atLeast(1)
const dns: Step = {
  id: 'dns',
  weight: 6,
  goals: { up: now(up), answers: now(both(answers, up)) },
  hints: {
    none: held(coredns.path('spec.replicas').is(0), 3000),
    service: now(not(obj('service/kube-system/kube-dns').exists())),
  },
  solution: ['kubectl scale deployment coredns -n kube-system --replicas=2'],
  second: [`kubectl patch deployment coredns -n kube-system -p '{"spec":{"replicas":1}}'`],
  wrong: [
    { name: 'restarts what does not run', deeds: ['kubectl rollout restart deployment coredns -n kube-system'], raises: 'none' },
    { name: 'makes its Service anew', deeds: ['kubectl delete service kube-dns -n kube-system'], raises: 'service' },
  ],
}

export const trouble: readonly Step[] = [nowhere, again, stuck, missing, dns]

const paused = (found: AnyObject): AnyObject => ({ ...found, spec: { ...found['spec'], paused: true } })

export const troubleObjects = [
  deployment('key', 'engine', { replicas: 2, ...shell('sleep 86400'), pod: { nodeSelector: { zone: 'b' } } }),
  object('v1', 'ConfigMap', 'post', 'lagoon', { data: { queue: 'inbox' } }),
  deployment('lagoon', 'mail', shell(MAIL)),
  deployment('narrows', 'ledger', { replicas: 2, ...shell('sleep 86400'), pod: { serviceAccountName: 'accountant' } }),
  paused(deployment('marsh', 'press', { replicas: 2, image: 'nginx:1.288' })),
  object('apps/v1', 'StatefulSet', 'caller', 'ocean', {
    spec: {
      replicas: 1,
      serviceName: 'caller',
      selector: { matchLabels: { app: 'caller' } },
      template: {
        metadata: { labels: { app: 'caller' } },
        spec: { containers: [{ name: 'caller', image: 'busybox:1.36', command: ['sleep', '86400'] }] },
      },
    },
  }),
]
