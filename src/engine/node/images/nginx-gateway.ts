/** nginx-gateway-fabric: its controller, and the nginx of each Gateway; where that sends a request is the network's to say (addons/gateway). */
import { image } from '../image.ts'
import { accessLine, slashTime } from '../web.ts'

const [HEALTH, METRICS, AGENT] = [8081, 9113, 8443]

export const nginxGatewayController = image<null>({
  name: 'ghcr.io/nginx/nginx-gateway-fabric',
  sizeMb: 34,
  entrypoint: ['/usr/bin/gateway'],
  user: 101,
  shell: false,
  start(host) {
    const line = { level: 'info', msg: 'Starting the NGINX Gateway Fabric control plane', version: host.tag }
    host.out(`${JSON.stringify(line)}\n`, 'stderr')
    return null
  },
  listens: () => [HEALTH, METRICS, AGENT],
  http: (request, state) => [{ status: request.path === '/readyz' ? 200 : 404, body: '' }, state],
  memoryMi: () => 40,
  cpuMilli: () => 2,
})

export const nginxGateway = image<null>({
  name: 'ghcr.io/nginx/nginx-gateway-fabric/nginx',
  sizeMb: 62,
  entrypoint: ['/agent/entrypoint.sh'],
  user: 101,
  start(host) {
    host.out(`${slashTime(host.now)} [notice] ${host.pid}#${host.pid}: start worker processes\n`, 'stderr')
    return null
  },
  listens: (_state, host) => [...new Set([...host.declaredPorts, HEALTH])],
  http(request, state, host, port) {
    if (port === HEALTH || port === METRICS) return [{ status: 200, body: '' }, state]
    const reply = { status: 200, body: '', forward: 'gateway' as const }
    host.out(`${accessLine(request, reply, host)}\n`)
    return [reply, state]
  },
  memoryMi: () => 25,
  cpuMilli: () => 2,
})
