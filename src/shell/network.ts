/** What programs of the desk reach by network. */
import type { Transport } from '#api/request.ts'
import type { Call } from '#posix/state.ts'
import type { Machine } from './machine.ts'

/** The answer to a program's question, or undefined: it comes later. */
export function network(_machine: Machine, _transport: Transport, { request }: Call): unknown {
  if (request.kind === 'ports') return []
  return { ok: false, why: 'no such host' }
}
