/** The objects of the stand-in shop. */
import type { AnyObject } from '#api/meta.ts'

const BORN = '2026-11-21T09:00:00Z'
const owner = (kind: string, name: string) => [
  { apiVersion: 'apps/v1', kind, name, uid: `uid-${kind}-${name}`, controller: true },
]
const hash = (app: string): string => `${app}-7d4f9c6b8`

export const machine = (name: string, zone: string): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name, creationTimestamp: BORN, labels: { 'topology.kubernetes.io/zone': zone, 'kubernetes.io/hostname': name } },
  spec: { podCIDR: '10.244.1.0/24' },
  status: {
    allocatable: { cpu: '2', memory: '4Gi', pods: '110' },
    capacity: { cpu: '2', memory: '4Gi', pods: '110' },
    conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady', message: 'kubelet is posting ready status' }],
    addresses: [{ type: 'InternalIP', address: '192.168.1.11' }],
  },
})

export const workload = (app: string, replicas: number): AnyObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: {
    name: app,
    namespace: 'default',
    uid: `uid-Deployment-${app}`,
    creationTimestamp: BORN,
    annotations: { 'deployment.kubernetes.io/revision': '1' },
  },
  spec: {
    replicas,
    selector: { matchLabels: { app } },
    template: { metadata: { labels: { app } }, spec: { containers: [{ name: app, image: `shop/${app}:1` }] } },
  },
  status: { replicas, readyReplicas: replicas, availableReplicas: replicas },
})

export const replicaSet = (app: string, replicas: number): AnyObject => ({
  apiVersion: 'apps/v1',
  kind: 'ReplicaSet',
  metadata: {
    name: hash(app),
    namespace: 'default',
    uid: `uid-ReplicaSet-${app}`,
    ownerReferences: owner('Deployment', app),
    annotations: { 'deployment.kubernetes.io/revision': '1' },
  },
  spec: { replicas, selector: { matchLabels: { app } } },
  status: { replicas, readyReplicas: replicas },
})

export const service = (app: string): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name: app, namespace: 'default' },
  spec: {
    type: app === 'web' ? 'NodePort' : 'ClusterIP',
    clusterIP: '10.96.14.7',
    selector: { app },
    ports: [{ port: 80, targetPort: 8080, ...(app === 'web' ? { nodePort: 30080 } : {}) }],
  },
})

const isReady = (pod: AnyObject): boolean => pod['status'].conditions?.[0]?.status === 'True'

export const slice = (app: string, pods: AnyObject[]): AnyObject => ({
  apiVersion: 'discovery.k8s.io/v1',
  kind: 'EndpointSlice',
  metadata: { name: `${app}-abcde`, namespace: 'default', labels: { 'kubernetes.io/service-name': app } },
  endpoints: pods
    .filter((p) => p.metadata.labels?.['app'] === app && p['status'].podIP)
    .map((p) => ({
      addresses: [p['status'].podIP],
      conditions: { ready: isReady(p) && !p.metadata.deletionTimestamp },
      targetRef: { kind: 'Pod', name: p.metadata.name },
    })),
})

/** A pod in the named state: Ready, NotReady, Pending, ContainerCreating, or a waiting reason. */
export function podOf(app: string, namespace: string, id: string, nodeName: string, state: string): AnyObject {
  const running = state === 'Ready' || state === 'NotReady'
  const container = {
    name: app,
    ready: state === 'Ready',
    restartCount: state === 'CrashLoopBackOff' ? 4 : 0,
    image: `shop/${app}:1`,
    state: running ? { running: { startedAt: BORN } } : { waiting: { reason: state } },
  }
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `${hash(app)}-${id}`,
      namespace,
      labels: { app },
      creationTimestamp: BORN,
      ownerReferences: owner('ReplicaSet', hash(app)),
    },
    spec: {
      ...(nodeName ? { nodeName } : {}),
      containers: [{ name: app, image: `shop/${app}:1`, resources: { requests: { cpu: '100m', memory: '128Mi' } } }],
    },
    status: {
      phase: running || state === 'CrashLoopBackOff' ? 'Running' : 'Pending',
      conditions: nodeName
        ? [{ type: 'Ready', status: state === 'Ready' ? 'True' : 'False' }]
        : [
            {
              type: 'PodScheduled',
              status: 'False',
              reason: 'Unschedulable',
              message:
                '0/3 nodes are available: 3 Insufficient cpu. preemption: 0/3 nodes are available: 3 No preemption victims found for incoming pod.',
            },
          ],
      ...(nodeName
        ? { containerStatuses: [container], ...(running || state.startsWith('Crash') ? { podIP: '10.244.1.9' } : {}) }
        : {}),
    },
  }
}
