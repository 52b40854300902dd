/** etcd: a store with revisions for its clients, and the one beside an API server. A process keeps its keys itself; a cluster's etcd is its store. */
import { formatTime } from '#api/time.ts'
import { gateway } from '../../machinery/etcd-gateway.ts'
import { clusterId, memberId } from '../../machinery/etcd-identity.ts'
import { EtcdKv, type EtcdMember, type EtcdServer } from '../../machinery/etcd-kv.ts'
import { databaseIn } from '../../machinery/etcd-snapshot.ts'
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import { image } from '../image.ts'
import type { Host } from '../programs/program.ts'
import { flag } from '../web.ts'
import { dataOf, type EtcdData, newData, OwnKeys } from './etcd-keys.ts'
import { ETCD, type Hello, isSignedBy, type ServerHello } from './etcd-tls.ts'
import { etcdutl } from './etcdctl/etcdutl.ts'
import { etcdctl } from './etcdctl/index.ts'
import { CLOSED, said } from './protocol.ts'

export interface EtcdState {
  /** Which data this is: a new process begins with none. */
  data: string
  kv: EtcdData
}

const CLIENTS = 'http://localhost:2379'
const PEERS = 'http://localhost:2380'

const portOf = (url: string): number => Number(/:(\d+)\/?$/.exec(url)?.[1] ?? 0)
/** What a flag says, or the variable of the same name. */
const option = (host: Host, name: string): string | undefined =>
  flag(host.argv, name) ?? host.env[`ETCD_${name.toUpperCase().replaceAll('-', '_')}`]
const urls = (host: Host, name: string, otherwise: string): string[] => (option(host, name) ?? otherwise).split(',')

const log = (host: Host, msg: string): void =>
  host.out(`${JSON.stringify({ level: 'info', ts: formatTime(host.now), msg })}\n`, 'stderr')

/** `a=http://a:2380,b=http://b:2380`: who belongs to it. */
function membersOf(host: Host, own: string): EtcdMember[] {
  const listed = option(host, 'initial-cluster') ?? `${own}=${option(host, 'initial-advertise-peer-urls') ?? PEERS}`
  const peers = new Map<string, string[]>()
  for (const each of listed.split(',')) {
    const [name = '', url = ''] = each.split(/=(.*)/)
    peers.set(name, [...(peers.get(name) ?? []), url])
  }
  const token = option(host, 'initial-cluster-token')
  const clientURLs = urls(host, 'advertise-client-urls', CLIENTS)
  return [...peers].map(([name, peerURLs]) => ({
    id: memberId(peerURLs, token),
    name,
    peerURLs,
    clientURLs: name === own ? clientURLs : [],
  }))
}

export function serverOf(host: Host): EtcdServer {
  const name = option(host, 'name') ?? 'default'
  const members = membersOf(host, name)
  const self = members.find((each) => each.name === name)?.id ?? '0'
  const cluster = clusterId(members.map(({ id }) => id))
  const [version = '3.6.7'] = /^v?\d+\.\d+\.\d+/.exec(host.tag) ?? []
  return { now: host.now, clusterId: cluster, memberId: self, leader: self, term: 2, members, version: version.replace('v', '') }
}

/** Whether the port speaks TLS. */
const isSecure = (host: Host, port: number): boolean =>
  urls(host, 'listen-client-urls', CLIENTS).some((url) => url.startsWith('https:') && portOf(url) === port)

const asksForCertificates = (host: Host): boolean => /^(true)?$/.test(option(host, 'client-cert-auth') ?? 'false')

/** Why the server would hang up on who shows this. */
function alertTo(host: Host, certificate: string | undefined): ServerHello['alert'] {
  if (!asksForCertificates(host)) return undefined
  if (certificate === undefined) return 'certificate required'
  const authorities = host.files.read(option(host, 'trusted-ca-file') ?? '')
  return authorities === undefined || isSignedBy(certificate, authorities) ? undefined : 'bad certificate'
}

function greeted(host: Host, hello: Hello): ServerHello {
  const alert = alertTo(host, hello.certificate)
  return { certificate: host.files.read(option(host, 'cert-file') ?? '') ?? '', ...(alert ? { alert } : {}) }
}

const PLAIN_TO_SECURE: HttpReply = { status: 400, body: 'Client sent an HTTP request to an HTTPS server.\n' }

/** What stops a request before etcd reads it; null: nothing does. */
function stopped(request: HttpRequest, host: Host, port: number): HttpReply | null {
  const secure = isSecure(host, port)
  if (request.protocol === ETCD) return secure ? said(ETCD, greeted(host, request.message as Hello)) : CLOSED
  if (!secure) return request.tls ? CLOSED : null
  if (!request.tls) return PLAIN_TO_SECURE
  return alertTo(host, request.certificate) ? CLOSED : null
}

/** What `etcdutl snapshot restore` has left in its data directory; what it writes itself it keeps only while it runs. */
function restoredIn(host: Host): EtcdData {
  const dir = option(host, 'data-dir') ?? `${option(host, 'name') ?? 'default'}.etcd`
  const database = databaseIn(host.files.read(`${dir.startsWith('/') ? '' : '/'}${dir}/member/snap/db`) ?? '')
  return database?.keys ? dataOf(database) : newData()
}

const METRICS_PAGES = /^\/(health|livez|readyz|metrics)\b/

export const etcd = image<EtcdState>({
  name: 'etcd',
  sizeMb: 22,
  words: ['etcd'],
  shell: false,
  start(host) {
    log(host, 'starting etcd server')
    const kv = restoredIn(host)
    log(host, 'ready to serve client requests')
    return { data: `${host.podIp}/${host.now}/${host.random(2 ** 31)}`, kv }
  },
  listens: (_state, host) => [
    ...urls(host, 'listen-client-urls', CLIENTS).map(portOf),
    ...urls(host, 'listen-peer-urls', PEERS).map(portOf),
    ...(option(host, 'listen-metrics-urls')?.split(',').map(portOf) ?? []),
  ],
  speaks: ETCD,
  http(request, state, host, port) {
    if (request.protocol === ETCD && request.message === undefined) return [said(ETCD, state.data), state]
    const stop = stopped(request, host, port)
    if (stop) return [stop, state]
    const isClients = urls(host, 'listen-client-urls', CLIENTS).some((url) => portOf(url) === port)
    if (!isClients && !METRICS_PAGES.test(request.path)) return [{ status: 404, body: '404 page not found\n' }, state]
    const keys = new OwnKeys(state.kv)
    const server = serverOf(host)
    const reply = gateway(new EtcdKv(keys, server), server, request)
    const next = keys.data === state.kv ? state : { ...state, kv: keys.data }
    // Where the Pod is the cluster's own etcd, its store answers instead.
    return [isClients ? { ...reply, forward: 'etcd' } : reply, next]
  },
  memoryMi: () => 30,
  errands: { etcdctl },
  commands: { etcdutl },
})
