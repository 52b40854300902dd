/** Validation of the annotations that mean something to Pods (ValidatePodSpecificAnnotations and its companions). */
import { forbiddenField, invalid } from '#api/field-error.ts'
import type { PodSpec } from '#api/kinds.ts'
import { APP_ARMOR } from './app-armor.ts'
import { descendingPath, type Found } from './checks.ts'
import { eachContainer } from './validate-windows.ts'

type Annotations = Record<string, string> | undefined
type Profile = { type?: string; localhostProfile?: string } | undefined

export const MIRROR = 'kubernetes.io/config.mirror'
const DELETION_COST = 'controller.kubernetes.io/pod-deletion-cost'
const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod'
const SECCOMP = 'container.seccomp.security.alpha.kubernetes.io/'

/** A 32-bit integer, without a plus sign or leading zeros; absent is right. */
function isCost(value: string | undefined): boolean {
  if (value === undefined) return true
  if (!/^(0|-?[1-9]\d*)$/.test(value)) return false
  return Number(value) >= -2147483648 && Number(value) <= 2147483647
}

function seccomp(found: Found, path: string, profile: string): void {
  if (['runtime/default', 'docker/default', 'unconfined'].includes(profile)) return
  if (profile.startsWith('localhost/')) descendingPath(found, path, profile.slice('localhost/'.length))
  else found.push(invalid(path, profile, 'must be a valid seccomp profile'))
}

function appArmor(found: Found, path: string, container: string, profile: string, spec: PodSpec): void {
  let known = false
  eachContainer(spec, '', (c) => {
    if (c.name === container) known = true
  })
  if (!known) found.push(invalid(path, container, 'container not found'))
  const right = profile === '' || profile === 'runtime/default' || profile === 'unconfined' || profile.startsWith('localhost/')
  if (!right) found.push(invalid(path, profile, `invalid AppArmor profile name: "${profile}"`))
}

/** `oldCost`: the stored object's cost, which may stay wrong. */
export function podAnnotations(
  found: Found,
  path: string,
  annotations: Annotations,
  spec: PodSpec,
  old: Annotations | null,
): void {
  if (!annotations) return
  if (annotations[MIRROR] !== undefined && !spec.nodeName) {
    found.push(invalid(`${path}[${MIRROR}]`, annotations[MIRROR], 'must set spec.nodeName if mirror pod annotation is set'))
  }
  const cost = annotations[DELETION_COST]
  if (!isCost(cost) && (old === null || isCost(old?.[DELETION_COST]))) {
    found.push(invalid(`${path}[${DELETION_COST}]`, cost, 'must be a 32bit integer'))
  }
  if (annotations[SECCOMP_POD] !== undefined) seccomp(found, `${path}.${SECCOMP_POD}`, annotations[SECCOMP_POD])
  for (const key in annotations) {
    const value = annotations[key] as string
    if (key.startsWith(SECCOMP)) seccomp(found, `${path}.${key}`, value)
    if (key.startsWith(APP_ARMOR)) appArmor(found, `${path}[${key}]`, key.slice(APP_ARMOR.length), value, spec)
  }
}

/** ValidatePodSpecificAnnotationUpdates: some are written once. */
export function podAnnotationUpdates(found: Found, path: string, next: Annotations, old: Annotations, spec: PodSpec): void {
  if (next !== old) {
    for (const key in old) {
      if (next?.[key] === old[key]) continue
      if (key.startsWith(APP_ARMOR))
        found.push(forbiddenField(`${path}[${key}]`, 'may not remove or update AppArmor annotations'))
      if (key === MIRROR) found.push(forbiddenField(`${path}[${key}]`, 'may not remove or update mirror pod annotation'))
    }
    for (const key in next) {
      if (old?.[key] !== undefined) continue
      if (key.startsWith(APP_ARMOR)) found.push(forbiddenField(`${path}[${key}]`, 'may not add AppArmor annotations'))
      if (key === MIRROR) found.push(forbiddenField(`${path}[${key}]`, 'may not add mirror pod annotation'))
    }
  }
  podAnnotations(found, path, next, spec, old)
}

/** An old annotation and the field that replaced it must say the same. */
function agree(
  found: Found,
  path: string,
  kind: string,
  annotation: string,
  field: NonNullable<Profile>,
  defaults: string[],
): void {
  const type = () => found.push(forbiddenField(`${path}.type`, `${kind} type in annotation and field must match`))
  if (field.type === 'Unconfined') {
    if (annotation !== 'unconfined') type()
  } else if (field.type === 'RuntimeDefault') {
    if (!defaults.includes(annotation)) type()
  } else if (field.type === 'Localhost') {
    if (!annotation.startsWith('localhost/')) type()
    else if (annotation.slice('localhost/'.length) !== field.localhostProfile) {
      found.push(forbiddenField(`${path}.localhostProfile`, `${kind} profile in annotation and field must match`))
    }
  }
}

/** validateSeccompAnnotationsAndFields, validateAppArmorAnnotationsAndFieldsMatchOnCreate. */
export function profilesAgree(found: Found, path: string, annotations: Annotations, spec: PodSpec): void {
  if (!annotations) return
  const ofPod = spec.securityContext as { seccompProfile?: Profile; appArmorProfile?: Profile } | undefined
  const seccompDefaults = ['runtime/default', 'docker/default']
  const whole = annotations[SECCOMP_POD]
  if (whole !== undefined && ofPod?.seccompProfile) {
    agree(found, `${path}.securityContext.seccompProfile`, 'seccomp', whole, ofPod.seccompProfile, seccompDefaults)
  }
  eachContainer(spec, path, (container, at) => {
    const own = container.securityContext as typeof ofPod
    const annotation = annotations[SECCOMP + container.name]
    if (annotation === undefined || !own?.seccompProfile) return
    agree(found, `${at}.securityContext.seccompProfile`, 'seccomp', annotation, own.seccompProfile, seccompDefaults)
  })
  if (spec.os?.name === 'windows') return
  eachContainer(spec, path, (container, at) => {
    const own = (container.securityContext as typeof ofPod)?.appArmorProfile ?? ofPod?.appArmorProfile
    const annotation = annotations[APP_ARMOR + container.name]
    if (annotation !== undefined && own)
      agree(found, `${at}.securityContext.appArmorProfile`, 'apparmor', annotation, own, ['runtime/default'])
  })
}
