/** The controller of ingress-nginx: its ports; where it sends a request is the network's to say (network/ingress.ts). */
import { image } from '../image.ts'
import { accessLine } from '../web.ts'

const [HTTP, HTTPS, HEALTH] = [80, 443, 10_254]

export const ingressNginx = image<null>({
  name: 'registry.k8s.io/ingress-nginx/controller',
  sizeMb: 110,
  entrypoint: ['/usr/bin/dumb-init', '--'],
  command: ['/nginx-ingress-controller'],
  words: ['/nginx-ingress-controller'],
  user: 101,
  start(host) {
    const line = '-------------------------------------------------------------------------------\n'
    host.out(
      `${line}NGINX Ingress controller\n  Release:       ${host.tag}\n  nginx version: nginx/1.27.1\n\n${line}\n`,
      'stderr',
    )
    return null
  },
  listens: () => [HTTP, HTTPS, HEALTH],
  http(request, state, host, port) {
    if (port === HEALTH) return [{ status: request.path === '/healthz' ? 200 : 404, body: 'ok' }, state]
    const reply = { status: 200, body: '', forward: 'ingress' as const }
    host.out(`${accessLine(request, reply, host)}\n`)
    return [reply, state]
  },
  memoryMi: () => 90,
  cpuMilli: () => 3,
})
