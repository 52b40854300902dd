/** Claims in their newest versions, also those of which the cache has not seen yet what was just written; and which devices they have. */
import type { AnyObject } from '#api/meta.ts'
import { allocationOf, deviceKey, nameOf } from './allocation.ts'

export class ClaimBook {
  /** What was written and has not been seen yet, by the claim's name. */
  readonly #written = new Map<string, AnyObject>()
  /** The devices of each claim that has some. */
  readonly #held = new Map<string, readonly string[]>()
  readonly #allocated = new Map<string, number>()

  /** Devices that some claim has; those had for administration count for nobody. */
  get allocated(): Pick<ReadonlySet<string>, 'has'> {
    return this.#allocated
  }

  /** The claim was written so. */
  set(claim: AnyObject): void {
    const name = nameOf(claim)
    this.#written.set(name, claim)
    this.#count(name, claim)
  }
  /** The newer of what was written and what has been seen. */
  newest(seen: AnyObject): AnyObject {
    return this.#written.get(nameOf(seen)) ?? seen
  }

  /** The cache has a version: what was written before it counts no more. */
  seen(claim: AnyObject, gone: boolean): void {
    const name = nameOf(claim)
    const own = this.#written.get(name)
    if (own && !gone && Number(claim.metadata.resourceVersion) < Number(own.metadata.resourceVersion)) return
    this.#written.delete(name)
    this.#count(name, gone ? null : claim)
  }

  #count(name: string, claim: AnyObject | null): void {
    for (const device of this.#held.get(name) ?? []) {
      const left = (this.#allocated.get(device) ?? 0) - 1
      if (left > 0) this.#allocated.set(device, left)
      else this.#allocated.delete(device)
    }
    const results = (claim && allocationOf(claim)?.devices.results) ?? []
    const devices = results.filter((one) => !one.adminAccess).map((one) => deviceKey(one.driver, one.pool, one.device))
    for (const device of devices) this.#allocated.set(device, (this.#allocated.get(device) ?? 0) + 1)
    if (devices.length > 0) this.#held.set(name, devices)
    else this.#held.delete(name)
  }

  save(): unknown {
    return [...this.#written.values()]
  }
  /** On an empty book; what the cache has is told afterwards, as when it is seen. */
  load(saved: any): void {
    for (const claim of saved) this.set(claim)
  }
}
