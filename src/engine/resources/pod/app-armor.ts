/** AppArmor profiles: the old annotations and the fields that replace them (applyAppArmorVersionSkew). */

import { equal } from '#api/equal.ts'
import type { Container, Pod } from '#api/kinds.ts'
import { each, type Hooks, put } from '../../apiserver/resource.ts'

export const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/'

interface Profile {
  type: string
  localhostProfile?: string
}

/** The profile an annotation names; null when its value is none. */
function profileOf(value: string): Profile | null {
  if (value === 'unconfined') return { type: 'Unconfined' }
  if (value === 'runtime/default') return { type: 'RuntimeDefault' }
  if (!value.startsWith('localhost/')) return null
  const localhostProfile = value.slice('localhost/'.length)
  const fits = localhostProfile.trim() === localhostProfile && localhostProfile !== '' && localhostProfile.length <= 4095
  return fits ? { type: 'Localhost', localhostProfile } : null
}

/** Copies annotations into fields that are not set, with a warning each. */
export function appArmorFromAnnotations(pod: Pod, hooks: Hooks): Pod {
  const annotations = pod.metadata.annotations
  if (!annotations || pod.spec.os?.name === 'windows') return pod
  if (!Object.keys(annotations).some((key) => key.startsWith(APP_ARMOR))) return pod
  const whole = pod.spec.securityContext?.['appArmorProfile']
  const copy = <C extends Container>(container: C): C => {
    const key = `${APP_ARMOR}${container.name}`
    const value = annotations[key]
    if (value === undefined || container.securityContext?.['appArmorProfile']) return container
    const profile = profileOf(value)
    const copied = profile !== null && !equal(profile, whole)
    if (copied || profile === null) {
      hooks.warn(`metadata.annotations[${key}]: deprecated since v1.30; use the "appArmorProfile" field instead`)
    }
    return copied ? { ...container, securityContext: { ...container.securityContext, appArmorProfile: profile } } : container
  }
  let spec = put(pod.spec, 'containers', each(pod.spec.containers, copy))
  if (spec.initContainers) spec = put(spec, 'initContainers', each(spec.initContainers, copy))
  if (spec.ephemeralContainers) spec = put(spec, 'ephemeralContainers', each(spec.ephemeralContainers, copy))
  return put(pod, 'spec', spec)
}
