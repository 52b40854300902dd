/** What may change in a Pod once it is made (ValidatePodUpdate): images, deadlines, tolerations, gates; little else. */

import { equal } from '#api/equal.ts'
import { type FieldError, forbiddenField, invalid, required } from '#api/field-error.ts'
import type { Affinity, Container, NodeSelectorTerm, Pod, PodSpec, Toleration } from '#api/kinds.ts'
import type { Found } from '../pod/checks.ts'
import { between } from '../pod/formats.ts'
import { internal, internalDiff } from '../pod/internal.ts'
import { podAnnotationUpdates } from '../pod/validate-annotations.ts'
import { tolerations } from '../pod/validate-scheduling.ts'
import { validateMetadataAndSpec } from './pod-validation.ts'

const UPDATABLE = [
  '`spec.containers[*].image`',
  '`spec.initContainers[*].image`',
  '`spec.activeDeadlineSeconds`',
  '`spec.tolerations` (only additions to existing tolerations)',
  '`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)',
].join(',')

/** False when there is no use in looking further. */
function sameContainers(found: Found, path: string, next: Container[] = [], old: Container[] = []): boolean {
  if (next.length !== old.length) {
    found.push(forbiddenField(path, 'pod updates may not add or remove containers'))
    return false
  }
  for (const [i, { image = '' }] of next.entries()) {
    if (image === '') found.push(required(`${path}[${i}].image`))
    if (image.trim() !== image) found.push(invalid(`${path}[${i}].image`, image, 'must not have leading or trailing whitespace'))
  }
  return true
}

/** A deadline may be set or brought forward. False when there is no use in looking further. */
function deadline(found: Found, next: number | undefined, old: number | undefined): boolean {
  const path = 'spec.activeDeadlineSeconds'
  if (next === undefined) {
    if (old !== undefined) found.push(invalid(path, null, 'must not update from a positive integer to nil value'))
    return true
  }
  if (next < 0 || next > 2147483647) {
    found.push(invalid(path, next, between(0, 2147483647)))
    return false
  }
  if (old === undefined || old >= next) return true
  found.push(invalid(path, next, 'must be less than or equal to previous value'))
  return false
}

function onlyAdded(found: Found, next: Toleration[] | undefined, old: Toleration[] | undefined): void {
  const path = 'spec.tolerations'
  for (const one of old ?? []) {
    const kept = next?.some((other) => equal({ ...one, tolerationSeconds: other.tolerationSeconds }, other))
    if (kept) continue
    found.push(forbiddenField(path, 'existing toleration can not be modified except its tolerationSeconds'))
    return
  }
  tolerations(found, path, next)
}

type Gates = PodSpec['schedulingGates']

function onlyDeleted(found: Found, next: Gates, old: Gates): void {
  const known = new Set((old ?? []).map((gate) => gate.name))
  for (const [i, { name }] of (next ?? []).entries()) {
    if (known.has(name)) continue
    const why = `only deletion is allowed, but found new scheduling gate '${name ?? ''}'`
    found.push(forbiddenField(`spec.schedulingGates[${i}].name`, why))
  }
}

const withImages = (next: Container[], old: Container[]): Container[] =>
  next.map((container, i) => {
    const image = old[i]?.image
    return image === undefined || image === container.image ? container : { ...container, image }
  })

/** Puts one field back as it was. */
function restored<K extends keyof PodSpec>(spec: PodSpec, key: K, old: PodSpec): PodSpec {
  if (spec[key] === old[key]) return spec
  if (old[key] !== undefined) return { ...spec, [key]: old[key] }
  const { [key]: _dropped, ...rest } = spec
  return rest as PodSpec
}

/** The new spec with everything that may change put back as it was. */
function munged(next: PodSpec, old: PodSpec): PodSpec {
  let spec: PodSpec = { ...next, containers: withImages(next.containers, old.containers) }
  if (next.initContainers && old.initContainers)
    spec = { ...spec, initContainers: withImages(next.initContainers, old.initContainers) }
  spec = restored(spec, 'activeDeadlineSeconds', old)
  spec = restored(spec, 'schedulingGates', old)
  spec = restored(spec, 'tolerations', old)
  const mended = (old.terminationGracePeriodSeconds ?? 0) < 0 && spec.terminationGracePeriodSeconds === 1
  return mended ? restored(spec, 'terminationGracePeriodSeconds', old) : spec
}

