/** Exam 1: eight tasks in eight namespaces of one cluster; each can be done alone, and in any order. */
import type { AnyObject } from '#api/meta.ts'
import { anyOf, both, can, count, either, held, list, not, now, obj } from '../checks.ts'
import { lesson, type Step } from '../lesson.ts'

const NAMESPACES = ['mercury', 'venus', 'earth', 'mars', 'jupiter', 'saturn', 'uranus']

const namespace = (name: string): AnyObject => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } })
const deployment = (
  home: string,
  name: string,
  replicas: number,
  image = 'nginx:1.27',
  container: Record<string, unknown> = {},
): AnyObject =>
  ({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: home, labels: { app: name } },
    spec: {
      replicas,
      selector: { matchLabels: { app: name } },
      template: { metadata: { labels: { app: name } }, spec: { containers: [{ name: 'main', image, ...container }] } },
    },
  }) as unknown as AnyObject

const POD = 'spec.template.spec'
const CONTAINER = `${POD}.containers.0`
const patch = (where: string, container: unknown): string =>
  `kubectl patch deployment -n ${where} -p '${JSON.stringify({ spec: { template: { spec: { containers: [container] } } } })}'`

// ——— three copies

const frontend = obj('deployment/mercury/frontend')
const isFrontend = ({ metadata }: AnyObject): boolean => metadata.name === 'frontend' && metadata.namespace !== 'mercury'
const LABEL = `kubectl patch deployment frontend -n mercury -p '{"spec":{"template":{"metadata":{"labels":{"tier":"frontend"}}}}}'`
const create: Step = {
  id: 'create',
  weight: 10,
  goals: {
    asked: now(both(frontend.path('spec.replicas').is(3), frontend.path(`${CONTAINER}.image`).is('nginx:1.27'))),
    labelled: now(frontend.path('spec.template.metadata.labels.tier').is('frontend')),
    available: now(frontend.path('status.availableReplicas').is(3)),
  },
  hints: {
    image: now(both(frontend.exists(), frontend.path(`${CONTAINER}.image`).isNot('nginx:1.27'))),
    elsewhere: now(both(not(frontend.exists()), count('deployments', { is: isFrontend }).atLeast(1))),
  },
  solution: ['kubectl create deployment frontend -n mercury --image=nginx:1.27 --replicas=3', LABEL],
  second: [
    `kubectl create deployment frontend --image=nginx:1.27 --replicas=3 --dry-run=client -o yaml | sed 's/app: frontend/tier: frontend/' | kubectl apply -n mercury -f -`,
  ],
  wrong: [
    {
      name: 'forgets the namespace',
      deeds: ['kubectl create deployment frontend --image=nginx:1.27 --replicas=3'],
      raises: 'elsewhere',
    },
    {
      name: 'forgets the tag',
      deeds: ['kubectl create deployment frontend -n mercury --image=nginx --replicas=3', LABEL],
      raises: 'image',
    },
  ],
}

// ——— a door for the catalogue

const catalog = obj('service/venus/catalog')
type Slice = { ports?: { port: number }[]; endpoints?: { conditions?: { ready?: boolean } }[] }
const slices = list('endpointslices', { namespace: 'venus', labels: 'kubernetes.io/service-name=catalog' }).map(
  (found) => found as unknown as Slice[],
)
const readyOnes = slices.map((found) =>
  found
    .filter(({ ports }) => ports?.some(({ port }) => port === 80))
    .flatMap(({ endpoints = [] }) => endpoints.filter(({ conditions }) => conditions?.ready !== false)),
)
const endpoints = slices.map((found) => found.flatMap((slice) => slice.endpoints ?? []).length)
const expose: Step = {
  id: 'expose',
  weight: 10,
  goals: {
    port: now(both(catalog.path('spec.ports.0.port').is(8080), catalog.path('spec.type').is('ClusterIP'))),
    ready: now(readyOnes.map((found) => found.length === 2)),
  },
  hints: {
    target: now(
      both(
        endpoints.atLeast(1),
        readyOnes.map((found) => found.length === 0),
      ),
    ),
    nobody: held(both(catalog.exists(), endpoints.is(0)), 3000),
  },
  solution: ['kubectl expose deployment catalog -n venus --port=8080 --target-port=80'],
  second: ['kubectl create service clusterip catalog -n venus --tcp=8080:80'],
  wrong: [
    {
      name: 'forgets where the pods listen',
      deeds: ['kubectl expose deployment catalog -n venus --port=8080'],
      raises: 'target',
    },
    {
      name: 'selects nobody',
      deeds: [
        'kubectl create service clusterip catalog -n venus --tcp=8080:80',
        'kubectl set selector service catalog -n venus app=catalogue',
      ],
      raises: 'nobody',
    },
  ],
}

