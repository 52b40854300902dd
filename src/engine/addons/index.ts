/** All addons by name. Adding one: its file, and a line here. */
import { assert } from '#api/assert.ts'
import type { AnyObject } from '#api/meta.ts'
import type { ApiRequest, ApiResponse } from '#api/request.ts'
import type { Resource } from '../apiserver/resource.ts'
import type { Addon } from './addon.ts'
import { cloud } from './cloud/index.ts'
import { disk } from './disk/index.ts'
import { dns } from './dns.ts'
import { ingress } from './ingress/index.ts'
import { localPath } from './local-path.ts'
import { metricsServer } from './metrics-server.ts'
import { policy } from './policy.ts'

const ADDONS: readonly Addon[] = [cloud, disk, dns, ingress, localPath, metricsServer, policy]

export type { Addon } from './addon.ts'

export function addonsNamed(names: readonly string[]): Addon[] {
  return names.map((name) => {
    const found = ADDONS.find((addon) => addon.name === name)
    assert(found, `no addon ${name}; there are ${ADDONS.map((addon) => addon.name).join(', ')}`)
    return found
  })
}

interface Door {
  readonly resources: readonly Resource[]
  request(request: ApiRequest): ApiResponse
}

const ADMIN = { name: 'kubernetes-admin', groups: ['system:masters', 'system:authenticated'] }

/** Applies an addon's objects, as its administrator would. */
export function install({ name, manifests = [] }: Addon, server: Door): void {
  for (const manifest of manifests) {
    const path = `${collectionOf(manifest, server)}?fieldManager=kubectl-client-side-apply`
    const { status, body } = server.request({ method: 'POST', path, body: manifest, user: ADMIN, headers: {} })
    assert(status === 201, `the addon ${name} was refused: ${JSON.stringify(body)}`)
  }
}

function collectionOf({ apiVersion, kind, metadata }: AnyObject, { resources }: Door): string {
  const resource = resources.find((each) => each.groupVersion === apiVersion && each.kind === kind)
  assert(resource, `no kind ${kind}`)
  const root = resource.group === '' ? `/api/${apiVersion}` : `/apis/${apiVersion}`
  return resource.namespaced
    ? `${root}/namespaces/${metadata.namespace ?? 'default'}/${resource.plural}`
    : `${root}/${resource.plural}`
}
