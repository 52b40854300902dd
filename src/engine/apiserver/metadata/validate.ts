/** What is wrong with an object's metadata, on creation and on update (apimachinery api/validation/objectmeta.go, registry/rest). */
import { assert } from '#api/assert.ts'
import { utf8Length } from '#api/base64.ts'
import { equal } from '#api/equal.ts'
import { type FieldError, forbiddenField, goQuote, invalid, required, tooLong } from '#api/field-error.ts'
import type { AnyObject, ManagedFieldsEntry, ObjectMeta, OwnerReference } from '#api/meta.ts'
import { isDns1035Label, isDns1123Label, isDns1123Subdomain, isPathSegment, isQualifiedName, type NameRule } from '#api/names.ts'
import { areOurs } from '../managed/entries.ts'
import type { Resource } from '../resource.ts'
import { validateLabels } from './selector.ts'

const MAX_ANNOTATIONS_BYTES = 256 * 1024
const MAX_MANAGER = 128
const MAX_SUBRESOURCE = 256

const RULES: Record<string, NameRule> = {
  'dns-label': isDns1123Label,
  'dns-1035-label': isDns1035Label,
  'dns-subdomain': isDns1123Subdomain,
  'path-segment': isPathSegment,
}

const ruleOf = ({ name = 'dns-subdomain' }: Resource, object: AnyObject): NameRule => {
  const rule = typeof name === 'function' ? (text: string) => name(text, object) : RULES[name]
  assert(rule, `no name rule ${name}`)
  return rule
}

/** Groups whose validation is not core's, and so takes any finalizer that is a qualified name. */
const ANY_FINALIZER = new Set([
  'coordination.k8s.io',
  'apiextensions.k8s.io',
  'admissionregistration.k8s.io',
  'apiregistration.k8s.io',
  'node.k8s.io',
])

/** Kinds that look at the name that was made; what it was made from is looked at as a part of a path only. */
const ANY_PREFIX = new Set(['replicationcontrollers', 'deviceclasses.resource.k8s.io'])

const takesAnyFinalizer = ({ group, custom, metaOnUpdate }: Resource): boolean =>
  custom === true || ANY_FINALIZER.has(group) || metaOnUpdate === 'none'

/**
 * All that is wrong, as Kubernetes counts it: on updates the generic checks come twice before those that the kind's own
 * validation repeats, so one mistake has several causes.
 */
export function validateMeta(object: AnyObject, resource: Resource, old: AnyObject | null): FieldError[] {
  const meta = object.metadata
  if (old && unchanged(meta, old.metadata)) return NONE
  const errors = contentErrors(meta)
  const finalizers = meta.finalizers && !takesAnyFinalizer(resource) ? unknownFinalizers(meta.finalizers) : NONE
  const whole = (rule: NameRule) =>
    joined([
      nameErrors(meta, rule, ANY_PREFIX.has(resource.id)),
      namespaceErrors(meta, resource),
      errors,
      meta.finalizers ? finalizerErrors(meta) : NONE,
    ])
  if (!old) return joined([whole(ruleOf(resource, object)), finalizers])
  const update = [...changeErrors(meta, old.metadata), ...errors]
  const general = [...whole(isPathSegment), ...update]
  const repeats = resource.metaOnUpdate ?? 'update'
  if (repeats === 'none') return general
  const full = repeats === 'update' ? NONE : [...whole(ruleOf(resource, object)), ...finalizers]
  return repeats === 'full' ? [...general, ...full] : [...general, ...update, ...finalizers, ...full]
}

const NONE: FieldError[] = []

/** Metadata is shared from version to version: what is stored is sound. The owners of fields are the server's own writing. */
function unchanged(meta: ObjectMeta, was: ObjectMeta): boolean {
  return (
    meta.name === was.name &&
    meta.namespace === was.namespace &&
    meta.generateName === was.generateName &&
    meta.labels === was.labels &&
    meta.annotations === was.annotations &&
    meta.ownerReferences === was.ownerReferences &&
    meta.finalizers === was.finalizers &&
    meta.uid === was.uid &&
    meta.creationTimestamp === was.creationTimestamp &&
    meta.deletionTimestamp === was.deletionTimestamp &&
    meta.deletionGracePeriodSeconds === was.deletionGracePeriodSeconds &&
    (meta.generation ?? 0) >= (was.generation ?? 0) &&
    Boolean(meta.resourceVersion) &&
    areOurs(meta.managedFields)
  )
}

