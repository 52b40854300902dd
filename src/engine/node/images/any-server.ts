/** An image nobody declared: a process that stays and answers HTTP on the ports its container declares. */
import { image } from '../image.ts'
import { accessLine } from '../web.ts'

export const anyServer = image<null>({
  name: '',
  sizeMb: 25,
  entrypoint: ['/server'],
  listens: (_state, host) => host.declaredPorts,
  http(request, state, host) {
    const reply = { status: 200, body: `Hello, world!\nHostname: ${host.hostname}\n` }
    host.out(`${accessLine(request, reply, host)}\n`)
    return [reply, state]
  },
  memoryMi: () => 10,
})
