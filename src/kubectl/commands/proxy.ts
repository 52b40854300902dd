/** `kubectl proxy`: a server of one's own machine that passes requests on to the API server, as the user of the kubeconfig. */
import { compileRegexp, type Regexp } from '#api/regexp/index.ts'
import type { ApiResponse } from '#api/request.ts'
import { htmlEscaped } from '#gotemplate/index.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { Unreachable } from '../error.ts'
import { sayPlain, serveFile } from '../file-server.ts'
import type { Reply, WebRequest } from '../io.ts'
import { logHead } from '../klog.ts'

export const proxy = command({
  name: 'proxy',
  completes: 'nothing',
  async run(context) {
    const { flags, io } = context
    if (!io.serve)
      throw new KubectlError(
        'kubectl proxy is not supported here: kubectl reaches the API server already; "kubectl get --raw" asks any path',
      )
    const port = flags.int('port')
    const socket = flags.text('unix-socket')
    if (socket && port !== 8001) throw new KubectlError('cannot set --unix-socket and --port at the same time')
    if (socket === '' && flags.is('disable-filter'))
      io.err(
        `${logHead('W', 'proxy.go:173', io.now())} Request filter disabled, your proxy is vulnerable to XSRF attacks, please be cautious\n`,
      )
    const filter = filterOf(context)
    const where = socket ? { socket } : { host: flags.text('address'), port }
    await checkFolder(context)
    const { address, stop } = await io.serve(where, (request, reply) => {
      void serve(context, filter, request, reply).catch((error: unknown) => sayPlain(reply, 500, troubleOf(error)))
    })
    io.out(`Starting to serve on ${address}\n`)
    await new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }))
    stop()
    return 0
  },
})

/** kubectl says it as a fatal line of its log. */
function expression(text: string, now: number): Regexp {
  const compiled = compileRegexp(text)
  if (typeof compiled === 'string')
    throw new KubectlError(`${logHead('F', 'proxy_server.go:83', now)} Error compiling re: ${compiled}`, 255, true)
  return compiled
}

/** Which requests are let through. */
function filterOf({ flags, io }: Context): Filter {
  if (flags.is('disable-filter')) return () => true
  const list = (name: string): Regexp[] => {
    const text = flags.text(name)
    return text === '' ? [] : text.split(',').map((part) => expression(part, io.now()))
  }
  const [paths, notPaths, hosts, notMethods] = ['accept-paths', 'reject-paths', 'accept-hosts', 'reject-methods'].map(list) as [
    Regexp[],
    Regexp[],
    Regexp[],
    Regexp[],
  ]
  const any = (expressions: Regexp[], text: string): boolean => expressions.some((expression) => expression.test(text))
  return ({ method, path, headers }) => {
    const bare = path.replace(/\?.*/s, '')
    const host = (headers['host'] ?? '').replace(/:\d+$/, '')
    return !any(notPaths, bare) && !any(notMethods, method) && any(paths, bare) && any(hosts, host)
  }
}

function troubleOf(error: unknown): string {
  if (error instanceof Unreachable) {
    const { host } = new URL(error.server)
    return `dial tcp ${host.replace(/^localhost/, '127.0.0.1')}: connect: connection refused`
  }
  return error instanceof Error ? error.message : String(error)
}

async function checkFolder({ flags, io }: Context): Promise<void> {
  const folder = flags.text('www')
  if (folder === '' || (await io.list(folder)) !== null) return
  const why = await io.read(folder).then(
    () => undefined,
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  )
  const [line, text] =
    why === undefined
      ? [202, `Static file directory ${folder} is not a directory`]
      : [200, `Failed to stat static file directory ${folder}: stat ${folder}: ${why.replace(/^.*: /, '')}`]
  io.err(`${logHead('W', `proxy.go:${line}`, io.now())} ${text}\n`)
}

type Filter = (request: WebRequest) => boolean

/** Files are anybody's; what goes on to the server is filtered first, without the prefix. */
async function serve(context: Context, filter: Filter, request: WebRequest, reply: Reply): Promise<void> {
  const { flags } = context
  const folder = flags.text('www')
  const files = slashed(flags.text('www-prefix'))
  const prefix = slashed(flags.text('api-prefix'))
  const [path = '', query] = request.path.split(/\?(.*)/s)
  const tidy = tidied(path, folder ? [files, prefix] : [prefix])
  if (tidy !== path) return redirect(`${tidy}${query ? `?${query}` : ''}`, request, reply)
  if (folder && path.startsWith(files)) return serveFile(context.io, folder, request.path.slice(files.length), reply)
  if (!path.startsWith(prefix)) return sayPlain(reply, 404, '404 page not found')
  // A prefix that is the API's own stays.
  const inner = prefix.startsWith('/api') ? request : { ...request, path: `/${request.path.slice(prefix.length)}` }
  if (!filter(inner)) return sayPlain(reply, 403, 'Forbidden')
  const base = flags.is('append-server-path') ? new URL(context.client.serverAddress).pathname.replace(/\/$/, '') : ''
  return pass(context, { ...inner, path: base + inner.path }, reply)
}

/** As Go's ServeMux wants a path: no empty or dotted parts, and a slash behind what a prefix says. */
function tidied(path: string, prefixes: readonly string[]): string {
  const kept: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') kept.pop()
    else if (part !== '' && part !== '.') kept.push(part)
  }
  const clean = `/${kept.join('/')}`
  return clean !== '/' && (path.endsWith('/') || prefixes.includes(`${clean}/`)) ? `${clean}/` : clean
}

function redirect(location: string, { method }: WebRequest, reply: Reply): void {
  const head: Record<string, string> = { location }
  if (method === 'GET' || method === 'HEAD') head['content-type'] = 'text/html; charset=utf-8'
  reply.head(307, head)
  if (method === 'GET') reply.write(`<a href="${htmlEscaped(location)}">Temporary Redirect</a>.\n\n`)
  reply.end()
}

const slashed = (prefix: string): string => `/${prefix}/`.replace(/\/+/g, '/')

const HOP = new Set(['host', 'connection', 'content-length', 'transfer-encoding', 'accept-encoding', 'keep-alive', 'upgrade'])
const carried = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !HOP.has(name)))

async function pass({ client, io }: Context, { method, path, headers, body }: WebRequest, reply: Reply): Promise<void> {
  const asked = { method, path, headers: carried(headers), ...(body ? { body } : {}) }
  const head = ({ status, headers: answered }: ApiResponse): void => reply.head(status, carried(answered))
  const text = (value: unknown): string => (typeof value === 'string' ? value : value == null ? '' : `${JSON.stringify(value)}\n`)
  if (method === 'GET' && /[?&]watch=(true|1)/.test(path)) {
    const stop = client.transport.watch(asked, {
      onOpen(answer) {
        head(answer)
        if (answer.status >= 400) reply.write(text(answer.body))
      },
      onEvents: (events) => reply.write(events.map((event) => `${JSON.stringify(event)}\n`).join('')),
      onEnd: () => reply.end(),
    })
    reply.onGone(stop)
    io.signal.addEventListener('abort', stop, { once: true })
    return
  }
  if (/\/log\?(.*&)?follow=(true|1)/.test(path) && client.transport.stream) {
    const stream = client.transport.stream(asked, {
      onOpen: head,
      onData: (_channel, data) => reply.write(data),
      onEnd: () => reply.end(),
    })
    return reply.onGone(() => stream.stop())
  }
  const answer = await client.transport.request(asked)
  head(answer)
  reply.write(text(answer.body))
  reply.end()
}
