/** Errors as kubectl prints them, and the exit status they make. */
import { ApiError } from '#api/status.ts'
import { serverError } from '#client/server-error.ts'
import { KubectlError, Unreachable } from './error.ts'
import type { Io } from './io.ts'
import { logHead } from './klog.ts'

/** Prints an error as kubectl does, and gives the exit status. */
export function told(error: unknown, io: Io, words: readonly string[] = []): number {
  if (error instanceof Unreachable && /^\/apis?(\?|$)/.test(error.path)) io.err(noDiscovery(error, io.now(), words).repeat(5))
  if (error instanceof KubectlError) {
    if (error.written) io.out(error.written)
    const text = error.message.replace(/\n$/, '')
    if (text !== '' || !error.bare) io.err(`${error.bare || text.startsWith('error: ') ? '' : 'error: '}${text}\n`)
    return error.status
  }
  if (error instanceof ApiError) {
    io.err(`${serverError(error)}\n`)
    return 1
  }
  throw error
}

/** What client-go's cache of the discovery writes to the log for each time it tried. */
export function noDiscovery(error: Unreachable, now: number, words: readonly string[] = []): string {
  const timeout = words.flatMap((word) => /^--request-timeout=(.+)$/.exec(word)?.[1] ?? []).at(-1)
  const path = timeout === undefined ? DISCOVERED : `/api?timeout=${timeout}`
  const why = `couldn't get current server API group list: ${error.dialled(path)}`
  return `${logHead('E', 'memcache.go:265', now)} "Unhandled Error" err=${JSON.stringify(why)}\n`
}

/** What client-go asks first of all, and how long it waits. */
export const DISCOVERED = '/api?timeout=32s'
