/** agnhost, Kubernetes' own test image: many programs in one, chosen by the first argument. */

import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import { image } from '../image.ts'
import type { ConnectionEvent, Host } from '../programs/program.ts'
import { flag, slashTime } from '../web.ts'
import { issuerDiscovery } from './agnhost-oidc.ts'
import { onceCommands } from './agnhost-once.ts'
import { serverCommands } from './agnhost-servers.ts'
import { begun, type CoreDnsState, DNS_PORTS, questioned } from './coredns.ts'
import { alpineFiles } from './releases.ts'

export interface AgnhostState {
  began: number
  /** Of generators: how far they are. */
  at: number
  stopping?: boolean
  /** Of nettest: who has written to it, how often, and what was wrong. */
  received?: Record<string, number>
  errors?: string[]
  /** What the guestbook has in it. */
  book?: unknown
  /** The one client of the port-forward tester, and what is still expected of it. */
  client?: { id: string; expected: string }
  /** Of the CoreDNS that it has beside its own programs. */
  dns?: CoreDnsState
}

/** What one of its programs is. */
export interface Subcommand {
  start?(host: Host): void
  wake?(state: AgnhostState, host: Host): AgnhostState
  listens?(host: Host, state: AgnhostState): number[]
  http?(request: HttpRequest, state: AgnhostState, host: Host, port: number): HttpReply
  /** Likewise, where an answer changes its state. */
  answer?(request: HttpRequest, state: AgnhostState, host: Host): [HttpReply, AgnhostState]
  /** Reads connections from outside itself. */
  connection?(event: ConnectionEvent, state: AgnhostState, host: Host): AgnhostState
  nextChange?(state: AgnhostState): number
}

const commands: Readonly<Record<string, Subcommand>> = {
  ...onceCommands,
  ...serverCommands,
  'test-service-account-issuer-discovery': issuerDiscovery,
  coredns: {
    start: (host) => void begun(host),
    listens: () => DNS_PORTS,
    answer(request, state, host) {
      const [reply, dns] = questioned(request, state.dns ?? begun(host), host)
      return [reply, { ...state, dns }]
    },
  },
}

const nameOf = ({ argv }: Host): string => (argv[0] === '/coredns' ? 'coredns' : (argv[1] ?? 'pause'))
const find = (host: Host): Subcommand | undefined => {
  const name = nameOf(host)
  return Object.hasOwn(commands, name) ? commands[name] : undefined
}

function start(host: Host): AgnhostState {
  const command = find(host)
  if (!command) {
    host.out(`Error: unknown command "${nameOf(host)}" for "agnhost"\nRun 'agnhost --help' for usage.\n`, 'stderr')
    host.exit(1)
  } else command.start?.(host)
  return { began: host.now, at: 0 }
}

/** A certificate that test-webserver's probes look for; nobody verifies it. */
const CERTIFICATE =
  '-----BEGIN CERTIFICATE-----\nMIIDOTCCAiGgAwIBAgIQSRJrEpBGFc7tNb1fb5pKFzANBgkqhkiG9w0BAQsFADAS\n-----END CERTIFICATE-----\n'

/** A user of its own, who is in a group of its own. */
const users = {
  '/etc/passwd':
    'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\nuser-defined-in-image:x:1000:1000:Linux User,,,:/home/user-defined-in-image:/bin/ash\n',
  '/etc/group':
    'root:x:0:root\nnobody:x:65534:\nuser-defined-in-image:x:1000:\ngroup-defined-in-image:x:50000:user-defined-in-image\n',
}

export const agnhost = image<AgnhostState>({
  name: 'agnhost',
  also: ['liveness'],
  sizeMb: 53,
  system: 'alpine',
  entrypoint: ['/agnhost'],
  command: ['pause'],
  words: ['/server', '/agnhost-2', '/coredns'],
  extras: ['bash', 'curl', 'dig', 'getent', 'host'],
  files: {
    ...alpineFiles,
    '/localhost.crt': CERTIFICATE,
    '/localhost.key': '-----BEGIN RSA PRIVATE KEY-----\n-----END RSA PRIVATE KEY-----\n',
    '/uploads/.keep': '',
    ...users,
  },
  start,
  wake: (state, host) => {
    if (state.stopping) host.exit(0)
    return find(host)?.wake?.(state, host) ?? state
  },
  onTerm: 0,
  term(state, host) {
    const seconds = Number(flag(host.argv, 'delay-shutdown') ?? 0)
    if (!(seconds > 0)) {
      host.exit(0)
      return state
    }
    host.out(`${slashTime(host.now)} Sleeping ${seconds} seconds before terminating...\n`, 'stderr')
    host.wake(seconds * 1000)
    return { ...state, stopping: true }
  },
  listens: (state, host) => find(host)?.listens?.(host, state) ?? [],
  http(request, state, host, port) {
    const command = find(host)
    if (command?.answer) return command.answer(request, state, host)
    return [command?.http?.(request, state, host, port) ?? { status: 404, body: '404 page not found\n' }, state]
  },
  connection: (event, state, host) => find(host)?.connection?.(event, state, host) ?? null,
  nextChange: (state, host) => find(host)?.nextChange?.(state) ?? Number.POSITIVE_INFINITY,
  memoryMi: () => 8,
})
