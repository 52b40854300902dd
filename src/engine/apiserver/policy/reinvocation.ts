/** Whether what mutates is asked a second time, after something later has changed the object (admission/reinvocation.go). */
import type { AnyObject } from '#api/meta.ts'

/** What one plugin remembers between the rounds. */
export class Invoked {
  /** The object as this plugin left it. */
  output: AnyObject | null = null
  readonly #reinvocable = new Set<string>()
  readonly #required = new Set<string>()

  /** Those asked before are to be asked again. */
  require(): void {
    for (const key of this.#reinvocable) this.#required.add(key)
    this.#reinvocable.clear()
  }
  add(key: string): void {
    this.#reinvocable.add(key)
  }
  isRequired(key: string): boolean {
    return this.#required.has(key)
  }
}

export class Reinvocation {
  /** 0 in the first round. */
  round = 0
  /** Somebody changed the object. */
  needed = false
  readonly #plugins = new Map<string, Invoked>()

  of(plugin: string, object: AnyObject): Invoked {
    let found = this.#plugins.get(plugin)
    if (!found) {
      found = new Invoked()
      this.#plugins.set(plugin, found)
    }
    if (this.round > 0 && found.output !== null && found.output !== object) found.require()
    return found
  }

  /** Asked for before only. */
  skips(invoked: Invoked, key: string): boolean {
    return this.round > 0 && !invoked.isRequired(key)
  }
}