function contentErrors(meta: ObjectMeta): FieldError[] {
  const found = [validateLabels(meta.labels, 'metadata.labels'), annotationErrors(meta.annotations)]
  if (meta.ownerReferences) found.push(ownerErrors(meta.ownerReferences))
  if (meta.managedFields) found.push(managedErrors(meta.managedFields))
  const generation =
    (meta.generation ?? 0) < 0 ? [invalid('metadata.generation', meta.generation, 'must be greater than or equal to 0')] : NONE
  return joined([generation, ...found])
}

/** Nearly always nothing is wrong: then no list is made. */
const joined = (lists: readonly FieldError[][]): FieldError[] => (lists.every((list) => list.length === 0) ? NONE : lists.flat())

/** A prefix may end in a dash: something follows it (maskTrailingDash takes two characters off for one). */
const masked = (prefix: string): string => (prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix)

function nameErrors({ name, generateName }: ObjectMeta, rule: NameRule, anyPrefix: boolean): FieldError[] {
  const prefix = generateName ?? ''
  const shown = rule === isPathSegment ? prefix : masked(prefix)
  const ofPrefix = prefix ? (anyPrefix ? isPathSegment : rule)(shown) : []
  if (!name) {
    const missing = required('metadata.name', 'name or generateName is required')
    return [...ofPrefix.map((problem) => invalid('metadata.generateName', prefix, problem)), missing]
  }
  const ofName = rule(name)
  if (ofPrefix.length + ofName.length === 0) return NONE
  return [
    ...ofPrefix.map((problem) => invalid('metadata.generateName', prefix, problem)),
    ...ofName.map((problem) => invalid('metadata.name', name, problem)),
  ]
}

function namespaceErrors({ namespace = '' }: ObjectMeta, { namespaced }: Resource): FieldError[] {
  const field = 'metadata.namespace'
  if (!namespaced) return namespace ? [forbiddenField(field, 'not allowed on this type')] : []
  return namespace ? isDns1123Label(namespace).map((problem) => invalid(field, namespace, problem)) : [required(field)]
}

/** Annotation keys are label keys in any case of letters. */
export function annotationErrors(annotations: Record<string, string> | undefined, field = 'metadata.annotations'): FieldError[] {
  const errors: FieldError[] = []
  let size = 0
  for (const key in annotations) {
    for (const problem of isQualifiedName(key.toLowerCase())) errors.push(invalid(field, key, problem))
    size += utf8Length(key) + utf8Length(annotations[key] as string)
  }
  if (size > MAX_ANNOTATIONS_BYTES) errors.push(tooLong(field, MAX_ANNOTATIONS_BYTES))
  return errors
}

function ownerErrors(owners: OwnerReference[]): FieldError[] {
  const field = 'metadata.ownerReferences'
  const errors: FieldError[] = []
  let controller = ''
  for (const owner of owners) {
    errors.push(...oneOwnerErrors(owner, field))
    if (!owner.controller) continue
    const shown = `${owner.kind}/${owner.name}`
    const why = `Only one reference can have Controller set to true. Found "true" in references for ${controller} and ${shown}`
    if (controller) errors.push(invalid(field, owners.map(goOwner), why))
    else controller = shown
  }
  return errors
}

/** With its fields in the order of Go's struct. */
const goOwner = ({ apiVersion, kind, name, uid, controller, blockOwnerDeletion }: OwnerReference): OwnerReference => ({
  apiVersion,
  kind,
  name,
  uid,
  ...(controller === undefined ? {} : { controller }),
  ...(blockOwnerDeletion === undefined ? {} : { blockOwnerDeletion }),
})

