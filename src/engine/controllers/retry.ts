/** A controller's own back-off, where it differs from the work queue's 5 ms … 1,000 s. */
import type { Context } from '../machinery/controller.ts'

const name = (key: string): string => `tries/${key}`

/** Looks again after `baseMs`, doubled with every failure in a row, at most `maxMs`. */
export function retryLater({ memory, later }: Context, key: string, baseMs: number, maxMs: number): void {
  const tries: number = memory.get(name(key)) ?? 0
  memory.set(name(key), tries + 1)
  later(key, Math.min(maxMs, baseMs * 2 ** Math.min(tries, 30)))
}

export function forgetTries({ memory }: Context, key: string): void {
  memory.delete(name(key))
}
