/** agnhost, Kubernetes' own test image: many servers in one, chosen by the first argument. */
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import { image } from '../image.ts'
import type { Host } from '../programs/program.ts'
import { flag, queryOf } from '../web.ts'

const PORTS: Record<string, number> = {
  netexec: 8080,
  'serve-hostname': 9376,
  'test-webserver': 80,
  liveness: 8080,
  porter: 0,
  'net-connect': 0,
}
/** The liveness server is well for so long. */
const WELL_MS = 10_000

interface State {
  began: number
  ready: boolean
}

const command = (host: Host): string => host.argv[1] ?? 'pause'

function answer(request: HttpRequest, state: State, host: Host): HttpReply {
  const path = request.path.split('?')[0] ?? '/'
  const query = queryOf(request.path)
  if (command(host) === 'serve-hostname') return { status: 200, body: host.hostname }
  if (command(host) === 'test-webserver') {
    const body = host.files.read(path === '/' ? '/index.html' : path)
    return body === undefined ? { status: 404, body: '404 page not found\n' } : { status: 200, body }
  }
  switch (path) {
    case '/hostname':
    case '/hostName':
      return { status: 200, body: host.hostname }
    case '/clientip':
      return { status: 200, body: `${request.from ?? ''}:45678` }
    case '/echo':
      return { status: Number(query.get('code') ?? 200), body: query.get('msg') ?? '' }
    case '/exit':
      host.exit(Number(query.get('code') ?? 0))
      return { status: 200, body: '' }
    case '/healthz': {
      if (command(host) !== 'liveness') return { status: state.ready ? 200 : 412, body: '' }
      const age = host.now - state.began
      return age > WELL_MS ? { status: 500, body: `error: ${age / 1000}` } : { status: 200, body: 'ok' }
    }
    case '/':
      return { status: 200, body: `NOW: ${host.now}` }
    default:
      return { status: 404, body: '404 page not found\n' }
  }
}

export const agnhost = image<State>({
  name: 'agnhost',
  also: ['liveness'],
  sizeMb: 53,
  entrypoint: ['/agnhost'],
  command: ['pause'],
  words: ['/server'],
  start(host) {
    if (command(host) === 'pause') host.out('Paused\n')
    else host.out(`Started ${command(host)} server\n`)
    return { began: host.now, ready: true }
  },
  listens(_state, host) {
    const usual = PORTS[command(host)]
    if (usual === undefined) return []
    return [Number(flag(host.argv, 'http-port') ?? flag(host.argv, 'port') ?? usual)]
  },
  http: (request, state, host) => [answer(request, state, host), state],
  nextChange: (state, host) => (command(host) === 'liveness' ? state.began + WELL_MS + 1 : Number.POSITIVE_INFINITY),
  memoryMi: () => 8,
})
