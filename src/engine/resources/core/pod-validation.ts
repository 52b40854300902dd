/** Validation of Pods on their creation (ValidatePodCreate), and the rules that all writes share. */
import { type FieldError, forbiddenField } from '#api/field-error.ts'
import type { Pod, PodSpec } from '#api/kinds.ts'
import type { Found } from '../pod/checks.ts'
import { MIRROR, podAnnotations, profilesAgree } from '../pod/validate-annotations.ts'
import { trimmedImage } from '../pod/validate-containers.ts'
import { validatePodSpec } from '../pod/validate-spec.ts'

/** validatePodMetadataAndSpec, but for what all metadata has in common. */
export function validateMetadataAndSpec(found: Found, pod: Pod, old: Pod | null): void {
  const { metadata, spec } = pod
  podAnnotations(found, 'metadata.annotations', metadata.annotations, spec, old ? old.metadata.annotations : null)
  const isMirror = metadata.annotations?.[MIRROR] !== undefined
  validatePodSpec(found, 'spec', spec, { podName: metadata.name, isPod: true, old: old?.spec ?? null, isMirror })
  if (!spec.serviceAccountName) tokensWithoutAccount(found, spec)
  for (const [i, container] of (spec.containers ?? []).entries()) trimmedImage(found, `spec.containers[${i}]`, container)
  for (const [i, container] of (spec.initContainers ?? []).entries()) trimmedImage(found, `spec.initContainers[${i}]`, container)
}

function tokensWithoutAccount(found: Found, spec: PodSpec): void {
  for (const [i, volume] of (spec.volumes ?? []).entries()) {
    for (const [j, source] of (volume['projected']?.sources ?? []).entries()) {
      if (!source.serviceAccountToken) continue
      const path = `spec.volumes[${i}].projected.sources[${j}].serviceAccountToken`
      found.push(forbiddenField(path, 'must not be specified when serviceAccountName is not set'))
    }
  }
}

export function validatePodCreate(pod: Pod): FieldError[] {
  const found: Found = []
  validateMetadataAndSpec(found, pod, null)
  const { spec } = pod
  if (spec.ephemeralContainers) found.push(forbiddenField('spec.ephemeralContainers', 'cannot be set on create'))
  if (spec.nodeName && spec.schedulingGates) {
    found.push(forbiddenField('spec.nodeName', 'cannot be set until all schedulingGates have been cleared'))
  }
  profilesAgree(found, 'spec', pod.metadata.annotations, spec)
  return found
}
