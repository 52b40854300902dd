/** Architecture, installation and configuration, workloads and scheduling: 40 of the hundred. */

import { IMPOSTOR, NINA } from '../8-certificates/requests.ts'
import { both, can, count, held, not, now, obj, refused } from '../checks.ts'
import { applied, CONTAINER, deployment, object, POD, patchPods, shell } from '../exam-objects.ts'
import type { Step } from '../lesson.ts'

// ——— who looks after the machines

const AUDITOR = { user: 'erin', groups: ['auditors'] }
const listsNodes = can(AUDITOR, 'list', 'nodes', '')
const ROLE = 'kubectl create clusterrole node-viewer --verb=get,list --resource=nodes'
const bind = (subject: string, role = 'node-viewer'): string =>
  `kubectl create clusterrolebinding node-viewer --clusterrole=${role} ${subject}`
const rights: Step = {
  id: 'rights',
  weight: 6,
  goals: {
    may: now(both(listsNodes, can(AUDITOR, 'get', 'nodes', ''))),
    no_more: now(both(listsNodes, not(can(AUDITOR, 'delete', 'nodes', '')))),
    no_secrets: now(both(listsNodes, not(can(AUDITOR, 'get', 'secrets', 'kube-system')))),
  },
  hints: {
    user: now(both(can('auditors', 'list', 'nodes', ''), not(listsNodes))),
    admin: now(can(AUDITOR, 'delete', 'nodes', '')),
  },
  solution: [ROLE, bind('--group=auditors')],
  second: [ROLE.replace('get,list', 'get,list,watch'), bind('--group=auditors')],
  wrong: [
    { name: 'takes the group for a user', deeds: [ROLE, bind('--user=auditors')], raises: 'user' },
    { name: 'gives it the whole cluster', deeds: [bind('--group=auditors', 'cluster-admin')], raises: 'admin' },
  ],
}

// ——— two requests for a certificate

const conditions = (name: string) =>
  obj(`certificatesigningrequest/${name}`)
    .path('status.conditions')
    .map((all: { type: string }[] | undefined) => (all ?? []).map(({ type }) => type))
const has = (name: string, type: string) => conditions(name).map((types) => types.includes(type))
const requests: Step = {
  id: 'requests',
  weight: 6,
  goals: { approved: now(has('csr-7d2', 'Approved')), denied: now(both(has('csr-7d2', 'Approved'), has('csr-4kx', 'Denied'))) },
  hints: { both: now(has('csr-4kx', 'Approved')), swapped: now(has('csr-7d2', 'Denied')) },
  solution: ['kubectl certificate approve csr-7d2', 'kubectl certificate deny csr-4kx'],
  second: ['kubectl certificate deny csr-4kx', 'kubectl certificate approve csr-7d2'],
  wrong: [
    { name: 'approves both', deeds: ['kubectl certificate approve csr-7d2 csr-4kx'], raises: 'both' },
    { name: 'denies Nina', deeds: ['kubectl certificate deny csr-7d2'], raises: 'swapped' },
  ],
}

// ——— a kind of one's own

const nightly = obj('backup/bay/nightly')
const backup = (keep: unknown, home = 'bay') =>
  applied(object('example.com/v1', 'Backup', 'nightly', home, { spec: { schedule: '0 2 * * *', keep } }))
const kinds: Step = {
  id: 'kind',
  weight: 6,
  goals: { schedule: now(nightly.path('spec.schedule').is('0 2 * * *')), keep: now(nightly.path('spec.keep').is(7)) },
  hints: {
    refused: refused('learner', 'create|patch|apply', 'backups', { code: 422 }),
    elsewhere: now(obj('backup/nightly').exists()),
  },
  solution: [backup(7)],
  second: [backup(5), `kubectl patch backup nightly -n bay --type=merge -p '{"spec":{"keep":7}}'`],
  wrong: [
    { name: 'keeps more than may be kept', deeds: [backup(30)], raises: 'refused' },
    { name: 'forgets the namespace', deeds: [backup(7, 'default')], raises: 'elsewhere' },
  ],
}

// ——— an overlay

