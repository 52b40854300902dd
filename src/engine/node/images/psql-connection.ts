/** psql's way to its server, and what it says where there is none. */
import type { Host } from '../programs/program.ts'
import { type Asked, POSTGRES, type Told } from './postgres-server.ts'
import { speak } from './protocol.ts'
import type { Options } from './psql-options.ts'

export const SOCKET = '/var/run/postgresql'

/** By the socket, or by an address: as messages name it. */
export function wayTo({ host: to, port }: Options, host: Host): string {
  if (to === '' || to.startsWith('/')) return `on socket "${to || SOCKET}/.s.PGSQL.${port}"`
  const [address] = to === 'localhost' ? ['127.0.0.1'] : host.resolve(to)
  return `at "${to}"${address && address !== to ? ` (${address})` : ''}, port ${port}`
}

/** With these bytes psql begins: it would like encryption. */
const ENCRYPTION = '\0\0\0\b\x04\udcd2\x16/'
const WHY: Readonly<Record<string, string>> = { timeout: 'Connection timed out', 'no route to host': 'No route to host' }

/** What psql makes of an answer that no PostgreSQL gives. */
function strange(bytes: string): string {
  const [first = ''] = bytes
  if (first === 'S') return 'SSL SYSCALL error: EOF detected'
  return first === '' || first === 'N' || first === 'E'
    ? 'server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally\n\tbefore or while processing the request.'
    : `received invalid response to SSL negotiation: ${first}`
}

/** What the server tells; or why there is none, in psql's words. */
export function ask(connection: Options, host: Host, sql?: string): Told | { failed: string } {
  const { host: to, port, user, db, password } = connection
  const near = to === '' || to.startsWith('/')
  const local = near || to === 'localhost' || to === '127.0.0.1'
  const asked: Asked = { user, db, local, ...(password === undefined ? {} : { password }), ...(sql === undefined ? {} : { sql }) }
  const heard = speak<Told>(host, local ? '127.0.0.1' : to, port, POSTGRES, asked, near ? '' : ENCRYPTION)
  if ('why' in heard && heard.why === 'no such host')
    return { failed: `could not translate host name "${to}" to address: Name or service not known` }
  const failed = `connection to server ${wayTo(connection, host)} failed:`
  if (!('message' in heard)) {
    if (near)
      return {
        failed: `${failed} No such file or directory\n\tIs the server running locally and accepting connections on that socket?`,
      }
    if ('bytes' in heard) return { failed: `${failed} ${strange(heard.bytes)}` }
    const why = WHY[heard.why] ?? 'Connection refused'
    return { failed: `${failed} ${why}\n\tIs the server running on that host and accepting TCP/IP connections?` }
  }
  const told = heard.message
  if (told.noPassword) return { failed: `${failed} fe_sendauth: no password supplied` }
  return told.fatal ? { failed: `${failed} FATAL:  ${told.fatal}` } : told
}
