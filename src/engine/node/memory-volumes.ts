/** Volumes that are kept in memory: which, and how much may be on them (volume/emptydir calculateEmptyDirMemorySize). */
import type { Pod, Volume } from '#api/kinds.ts'
import { wholeOf } from '#api/quantity.ts'
import { podResources } from './resources.ts'

interface EmptyDir {
  medium?: string
  sizeLimit?: string | number
}

const emptyDirOf = (volume: Volume): EmptyDir | undefined => volume['emptyDir'] as EmptyDir | undefined

export const isInMemory = (volume: Volume): boolean =>
  emptyDirOf(volume)?.medium === 'Memory' || Boolean(volume['secret'] || volume['downwardAPI'] || volume['projected'])

/** Their names, and bytes: what is left to the pods of the node, or less if the pod or the volume has a limit. */
export function memoryVolumes(pod: Pod, allocatable: string | undefined): Record<string, number> {
  const list = (pod.spec.volumes ?? []).filter(isInMemory)
  if (list.length === 0) return {}
  const least = (a: number, limit: string | number | undefined): number =>
    limit === undefined || wholeOf(limit) === 0 ? a : Math.min(a, wholeOf(limit))
  const most = least(wholeOf(allocatable), podResources(pod).limits['memory'])
  return Object.fromEntries(list.map((volume) => [volume.name, least(most, emptyDirOf(volume)?.sizeLimit)]))
}
