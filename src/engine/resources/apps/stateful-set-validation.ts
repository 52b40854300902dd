/** Validation of StatefulSets (pkg/apis/apps/validation). */

import { equal } from '#api/equal.ts'
import { type FieldError, forbiddenField, inKeyOrder, invalid, notListed, required } from '#api/field-error.ts'
import type { PodTemplateSpec, StatefulSet } from '#api/kinds.ts'
import { isDns1123Label } from '#api/names.ts'
import { matches, type Selector, selectorOf } from '#api/selector.ts'
import { type Found, flag, labelSelector, labels, nonNegative } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { claimSpec } from '../pod/validate-claim-template.ts'
import { shownSelector } from '../pod/validate-replicas.ts'
import { onlyAlwaysRestarting, templateAnnotations, validatePodTemplate } from '../pod/validate-template.ts'
import { amount, intOrPercent, notAboveAll } from './deployment-validation.ts'

type Spec = StatefulSet['spec']

function strategy(found: Found, path: string, { type, rollingUpdate, ...rest }: NonNullable<Spec['updateStrategy']>): void {
  if (!type) found.push(required(path))
  else if (type === 'OnDelete') {
    if (!rollingUpdate) return
    const shown = internal('RollingUpdateStatefulSetStrategy', rollingUpdate)
    found.push(invalid(`${path}.rollingUpdate`, shown, "only allowed for updateStrategy 'RollingUpdate'"))
  } else if (type !== 'RollingUpdate') {
    const shown = internal('StatefulSetUpdateStrategy', { type, rollingUpdate, ...rest })
    found.push(invalid(path, shown, "must be 'RollingUpdate' or 'OnDelete'"))
  } else if (rollingUpdate) {
    nonNegative(found, `${path}.rollingUpdate.partition`, rollingUpdate.partition)
    const most = rollingUpdate.maxUnavailable
    if (most === undefined) return
    const at = `${path}.rollingUpdate.maxUnavailable`
    intOrPercent(found, at, most)
    if (amount(most) === 0) found.push(invalid(at, most, 'cannot be 0'))
    notAboveAll(found, at, most)
  }
}

function retention(found: Found, path: string, policy: Spec['persistentVolumeClaimRetentionPolicy']): void {
  if (!policy) return
  for (const key of ['whenDeleted', 'whenScaled'] as const) {
    const value = policy[key] ?? ''
    if (value !== 'Retain' && value !== 'Delete') found.push(notListed(`${path}.${key}`, value, ['Retain', 'Delete']))
  }
}

/** The template as its Pods will be: the controller sets the names, and volumes for the claims. */
function asStarted({ template, volumeClaimTemplates = [] }: Spec): PodTemplateSpec {
  const { spec } = template
  if (!spec || (!spec.subdomain && !spec.hostname && volumeClaimTemplates.length === 0)) return template
  const { subdomain: _subdomain, hostname: _hostname, ...rest } = spec
  if (volumeClaimTemplates.length === 0) return { ...template, spec: rest }
  const names = [...new Set(volumeClaimTemplates.map((claim) => claim.metadata?.name ?? ''))]
  const claims = names.map((name) => ({ name, persistentVolumeClaim: { claimName: name } }))
  const volumes = [...claims, ...(spec.volumes ?? []).filter((volume) => !names.includes(volume.name))]
  return { ...template, spec: { ...rest, volumes } }
}

function template(found: Found, path: string, spec: Spec, old: Spec | null, selector: Selector): void {
  const started = asStarted(spec)
  const { metadata } = started
  if (selector.length > 0 && !matches(selector, metadata?.labels)) {
    found.push(
      invalid(
        `${path}.metadata.labels`,
        metadata?.labels && inKeyOrder(metadata.labels),
        '`selector` does not match template `labels`',
      ),
    )
  }
  validatePodTemplate(found, path, started, old && asStarted(old))
  // Go looks at them once more.
  labels(found, `${path}.labels`, metadata?.labels)
  templateAnnotations(found, path, started, old && asStarted(old))
}

