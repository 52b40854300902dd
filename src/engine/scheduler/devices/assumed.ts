/** Claims as they are, also those of which the cache has not seen yet what was just written. */
import type { AnyObject } from '#api/meta.ts'

export class AssumedClaims {
  readonly #claims = new Map<string, AnyObject>()

  get size(): number {
    return this.#claims.size
  }
  set(claim: AnyObject): void {
    this.#claims.set(`${claim.metadata.namespace}/${claim.metadata.name}`, claim)
  }
  /** The newer of what was written and what has been seen. */
  newest(seen: AnyObject): AnyObject {
    return this.#claims.get(`${seen.metadata.namespace}/${seen.metadata.name}`) ?? seen
  }

  /** The cache has a version: what was written before it counts no more. */
  seen(claim: AnyObject, gone: boolean): void {
    const key = `${claim.metadata.namespace}/${claim.metadata.name}`
    const own = this.#claims.get(key)
    if (!own) return
    if (gone || Number(claim.metadata.resourceVersion) >= Number(own.metadata.resourceVersion)) this.#claims.delete(key)
  }

  save(): unknown {
    return [...this.#claims.values()]
  }
  load(saved: any): void {
    for (const claim of saved) this.set(claim)
  }
}
