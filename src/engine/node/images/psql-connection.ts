/** psql's way to its server, and what it says where there is none. */
import type { Host } from '../programs/program.ts'
import { type Asked, POSTGRES, type Told } from './postgres-server.ts'
import type { Options } from './psql-options.ts'

export const SOCKET = '/var/run/postgresql'

/** By the socket, or by an address: as messages name it. */
export function wayTo({ host: to, port }: Options, host: Host): string {
  if (to === '' || to.startsWith('/')) return `on socket "${to || SOCKET}/.s.PGSQL.${port}"`
  const [address] = to === 'localhost' ? ['127.0.0.1'] : host.resolve(to)
  return `at "${to}"${address && address !== to ? ` (${address})` : ''}, port ${port}`
}

/** What the server tells; or why there is none, in psql's words. */
export function ask(connection: Options, host: Host, sql?: string): Told | { failed: string } {
  const { host: to, port, user, db, password } = connection
  const near = to === '' || to.startsWith('/')
  const local = near || to === 'localhost' || to === '127.0.0.1'
  const asked: Asked = { user, db, local, ...(password === undefined ? {} : { password }), ...(sql === undefined ? {} : { sql }) }
  const request = { method: 'POST', path: '/', headers: { [POSTGRES]: '1' }, body: JSON.stringify(asked) }
  const outcome = host.fetch(local ? '127.0.0.1' : to, port, request)
  if (!outcome.ok && outcome.why === 'no such host')
    return { failed: `could not translate host name "${to}" to address: Name or service not known` }
  const failed = `connection to server ${wayTo(connection, host)} failed:`
  if (!outcome.ok || !outcome.reply.headers?.[POSTGRES]) {
    const timeout = !outcome.ok && outcome.why === 'timeout'
    if (near)
      return {
        failed: `${failed} No such file or directory\n\tIs the server running locally and accepting connections on that socket?`,
      }
    if (outcome.ok) return { failed: `${failed} server closed the connection unexpectedly` }
    const why = timeout ? 'Connection timed out' : 'Connection refused'
    return { failed: `${failed} ${why}\n\tIs the server running on that host and accepting TCP/IP connections?` }
  }
  const told = JSON.parse(outcome.reply.body) as Told
  if (told.noPassword) return { failed: `${failed} fe_sendauth: no password supplied` }
  return told.fatal ? { failed: `${failed} FATAL:  ${told.fatal}` } : told
}
