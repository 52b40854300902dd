/** The two halves of Kubernetes' page on connecting a front end: a greeter, and nginx that hands everything to the Service `hello`. */
import { image } from '../image.ts'
import { accessLine } from '../web.ts'

export const helloBackend = image<null>({
  name: 'hello-go-gke',
  sizeMb: 10,
  entrypoint: ['/usr/bin/hello'],
  shell: false,
  listens: () => [80],
  http: (_request, state) => [
    { status: 200, body: '{"message":"Hello"}\n', headers: { 'content-type': 'application/json' } },
    state,
  ],
  memoryMi: () => 5,
})

const BACKEND = 'hello'

export const helloFrontend = image<null>({
  name: 'hello-frontend',
  sizeMb: 45,
  system: 'debian',
  entrypoint: ['nginx', '-g', 'daemon off;'],
  words: ['/usr/sbin/nginx'],
  listens: () => [80],
  http(request, state, host) {
    const outcome = host.fetch(BACKEND, 80, request)
    const reply = outcome.ok ? outcome.reply : { status: 502, body: '<h1>502 Bad Gateway</h1>\n' }
    host.out(`${accessLine(request, reply, host)}\n`)
    return [reply, state]
  },
  memoryMi: () => 4,
})
