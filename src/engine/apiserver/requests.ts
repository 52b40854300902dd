/**
 * How often what was asked, and how it was answered, since the API server's process began: what its metrics tell. They are
 * no part of the world: a process that begins again counts from nothing.
 */
import type { Call } from './call.ts'
import type { RequestPort } from './requests-port.ts'

export class RequestCounts implements RequestPort {
  /** By code, verb, version, resource, subresource, scope and dry run; or by code, method and path. */
  #counts = new Map<string, number>()

  count({ verb, resource, subresource, namespace, name, patchType, dryRun, path, request }: Call, code: number): void {
    if (!resource && (path === '' || code === 404)) return
    const scope = name !== '' || verb === 'create' ? 'resource' : namespace === '' ? 'cluster' : 'namespace'
    const did = patchType === 'apply' ? 'apply' : verb
    const key = resource
      ? `${code} ${did} ${resource.groupVersion} ${resource.plural} ${subresource?.name ?? ''} ${scope} ${dryRun ? 'All' : ''}`
      : `${code} ${request.method} ${path}`
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1)
  }

  entries(): [string, number][] {
    return [...this.#counts]
  }
  reset(): void {
    this.#counts.clear()
  }
}
