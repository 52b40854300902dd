/** `kubectl proxy`: a server of one's own machine that passes requests on to the API server, as the user of the kubeconfig. */
import { compileRegexp, type Regexp } from '#api/regexp/index.ts'
import type { ApiResponse } from '#api/request.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { logHead } from '../dry-run.ts'
import type { Reply, WebRequest } from '../io.ts'

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
    const { address, stop } = await io.serve(where, (request, reply) => {
      if (!filter(request)) return say(reply, 403, 'Forbidden')
      void serve(context, request, reply).catch((error: unknown) =>
        say(reply, 502, error instanceof Error ? error.message : String(error)),
      )
    })
    io.out(`Starting to serve on ${address}\n`)
    await new Promise<void>((resolve) => io.signal.addEventListener('abort', () => resolve(), { once: true }))
    stop()
    return 0
  },
})

function say(reply: Reply, status: number, text: string): void {
  reply.head(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
  reply.write(`${text}\n`)
  reply.end()
}

/** kubectl says it as a fatal line of its log. */
function expression(text: string, now: number): Regexp {
  const compiled = compileRegexp(text)
  if (typeof compiled === 'string')
    throw new KubectlError(`${logHead('F', 'proxy_server.go:83', now)} Error compiling re: ${compiled}`, 255, true)
  return compiled
}

/** Which requests are let through. */
function filterOf({ flags, io }: Context): (request: WebRequest) => boolean {
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

async function serve(context: Context, request: WebRequest, reply: Reply): Promise<void> {
  const { flags } = context
  const folder = flags.text('www')
  const files = slashed(flags.text('www-prefix'))
  if (folder && request.path.startsWith(files)) return serveFile(context, `${folder}/${request.path.slice(files.length)}`, reply)
  const prefix = slashed(flags.text('api-prefix'))
  if (!request.path.startsWith(prefix)) return say(reply, 404, '404 page not found')
  const base = flags.is('append-server-path') ? new URL(context.client.serverAddress).pathname.replace(/\/$/, '') : ''
  return pass(context, { ...request, path: `${base}/${request.path.slice(prefix.length)}` }, reply)
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

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  txt: 'text/plain; charset=utf-8',
}

async function serveFile({ io }: Context, asked: string, reply: Reply): Promise<void> {
  const path = asked.replace(/\?.*/s, '')
  if (path.split('/').includes('..')) return say(reply, 400, 'invalid URL path')
  const file = (await io.list(path)) === null ? path : `${path}/index.html`
  const text = await io.read(file).catch(() => null)
  if (text === null) return say(reply, 404, '404 page not found')
  reply.head(200, { 'content-type': TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream' })
  reply.write(text)
  reply.end()
}
