/** CoreDNS: its ports and its health; what it answers is the network's to say (network/records.ts). */
import { UDP } from '../../machinery/http.ts'
import { image } from '../image.ts'

const [DNS, HEALTH, READY, METRICS] = [53, 8080, 8181, 9153]
/** A datagram's answer is read by nobody but the resolver. */
const ANSWERED = { status: 200, body: '' }

export const coredns = image<null>({
  name: 'coredns',
  sizeMb: 23,
  entrypoint: ['/coredns'],
  user: 65_532,
  shell: false,
  start(host) {
    host.out(
      '.:53\n[INFO] plugin/reload: Running configuration SHA512 = 9e2996f8cb67ac53e0259ab1f8d615d07d1beb0bd07e6a1e39769c3bf486a905bb991cc47f8d2f14d0d3a90a87dfc625a0b4c524fed169d8158c40657c0694b1\n',
    )
    host.out(`CoreDNS-${host.tag.replace(/^v/, '')}\nlinux/amd64, go1.25.5\n`)
    return null
  },
  listens: () => [DNS, DNS + UDP, HEALTH, READY, METRICS],
  http(_request, state, _host, port) {
    if (port === DNS + UDP || port === DNS) return [ANSWERED, state]
    return [{ status: 200, body: port === METRICS ? '' : 'OK' }, state]
  },
  memoryMi: () => 14,
  cpuMilli: () => 2,
})
