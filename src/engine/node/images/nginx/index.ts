/** nginx: with the configuration it comes with, a web server on port 80; any other is read and followed by `daemon.ts`. */
import { page } from '../../../machinery/forwarder.ts'
import type { HttpReply, HttpRequest } from '../../../machinery/http.ts'
import { later } from '../../../sim/later.ts'
import { image } from '../../image.ts'
import type { Host } from '../../programs/program.ts'
import { accessLine, serveFile, slashTime } from '../../web.ts'
import type { Directive } from './syntax.ts'
import { DEFAULT_SITE, MIME_TYPES, NGINX_CONF, noticesOfStart, SCRIPTS, usualStart, WORKER, workerOf } from './usual.ts'

/** What was read at the start, or at the last reload; null: it is as it came with the image. */
export interface NginxState {
  tree: readonly Directive[]
  /** Of the names that requests are passed to. */
  addresses: Readonly<Record<string, readonly string[]>>
}

/** nginx with a configuration of somebody's own. */
export interface NginxDaemon {
  start(host: Host): NginxState | null
  reload(state: NginxState | null, host: Host): NginxState | null
  test(host: Host): { out: string; code: number }
  dump(host: Host): string
  http(request: HttpRequest, state: NginxState, host: Host, port: number): HttpReply
  listens(state: NginxState): readonly number[]
  /** Whether its answers depend on others. */
  follows(state: NginxState): boolean
}

export const nginxDaemon = later<NginxDaemon>('configurations of nginx')

const styled = (title: string, body: string): string => `<!DOCTYPE html>
<html>
<head>
<title>${title}</title>
<style>
html { color-scheme: light dark; }
body { width: 35em; margin: 0 auto;
font-family: Tahoma, Verdana, Arial, sans-serif; }
</style>
</head>
<body>
${body}
</body>
</html>
`
const WELCOME = styled(
  'Welcome to nginx!',
  `<h1>Welcome to nginx!</h1>
<p>If you see this page, nginx is successfully installed and working.
Further configuration is required for the web server, reverse proxy,
API gateway, load balancer, content cache, or other features.</p>

<p>For online documentation and support please refer to
<a href="https://nginx.org/">nginx.org</a>.<br/>
To engage with the community please visit
<a href="https://community.nginx.org/">community.nginx.org</a>.<br/>
For enterprise grade support, professional services, additional
security features and capabilities please refer to
<a href="https://f5.com/nginx">f5.com/nginx</a>.</p>

<p><em>Thank you for using nginx.</em></p>`,
)
/** The page that the usual site has for errors of its own. */
const ERROR = styled(
  'Error',
  `<h1>An error occurred.</h1>
<p>Sorry, the page you are looking for is currently unavailable.<br/>
Please try again later.</p>
<p>If you are the system administrator of this resource then you should check
the error log for details.</p>
<p><em>Faithfully yours, nginx.</em></p>`,
)

const SERVER = 'nginx/1.29.1'
const ROOT = '/usr/share/nginx/html'
const OWN = ['/etc/nginx', '/var/log/nginx', '/var/cache/nginx', '/run/nginx.pid', '/docker-entrypoint.d']
const USUAL = '/docker-entrypoint.sh nginx -g daemon off;'

/** Nothing has been done to it that could make it start otherwise. */
const isUsual = (host: Host): boolean =>
  host.capable('CHOWN') &&
  host.argv.join(' ') === USUAL &&
  host.env['NGINX_ENTRYPOINT_QUIET_LOGS'] === undefined &&
  OWN.every((path) => host.untouched(path))

function answer(request: HttpRequest, host: Host): HttpReply {
  const found = serveFile(ROOT, request, host, page(404, 'Not Found', SERVER).body, page(403, 'Forbidden', SERVER).body)
  const reply = { ...found, headers: { ...found.headers, server: SERVER } }
  if (reply.status >= 400)
    host.out(
      `${slashTime(host.now)} [error] ${workerOf(host)}#${workerOf(host)}: *${host.served + 1} ${troubleOf(request, reply)}\n`,
      'stderr',
    )
  host.out(`${accessLine(request, reply, host)}\n`)
  return reply
}

