/** Work outside of the cluster that takes its time: a disk being made, a balancer being built. */
import type { Context } from './controller.ts'

const name = (key: string, what: string): string => `working ${what} ${key}`

/** Whether this work has begun and isn't over. */
export const isWorking = ({ memory }: Context, key: string, what: string): boolean => memory.has(name(key, what))

/** Begins the work when it hasn't begun; true once it is over. Until then the key comes again when it is. */
export function worked(context: Context, key: string, what: string, takesMs: () => number): boolean {
  const { memory, now, later } = context
  const known: number | undefined = memory.get(name(key, what))
  if (known !== undefined && now >= known) {
    memory.delete(name(key, what))
    return true
  }
  const until = known ?? now + takesMs()
  if (known === undefined) memory.set(name(key, what), until)
  later(key, until - now)
  return false
}

export const stopWorking = ({ memory }: Context, key: string, what: string): void => void memory.delete(name(key, what))
