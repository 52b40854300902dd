import { expect, test } from 'vitest'
import { Cluster } from '../cluster.ts'
import { deployment, pod, service } from '../testing/builders.ts'

/** A busy minute: rollouts, crashes, probes, hooks, visitors, a power failure. */
function busy(): Cluster {
  const cluster = new Cluster({ nodes: 3, seed: 'save' })
  const post = (path: string, body: unknown) => cluster.request({ method: 'POST', path, body })
  cluster.run(1000)
  post('/apis/apps/v1/namespaces/default/deployments', deployment('web', 4))
  post('/api/v1/namespaces/default/services', service('web', 'web'))
  const pods = '/api/v1/namespaces/default/pods'
  const sh = (script: string) => ({ name: 'web', image: 'busybox:1.36', command: ['sh', '-c', script] })
  post(pods, pod('crash', '', { containers: [sh('for i in 1 2 3; do echo $i; sleep 1; done; exit 3')] }))
  post(pods, pod('typo', 'nginx:nope'))
  const livenessProbe = { exec: { command: ['cat', '/tmp/x'] }, periodSeconds: 2 }
  post(pods, pod('live', '', { containers: [{ ...sh('touch /tmp/x; sleep 6; rm /tmp/x; sleep 100'), livenessProbe }] }))
  post(
    pods,
    pod('init', '', { initContainers: [{ ...sh('sleep 3'), name: 'i' }], containers: [{ name: 'web', image: 'nginx:slow' }] }),
  )
  cluster.fault({ kind: 'traffic', namespace: 'default', service: 'web', perSecond: 3 })
  return cluster
}

/** What the machines and the network hold in the end, and the last thousand things that happened. */
function finish(cluster: Cluster): Record<string, unknown> {
  cluster.run(1000)
  cluster.fault({ kind: 'node-power', node: 'node-2', on: false })
  cluster.run(30_000)
  cluster.fault({ kind: 'node-power', node: 'node-2', on: true })
  cluster.run(30_000)
  const world = cluster.world.save() as any
  const parts = world.parts.filter(([name]: [string]) => /^(kubelet|network|heartbeats|events.kubelet)/.test(name))
  return JSON.parse(JSON.stringify({ ...Object.fromEntries(parts), trace: world.trace, queue: world.queue, steps: world.steps }))
}

test.each([10, 350, 700, 1234, 2600, 7100, 12_345, 26_000])('a world saved after %d ms goes on identically', (ms) => {
  const first = busy()
  first.run(ms)
  const copy = Cluster.load(first.save())
  const [a, b] = [finish(first), finish(copy)]
  for (const name of Object.keys(a)) expect(b[name], name).toEqual(a[name])
})
