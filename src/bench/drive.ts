/** Driving a cluster as the worker does: by the pacer, in slices, whose lengths are looked at. */

import { Cluster } from '#engine'
import { Pacer } from '#transport/pacer.ts'

/** Runs slices as fast as possible until `done`; the longest slice in ms, collections of garbage included. */
export function runSlices(cluster: Cluster, done: () => boolean): number {
  let wake: (() => void) | null = null
  const clock = {
    now: () => performance.now(),
    later: (next: () => void) => {
      wake = next
      return () => {}
    },
  }
  const pacer = new Pacer(cluster, clock, 'max')
  let failure: unknown = null
  pacer.onError = (error) => {
    failure = error
  }
  let longest = 0
  while (!done()) {
    if (failure) throw failure
    const started = performance.now()
    ;(wake as (() => void) | null)?.()
    longest = Math.max(longest, performance.now() - started)
  }
  pacer.stop()
  return longest
}

/** Controllers make twenty requests a second, and each node waits for its range of addresses: one of them. */
const NODES_A_SECOND = 20

/** A cluster whose nodes are all Ready. */
export function readyCluster(nodes: number): Cluster {
  const cluster = new Cluster({ seed: 'bench', nodes })
  const isReady = (): boolean => {
    const all = cluster.server.readAll('nodes')
    const ready = all.filter((node) =>
      node['status']?.conditions?.some((c: { type: string; status: string }) => c.type === 'Ready' && c.status === 'True'),
    )
    return ready.length === nodes
  }
  const patience = 120 + nodes / NODES_A_SECOND
  for (let seconds = 0; seconds < patience && !isReady(); seconds++) cluster.run(1000)
  if (!isReady()) throw new Error(`not all of ${nodes} nodes are Ready after ${patience} s`)
  cluster.settle()
  return cluster
}

const DEPLOYMENTS = '/apis/apps/v1/namespaces/default/deployments'

export function deploy(cluster: Cluster, replicas: number): void {
  const labels = { app: 'web' }
  const containers = [{ name: 'web', image: 'nginx:1.27', ports: [{ containerPort: 80 }] }]
  const { status, body } = cluster.request({
    method: 'POST',
    path: DEPLOYMENTS,
    body: {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'web' },
      spec: { replicas, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers } } },
    },
  })
  if (status !== 201) throw new Error(JSON.stringify(body))
}

/** A new image for all of them: a rolling update. */
export function rollOut(cluster: Cluster, image: string): void {
  const { status, body } = cluster.request({
    method: 'PATCH',
    path: `${DEPLOYMENTS}/web`,
    headers: { 'content-type': 'application/strategic-merge-patch+json' },
    body: { spec: { template: { spec: { containers: [{ name: 'web', image }] } } } },
  })
  if (status !== 200) throw new Error(JSON.stringify(body))
}

/** Whether all replicas are of the newest template, available, and nothing else is left. */
export function rolledOut(cluster: Cluster): boolean {
  const web = cluster.read('deployments.apps', 'default', 'web')
  const { replicas } = web?.['spec'] ?? {}
  const { updatedReplicas, availableReplicas, replicas: all, observedGeneration } = web?.['status'] ?? {}
  return (
    observedGeneration === web?.metadata.generation &&
    updatedReplicas === replicas &&
    availableReplicas === replicas &&
    all === replicas
  )
}
