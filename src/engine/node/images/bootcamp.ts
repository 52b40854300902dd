/** kubernetes-bootcamp, of the first tutorial: one line that names the pod and the version. */
import { image } from '../image.ts'

/** What the program does, as its file might have it. */
const SOURCE = `const http = require('http')
const os = require('os')

http
  .createServer((request, response) => {
    response.end('Hello Kubernetes bootcamp! | Running on: ' + os.hostname() + ' | v=1\\n')
  })
  .listen(8080)
`

export const bootcamp = image<null>({
  name: 'kubernetes-bootcamp',
  tags: /^(v[12]|latest)$/,
  sizeMb: 80,
  entrypoint: ['/bin/sh', '-c', 'node server.js'],
  extras: ['bash', 'curl', 'getent'],
  words: ['node'],
  files: { '/server.js': SOURCE },
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
