/** What every page mirrors of its cluster. */
import type { Watched } from '#client/mirror.ts'

export const RESOURCES: readonly Watched[] = [
  { id: 'nodes', path: '/api/v1/nodes' },
  { id: 'pods', path: '/api/v1/pods' },
  { id: 'services', path: '/api/v1/services' },
  { id: 'endpointslices', path: '/apis/discovery.k8s.io/v1/endpointslices' },
  { id: 'deployments', path: '/apis/apps/v1/deployments' },
  { id: 'replicasets', path: '/apis/apps/v1/replicasets' },
  { id: 'statefulsets', path: '/apis/apps/v1/statefulsets' },
  { id: 'daemonsets', path: '/apis/apps/v1/daemonsets' },
  { id: 'jobs', path: '/apis/batch/v1/jobs' },
  { id: 'replicationcontrollers', path: '/api/v1/replicationcontrollers' },
  { id: 'networkpolicies', path: '/apis/networking.k8s.io/v1/networkpolicies' },
  { id: 'namespaces', path: '/api/v1/namespaces' },
  { id: 'events', path: '/api/v1/events' },
]