function oneOwnerErrors(owner: OwnerReference, field: string): FieldError[] {
  const { apiVersion = '', kind = '', name = '', uid = '' } = owner
  const empty = (key: string, value: string, why = 'must not be empty') => (value ? [] : [invalid(`${field}.${key}`, '', why)])
  // More than one slash is no group and version at all.
  const version = apiVersion.split('/').length > 2 ? '' : (apiVersion.split('/').at(-1) ?? '')
  return [
    ...(version ? [] : [invalid(`${field}.apiVersion`, apiVersion, 'version must not be empty')]),
    ...empty('kind', kind),
    ...empty('name', name),
    ...empty('uid', uid),
    ...(apiVersion === 'v1' && kind === 'Event'
      ? [invalid(field, goOwner(owner), '/v1, Kind=Event is disallowed from being an owner')]
      : []),
  ]
}

function finalizerErrors({ finalizers = [] }: ObjectMeta): FieldError[] {
  const field = 'metadata.finalizers'
  const both = finalizers.includes('orphan') && finalizers.includes('foregroundDeletion')
  return [
    ...finalizers.flatMap((name) => isQualifiedName(name).map((problem) => invalid(field, name, problem))),
    ...(both ? [invalid(field, finalizers, 'finalizer orphan and foregroundDeletion cannot be both set')] : []),
  ]
}

const STANDARD_FINALIZERS = ['kubernetes', 'orphan', 'foregroundDeletion']

const unknownFinalizers = (finalizers: string[]): FieldError[] =>
  finalizers.flatMap((name, i) =>
    name.includes('/') || STANDARD_FINALIZERS.includes(name)
      ? []
      : [invalid(`metadata.finalizers[${i}]`, name, 'name is neither a standard finalizer name nor is it fully qualified')],
  )

function managedErrors(entries: readonly ManagedFieldsEntry[]): FieldError[] {
  const errors: FieldError[] = []
  for (const [i, { operation, fieldsType = '', manager = '', subresource = '' }] of entries.entries()) {
    const field = `metadata.managedFields[${i}]`
    if (operation !== 'Apply' && operation !== 'Update')
      errors.push(invalid(`${field}.operation`, operation ?? '', 'must be `Apply` or `Update`'))
    if (fieldsType && fieldsType !== 'FieldsV1') errors.push(invalid(`${field}.fieldsType`, fieldsType, 'must be `FieldsV1`'))
    errors.push(...managerErrors(manager, `${field}.manager`))
    if (utf8Length(subresource) > MAX_SUBRESOURCE) errors.push(tooLong(`${field}.subresource`, MAX_SUBRESOURCE))
  }
  return errors
}

const PLAIN = /^[ -~]*$/

/** Names of field managers: short and printable (ValidateFieldManager). */
export function managerErrors(manager: string, field: string): FieldError[] {
  if (manager.length <= MAX_MANAGER && PLAIN.test(manager)) return NONE
  const errors = utf8Length(manager) > MAX_MANAGER ? [tooLong(field, MAX_MANAGER)] : []
  let position = 0
  for (const char of manager) {
    const code = char.codePointAt(0) as number
    // Go's unicode.IsPrint: no space is printable but U+0020.
    if (/[\p{C}\p{Z}]/u.test(char) && char !== ' ') {
      const point = code.toString(16).toUpperCase().padStart(4, '0')
      errors.push(invalid(field, manager, `invalid character U+${point} (at position ${position})`))
    }
    position += utf8Length(char)
  }
  return errors
}

const FIXED = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const

function changeErrors(next: ObjectMeta, old: ObjectMeta): FieldError[] {
  const errors: FieldError[] = []
  if (old.deletionTimestamp && next.finalizers) {
    const added = [...new Set(next.finalizers)].filter((name) => !old.finalizers?.includes(name)).sort()
    const list = `[]string{${added.map(goQuote).join(', ')}}`
    const why = `no new finalizers can be added if the object is being deleted, found new finalizers ${list}`
    if (added.length > 0) errors.push(forbiddenField('metadata.finalizers', why))
  }
  if (!next.resourceVersion) errors.push(invalid('metadata.resourceVersion', '', 'must be specified for an update'))
  if ((next.generation ?? 0) < (old.generation ?? 0)) {
    errors.push(invalid('metadata.generation', next.generation ?? 0, 'must not be decremented'))
  }
  for (const key of FIXED) {
    if (!equal(next[key], old[key])) errors.push(invalid(`metadata.${key}`, next[key], 'field is immutable'))
  }
  return errors
}
