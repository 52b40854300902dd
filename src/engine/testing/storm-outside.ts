/** The storm's operations on what lies around Pods: volumes, autoscalers, load balancers, and faults that last until they are mended. */
import type { Fault } from '#api/request.ts'
import { statefulSet } from './builders.ts'
import { MERGE, NAMES, type Operation, send, strike, type Weather } from './storm-weather.ts'

/** What the storm's cluster has beside the control plane. */
export const ADDONS = ['local-path', 'disk', 'cloud', 'metrics-server'] as const

const SETS = '/apis/apps/v1/namespaces/default/statefulsets'
const CLAIMS = '/api/v1/namespaces/default/persistentvolumeclaims'
const AUTOSCALERS = '/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers'
const SERVICES = '/api/v1/namespaces/default/services'
const CLASSES = ['standard', 'disk']

/** A set whose Pods have volumes: made, scaled, deleted; its claims stay. */
function toggleVault(weather: Weather): string {
  const { cluster, dice } = weather
  const name = `vault-${dice.pick(CLASSES)}`
  const replicas = dice.below(4)
  if (cluster.server.read('statefulsets.apps', 'default', name)) {
    if (dice.chance(1, 4)) return `delete ${name}: ${send(weather, 'DELETE', `${SETS}/${name}`)}`
    return `scale ${name} ${replicas}: ${send(weather, 'PATCH', `${SETS}/${name}`, { spec: { replicas } }, MERGE)}`
  }
  const made = statefulSet(name, replicas)
  const template = {
    metadata: { name: 'data' },
    spec: {
      accessModes: ['ReadWriteOnce'],
      storageClassName: name.slice('vault-'.length),
      resources: { requests: { storage: '1Gi' } },
    },
  }
  const spec = made['spec']
  const { containers } = spec.template.spec
  const mounted = containers.map((each: object) => ({ ...each, volumeMounts: [{ name: 'data', mountPath: '/data' }] }))
  const pods = { ...spec.template, spec: { ...spec.template.spec, containers: mounted } }
  const body = { ...made, spec: { ...spec, template: pods, volumeClaimTemplates: [template], podManagementPolicy: 'Parallel' } }
  return `create ${name} ${replicas}: ${send(weather, 'POST', SETS, body)}`
}

function anyClaim({ cluster, dice }: Weather): string | undefined {
  const claims = cluster.server.readAll('persistentvolumeclaims', 'default')
  return claims.length > 0 ? dice.pick(claims).metadata.name : undefined
}

function deleteClaim(weather: Weather): string {
  const name = anyClaim(weather)
  return name ? `delete claim ${name}: ${send(weather, 'DELETE', `${CLAIMS}/${name}`)}` : 'no claim to delete'
}

function growClaim(weather: Weather): string {
  const name = anyClaim(weather)
  if (!name) return 'no claim to grow'
  const storage = `${2 + weather.dice.below(8)}Gi`
  return `grow ${name} ${storage}: ${send(weather, 'PATCH', `${CLAIMS}/${name}`, { spec: { resources: { requests: { storage } } } }, MERGE)}`
}

function toggleAutoscaler(weather: Weather): string {
  const { cluster, dice } = weather
  const name = dice.pick(NAMES)
  if (cluster.server.read('horizontalpodautoscalers.autoscaling', 'default', name)) {
    return `delete autoscaler ${name}: ${send(weather, 'DELETE', `${AUTOSCALERS}/${name}`)}`
  }
  const metrics = [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'AverageValue', averageValue: '2m' } } }]
  const scaleTargetRef = { apiVersion: 'apps/v1', kind: 'Deployment', name }
  const spec = { scaleTargetRef, minReplicas: 1 + dice.below(2), maxReplicas: 3 + dice.below(4), metrics }
  const body = { apiVersion: 'autoscaling/v2', kind: 'HorizontalPodAutoscaler', metadata: { name }, spec }
  return `create autoscaler ${name}: ${send(weather, 'POST', AUTOSCALERS, body)}`
}

function toggleBalancer(weather: Weather): string {
  const { cluster, dice } = weather
  const name = `front-${dice.pick(NAMES)}`
  const present = cluster.server.read('services', 'default', name)
  if (!present) {
    const spec = { type: 'LoadBalancer', selector: { app: name.slice('front-'.length) }, ports: [{ port: 80 }] }
    return `create service ${name}: ${send(weather, 'POST', SERVICES, { apiVersion: 'v1', kind: 'Service', metadata: { name }, spec })}`
  }
  if (dice.chance(1, 2)) return `delete service ${name}: ${send(weather, 'DELETE', `${SERVICES}/${name}`)}`
  const type = present['spec'].type === 'ClusterIP' ? 'LoadBalancer' : 'ClusterIP'
  return `service ${name} is ${type}: ${send(weather, 'PATCH', `${SERVICES}/${name}`, { spec: { type } }, MERGE)}`
}

const PARTS = ['kube-apiserver', 'etcd', 'kube-scheduler', 'kube-controller-manager']
const CONTROLLERS = ['replicaset-controller', 'statefulset-controller', 'persistent-volume-binder', 'endpointslice-controller']

/** Breaks it, or mends what is broken already. */
function toggle(weather: Weather, name: string, fault: Fault, undo: Fault): string {
  const { broken } = weather
  const mended = broken.has(name)
  if (mended) broken.delete(name)
  else broken.set(name, undo)
  strike(weather, mended ? undo : fault)
  return `${mended ? 'mend' : 'break'} ${name}`
}

function toggleComponent(weather: Weather): string {
  const component = weather.dice.pick(weather.dice.chance(1, 2) ? PARTS : CONTROLLERS)
  const fault = (on: boolean): Fault => ({ kind: 'component', component, on })
  return toggle(weather, component, fault(false), fault(true))
}

function toggleLink(weather: Weather): string {
  const node = `node-${1 + weather.dice.below(3)}`
  const fault = (on: boolean): Fault => ({ kind: 'node-link', node, on })
  return toggle(weather, `link ${node}`, fault(false), fault(true))
}

function toggleDisk(weather: Weather): string {
  const node = `node-${1 + weather.dice.below(3)}`
  const fault = (full: boolean): Fault => ({ kind: 'node-disk', node, full })
  return toggle(weather, `disk ${node}`, fault(true), fault(false))
}

function toggleRegistry(weather: Weather): string {
  const registry = weather.dice.pick(['docker.io', ''])
  const well: Fault = { kind: 'registry', registry, state: 'well' }
  return toggle(weather, `registry ${registry}`, { kind: 'registry', registry, state: weather.dice.pick(['slow', 'down']) }, well)
}

function jumpClock(weather: Weather): string {
  const ms = weather.dice.below(100_000)
  strike(weather, { kind: 'clock-jump', ms })
  return `the clock jumps ${ms} ms`
}

export const OUTSIDE_OPERATIONS: readonly (readonly [number, Operation])[] = [
  [3, toggleVault],
  [1, deleteClaim],
  [1, growClaim],
  [1, toggleAutoscaler],
  [1, toggleBalancer],
  [1, toggleComponent],
  [1, toggleLink],
  [1, toggleDisk],
  [1, toggleRegistry],
  [1, jumpClock],
]

/** Everything that was broken is mended. */
export function mend(weather: Weather): void {
  for (const undo of weather.broken.values()) strike(weather, undo)
  weather.broken.clear()
}
