/** http-echo: answers every request with the text of its `-text` argument, on port 5678 unless told another. */
import { image } from '../image.ts'
import { flag, slashTime } from '../web.ts'

export const httpEcho = image<null>({
  name: 'http-echo',
  owner: 'hashicorp',
  sizeMb: 6,
  entrypoint: ['/http-echo'],
  shell: false,
  start(host) {
    if (flag(host.argv, 'text') === undefined && !host.env['ECHO_TEXT']) {
      host.out('Missing -text option!\n', 'stderr')
      host.exit(127)
      return null
    }
    host.out(`${slashTime(host.now)} [INFO] server is listening on ${flag(host.argv, 'listen') ?? ':5678'}\n`, 'stderr')
    return null
  },
  listens: (_state, host) => [Number((flag(host.argv, 'listen') ?? ':5678').split(':').pop())],
  http(request, state, host) {
    const body = `${flag(host.argv, 'text') ?? host.env['ECHO_TEXT'] ?? ''}\n`
    host.out(`${slashTime(host.now)} ${request.from ?? ''} "${request.method} ${request.path} HTTP/1.1" 200 ${body.length}\n`)
    return [{ status: 200, body }, state]
  },
  memoryMi: () => 2,
})
