/** The subresources of Pods, as discovery lists them. */
import type { Subresource } from '../../apiserver/resource.ts'

const READ_WRITE = ['get', 'patch', 'update']
const STREAM = ['create', 'get']

export const podSubresources: readonly Subresource[] = [
  { name: 'attach', kind: 'PodAttachOptions', verbs: STREAM },
  { name: 'binding', kind: 'Binding', verbs: ['create'] },
  { name: 'ephemeralcontainers', verbs: READ_WRITE },
  { name: 'eviction', group: 'policy', version: 'v1', kind: 'Eviction', verbs: ['create'] },
  { name: 'exec', kind: 'PodExecOptions', verbs: STREAM },
  { name: 'log', verbs: ['get'] },
  { name: 'portforward', kind: 'PodPortForwardOptions', verbs: STREAM },
  { name: 'proxy', kind: 'PodProxyOptions', verbs: ['create', 'delete', 'get', 'patch', 'update'] },
  { name: 'resize', verbs: READ_WRITE },
  { name: 'status', verbs: READ_WRITE },
]