/** While it waits behind a gate, a Pod may be directed more narrowly. */
function gated(found: Found, spec: PodSpec, old: PodSpec): PodSpec {
  let next = spec
  if (!equal(next.nodeSelector, old.nodeSelector)) {
    const kept = Object.entries(old.nodeSelector ?? {}).every(([key, value]) => next.nodeSelector?.[key] === value)
    if (!kept) {
      const why = 'only additions to spec.nodeSelector are allowed (no mutations or deletions)'
      found.push(invalid('spec.nodeSelector', next.nodeSelector ?? null, why))
    }
    next = restored(next, 'nodeSelector', old)
  }
  const before = old.affinity?.nodeAffinity
  const after = next.affinity?.nodeAffinity
  if (equal(before, after)) return next
  nodeAffinity(found, after, before)
  const { podAffinity, podAntiAffinity } = next.affinity ?? {}
  if (!old.affinity && !podAffinity && !podAntiAffinity) return restored(next, 'affinity', old)
  const { nodeAffinity: _new, ...rest } = next.affinity ?? {}
  return { ...next, affinity: before ? { ...rest, nodeAffinity: before } : rest }
}

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
type NodeAffinity = Affinity['nodeAffinity']

function nodeAffinity(found: Found, next: NodeAffinity, old: NodeAffinity): void {
  const path = `spec.affinity.nodeAffinity.${REQUIRED}.nodeSelectorTerms`
  const before = old?.[REQUIRED]?.nodeSelectorTerms ?? []
  const after = next?.[REQUIRED]?.nodeSelectorTerms ?? []
  const shown = (term: NodeSelectorTerm) => internal('NodeSelectorTerm', term)
  if (before.length === 0) return
  if (before.length !== after.length) {
    const value = next?.[REQUIRED] ? after.map(shown) : null
    found.push(invalid(path, value, 'no additions/deletions to non-empty NodeSelectorTerms list are allowed'))
    return
  }
  for (const [i, term] of before.entries()) {
    const now = after[i] ?? {}
    if (!onlyExtends(now, term))
      found.push(invalid(`${path}[${i}]`, shown(now), 'only additions are allowed (no mutations or deletions)'))
  }
}

function onlyExtends(next: NodeSelectorTerm, old: NodeSelectorTerm): boolean {
  const lists = (['matchExpressions', 'matchFields'] as const).map((field) => [next[field] ?? [], old[field] ?? []] as const)
  if (lists.every(([, before]) => before.length === 0)) return lists.every(([after]) => after.length === 0)
  return lists.every(([after, before]) => equal(after.slice(0, before.length), before))
}

export function validatePodUpdate(next: Pod, old: Pod): FieldError[] {
  const found: Found = []
  validateMetadataAndSpec(found, next, old)
  podAnnotationUpdates(found, 'metadata.annotations', next.metadata.annotations, old.metadata.annotations, next.spec)
  if (!sameContainers(found, 'spec.containers', next.spec.containers, old.spec.containers)) return found
  if (!sameContainers(found, 'spec.initContainers', next.spec.initContainers, old.spec.initContainers)) return found
  if (!deadline(found, next.spec.activeDeadlineSeconds, old.spec.activeDeadlineSeconds)) return found
  onlyAdded(found, next.spec.tolerations, old.spec.tolerations)
  onlyDeleted(found, next.spec.schedulingGates, old.spec.schedulingGates)
  if (equal(next.spec, old.spec)) return found
  let spec = munged(next.spec, old.spec)
  if (old.spec.schedulingGates?.length) spec = gated(found, spec, old.spec)
  if (!equal(spec, old.spec)) {
    const difference = internalDiff('PodSpec', old.spec, spec)
    found.push(forbiddenField('spec', `pod updates may not change fields other than ${UPDATABLE}\n${difference}`))
  }
  return found
}
