/** The program that plays an image's own server, as its declaration says. */
import type { Program } from './program.ts'

export const server: Program = {
  start: (host) => host.image.start?.(host) ?? null,
  wake: (state, host) => host.image.wake?.(state, host) ?? state,
  signal(state, signal, host) {
    if (signal === 'TERM' && host.image.term) return host.image.term(state, host)
    const code = host.image.onTerm === undefined ? 0 : host.image.onTerm
    if (code !== null && (signal === 'TERM' || signal === 'INT' || signal === 'QUIT')) host.exit(code)
    return state
  },
  listens: (state, host) => host.image.listens?.(state, host) ?? [],
  http: (request, state, host, port) => host.image.http?.(request, state, host, port) ?? [{ status: 404, body: '' }, state],
  nextChange: (state, host) => host.image.nextChange?.(state, host) ?? Number.POSITIVE_INFINITY,
}
