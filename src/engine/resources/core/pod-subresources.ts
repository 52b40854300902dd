/** The subresources of Pods, as discovery lists them. */
import type { Subresource } from '../../apiserver/resource.ts'
import { binding } from './pod-binding.ts'
import { ephemeralContainers } from './pod-ephemeral.ts'
import { eviction } from './pod-eviction.ts'
import { resize } from './pod-resize.ts'
import { streams } from './pod-streams.ts'

const status: Subresource = { name: 'status', verbs: ['get', 'patch', 'update'] }

const byName = (a: Subresource, b: Subresource): number => (a.name < b.name ? -1 : 1)

export const podSubresources: readonly Subresource[] = [...streams, binding, ephemeralContainers, eviction, resize, status].sort(
  byName,
)
