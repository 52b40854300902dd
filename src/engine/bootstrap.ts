/** Bootstrap: what the control plane makes in an empty etcd before anybody else may ask. */
import type { AnyObject } from '#api/meta.ts'
import { isAlreadyExists } from '#api/status.ts'
import type { Server } from './apiserver/api-server.ts'
import type { Api, Connect } from './machinery/client.ts'
import { bootstrapObjects } from './resources/catalogue/bootstrap.ts'

const NAMESPACES = ['kube-system', 'kube-public', 'kube-node-lease', 'default']

/** The apiserver's own virtual address, and its one endpoint. */
const SERVICE_IP = '10.96.0.1'
const ADVERTISED_IP = '172.18.0.5'

/** `certificate`: of the authority that clients' certificates are signed with. */
export function bootstrap(connect: Connect, server: Server, certificate: string): void {
  const api = connect({ user: 'system:apiserver', groups: ['system:masters'], manager: 'kube-apiserver' })
  for (const name of NAMESPACES) api.create('namespaces', { metadata: { name } } as never)
  for (const { resource, object } of bootstrapObjects()) {
    try {
      api.create(resource, ofThisCluster(object, certificate, server.world.timestamp()), { because: 'every cluster has it' })
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
  }
  kubernetesService(api, server)
}

/** The ConfigMaps by which aggregated API servers know the cluster's clients, and that tells since when the use of old tokens is noted. */
function ofThisCluster(object: AnyObject, certificate: string, now: string): AnyObject {
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

function kubernetesService(api: Api, server: Server): void {
  const labels = { component: 'apiserver', provider: 'kubernetes' }
  const make = (resource: string, object: Record<string, unknown>, more: Record<string, string>): void => {
    if (server.read(resource, 'default', 'kubernetes')) return
    api.create(resource, { metadata: { name: 'kubernetes', namespace: 'default', labels: more }, ...object } as never)
  }
  const spec = {
    clusterIP: SERVICE_IP,
    ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }],
    sessionAffinity: 'None',
    type: 'ClusterIP',
  }
  make('services', { spec }, labels)
  const ports = [{ name: 'https', port: 6443, protocol: 'TCP' }]
  const subsets = [{ addresses: [{ ip: ADVERTISED_IP }], ports }]
  make('endpoints', { subsets }, { 'endpointslice.kubernetes.io/skip-mirror': 'true' })
  const endpoints = [{ addresses: [ADVERTISED_IP], conditions: { ready: true } }]
  const slice = { addressType: 'IPv4', endpoints, ports }
  make('endpointslices.discovery.k8s.io', slice, { 'kubernetes.io/service-name': 'kubernetes' })
}