// ——— empty a machine

const node = obj('node/node-3')
const closed = either(
  node.path('spec.unschedulable').is(true),
  node
    .path('spec.taints')
    .map((taints: { effect: string }[] | undefined) => (taints ?? []).some(({ effect }) => /^No/.test(effect))),
)
const isOwnedBySet = ({ metadata }: AnyObject): boolean =>
  metadata.ownerReferences?.some(({ kind }) => kind === 'ReplicaSet') === true
const onIt = count('pods', { is: (pod) => pod['spec'].nodeName === 'node-3' && isOwnedBySet(pod) })
const billing = obj('deployment/earth/billing').path('status.availableReplicas').is(3)
const drain: Step = {
  id: 'drain',
  weight: 15,
  goals: {
    closed: now(closed),
    empty: now(both(onIt.is(0), closed)),
    billing: now(both(billing, onIt.is(0), closed)),
  },
  hints: { cordoned: held(both(closed, onIt.atLeast(1)), 10_000), open: held(both(not(closed), onIt.is(0)), 2000) },
  solution: ['kubectl drain node-3 --ignore-daemonsets'],
  second: [
    'kubectl cordon node-3',
    'kubectl delete pods --all-namespaces --field-selector spec.nodeName=node-3,metadata.namespace!=kube-system --wait=false',
  ],
  wrong: [
    {
      name: 'opens it again',
      deeds: ['kubectl drain node-3 --ignore-daemonsets', 'kubectl uncordon node-3'],
      raises: 'open',
    },
    { name: 'only closes it', deeds: ['kubectl cordon node-3'], raises: 'cordoned' },
  ],
}

// ——— why is it not ready

const api = obj('deployment/mars/api')
const probe = api.path(`${CONTAINER}.readinessProbe`)
const mend: Step = {
  id: 'mend',
  weight: 15,
  goals: {
    probe: now(both(probe.exists(), api.path('status.availableReplicas').is(2))),
    works: now(both(probe.exists(), api.path('status.availableReplicas').is(2), api.path('status.updatedReplicas').is(2))),
  },
  hints: {
    removed: now(both(api.exists(), not(probe.exists()))),
    restarted: now(
      both(
        api.path('spec.template.metadata.annotations').exists(),
        api.path(`${CONTAINER}.readinessProbe.httpGet.port`).is(8080),
      ),
    ),
  },
  solution: [patch('mars api', { name: 'main', readinessProbe: { httpGet: { path: '/', port: 80 } } })],
  second: [
    `kubectl patch deployment api -n mars --type=json -p '[{"op":"replace","path":"/spec/template/spec/containers/0/readinessProbe","value":{"tcpSocket":{"port":80}}}]'`,
  ],
  wrong: [
    { name: 'takes the probe away', deeds: [patch('mars api', { name: 'main', readinessProbe: null })], raises: 'removed' },
    { name: 'restarts it', deeds: ['kubectl rollout restart deployment/api -n mars'], raises: 'restarted' },
  ],
}

// ——— rights for a robot

