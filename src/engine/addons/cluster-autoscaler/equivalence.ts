/** Pods that are alike for the scheduler: of one controller, with the same labels and the same spec (core/scaleup/equivalence). */
import type { Pod } from '#api/kinds.ts'
import { controllerOf } from '#api/meta.ts'
import type { PodInfo } from '../../scheduler/what-if.ts'
import { isDaemon } from './nodes.ts'

export interface PodGroup {
  pods: PodInfo[]
  /** Why they cannot go to a group's machines, by group. */
  rejected: Map<string, readonly string[]>
  schedulable: boolean
}

/** More kinds of Pods of one controller stand alone. */
const LIMIT = 10

/** What tells Pods of one controller apart; names of generated volumes do not. */
function kindOf({ metadata, spec }: Pod): string {
  const { volumes = [], containers, initContainers, ...rest } = spec
  const claims = volumes.map(({ persistentVolumeClaim }) => persistentVolumeClaim?.claimName ?? '').filter((name) => name !== '')
  const part = (list: typeof containers = []) => list.map(({ name, image, resources, ports }) => [name, image, resources, ports])
  return JSON.stringify([metadata.labels, claims, part(containers), part(initContainers), rest])
}

export function podGroups(pods: readonly PodInfo[]): PodGroup[] {
  const groups: PodGroup[] = []
  const known = new Map<string, Map<string, PodGroup>>()
  const newGroup = (info: PodInfo): PodGroup => {
    const group: PodGroup = { pods: [info], rejected: new Map(), schedulable: false }
    groups.push(group)
    return group
  }
  for (const info of pods) {
    const owner = controllerOf(info.pod.metadata)?.uid
    if (!owner || isDaemon(info.pod)) {
      newGroup(info)
      continue
    }
    let ofOwner = known.get(owner)
    if (!ofOwner) known.set(owner, (ofOwner = new Map()))
    const kind = kindOf(info.pod)
    const group = ofOwner.get(kind)
    if (group) group.pods.push(info)
    else {
      const made = newGroup(info)
      if (ofOwner.size < LIMIT) ofOwner.set(kind, made)
    }
  }
  return groups
}
