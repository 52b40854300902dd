/** Echo servers: answer with what they were asked. */
import { image } from '../image.ts'

export const echoServer = image<null>({
  name: 'echo-server',
  also: ['echoserver', 'http-https-echo', 'httpbin', 'echo'],
  sizeMb: 30,
  entrypoint: ['/server'],
  // ealen's listens on 80, the others on 8080; a container that declares its ports knows better.
  listens: (_state, host) =>
    host.declaredPorts.length > 0 ? host.declaredPorts : host.env['PORT'] ? [Number(host.env['PORT'])] : [80, 8080],
  http(request, state, host, port) {
    const lines = [
      `Hostname: ${host.hostname}`,
      '',
      'Request Information:',
      `\tclient_address=${request.from ?? ''}`,
      `\tmethod=${request.method}`,
      `\treal path=${request.path}`,
      `\trequest_uri=http://${request.headers?.['host'] ?? host.podIp}:${port}${request.path}`,
      '',
      'Request Headers:',
      ...Object.entries(request.headers ?? {}).map(([name, value]) => `\t${name}=${value}`),
      '',
      'Request Body:',
      request.body ? request.body : '\t-no body in request-',
      '',
    ]
    return [{ status: 200, body: lines.join('\n') }, state]
  },
  memoryMi: () => 20,
})