const ROBOT = 'system:serviceaccount:jupiter:deployer'
const may = (verb: string, resource: string, where = 'jupiter') => can(ROBOT, verb, resource, where)
const robot = obj('serviceaccount/jupiter/deployer').exists()
const mayCreate = both(may('create', 'deployments.apps'), may('list', 'deployments.apps'))
const rights: Step = {
  id: 'rights',
  weight: 15,
  goals: {
    may: now(both(robot, mayCreate)),
    no_secrets: now(both(robot, mayCreate, not(may('get', 'secrets')))),
    not_elsewhere: now(both(robot, mayCreate, not(may('create', 'deployments.apps', 'default')))),
  },
  hints: { toomuch: now(both(robot, may('get', 'secrets'))), everywhere: now(may('create', 'deployments.apps', 'default')) },
  solution: [
    'kubectl create serviceaccount deployer -n jupiter',
    'kubectl create role deployer -n jupiter --verb=create,list --resource=deployments.apps',
    'kubectl create rolebinding deployer -n jupiter --role=deployer --serviceaccount=jupiter:deployer',
  ],
  second: [
    'kubectl create serviceaccount deployer -n jupiter',
    'kubectl create clusterrole deployer --verb=create,list --resource=deployments.apps',
    'kubectl create rolebinding deployer -n jupiter --clusterrole=deployer --serviceaccount=jupiter:deployer',
  ],
  wrong: [
    {
      name: 'gives it everything',
      deeds: [
        'kubectl create serviceaccount deployer -n jupiter',
        'kubectl create rolebinding deployer -n jupiter --clusterrole=cluster-admin --serviceaccount=jupiter:deployer',
      ],
      raises: 'toomuch',
    },
    {
      name: 'binds it for the whole cluster',
      deeds: [
        'kubectl create serviceaccount deployer -n jupiter',
        'kubectl create clusterrole deployer --verb=create,list --resource=deployments.apps',
        'kubectl create clusterrolebinding deployer --clusterrole=deployer --serviceaccount=jupiter:deployer',
      ],
      raises: 'everywhere',
    },
  ],
}

// ——— colours from outside

const painter = obj('deployment/saturn/painter')
interface Variable {
  name: string
  value?: string
  valueFrom?: { configMapKeyRef?: { name: string; key: string } }
}
const color = painter.path(`${CONTAINER}.env`).map((all: Variable[] | undefined) => all?.find(({ name }) => name === 'COLOR'))
const fromMap = either(
  color.map((found) => found?.valueFrom?.configMapKeyRef?.name === 'settings'),
  painter
    .path(`${CONTAINER}.envFrom`)
    .map(
      (all: { configMapRef?: { name: string } }[] | undefined) =>
        all?.some((each) => each.configMapRef?.name === 'settings') === true,
    ),
)
const settings = obj('configmap/saturn/settings')
const PAINTER = 'kubectl create deployment painter -n saturn --image=busybox:1.36 -- sleep 3600'
const SETTINGS = 'kubectl create configmap settings -n saturn --from-literal=COLOR=blue'
const config: Step = {
  id: 'config',
  weight: 15,
  goals: {
    map: now(settings.path('data.COLOR').is('blue')),
    from: now(fromMap),
    runs: held(both(fromMap, painter.path('status.availableReplicas').is(1)), 5000),
  },
  hints: {
    literal: now(color.map((found) => found?.value !== undefined)),
    ends: held(
      both(
        painter.exists(),
        painter.path(`${CONTAINER}.command`).exists().is(false),
        painter.path(`${CONTAINER}.args`).exists().is(false),
      ),
      5000,
    ),
  },
  solution: [SETTINGS, PAINTER, 'kubectl set env deployment/painter -n saturn --from=configmap/settings'],
  second: [SETTINGS, PAINTER, patch('saturn painter', { name: 'busybox', envFrom: [{ configMapRef: { name: 'settings' } }] })],
  wrong: [
    {
      name: 'writes the value down',
      deeds: [SETTINGS, PAINTER, 'kubectl set env deployment/painter -n saturn COLOR=blue'],
      raises: 'literal',
    },
    {
      name: 'gives it no work',
      deeds: [
        SETTINGS,
        'kubectl create deployment painter -n saturn --image=busybox:1.36',
        'kubectl set env deployment/painter -n saturn --from=configmap/settings',
      ],
      raises: 'ends',
    },
  ],
}

