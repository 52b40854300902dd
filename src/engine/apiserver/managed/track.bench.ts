/** Timings of ownership on the engine's hottest writes; run by hand: `npx vitest bench --run src/engine/apiserver/managed`. */

import { bench } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { catalogueSchemas } from '../../resources/catalogue/index.ts'
import { trackUpdate } from './track.ts'

const schemas = catalogueSchemas()
const schema = 'io.k8s.api.core.v1.Pod'
const common = { apiVersion: 'v1', schema, schemas }

const container = {
  name: 'web',
  image: 'nginx:1.27',
  imagePullPolicy: 'IfNotPresent',
  ports: [{ containerPort: 80, protocol: 'TCP' }],
  env: [
    { name: 'A', value: '1' },
    { name: 'B', value: '2' },
  ],
  resources: { limits: { cpu: '1' }, requests: { cpu: '100m', memory: '64Mi' } },
  terminationMessagePath: '/dev/termination-log',
  terminationMessagePolicy: 'File',
}
const spec = {
  containers: [container],
  dnsPolicy: 'ClusterFirst',
  enableServiceLinks: true,
  restartPolicy: 'Always',
  schedulerName: 'default-scheduler',
  securityContext: {},
  terminationGracePeriodSeconds: 30,
}
const owner = { apiVersion: 'apps/v1', kind: 'ReplicaSet', name: 'web-1', uid: 'b1', controller: true, blockOwnerDeletion: true }
const pod = (i: number, of: object = spec): AnyObject =>
  ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: `web-1-${i}`,
      generateName: 'web-1-',
      namespace: 'default',
      uid: `u${i}`,
      labels: { app: 'web', 'pod-template-hash': '1' },
      ownerReferences: [owner],
    },
    spec: of,
  }) as unknown as AnyObject
const condition = (type: string, at: string) => ({
  type,
  status: 'True',
  lastProbeTime: null,
  lastTransitionTime: at,
  observedGeneration: 1,
})
const types = ['PodReadyToStartContainers', 'Initialized', 'Ready', 'ContainersReady', 'PodScheduled']
const status = (i: number, at: string) => ({
  phase: 'Running',
  qosClass: 'Burstable',
  conditions: types.map((type) => condition(type, at)),
  hostIP: '10.0.0.1',
  hostIPs: [{ ip: '10.0.0.1' }],
  podIP: `10.244.0.${i}`,
  podIPs: [{ ip: `10.244.0.${i}` }],
  startTime: at,
  containerStatuses: [{ name: 'web', ready: true, restartCount: 0, state: { running: { startedAt: at } }, image: 'nginx:1.27' }],
})
const create = (next: AnyObject) =>
  trackUpdate({ ...common, old: null, next, manager: 'kube-controller-manager', subresource: '', time: '2026-01-01T00:00:00Z' })
const report = (old: AnyObject, next: AnyObject) =>
  trackUpdate({ ...common, old, next, manager: 'kubelet', subresource: 'status', time: '2026-01-01T00:00:09Z' })

let i = 0
bench('a Pod from a shared template', () => {
  create(pod(i++))
})
bench('a Pod of its own, nothing shared', () => {
  const own = {
    ...spec,
    containers: [{ ...container, resources: { ...container.resources }, env: container.env.map((e) => ({ ...e })) }],
  }
  create(pod(i++, own))
})

const made = {
  ...pod(1),
  status: { phase: 'Pending', qosClass: 'Burstable', conditions: [condition('PodScheduled', 'x')] },
} as AnyObject
const stored: AnyObject = { ...made, metadata: { ...made.metadata, managedFields: create(made) ?? [] } }
bench('the first status of a Pod', () => {
  report(stored, { ...stored, status: status(i++ % 250, 'a') } as AnyObject)
})
const running = { ...stored, status: status(1, 'a') } as AnyObject
const known: AnyObject = { ...running, metadata: { ...running.metadata, managedFields: report(stored, running) ?? [] } }
const flip = (at: string) => ({
  ...(known['status'] as ReturnType<typeof status>),
  conditions: types.map((type) =>
    type === 'Ready' ? { ...condition(type, at), status: 'False' } : (known['status'] as any).conditions[types.indexOf(type)],
  ),
})
bench('a later status: one condition flips', () => {
  report(known, { ...known, status: flip(`t${i++}`) } as AnyObject)
})
bench('a later status, written whole', () => {
  report(known, { ...known, status: status(1, `t${i++}`) } as AnyObject)
})
