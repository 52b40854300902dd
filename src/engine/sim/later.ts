/** Parts of the engine that a host may load after the first scene stands (`rest.ts`): who uses one asks for it here. */
import { assert } from '#api/assert.ts'

export interface Later<T> {
  provide(part: T): void
  /** It is there before anything of the world can need it: a host holds what is asked until `enableRest` has been called. */
  get(): T
  /** At once if it is there, else when it comes. */
  when(use: (part: T) => void): void
}

/** A part that is not there yet; `name` says what is missing when it is asked for too early. */
export function later<T>(name: string): Later<T> {
  let part: T | null = null
  const waiting: ((part: T) => void)[] = []
  return {
    provide(given) {
      part = given
      for (const use of waiting.splice(0)) use(given)
    },
    when(use) {
      if (part === null) waiting.push(use)
      else use(part)
    },
    get() {
      assert(part !== null, `the engine was asked for its ${name} before it was loaded`)
      return part
    },
  }
}
