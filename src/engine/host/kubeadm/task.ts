/** A command of kubeadm's as steps, each of which may have to wait: what it remembers is plain data. */
import { ApiError } from '#api/status.ts'
import type { Sys } from '#posix/sys.ts'
import type { Api } from '../../machinery/client.ts'
import type { Host } from '../ports.ts'
import type { Flags } from './flags.ts'

/** What a process remembers of its command. */
export interface Memory<M> {
  step?: number
  at?: number
  memo?: M
}

export interface Task<M = any> {
  readonly host: Host
  readonly sys: Sys
  readonly flags: Flags
  readonly memo: M
  say(text: string): void
  warn(text: string): void
}

/** Not now, but after so long, or when what it waits for has come; absent: the next step. */
export type Pause = { wait: number } | 'parked' | undefined | void
export type Step<M = any> = (task: Task<M>) => Pause

/** It ends here, with these words. */
export class Stop extends Error {}

/** What kubeadm prints of an error, and nothing more (cmd/kubeadm/app/util/errors). */
export const worded = (message: string): string =>
  `error: ${message}\nTo see the stack trace of this error execute with --v=5 or higher\n`

/** The words of whatever went wrong with a request. */
export function wordsOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof Stop) return error.message
  throw error
}

/** Runs steps until one has to wait; the exit status once there are no more. */
export function perform<M extends object>(
  host: Host,
  sys: Sys,
  flags: Flags,
  data: Memory<M>,
  begin: () => M,
  steps: readonly Step<M>[],
): number | undefined {
  try {
    data.memo ??= begin()
    const task: Task<M> = { host, sys, flags, memo: data.memo, say: (text) => sys.out(text), warn: (text) => sys.err(text) }
    for (data.step ??= 0; data.step < steps.length; data.step++) {
      for (;;) {
        if (!sys.until(data.at ?? 0)) return undefined
        const pause = steps[data.step]?.(task)
        if (!pause) break
        if (pause === 'parked') return undefined
        data.at = sys.now + pause.wait
      }
    }
    return 0
  } catch (error) {
    sys.err(worded(wordsOf(error)))
    return 1
  }
}

/** The administrator's way in; the file must be there. */
export function admin({ host }: Task): Api {
  const api = host.as('admin.conf')
  if (!api) throw new Stop('failed to load admin kubeconfig: open /root/.kube/config: no such file or directory')
  return api
}

/** Names the phase in which something went wrong. */
export const phase = <M>(name: string, ...steps: Step<M>[]): Step<M>[] =>
  steps.map((step) => (task) => {
    try {
      return step(task)
    } catch (error) {
      throw new Stop(`error execution phase ${name}: ${wordsOf(error)}`)
    }
  })
