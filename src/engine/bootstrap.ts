/** Bootstrap: what the control plane makes in an empty etcd before anybody else may ask. */
import type { AnyObject } from '#api/meta.ts'
import { isAlreadyExists } from '#api/status.ts'
import type { Server } from './apiserver/api-server.ts'
import { type Api, AS_API_SERVER, type Connect } from './machinery/client.ts'
import { bootstrapObjects } from './resources/catalogue/bootstrap.ts'

const SLICES = 'endpointslices.discovery.k8s.io'
const NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'default']

/** Who makes the objects of priority and fairness (pkg/registry/flowcontrol/rest). */
const [FLOWS, PRODUCER] = ['.flowcontrol.apiserver.k8s.io', 'api-priority-and-fairness-config-producer-v1']

/** The apiserver's own virtual address. */
const SERVICE_IP = '10.96.0.1'

/** `certificate`: of the authority that clients' certificates are signed with; `ips`: where API servers can be reached. */
export function bootstrap(connect: Connect, server: Server, certificate: string, ips: readonly string[]): void {
  const api = connect(AS_API_SERVER)
  for (const name of NAMESPACES) api.create('namespaces', { metadata: { name } } as never)
  for (const { resource, object } of bootstrapObjects()) {
    const own = ofThisCluster(object, certificate, server.world.timestamp())
    const manager = resource.endsWith(FLOWS) ? { manager: PRODUCER } : {}
    unlessThere(() => api.create(resource, own, { because: 'every cluster has it', ...manager }))
  }
  kubernetesService(api, ips)
}

/** Makes one of them again; `id` as in `namespaces/kube-node-lease`. */
export function restore(id: string, api: Api, certificate: string, now: string, ips: readonly string[]): void {
  const [resource, name] = id.split('/')
  if (resource === 'namespaces') return unlessThere(() => api.create(resource, { metadata: { name } } as never))
  if (resource !== 'configmaps') return kubernetesService(api, ips)
  for (const each of bootstrapObjects()) {
    if (each.resource !== resource || each.object.metadata.name !== name) continue
    unlessThere(() => api.create(resource, ofThisCluster(each.object, certificate, now)))
  }
}

function unlessThere(create: () => void): void {
  try {
    create()
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}

/**
 * As it is sent: the Service without what the server allots it, and the ConfigMaps by which aggregated API servers know the cluster's
 * clients, and that tells since when the use of old tokens is noted.
 */
function ofThisCluster(object: AnyObject, certificate: string, now: string): AnyObject {
  if (object.kind === 'Service') {
    const { clusterIPs: _ips, ipFamilies: _families, ...spec } = object['spec']
    return { ...object, spec }
  }
  if (object.kind !== 'ConfigMap') return object
  const { name } = object.metadata
  const own: Record<string, string> =
    name === 'extension-apiserver-authentication'
      ? { 'client-ca-file': certificate }
      : name === 'kube-apiserver-legacy-service-account-token-tracking'
        ? { since: now.slice(0, 10) }
        : {}
  return { ...object, data: { ...object['data'], ...own } }
}

function kubernetesService(api: Api, ips: readonly string[]): void {
  const labels = { component: 'apiserver', provider: 'kubernetes' }
  const make = (resource: string, object: Record<string, unknown>, more: Record<string, string>): void => {
    if (api.list(resource, 'default').some(({ metadata }) => metadata.name === 'kubernetes')) return
    api.create(resource, { metadata: { name: 'kubernetes', namespace: 'default', labels: more }, ...object } as never)
  }
  const spec = {
    clusterIP: SERVICE_IP,
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
    sessionAffinity: 'None',
    type: 'ClusterIP',
  }
  make('services', { spec }, labels)
  const { subsets, slice } = endpointsOf(ips)
  make('endpoints', { subsets }, { 'endpointslice.kubernetes.io/skip-mirror': 'true' })
  make(SLICES, { addressType: 'IPv4', ...slice }, { 'kubernetes.io/service-name': 'kubernetes' })
}

function endpointsOf(ips: readonly string[]) {
  const ports = [{ name: 'https', port: 6443, protocol: 'TCP' }]
  return {
    subsets: [{ addresses: ips.map((ip) => ({ ip })), ports }],
    slice: { endpoints: ips.map((ip) => ({ addresses: [ip], conditions: { ready: true } })), ports },
  }
}

/** Behind the Service `kubernetes` stand the API servers that serve (controlplane/controller/kubernetesservice). */
export function publishEndpoints(api: Api, ips: readonly string[]): void {
  const { subsets, slice } = endpointsOf(ips)
  const because = 'these API servers serve'
  for (const [resource, more] of [
    ['endpoints', { subsets }],
    [SLICES, slice],
  ] as const) {
    const [old] = api.list(resource, 'default').filter(({ metadata }) => metadata.name === 'kubernetes')
    if (old) api.update(resource, { ...old, ...more }, { because })
  }
}
