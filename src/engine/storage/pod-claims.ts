/** Which claims a Pod's volumes use, its own ephemeral ones included. */
import type { Pod } from '#api/kinds.ts'

export interface ClaimTemplate {
  metadata?: { annotations?: Record<string, string>; labels?: Record<string, string> }
  spec: Record<string, unknown>
}

export interface PodVolume {
  readonly name: string
  readonly persistentVolumeClaim?: { readonly claimName: string }
  readonly ephemeral?: { readonly volumeClaimTemplate: ClaimTemplate }
}

export const volumesOf = ({ spec }: Pod): readonly PodVolume[] => (spec.volumes ?? []) as readonly PodVolume[]

export const ephemeralName = (pod: Pod, { name }: PodVolume): string => `${pod.metadata.name}-${name}`

export const claimNameOf = (pod: Pod, volume: PodVolume): string | undefined =>
  volume.persistentVolumeClaim?.claimName ?? (volume.ephemeral ? ephemeralName(pod, volume) : undefined)

const NONE: string[] = []

export function claimKeysOf(pod: Pod): string[] {
  if (!pod.spec.volumes) return NONE
  const { namespace = '' } = pod.metadata
  const names = volumesOf(pod).map((volume) => claimNameOf(pod, volume))
  return names.flatMap((name) => (name ? [`${namespace}/${name}`] : []))
}