const site = obj('deployment/cove/site')
const siteImage = site.path(`${CONTAINER}.image`)
export const BASE = {
  'site/base/kustomization.yaml': 'resources:\n  - site.yaml\n',
  'site/base/site.yaml': `apiVersion: apps/v1
kind: Deployment
metadata:
  name: site
spec:
  replicas: 1
  selector:
    matchLabels:
      app: site
  template:
    metadata:
      labels:
        app: site
    spec:
      containers:
        - name: web
          image: nginx:1.27
`,
}
const overlay = (more: string) => ({
  write: 'site/prod/kustomization.yaml',
  text: `namespace: cove\nresources:\n  - ../base\n${more}`,
})
const MORE = 'replicas:\n  - name: site\n    count: 3\nimages:\n  - name: nginx\n    newTag: "1.28"\n'
const PATCH =
  'patches:\n  - patch: |\n      apiVersion: apps/v1\n      kind: Deployment\n      metadata:\n        name: site\n      spec:\n        replicas: 3\n        template:\n          spec:\n            containers:\n              - name: web\n                image: nginx:1.28\n'
const kustomize: Step = {
  id: 'overlay',
  weight: 7,
  goals: {
    image: now(siteImage.is('nginx:1.28')),
    copies: now(both(site.path('spec.replicas').is(3), siteImage.is('nginx:1.28'))),
    runs: now(
      both(site.path('status.readyReplicas').is(3), both(site.path('status.updatedReplicas').is(3), siteImage.is('nginx:1.28'))),
    ),
  },
  hints: {
    base: now(obj('deployment/site').exists()),
    plain: now(both(site.exists(), both(site.path('spec.replicas').is(1), siteImage.is('nginx:1.27')))),
  },
  solution: [overlay(MORE), 'kubectl apply -k site/prod'],
  second: [overlay(PATCH), 'kubectl apply -k site/prod'],
  wrong: [
    { name: 'applies the base', deeds: ['kubectl apply -k site/base'], raises: 'base' },
    { name: 'only names the namespace', deeds: [overlay(''), 'kubectl apply -k site/prod'], raises: 'plain' },
  ],
}

// ——— on the machine with the fast disk

const db = obj('deployment/delta/db')
const onThree = count('pods', {
  namespace: 'delta',
  is: (pod) => pod['spec'].nodeName === 'node-3' && pod['status'].phase === 'Running',
})
const tainted = obj('node/node-3')
  .path('spec.taints')
  .map((taints: { key: string }[] | undefined) => (taints ?? []).some(({ key }) => key === 'dedicated'))
const selects = db
  .path(POD)
  .map((spec) => spec?.nodeSelector?.disk === 'ssd' || JSON.stringify(spec?.affinity ?? {}).includes('"disk"'))
const TOLERATES = { tolerations: [{ key: 'dedicated', operator: 'Equal', value: 'db', effect: 'NoSchedule' }] }
const SSD = { nodeSelector: { disk: 'ssd' } }
const AFFINITY = {
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }],
      },
    },
  },
}
const placement: Step = {
  id: 'placement',
  weight: 5,
  goals: {
    only: now(both(selects, tainted)),
    there: now(both(both(selects, tainted), both(onThree.is(1), db.path('status.availableReplicas').is(1)))),
  },
  hints: { waits: held(both(selects, both(tainted, onThree.is(0))), 5000), untainted: now(not(tainted)) },
  solution: [patchPods('delta', 'db', { ...SSD, ...TOLERATES })],
  second: [patchPods('delta', 'db', { ...AFFINITY, tolerations: [{ key: 'dedicated', operator: 'Exists' }] })],
  wrong: [
    { name: 'forgets the taint', deeds: [patchPods('delta', 'db', SSD)], raises: 'waits' },
    {
      name: 'takes the taint away',
      deeds: ['kubectl taint node node-3 dedicated-', patchPods('delta', 'db', SSD)],
      raises: 'untainted',
    },
  ],
}

// ——— with the load

const scaler = obj('horizontalpodautoscaler/estuary/web')
const target = scaler
  .path('spec.metrics')
  .map(
    (all: { resource?: { name: string; target?: { averageUtilization?: number } } }[] | undefined) =>
      all?.find(({ resource }) => resource?.name === 'cpu')?.resource?.target?.averageUtilization,
  )
