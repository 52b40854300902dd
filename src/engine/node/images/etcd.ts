/** etcd: the store beside an API server. What it holds is kept with the server that asks it, and goes with this process. */
import { formatTime } from '#api/time.ts'
import type { HttpReply } from '../../machinery/http.ts'
import { image } from '../image.ts'
import type { Host } from '../programs/program.ts'
import { flag } from '../web.ts'
import { said } from './protocol.ts'

export interface EtcdState {
  /** Which data this is: a new process begins with none. */
  data: string
}

/** The protocol, in which a server asks whose data it will find here: no more of it is played. */
export const ETCD = 'etcd'

const portOf = (url: string): number => Number(/:(\d+)\/?$/.exec(url)?.[1] ?? 0)
const urls = (host: Host, name: string, otherwise: string): string[] => (flag(host.argv, name) ?? otherwise).split(',')

const log = (host: Host, msg: string): void =>
  host.out(`${JSON.stringify({ level: 'info', ts: formatTime(host.now), msg })}\n`, 'stderr')

const json = (body: object): HttpReply => ({
  status: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify(body),
})

export const etcd = image<EtcdState>({
  name: 'etcd',
  sizeMb: 22,
  words: ['etcd'],
  shell: false,
  start(host) {
    log(host, 'starting etcd server')
    log(host, 'ready to serve client requests')
    return { data: `${host.podIp}/${host.now}/${host.random(2 ** 31)}` }
  },
  listens: (_state, host) => [
    ...urls(host, 'listen-client-urls', 'http://localhost:2379').map(portOf),
    ...urls(host, 'listen-peer-urls', 'http://localhost:2380').map(portOf),
    ...urls(host, 'listen-metrics-urls', '').flatMap((url) => portOf(url) || []),
  ],
  speaks: ETCD,
  http({ protocol, path }, state, host) {
    if (protocol === ETCD) return [said(ETCD, state.data), state]
    if (path === '/livez' || path === '/readyz') return [{ status: 200, body: 'ok\n' }, state]
    if (path === '/health') return [json({ health: 'true', reason: '' }), state]
    if (path === '/version')
      return [
        json({
          etcdserver: host.tag.replace(/-\d+$/, ''),
          etcdcluster: `${/^\d+\.\d+/.exec(host.tag)?.[0] ?? '3.6'}.0`,
          storage: '3.6.0',
        }),
        state,
      ]
    return [{ status: 404, body: '404 page not found\n' }, state]
  },
  memoryMi: () => 30,
})
