/** IPAddresses: one for each cluster address of a Service, so that nobody else gets it (registry/core/service/ipallocator). */

import type { Service } from '#api/kinds.ts'
import type { KubeObject } from '#api/meta.ts'
import { isAlreadyExists, isNotFound } from '#api/status.ts'
import { AS_API_SERVER } from '../machinery/client.ts'
import { type Context, controller } from '../machinery/controller.ts'

const ADDRESSES = 'ipaddresses.networking.k8s.io'
const MANAGED_BY = 'ipaddress.kubernetes.io/managed-by'
const ALLOCATOR = 'ipallocator.k8s.io'

interface Address extends KubeObject {
  spec?: { parentRef?: { resource?: string; namespace?: string; name?: string } }
}

const addressesOf = (service: Service | null): string[] => (service?.spec.clusterIPs ?? []).filter((ip) => ip !== 'None')

const keyFor = (ip: string, { metadata }: KubeObject): string => `${ip} ${metadata.namespace ?? ''}/${metadata.name}`

export const serviceAddresses = controller({
  name: 'service-ip-repair-controller',
  identity: AS_API_SERVER,
  watches: [
    {
      resource: 'services',
      keys(change, next, old) {
        const [service, before] = [next as unknown as Service, old as unknown as Service | null]
        // The usual change of a Service is to something else.
        if (change === 'modified' && before && before.spec.clusterIPs === service.spec.clusterIPs) return []
        return [...new Set([...addressesOf(service), ...addressesOf(before)])].map((ip) => keyFor(ip, next))
      },
    },
    {
      resource: ADDRESSES,
      keys(change, address) {
        const { resource, namespace, name } = (address as unknown as Address).spec?.parentRef ?? {}
        return change === 'deleted' && resource === 'services' ? [`${address.metadata.name} ${namespace}/${name}`] : []
      },
    },
  ],
  reconcile(key, context) {
    const [ip = '', owner = ''] = key.split(' ')
    const service = context.cache<Service>('services').byKey(owner)
    const address = context.cache<Address>(ADDRESSES).get('', ip)
    const held = addressesOf(service ?? null).includes(ip)
    if (held && !address) claim(ip, owner, context)
    else if (!held && address && isOf(address, owner)) release(ip, context)
  },
})

function isOf({ metadata, spec }: Address, owner: string): boolean {
  const { namespace, name } = spec?.parentRef ?? {}
  return metadata.labels?.[MANAGED_BY] === ALLOCATOR && `${namespace}/${name}` === owner
}

function claim(ip: string, owner: string, { api }: Context): void {
  const [namespace = '', name = ''] = owner.split('/')
  const labels = { 'ipaddress.kubernetes.io/ip-family': ip.includes(':') ? 'IPv6' : 'IPv4', [MANAGED_BY]: ALLOCATOR }
  const address = { metadata: { name: ip, labels }, spec: { parentRef: { resource: 'services', namespace, name } } }
  try {
    api.create(ADDRESSES, address as never, { because: `Service ${name} has it` })
  } catch (error) {
    if (!isAlreadyExists(error)) throw error
  }
}

function release(ip: string, { api }: Context): void {
  try {
    api.delete(ADDRESSES, '', ip, { because: 'its Service is gone' })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}