const web = obj('deployment/estuary/web')
const requestsCpu = web.path(`${CONTAINER}.resources.requests.cpu`).exists()
const REQUEST = 'kubectl set resources deployment web -n estuary --requests=cpu=100m'
const autoscale = (words: string): string => `kubectl autoscale deployment web -n estuary ${words}`
const autoscaling: Step = {
  id: 'scaler',
  weight: 5,
  goals: {
    bounds: now(both(scaler.path('spec.minReplicas').is(2), scaler.path('spec.maxReplicas').is(5))),
    target: now(target.is(70)),
    request: now(both(requestsCpu, scaler.exists())),
  },
  hints: {
    single: now(both(scaler.exists(), scaler.path('spec.minReplicas').is(1))),
    unmeasured: held(both(scaler.exists(), not(requestsCpu)), 2000),
  },
  solution: [REQUEST, autoscale('--min=2 --max=5 --cpu=70%')],
  second: [
    applied(
      object('autoscaling/v2', 'HorizontalPodAutoscaler', 'web', 'estuary', {
        spec: {
          scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' },
          minReplicas: 2,
          maxReplicas: 5,
          metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 70 } } }],
        },
      }),
    ),
    REQUEST,
  ],
  wrong: [
    { name: 'names no lower bound', deeds: [REQUEST, autoscale('--max=5 --cpu=70%')], raises: 'single' },
    { name: 'leaves the Pods without a request', deeds: [autoscale('--min=2 --max=5 --cpu=70%')], raises: 'unmeasured' },
  ],
}

// ——— one on each machine

const agent = obj('daemonset/fjord/agent')
const agentOf = (pod: Record<string, unknown>) =>
  applied(
    object('apps/v1', 'DaemonSet', 'agent', 'fjord', {
      spec: {
        selector: { matchLabels: { app: 'agent' } },
        template: {
          metadata: { labels: { app: 'agent' } },
          spec: {
            containers: [{ name: 'agent', image: 'busybox:1.36', command: ['sleep', '86400'] }],
            terminationGracePeriodSeconds: 1,
            ...pod,
          },
        },
      },
    }),
  )
const machines: Step = {
  id: 'agents',
  weight: 5,
  goals: { all: now(agent.path('status.desiredNumberScheduled').is(3)), ready: now(agent.path('status.numberReady').is(3)) },
  hints: {
    missing: held(agent.path('status.desiredNumberScheduled').is(2), 2000),
    deployment: now(obj('deployment/fjord/agent').exists()),
  },
  solution: [agentOf(TOLERATES)],
  second: [agentOf({ tolerations: [{ operator: 'Exists' }] })],
  wrong: [
    { name: 'leaves out the machine with the taint', deeds: [agentOf({})], raises: 'missing' },
    {
      name: 'makes a Deployment of three',
      deeds: ['kubectl create deployment agent -n fjord --image=busybox:1.36 --replicas=3 -- sleep 86400'],
      raises: 'deployment',
    },
  ],
}

export const cluster: readonly Step[] = [rights, requests, kinds, kustomize, placement, autoscaling, machines]

const request = (name: string, text: string) =>
  object('certificates.k8s.io/v1', 'CertificateSigningRequest', name, null, {
    spec: { signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'], request: btoa(text) },
  })
export const clusterObjects = [
  object('apiextensions.k8s.io/v1', 'CustomResourceDefinition', 'backups.example.com', null, {
    spec: {
      group: 'example.com',
      scope: 'Namespaced',
      names: { plural: 'backups', singular: 'backup', kind: 'Backup' },
      versions: [
        {
          name: 'v1',
          served: true,
          storage: true,
          schema: {
            openAPIV3Schema: {
              type: 'object',
              properties: {
                spec: {
                  type: 'object',
                  required: ['schedule', 'keep'],
                  properties: {
                    schedule: { type: 'string', description: 'When a backup is made, as in a CronJob.' },
                    keep: { type: 'integer', minimum: 1, maximum: 14, description: 'How many are kept: 14 at most.' },
                  },
                },
              },
            },
          },
        },
      ],
    },
  }),
  request('csr-7d2', NINA),
  request('csr-4kx', IMPOSTOR),
  deployment('delta', 'db', shell('sleep 86400')),
  deployment('estuary', 'web', { replicas: 2 }),
]
