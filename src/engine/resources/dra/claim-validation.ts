/** Validation of ResourceClaims, their templates, and DeviceClasses. */
import { type FieldError, forbiddenField, invalid, notSupported, required, tooLong, unsupported } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isLabelValue, isQualifiedName } from '#api/names.ts'
import { PER_CALL_LIMIT } from '../../apiserver/cel/index.ts'
import { validateLabels } from '../../apiserver/metadata/selector.ts'
import { annotationErrors } from '../../apiserver/metadata/validate.ts'
import { type Found, flag } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { immutable } from '../pod/validate-replicas.ts'
import { compileSelector } from './device-cel.ts'
import { className, driverName, type Fields, fullyQualified, label, list, opaqueData, set } from './steps.ts'

export const MOST_REQUESTS = 32
const MOST = 32
const MOST_ALTERNATIVES = 8
const LONGEST_EXPRESSION = 10 * 1024
const REFERENCE = "must be the name of a request in the claim or the name of a request and a subrequest separated by '/'"
const ONE_OF = 'exactly one of `exactly` or `firstAvailable` is required'
export const TAINT_EFFECTS = ['NoExecute', 'NoSchedule', 'None']

function selector(found: Found, path: string, { cel }: Fields): void {
  if (!cel) {
    found.push(required(`${path}.cel`))
    return
  }
  const at = `${path}.cel.expression`
  const expression: string = cel.expression ?? ''
  if (expression.length > LONGEST_EXPRESSION) {
    found.push(tooLong(at, LONGEST_EXPRESSION))
    return
  }
  const compiled = compileSelector(expression)
  if (!compiled.ok) found.push(invalid(at, expression, compiled.error))
  else if (compiled.program.estimate().max > PER_CALL_LIMIT) found.push(forbiddenField(at, 'too complex, exceeds cost limit'))
}

function counted(found: Found, path: string, { allocationMode = '', count = 0 }: Fields): void {
  if (allocationMode === 'All') {
    if (count !== 0) found.push(invalid(`${path}.count`, count, "must not be specified when allocationMode is 'All'"))
  } else if (allocationMode === 'ExactCount') {
    if (count <= 0) found.push(invalid(`${path}.count`, count, 'must be greater than zero'))
  } else found.push(notSupported(`${path}.allocationMode`, allocationMode, ['All', 'ExactCount']))
}

function toleration(found: Found, path: string, { key, operator = '', value = '', effect }: Fields): void {
  if (key) flag(found, `${path}.key`, key, isQualifiedName(key))
  if (operator === 'Exists') {
    if (value !== '') found.push(invalid(`${path}.value`, value, 'must be empty for operator `Exists`'))
  } else if (operator === 'Equal') flag(found, `${path}.value`, value, isLabelValue(value))
  else if (operator === '') found.push(required(`${path}.operator`))
  else found.push(unsupported(`${path}.operator`, operator, ['Equal', 'Exists']))
  if (effect && !TAINT_EFFECTS.includes(effect)) found.push(notSupported(`${path}.effect`, effect, TAINT_EFFECTS))
}

function asked(found: Found, path: string, request: Fields): void {
  className(found, `${path}.deviceClassName`, request['deviceClassName'])
  list(found, `${path}.selectors`, request['selectors'], MOST, selector)
  counted(found, path, request)
  for (const [i, one] of (request['tolerations'] ?? []).entries()) toleration(found, `${path}.tolerations[${i}]`, one)
}

const nameOf = ({ name }: Fields): string => name ?? ''

function request(found: Found, path: string, one: Fields): void {
  const { name, exactly } = one
  const firstAvailable: Fields[] = one['firstAvailable'] ?? []
  label(found, `${path}.name`, name)
  const alternatives = firstAvailable.length > 0
  if (!exactly && !alternatives) found.push(required(path, ONE_OF))
  else if (exactly && alternatives) found.push(invalid(path, null, `${ONE_OF}, but multiple fields are set`))
  else if (exactly) asked(found, `${path}.exactly`, exactly)
  else {
    const alternative = (_found: Found, at: string, sub: Fields) => {
      label(found, `${at}.name`, sub['name'])
      asked(found, at, sub)
    }
    set(found, `${path}.firstAvailable`, firstAvailable as Fields[], MOST_ALTERNATIVES, alternative, nameOf)
  }
}

/** The names that other parts of a claim may refer to: requests, and their alternatives. */
export function requestNames(requests: readonly Fields[] | null | undefined): Set<string> {
  const names = new Set<string>()
  for (const one of requests ?? []) {
    names.add(nameOf(one))
    for (const sub of one['firstAvailable'] ?? []) names.add(`${nameOf(one)}/${nameOf(sub)}`)
  }
  return names
}

