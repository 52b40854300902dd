/** What every cluster has comes again when somebody deletes it: the API server looks after it (pkg/controlplane/controller). */
import { restore } from './bootstrap.ts'
import type { Ports } from './controllers/index.ts'
import { AS_API_SERVER } from './machinery/client.ts'
import { type ControllerDeclaration, controller } from './machinery/controller.ts'

/** Which, and how often it is looked for: the ConfigMap is watched. */
const LOOKED_FOR: readonly (readonly [resource: string, namespace: string, name: string, ms: number])[] = [
  ['namespaces', '', 'kube-node-lease', 60_000],
  ['services', 'default', 'kubernetes', 10_000],
  ['endpoints', 'default', 'kubernetes', 10_000],
  ['endpointslices.discovery.k8s.io', 'default', 'kubernetes', 10_000],
  ['configmaps', 'kube-system', 'extension-apiserver-authentication', 1],
]

export const systemObjects = ({ authority, serving }: Ports): ControllerDeclaration =>
  controller({
    name: 'system-objects',
    identity: AS_API_SERVER,
    watches: LOOKED_FOR.map(([resource, namespace, name, ms]) => ({
      resource,
      keys(change, { metadata }, _old, { later, now }) {
        const lost = change === 'deleted' && metadata.name === name && (metadata.namespace ?? '') === namespace
        if (lost) later(`${resource}/${name}`, ms - (now % ms))
        return []
      },
    })),
    reconcile: (id, { api, world }) => restore(id, api, authority.certificate, world.timestamp(), serving()),
  })
