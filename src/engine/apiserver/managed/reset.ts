/** What each road of a kind may not touch, and therefore nobody owns through it (the strategies' GetResetFields). */
import { difference, type FieldSet, LEAF, recursiveDifference } from '#api/patch/field-set.ts'

import { isNative } from './shape.ts'

export interface Road {
  /** Root fields that need not be compared. */
  skip: ReadonlySet<string>
  filter(set: FieldSet | null): FieldSet | null
  /** False for roads whose writes leave managedFields alone. */
  tracked: boolean
}

const except = (...names: (string | FieldSet)[]): Road => {
  const skip = new Set(names.filter((name) => typeof name === 'string'))
  const deep = names.filter((name) => typeof name !== 'string')
  return { skip, tracked: true, filter: (set) => deep.reduce<FieldSet | null>(recursiveDifference, set) }
}

const untracked: Road = { skip: new Set(), tracked: false, filter: (set) => set }
const open: Road = except()
const main: Road = except('status')
const status: Road = except('spec')
const strictStatus: Road = except('spec', 'metadata')

/** Roads that differ from the rule, by the schema's last words and the subresource. */
const SPECIAL: Record<string, Road> = {
  'core.v1.Pod/status': except('spec', { 'f:metadata': { 'f:deletionTimestamp': LEAF, 'f:ownerReferences': LEAF } }),
  // Their REST hands no filter on: what is named there is owned, though it is not changed.
  'core.v1.Pod/ephemeralcontainers': open,
  'core.v1.Pod/resize': open,
  'core.v1.Pod/binding': untracked,
  'core.v1.Pod/eviction': untracked,
  'apps.v1.Deployment/status': except('spec', { 'f:metadata': { 'f:labels': LEAF } }),
  'certificates.v1.CertificateSigningRequest/': except('spec', 'status'),
  'certificates.v1.CertificateSigningRequest/status': except('spec', { 'f:status': { 'f:conditions': LEAF } }),
  'certificates.v1.CertificateSigningRequest/approval': except('spec', { 'f:status': { 'f:certificate': LEAF } }),
}

const STRICT =
  /\.(networking\.v1\.ServiceCIDR|resource\.v1\.ResourceClaim|storage\.v1\.VolumeAttachment|flowcontrol\.v1\.(FlowSchema|PriorityLevelConfiguration)|admissionregistration\.v1\.ValidatingAdmissionPolicy|apiextensions\.v1\.CustomResourceDefinition)$/

const roads = { with: new Map<string, Map<string, Road>>(), without: new Map<string, Map<string, Road>>() }

/**
 * `schema`: `io.k8s.api.core.v1.Pod`. `hasStatus`: whether the main road leaves status alone; every built-in kind with a
 * status does, a custom resource only with a status subresource.
 */
export function roadOf(schema: string, subresource: string, hasStatus: boolean): Road {
  const known = hasStatus ? roads.with : roads.without
  let bySubresource = known.get(schema)
  if (!bySubresource) known.set(schema, (bySubresource = new Map()))
  let road = bySubresource.get(subresource)
  if (!road) bySubresource.set(subresource, (road = choose(schema, subresource, hasStatus)))
  return road
}

function choose(schema: string, subresource: string, hasStatus: boolean): Road {
  const special = SPECIAL[`${schema.split('.').slice(-3).join('.')}/${subresource}`]
  if (special && isNative(schema)) return special
  if (subresource === 'status') return STRICT.test(schema) || !isNative(schema) ? strictStatus : status
  return hasStatus ? main : open
}

/** What nobody owns at all (internal/stripmeta.go). */
const STRIPPED: FieldSet = {
  'f:apiVersion': LEAF,
  'f:kind': LEAF,
  'f:metadata': {
    '.': LEAF,
    'f:name': LEAF,
    'f:namespace': LEAF,
    'f:creationTimestamp': LEAF,
    'f:selfLink': LEAF,
    'f:uid': LEAF,
    'f:clusterName': LEAF,
    'f:generation': LEAF,
    'f:managedFields': LEAF,
    'f:resourceVersion': LEAF,
  },
}

export const stripped = (set: FieldSet | null): FieldSet | null => difference(set, STRIPPED)

/** Filters a set as a road does, root fields included. */
export function filtered(road: Road, set: FieldSet | null): FieldSet | null {
  if (set === null) return null
  let gone: Record<string, FieldSet> | null = null
  for (const name of road.skip) {
    if (!(`f:${name}` in set)) continue
    gone ??= {}
    gone[`f:${name}`] = LEAF
  }
  return road.filter(gone === null ? set : recursiveDifference(set, gone))
}