export const reference =
  (names: ReadonlySet<string>) =>
  (found: Found, path: string, name: string): void => {
    const parts = name.split('/')
    if (parts.length <= 2) for (const part of parts) label(found, path, part)
    if (parts.length > 2 || !names.has(name)) found.push(invalid(path, name, REFERENCE))
  }

export const itself = (text: string): string => text

function constraint(found: Found, path: string, one: Fields, names: ReadonlySet<string>): void {
  set(found, `${path}.requests`, one['requests'] as string[] | undefined, MOST_REQUESTS, reference(names), itself)
  if (one['matchAttribute'] !== undefined) fullyQualified(found, `${path}.matchAttribute`, one['matchAttribute'])
  else if (one['distinctAttribute'] !== undefined) fullyQualified(found, `${path}.distinctAttribute`, one['distinctAttribute'])
  else {
    const words = 'exactly one of "matchAttribute" or "distinctAttribute" is required, but multiple fields are set'
    found.push(required(path, words))
  }
}

export function configuration(found: Found, path: string, { opaque }: Fields): void {
  if (!opaque) {
    found.push(required(`${path}.opaque`))
    return
  }
  driverName(found, `${path}.opaque.driver`, opaque.driver)
  opaqueData(found, `${path}.opaque.parameters`, opaque.parameters)
}

function validateSpec(found: Found, path: string, { devices = {} }: Fields): void {
  const names = requestNames(devices.requests)
  const at = `${path}.devices`
  set(found, `${at}.requests`, devices.requests as Fields[] | undefined, MOST_REQUESTS, request, nameOf)
  list(found, `${at}.constraints`, devices.constraints as Fields[] | undefined, MOST, (_found, where, one) =>
    constraint(found, where, one, names),
  )
  list(found, `${at}.config`, devices.config as Fields[] | undefined, MOST, (_found, where, one) => {
    set(found, `${where}.requests`, one['requests'] as string[] | undefined, MOST_REQUESTS, reference(names), itself)
    configuration(found, where, one)
  })
}

export function validateClaim(next: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  // The spec never changes, so it isn't looked at again.
  if (old) immutable(found, 'spec', next['spec'], old['spec'], internal('ResourceClaimSpec', next['spec'] ?? {}))
  else validateSpec(found, 'spec', next['spec'] ?? {})
  return found
}

/** All of a template's metadata but labels and annotations, named as Go's fields with a small first letter. */
const UNSETTABLE: [string, string][] = [
  ...['name', 'generateName', 'namespace', 'selfLink'].map((key): [string, string] => [key, key]),
  ['uid', 'uID'],
  ...['resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp'].map((key): [string, string] => [key, key]),
  ...['deletionGracePeriodSeconds', 'ownerReferences', 'finalizers', 'managedFields'].map((key): [string, string] => [key, key]),
]

export function validateTemplate(next: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const { metadata = {}, spec = {} } = next['spec'] ?? {}
  found.push(...annotationErrors(metadata.annotations, 'spec.metadata.annotations'))
  found.push(...validateLabels(metadata.labels, 'spec.metadata.labels'))
  for (const [key, shown] of UNSETTABLE) {
    const value = metadata[key]
    const set = key === 'deletionGracePeriodSeconds' ? value !== undefined : value && (!Array.isArray(value) || value.length > 0)
    if (set) found.push(forbiddenField(`spec.metadata.${shown}`, 'cannot be set'))
  }
  validateSpec(found, 'spec.spec', spec)
  if (old) immutable(found, 'spec', next['spec'], old['spec'], internal('ResourceClaimTemplateSpec', next['spec'] ?? {}))
  return found
}

export function validateClass({ spec = {} }: AnyObject): FieldError[] {
  const found: Found = []
  list(found, 'spec.selectors', spec.selectors as Fields[] | undefined, MOST, selector)
  list(found, 'spec.config', spec.config as Fields[] | undefined, MOST, configuration)
  const extended: string | undefined = spec.extendedResourceName
  if (extended !== undefined && !isExtendedResource(extended)) {
    found.push(invalid('spec.extendedResourceName', extended, 'must be a valid extended resource name'))
  }
  return found
}

/** IsExtendedResourceName: neither Kubernetes' own nor meant as a request of a quota. */
function isExtendedResource(name: string): boolean {
  const native = !name.includes('/') || name.includes('kubernetes.io/')
  return !native && !name.startsWith('requests.') && isQualifiedName(`requests.${name}`).length === 0
}
