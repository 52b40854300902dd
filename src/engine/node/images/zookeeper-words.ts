/** ZooKeeper's four-letter words: what a server says of itself. */
import type { ZooState } from './zookeeper-server.ts'
import { hex } from './zookeeper-tree.ts'

const VERSION = '3.4.10-39d3a4f269333c922ed3db283be479f9deacaa0f, built on 03/23/2017 10:13 GMT'
const MODES = { standalone: 'standalone', leading: 'leader', following: 'follower', looking: '' } as const

/** The answer, or undefined: that is no word. */
export function words(word: string, state: ZooState): string | undefined {
  const { settings, role } = state
  if (word === 'ruok') return 'imok'
  if (word === 'conf')
    return `clientPort=${settings.clientPort}\ndataDir=${settings.dataDir}/version-2\ndataLogDir=${settings.dataLogDir}/version-2\ntickTime=2000\nserverId=${settings.myid}\n`
  if (!['stat', 'srvr', 'mntr', 'isro'].includes(word)) return undefined
  if (role === 'looking') return 'This ZooKeeper instance is not currently serving requests\n'
  if (word === 'isro') return 'rw'
  const nodes = Object.keys(state.tree).length
  if (word === 'mntr')
    return `zk_version\t${VERSION}\nzk_packets_received\t${state.requests}\nzk_packets_sent\t${state.requests}\nzk_num_alive_connections\t1\nzk_outstanding_requests\t0\nzk_server_state\t${MODES[role]}\nzk_znode_count\t${nodes}\nzk_watch_count\t0\nzk_ephemerals_count\t0\n`
  const clients = word === 'stat' ? 'Clients:\n /127.0.0.1:40000[0](queued=0,recved=1,sent=0)\n\n' : ''
  return `Zookeeper version: ${VERSION}\n${clients}Latency min/avg/max: 0/0/0\nReceived: ${state.requests}\nSent: ${state.requests}\nConnections: 1\nOutstanding: 0\nZxid: ${hex(state.zxid)}\nMode: ${MODES[role]}\nNode count: ${nodes}\n`
}
