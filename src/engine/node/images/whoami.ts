/** whoami: tells its host name and address. */
import { image } from '../image.ts'
import type { Host } from '../programs/program.ts'
import { flag, slashTime } from '../web.ts'

const portOf = (host: Host): string => flag(host.argv, 'port') ?? (host.env['WHOAMI_PORT_NUMBER'] || '80')

export const whoami = image<null>({
  name: 'whoami',
  sizeMb: 3,
  entrypoint: ['/whoami'],
  shell: false,
  start(host) {
    host.out(`${slashTime(host.now)} Starting up on port ${portOf(host)}\n`, 'stderr')
    return null
  },
  listens: (_state, host) => [Number(portOf(host))],
  http: (request, state, host) => [
    {
      status: 200,
      body: `Hostname: ${host.hostname}\nIP: 127.0.0.1\nIP: ${host.podIp}\nRemoteAddr: ${request.from ?? ''}\n${request.method} ${request.path} HTTP/1.1\n`,
    },
    state,
  ],
  memoryMi: () => 2,
})
