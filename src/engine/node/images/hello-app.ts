/** hello-app: says hello, its version and its host name on port 8080. */
import { image } from '../image.ts'
import { slashTime } from '../web.ts'

export const helloApp = image<null>({
  name: 'hello-app',
  also: ['node-hello'],
  sizeMb: 12,
  entrypoint: ['./hello-app'],
  shell: false,
  start(host) {
    host.out(`${slashTime(host.now)} Server listening on port ${host.env['PORT'] ?? 8080}\n`, 'stderr')
    return null
  },
  listens: (_state, host) => [Number(host.env['PORT'] ?? 8080)],
  http(request, state, host) {
    host.out(`${slashTime(host.now)} Serving request: ${request.path}\n`, 'stderr')
    if (host.repository.endsWith('node-hello')) return [{ status: 200, body: 'Hello Kubernetes!' }, state]
    const version = host.tag.startsWith('2') ? '2.0.0' : '1.0.0'
    return [{ status: 200, body: `Hello, world!\nVersion: ${version}\nHostname: ${host.hostname}\n` }, state]
  },
  memoryMi: () => 3,
})
