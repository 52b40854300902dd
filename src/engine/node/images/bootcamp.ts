/** kubernetes-bootcamp, of the first tutorial: one line that names the pod and the version. */
import { image } from '../image.ts'

export const bootcamp = image<null>({
  name: 'kubernetes-bootcamp',
  sizeMb: 80,
  entrypoint: ['/bin/sh', '-c', 'node server.js'],
  extras: ['bash', 'curl', 'getent'],
  words: ['node'],
  start(host) {
    host.out(`Kubernetes Bootcamp App Started At: ${host.now} | Running On:  ${host.hostname}\n`)
    return null
  },
  listens: () => [8080],
  http(_request, state, host) {
    host.out(`Running On: ${host.hostname} | Total Requests: 1 | App Uptime: 0 seconds | Log Time: ${host.now}\n`)
    const version = host.tag.replace(/^v/, '').split('.')[0] || '1'
    return [{ status: 200, body: `Hello Kubernetes bootcamp! | Running on: ${host.hostname} | v=${version}\n` }, state]
  },
  memoryMi: () => 20,
})
