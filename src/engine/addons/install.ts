/** Addons by their names, and how they come into a cluster that is being made. */
import { assert } from '#api/assert.ts'
import type { AnyObject } from '#api/meta.ts'
import type { ApiRequest, ApiResponse } from '#api/request.ts'
import type { Resource } from '../apiserver/resource.ts'
import { later } from '../sim/later.ts'
import type { Addon } from './addon.ts'
import { FIRST } from './first.ts'

/** Those of the first scene, and all others once they have been loaded. */
export const allAddons = later<readonly Addon[]>('further addons')

export function addonsNamed(names: readonly string[]): Addon[] {
  const found = names.map((name) => {
    const known = FIRST.find((addon) => addon.name === name)
    if (known) return known
    const all = allAddons.get()
    const one = all.find((addon) => addon.name === name)
    assert(
      one,
      `no addon ${name}; there are ${all
        .map((addon) => addon.name)
        .sort()
        .join(', ')}`,
    )
    return one
  })
  const brains = found.filter(({ controlPlane }) => controlPlane).map(({ name }) => name)
  assert(brains.length < 2, `a cluster has one control plane: choose ${brains.join(' or ')}`)
  return found
}

/** What they bring to the machines' network. */
export const networkOf = (addons: readonly Addon[]) => ({
  policies: addons.some(({ policies }) => policies),
  proxies: new Map(addons.flatMap(({ name, proxy }) => (proxy ? [[name, proxy] as const] : []))),
})

/** Which kubelet the machines have, where an addon says so. */
export function kubeletOf(addons: readonly Addon[]): { kubelet?: string } {
  const kubelet = addons.find((addon) => addon.kubelet)?.kubelet
  return kubelet ? { kubelet } : {}
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
