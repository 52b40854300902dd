/** cluster-autoscaler's process: it reads its command line and serves its health; what it does is in addons/cluster-autoscaler. */
import { image } from '../../image.ts'
import { readFlags } from './flags.ts'
import { klogLine } from './klog.ts'

const PORT = 8085

const portOf = (argv: readonly string[]): number => {
  const read = readFlags(argv)
  return 'flags' in read ? Number(read.flags.text('address').split(':').pop()) || PORT : PORT
}

export const clusterAutoscaler = image<null>({
  name: 'registry.k8s.io/autoscaling/cluster-autoscaler',
  sizeMb: 62,
  command: ['/cluster-autoscaler'],
  words: ['/cluster-autoscaler', './cluster-autoscaler'],
  user: 65_532,
  shell: false,
  start(host) {
    const read = readFlags(host.argv)
    if ('flags' in read) {
      const { flags } = read
      if (flags.number('v') >= 1) {
        host.out(klogLine(host.now, 'I', 'main.go:250', `Cluster Autoscaler ${host.tag.replace(/^v/, '')}`), 'stderr')
      }
      return null
    }
    const { text, at, code } = read.refused
    host.out(at ? klogLine(host.now, 'F', at, text) : `${text}\n`, 'stderr')
    host.exit(code)
    return null
  },
  listens: (_state, host) => [portOf(host.argv)],
  http: (request, state) => {
    if (request.path === '/health-check') return [{ status: 200, body: 'OK' }, state]
    return [{ status: request.path === '/metrics' ? 200 : 404, body: '' }, state]
  },
  memoryMi: () => 48,
  cpuMilli: () => 4,
})