function validateSpec(found: Found, spec: Spec, old: Spec | null): void {
  const policy = spec.podManagementPolicy ?? ''
  if (policy === '') found.push(required('spec.podManagementPolicy'))
  else if (policy !== 'OrderedReady' && policy !== 'Parallel') {
    found.push(invalid('spec.podManagementPolicy', policy, "must be 'OrderedReady' or 'Parallel'"))
  }
  strategy(found, 'spec.updateStrategy', spec.updateStrategy ?? {})
  retention(found, 'spec.persistentVolumeClaimRetentionPolicy', spec.persistentVolumeClaimRetentionPolicy)
  if (!old) {
    for (const [i, claim] of (spec.volumeClaimTemplates ?? []).entries()) {
      claimSpec(found, `spec.volumeClaimTemplates[${i}].spec`, (claim as { spec?: object }).spec ?? {})
    }
  }
  nonNegative(found, 'spec.replicas', spec.replicas)
  nonNegative(found, 'spec.minReadySeconds', spec.minReadySeconds)
  nonNegative(found, 'spec.ordinals.start', spec.ordinals?.start)
  if (!old && spec.serviceName) flag(found, 'spec.serviceName', spec.serviceName, isDns1123Label(spec.serviceName))
  const selector = selectorFor(found, spec)
  if (selector) template(found, 'spec.template', spec, old, selector)
  onlyAlwaysRestarting(found, 'spec.template', spec.template, 'StatefulSet')
}

/** Null when nothing can be selected with it. */
function selectorFor(found: Found, { selector }: Spec): Selector | null {
  if (!selector) {
    found.push(required('spec.selector'))
    return [{ key: '', op: 'In', values: [] }]
  }
  const before = found.length
  labelSelector(found, 'spec.selector', selector)
  const usable = found.length === before
  if (Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions?.length ?? 0) === 0) {
    found.push(invalid('spec.selector', shownSelector(selector), 'empty selector is invalid for statefulset'))
  }
  if (usable) return selectorOf(selector)
  found.push(invalid('spec.selector', shownSelector(selector), ''))
  return null
}

const CHANGEABLE = {
  replicas: undefined,
  ordinals: undefined,
  template: undefined,
  updateStrategy: undefined,
  revisionHistoryLimit: undefined,
  persistentVolumeClaimRetentionPolicy: undefined,
  minReadySeconds: undefined,
}
const FIXED =
  "updates to statefulset spec for fields other than 'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy' and 'minReadySeconds' are forbidden"

export function validateStatefulSet({ spec }: StatefulSet, old: StatefulSet | null): FieldError[] {
  const found: Found = []
  validateSpec(found, spec, old?.spec ?? null)
  if (old && !equal({ ...spec, ...CHANGEABLE }, { ...old.spec, ...CHANGEABLE })) found.push(forbiddenField('spec', FIXED))
  return found
}

export function validateStatefulSetStatus(next: StatefulSet, old: StatefulSet): FieldError[] {
  const found: Found = []
  const status = next.status ?? { replicas: 0 }
  const { replicas = 0, readyReplicas = 0, currentReplicas = 0, updatedReplicas = 0, availableReplicas = 0 } = status
  const counts = { readyReplicas, currentReplicas, updatedReplicas, availableReplicas }
  for (const [field, value] of Object.entries({ replicas, ...counts })) nonNegative(found, `status.${field}`, value)
  nonNegative(found, 'status.observedGeneration', status.observedGeneration)
  nonNegative(found, 'status.collisionCount', status.collisionCount)
  for (const [field, value] of Object.entries(counts)) {
    if (value > replicas) found.push(invalid(`status.${field}`, value, 'cannot be greater than status.replicas'))
  }
  if (availableReplicas > readyReplicas) {
    found.push(invalid('status.availableReplicas', availableReplicas, 'cannot be greater than status.readyReplicas'))
  }
  collisions(found, status.collisionCount, old.status?.collisionCount)
  return found
}

/** A count of collisions never shrinks. */
export function collisions(found: Found, now: number | undefined, before: number | undefined): void {
  if (before !== undefined && (now ?? -1) < before) {
    found.push(invalid('status.collisionCount', now ?? 0, 'cannot be decremented'))
  }
}
