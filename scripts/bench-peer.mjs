// The peer's part of the benchmark: how long webernetes takes for a Deployment, from applying it until all replicas are ready.
import { BaseImage, Cluster } from '@ngrok/webernetes'

class Web extends BaseImage {
  static imageName = 'web'
  static imageVersion = '1.0'
  defaultCommand = ['server']

  async exec(context, argv) {
    if (argv[0] !== 'server') return await super.exec(context, argv)
    context.listenHttp(80, async () => ({ statusCode: 200, body: 'hello\n' }))
    return await context.waitUntilKilled()
  }
}

const replicas = Number(process.argv[2])
const cluster = new Cluster()
cluster.registerImage(Web)
await cluster.init()
let ready = 0
const done = new Promise((resolve) => {
  cluster.informer('deployments', (_type, object) => {
    ready = object.status?.readyReplicas ?? 0
    if (ready === replicas) resolve()
  })
})
const cpu = process.cpuUsage()
const wall = performance.now()
const labels = { app: 'web' }
const template = {
  metadata: { labels },
  spec: { containers: [{ name: 'web', image: 'web:1.0', ports: [{ containerPort: 80 }] }] },
}
await cluster.apply([
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'web' },
    spec: { replicas, selector: { matchLabels: labels }, template },
  },
])
await Promise.race([done, new Promise((resolve) => setTimeout(resolve, 300_000))])
const { user, system } = process.cpuUsage(cpu)
console.log(JSON.stringify({ replicas: ready, cpu_s: (user + system) / 1e6, wall_s: (performance.now() - wall) / 1000 }))
process.exit(ready === replicas ? 0 : 1)