// ——— every quarter of an hour

const sweep = obj('cronjob/sweep')
const BODY = `spec.jobTemplate.${POD}.containers.0`
const schedule = sweep.path('spec.schedule')
const cron = (when: string): string => `kubectl create cronjob sweep --image=busybox:1.36 --schedule="${when}" -- date`
const TWO = `kubectl patch cronjob sweep -p '{"spec":{"successfulJobsHistoryLimit":2}}'`
const clock: Step = {
  id: 'clock',
  weight: 10,
  goals: {
    schedule: now(schedule.matches(/^(\*|0)\/15 \* \* \* \*$|^0,15,30,45 \* \* \* \*$/)),
    does: now(
      both(
        sweep.path(`${BODY}.image`).is('busybox:1.36'),
        sweep.path(BODY).map((found) => /\bdate\b/.test(JSON.stringify([found?.command, found?.args]))),
      ),
    ),
    history: now(sweep.path('spec.successfulJobsHistoryLimit').is(2)),
  },
  hints: { hourly: now(schedule.is('15 * * * *')), job: now(both(not(sweep.exists()), obj('job/sweep').exists())) },
  solution: [cron('*/15 * * * *'), TWO],
  second: [cron('0,15,30,45 * * * *'), TWO],
  wrong: [
    { name: 'runs it once an hour', deeds: [cron('15 * * * *'), TWO], raises: 'hourly' },
    { name: 'runs it once', deeds: ['kubectl create job sweep --image=busybox:1.36 -- date'], raises: 'job' },
  ],
}

// ——— a budget

const cache = obj('deployment/uranus/cache')
const resource = (path: string) => cache.path(`${CONTAINER}.resources.${path}`)
const limit = resource('limits.memory').is('128Mi')
const requested = both(resource('requests.cpu').is('100m'), resource('requests.memory').is('64Mi'))
const limits: Step = {
  id: 'limits',
  weight: 10,
  goals: {
    requests: now(requested),
    limit: now(limit),
    fits: now(
      both(
        requested,
        limit,
        cache.path('status.availableReplicas').is(1),
        cache.path('status.updatedReplicas').is(1),
        cache.path('status.replicas').is(1),
      ),
    ),
  },
  hints: {
    only_limits: now(both(resource('limits.memory').exists(), resource('requests').exists().is(false))),
    too_big: anyOf(held(both(resource('requests').exists(), cache.path('status.unavailableReplicas').atLeast(1)), 15_000)),
  },
  solution: ['kubectl set resources deployment cache -n uranus --requests=cpu=100m,memory=64Mi --limits=memory=128Mi'],
  second: [
    patch('uranus cache', {
      name: 'main',
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '128Mi' } },
    }),
  ],
  wrong: [
    {
      name: 'sets only a limit',
      deeds: ['kubectl set resources deployment cache -n uranus --limits=memory=128Mi'],
      raises: 'only_limits',
    },
    {
      name: 'takes a hundred processors',
      deeds: ['kubectl set resources deployment cache -n uranus --requests=cpu=100,memory=64Mi --limits=memory=128Mi'],
      raises: 'too_big',
    },
  ],
}

export default lesson({
  start: {
    objects: [
      ...NAMESPACES.map(namespace),
      deployment('venus', 'catalog', 2),
      deployment('earth', 'billing', 3),
      deployment('mars', 'api', 2, 'nginx:1.27', { readinessProbe: { httpGet: { path: '/', port: 8080 }, periodSeconds: 5 } }),
      deployment('uranus', 'cache', 1, 'redis:7'),
    ],
    warmUp: 45_000,
  },
  steps: [create, expose, drain, mend, rights, config, clock, limits],
})
