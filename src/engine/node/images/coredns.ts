/** CoreDNS: its Corefile, its ports and its health; what it answers by that is the network's to say (network/dns-plugins.ts). */
import { wrongInCorefile } from '../../machinery/corefiles.ts'
import { type HttpReply, type HttpRequest, UDP } from '../../machinery/http.ts'
import { image } from '../image.ts'
import type { Host } from '../programs/program.ts'
import { flag } from '../web.ts'

const [DNS, HEALTH, READY, METRICS] = [53, 8080, 8181, 9153]
export const DNS_PORTS = [DNS, DNS + UDP]
/** The plugin `reload` looks so often whether the file has changed. */
const RELOAD_MS = 30_000
const RUNNING =
  '[INFO] plugin/reload: Running configuration SHA512 = 9e2996f8cb67ac53e0259ab1f8d615d07d1beb0bd07e6a1e39769c3bf486a905bb991cc47f8d2f14d0d3a90a87dfc625a0b4c524fed169d8158c40657c0694b1\n'

export interface CoreDnsState {
  corefile: string
  /** When it was last compared with the file. */
  at: number
}

const pathOf = (host: Host): string => flag(host.argv, 'conf') ?? '/etc/coredns/Corefile'

function reloaded(state: CoreDnsState, host: Host): CoreDnsState {
  if (host.now - state.at < RELOAD_MS || !/^\s*reload\b/m.test(state.corefile)) return state
  const corefile = host.files.read(pathOf(host)) ?? state.corefile
  if (corefile === state.corefile) return { ...state, at: host.now }
  host.out('[INFO] Reloading\n')
  const wrong = wrongInCorefile(corefile)
  if (wrong) {
    host.out(`[ERROR] Restart failed: ${pathOf(host)}:${wrong}\n`)
    return { ...state, at: host.now }
  }
  host.out(`${RUNNING}[INFO] Reloading complete\n`)
  return { corefile, at: host.now }
}

export function begun(host: Host): CoreDnsState {
  const corefile = host.files.read(pathOf(host)) ?? ''
  const wrong = wrongInCorefile(corefile)
  if (wrong) {
    host.out(`${pathOf(host)}:${wrong}\n`, 'stderr')
    host.exit(1)
  } else host.out(`.:53\n${RUNNING}CoreDNS-${host.tag.replace(/^v/, '')}\nlinux/amd64, go1.25.5\n`)
  return { corefile, at: host.now }
}

/** What is asked at its port for names, and what it is told to write down. */
export function questioned(request: HttpRequest, state: CoreDnsState, host: Host): [HttpReply, CoreDnsState] {
  if (request.path === 'log') {
    host.out(request.body ?? '')
    return [{ status: 200, body: '' }, state]
  }
  const next = reloaded(state, host)
  // What a question is answered by, and where; the answer itself is read by nobody but the resolver.
  return [{ status: 200, body: next.corefile, message: host.podIp }, next]
}

export const coredns = image<CoreDnsState>({
  name: 'coredns',
  sizeMb: 23,
  entrypoint: ['/coredns'],
  user: 65_532,
  shell: false,
  start: begun,
  listens: () => [...DNS_PORTS, HEALTH, READY, METRICS],
  http(request, state, host, port) {
    if (port !== DNS + UDP && port !== DNS) return [{ status: 200, body: port === METRICS ? '' : 'OK' }, state]
    return questioned(request, state, host)
  },
  memoryMi: () => 14,
  cpuMilli: () => 2,
})