/** What the error log says of a file that is not there. */
function troubleOf(request: HttpRequest, { status }: HttpReply): string {
  const path = request.path.split('?')[0] ?? '/'
  const what =
    status === 403
      ? `directory index of "${ROOT}${path}" is forbidden`
      : `open() "${ROOT}${path}" failed (2: No such file or directory)`
  return `${what}, client: ${request.from ?? '127.0.0.1'}, server: localhost, request: "${request.method} ${request.path} HTTP/1.1", host: "${request.headers?.['host'] ?? ''}"`
}

const SIGNALS: Readonly<Record<string, 'TERM' | 'QUIT' | 'HUP' | 'USR1'>> = {
  stop: 'TERM',
  quit: 'QUIT',
  reload: 'HUP',
  reopen: 'USR1',
}

function command(argv: readonly string[], host: Host): { out: string; code: number } {
  const version = 'nginx version: nginx/1.29.1\n'
  if (argv.includes('-v')) return { out: version, code: 0 }
  if (argv.includes('-V'))
    return { out: `${version}built by gcc 12.2.0 (Debian 12.2.0-14+deb12u1) \nTLS SNI support enabled\n`, code: 0 }
  const sent = argv.includes('-s') ? (argv[argv.indexOf('-s') + 1] ?? '') : undefined
  if (sent !== undefined) {
    const signal = SIGNALS[sent]
    if (!signal) return { out: `nginx: invalid option: "-s ${sent}"\n`, code: 1 }
    const { out, code } = nginxDaemon.get().test(host)
    if (code !== 0) return { out: `${out.split('\n').slice(0, -2).join('\n')}\n`, code }
    host.signalMain(signal)
    return { out: `${slashTime(host.now)} [notice] 40#40: signal process started\n`, code: 0 }
  }
  if (argv.includes('-t')) return nginxDaemon.get().test(host)
  if (argv.includes('-T')) {
    const { out, code } = nginxDaemon.get().test(host)
    return { out: code === 0 ? out + nginxDaemon.get().dump(host) : out, code }
  }
  return {
    out: `${slashTime(host.now)} [emerg] 40#40: bind() to 0.0.0.0:80 failed (98: Address already in use)\nnginx: [emerg] bind() to 0.0.0.0:80 failed (98: Address already in use)\n`,
    code: 1,
  }
}

export const nginx = image<NginxState | null>({
  name: 'nginx',
  also: ['nginx-slim', 'nginx-hello'],
  titles: { main: 'nginx: master process nginx -g daemon off;', worker: 'nginx: worker process', user: 101, later: WORKER },
  sizeMb: 60,
  system: 'debian',
  extras: ['bash', 'curl', 'apt-get', 'getent'],
  entrypoint: ['/docker-entrypoint.sh'],
  command: ['nginx', '-g', 'daemon off;'],
  env: { NGINX_VERSION: '1.29.1', NJS_VERSION: '0.9.1' },
  files: {
    [`${ROOT}/index.html`]: WELCOME,
    [`${ROOT}/50x.html`]: ERROR,
    '/etc/nginx/nginx.conf': NGINX_CONF,
    '/etc/nginx/conf.d/default.conf': DEFAULT_SITE,
    '/etc/nginx/mime.types': MIME_TYPES,
    '/docker-entrypoint.sh': '#!/bin/sh\n',
    ...Object.fromEntries(SCRIPTS.map((name) => [`/docker-entrypoint.d/${name}`, '#!/bin/sh\n'])),
  },
  links: { '/var/log/nginx/access.log': '/dev/stdout', '/var/log/nginx/error.log': '/dev/stderr' },
  directories: { '/var/cache/nginx': 0 },
  start(host) {
    if (!isUsual(host)) return nginxDaemon.get().start(host)
    host.out(usualStart())
    host.out(`${noticesOfStart(host).join('\n')}\n`, 'stderr')
    return null
  },
  commands: { nginx: command },
  reload: (state, host) => nginxDaemon.get().reload(state, host),
  listens: (state) => (state ? nginxDaemon.get().listens(state) : [80]),
  http: (request, state, host, port) => [
    state ? nginxDaemon.get().http(request, state, host, port) : answer(request, host),
    state,
  ],
  nextChange: (state, host) => (state && nginxDaemon.get().follows(state) ? host.now : Number.POSITIVE_INFINITY),
  memoryMi: (_state, hits) => 6 + hits / 10_000,
})
