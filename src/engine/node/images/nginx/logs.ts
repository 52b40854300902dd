/** Where nginx writes its lines: the container's streams, or files where its log folder is somebody's volume. */
import type { Host } from '../../programs/program.ts'
import { slashTime } from '../../web.ts'
import { type Chain, httpOf, isOn, namesOf, said, within } from './site.ts'
import type { Directive } from './syntax.ts'
import { expand, type Passage } from './variables.ts'

const LINKED: Readonly<Record<string, 'stdout' | 'stderr'>> = {
  '/dev/stdout': 'stdout',
  '/dev/stderr': 'stderr',
  stderr: 'stderr',
  '/var/log/nginx/access.log': 'stdout',
  '/var/log/nginx/error.log': 'stderr',
}

const absolute = (path: string): string => (path.startsWith('/') || path === 'stderr' ? path : `/etc/nginx/${path}`)

/** The image links its two logs to the streams; what is mounted over their folder hides the links. */
export function writeTo(host: Host, given: string, line: string): void {
  const path = absolute(given)
  const stream = LINKED[path]
  if (stream && (!path.startsWith('/var/log/') || host.mountType('/var/log/nginx') === 'overlay'))
    return host.out(`${line}\n`, stream)
  host.files.write(path, `${host.files.read(path) ?? ''}${line}\n`)
}

const COMBINED =
  '$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent "$http_referer" "$http_user_agent"'

function formatOf(tree: readonly Directive[], name: string): string {
  const format = within(httpOf(tree), 'log_format').find(({ args }) => args[0] === name)
  if (!format) return COMBINED
  return format.args.slice(/^escape=/.test(format.args[1] ?? '') ? 2 : 1).join('')
}

/** An empty value is a dash, as in every line of nginx's. */
const dashed = (format: string, at: Passage): string =>
  format.replace(/\$(?:\{\w+\}|\w+)/g, (reference) => expand(reference, at) || '-')

export function logAccess(tree: readonly Directive[], chain: Chain, at: Passage): void {
  if (at.status === 404 && !isOn(chain, 'log_not_found', true)) return
  const rules = said(chain, 'access_log')
  for (const { args } of rules.length > 0 ? rules : [{ args: ['logs/access.log'] }]) {
    const [path = '', format = 'combined'] = args
    if (path === 'off') return
    const unless = args.find((word) => word.startsWith('if='))
    if (unless && /^0?$/.test(expand(unless.slice(3), at))) continue
    if (path.startsWith('syslog:')) continue
    writeTo(at.host, path, dashed(formatOf(tree, format.includes('=') ? 'combined' : format), at))
  }
}

const LEVELS = ['debug', 'info', 'notice', 'warn', 'error', 'crit', 'alert', 'emerg']

export const errorLog = (chain: Chain, tree: readonly Directive[]): { path: string; level: string } => {
  const [near] = said(chain, 'error_log')
  const [path = '/var/log/nginx/error.log', level = 'error'] = (near ?? tree.find(({ name }) => name === 'error_log'))?.args ?? []
  return { path, level }
}

/** One of the lines that a request leaves in the error log. `text` may name the upstream after a bar. */
export function logError(tree: readonly Directive[], chain: Chain, at: Passage, text: string): void {
  const { path, level } = errorLog(chain, tree)
  if (LEVELS.indexOf(level) > LEVELS.indexOf('error')) return
  const { request, host, serverName } = at
  const [what = '', upstream] = text.split('|')
  const parts = [
    what,
    `client: ${request.from ?? '127.0.0.1'}`,
    `server: ${serverName}`,
    `request: "${request.method} ${request.path} HTTP/1.1"`,
    ...(upstream ? [`upstream: "${upstream}"`] : []),
    `host: "${request.headers?.['host'] ?? ''}"`,
  ]
  writeTo(host, path, `${slashTime(host.now)} [error] 29#29: *${host.served + 1} ${parts.join(', ')}`)
}

export const firstName = (server: Directive): string => namesOf(server)[0] ?? ''
