/** The subresources of Pods, as discovery lists them. */
import type { Subresource } from '../../apiserver/resource.ts'
import { binding } from './pod-binding.ts'
import { podRoads } from './roads.ts'

const status: Subresource = { name: 'status', verbs: ['get', 'patch', 'update'] }

const byName = (a: Subresource, b: Subresource): number => (a.name < b.name ? -1 : 1)

export const podSubresources: readonly Subresource[] = [...podRoads, binding, status].sort(byName)
