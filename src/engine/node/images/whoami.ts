/** whoami: tells its host name and address. */
import { image } from '../image.ts'

export const whoami = image<null>({
  name: 'whoami',
  sizeMb: 3,
  entrypoint: ['/whoami'],
  shell: false,
  listens: () => [80],
  http: (request, state, host) => [
    {
      status: 200,
      body: `Hostname: ${host.hostname}\nIP: 127.0.0.1\nIP: ${host.podIp}\nRemoteAddr: ${request.from ?? ''}\n${request.method} ${request.path} HTTP/1.1\n`,
    },
    state,
  ],
  memoryMi: () => 2,
})
