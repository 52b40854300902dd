/** A cluster of three small machines with the autoscaler, and what tests ask of it. */
import type { Node } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { ClusterOptions } from '../../../index.ts'
import { deployment } from '../../../testing/builders.ts'
import { TestCluster } from '../../../testing/test-cluster.ts'

export const autoscaled = (more: Partial<ClusterOptions> = {}): TestCluster =>
  new TestCluster({ addons: ['cluster-autoscaler'], ...more })

/** A Deployment of Pods that ask for so much CPU. */
export const asking = (name: string, replicas: number, cpu: string, annotations: Record<string, string> = {}): AnyObject =>
  deployment(name, replicas, 'nginx:1.27', {
    template: {
      metadata: { labels: { app: name }, annotations },
      spec: { containers: [{ name: 'web', image: 'nginx:1.27', resources: { requests: { cpu } } }] },
    },
  })

export const messages = (t: TestCluster, reason: string): string[] => t.events(reason).map((event) => event['message'])

/** The machines that are not there from the beginning. */
export const workers = (t: TestCluster): string[] =>
  t
    .all<Node>('nodes')
    .map(({ metadata }) => metadata.name)
    .filter((name) => !name.startsWith('node-'))
    .sort()

export const statusOf = (t: TestCluster): string =>
  t.get('configmaps', 'cluster-autoscaler-status', 'kube-system')?.['data'].status

/** The log of the autoscaler's Pod, or of the one named so. */
export function logOf(t: TestCluster, name = t.readyPods({ app: 'cluster-autoscaler' })[0]?.metadata.name): string {
  return String(t.request('GET', `/api/v1/namespaces/kube-system/pods/${name}/log`).body)
}

/** Edits the Deployment's command line. */
export function command(t: TestCluster, words: readonly string[]): void {
  const path = '/apis/apps/v1/namespaces/kube-system/deployments/cluster-autoscaler'
  const patch = [{ op: 'replace', path: '/spec/template/spec/containers/0/command', value: words }]
  const answer = t.request('PATCH', path, patch, { 'content-type': 'application/json-patch+json' })
  if (answer.status !== 200) throw new Error(JSON.stringify(answer.body))
}

export const withNodes = (t: TestCluster, ...flags: string[]): void =>
  command(t, ['./cluster-autoscaler', '--v=4', '--skip-nodes-with-local-storage=false', ...flags])
