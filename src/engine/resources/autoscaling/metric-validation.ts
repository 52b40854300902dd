/** Validation of what a HorizontalPodAutoscaler measures (pkg/apis/autoscaling/validation). */
import { forbiddenField, invalid, notSupported, required } from '#api/field-error.ts'
import { isDns1123Label, isPathSegment } from '#api/names.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { containerResourceName } from '../core/quantity-checks.ts'
import { type Found, flag, nanoOf } from '../pod/checks.ts'

type Fields = Record<string, any>
type Check = (found: Found, path: string, source: Fields, rules: ReferenceRules) => void

const TYPES = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']
const TARGETS = ['Utilization', 'Value', 'AverageValue']
/** The field of each type, in the order in which Go looks at them. */
const FIELDS: Record<string, string> = {
  Object: 'object',
  External: 'external',
  Pods: 'pods',
  Resource: 'resource',
  ContainerResource: 'containerResource',
}

export interface ReferenceRules {
  emptyGroup?: boolean
  anyVersion?: boolean
}

/** What is wrong with `group/version`; null when nothing is. */
export function versionProblem(apiVersion: string, emptyGroup: boolean): string | null {
  const parts = apiVersion.split('/')
  if (apiVersion !== '' && apiVersion !== '/' && parts.length > 2) return `unexpected GroupVersion string: ${apiVersion}`
  const group = parts.length === 2 ? parts[0] : ''
  return group === '' && !emptyGroup ? 'apiVersion must specify API group' : null
}

export function reference(found: Found, path: string, one: Fields, rules: ReferenceRules): void {
  for (const key of ['kind', 'name']) {
    if (!one[key]) found.push(required(`${path}.${key}`))
    else flag(found, `${path}.${key}`, one[key], isPathSegment(one[key]))
  }
  const version: string = one['apiVersion'] ?? ''
  const wrong = rules.anyVersion ? null : versionProblem(version, rules.emptyGroup ?? false)
  if (wrong) found.push(invalid(`${path}.apiVersion`, version, wrong))
}

function identifier(found: Found, path: string, { name }: Fields): void {
  if (!name) found.push(required(`${path}.name`, 'must specify a metric name'))
  else flag(found, `${path}.name`, name, isPathSegment(name))
}

function target(found: Found, path: string, { type = '', value, averageValue, averageUtilization }: Fields): void {
  if (type === '') found.push(required(`${path}.type`, 'must specify a metric target type'))
  if (!TARGETS.includes(type)) found.push(invalid(`${path}.type`, type, 'must be either Utilization, Value, or AverageValue'))
  for (const [field, amount] of Object.entries({ value, averageValue })) {
    if (amount === undefined || nanoOf(amount) > 0n) continue
    found.push(invalid(`${path}.${field}`, canonicalQuantity(amount), 'must be positive'))
  }
  if (averageUtilization !== undefined && averageUtilization < 1) {
    found.push(invalid(`${path}.averageUtilization`, averageUtilization, 'must be greater than 0'))
  }
}

/** Of a target in total and one for each Pod, what must be there. */
function totals(found: Found, path: string, { value, averageValue }: Fields, why: string): void {
  if (value === undefined && averageValue === undefined) found.push(required(`${path}.averageValue`, why))
}

function utilization(found: Found, path: string, { averageUtilization, averageValue }: Fields): void {
  if (averageUtilization === undefined && averageValue === undefined) {
    found.push(required(`${path}.averageUtilization`, 'must set either a target raw value or a target utilization'))
  }
  if (averageUtilization !== undefined && averageValue !== undefined) {
    found.push(forbiddenField(`${path}.averageValue`, 'may not set both a target raw value and a target utilization'))
  }
}

const CHECKS: Record<string, Check> = {
  object(found, path, { describedObject = {}, metric = {}, target: aim = {} }, rules) {
    reference(found, `${path}.describedObject`, describedObject, rules)
    identifier(found, `${path}.metric`, metric)
    target(found, `${path}.target`, aim)
    totals(found, `${path}.target`, aim, 'must set either a target value or averageValue')
  },
  external(found, path, { metric = {}, target: aim = {} }) {
    identifier(found, `${path}.metric`, metric)
    target(found, `${path}.target`, aim)
    totals(found, `${path}.target`, aim, 'must set either a target value for metric or a per-pod target')
    if (aim.value !== undefined && aim.averageValue !== undefined) {
      const why = 'may not set both a target value for metric and a per-pod target'
      found.push(forbiddenField(`${path}.target.value`, why))
    }
  },
  pods(found, path, { metric = {}, target: aim = {} }) {
    identifier(found, `${path}.metric`, metric)
    target(found, `${path}.target`, aim)
    if (aim.averageValue === undefined) {
      found.push(required(`${path}.target.averageValue`, 'must specify a positive target averageValue'))
    }
  },
  resource(found, path, { name, target: aim = {} }) {
    if (!name) found.push(required(`${path}.name`, 'must specify a resource name'))
    target(found, `${path}.target`, aim)
    utilization(found, `${path}.target`, aim)
  },
  containerResource(found, path, { name, container, target: aim = {} }) {
    if (!name) found.push(required(`${path}.name`, 'must specify a resource name'))
    else containerResourceName(found, `${path}.name`, name)
    if (!container) found.push(required(`${path}.container`, 'must specify a container'))
    else flag(found, `${path}.container`, container, isDns1123Label(container))
    target(found, `${path}.target`, aim)
    utilization(found, `${path}.target`, aim)
  },
}

function metric(found: Found, path: string, spec: Fields, rules: ReferenceRules): void {
  const type: string = spec['type'] ?? ''
  const unknown = () => found.push(notSupported(`${path}.type`, type, TYPES))
  if (type === '') found.push(required(`${path}.type`, 'must specify a metric source type'))
  if (!TYPES.includes(type)) unknown()
  const present = Object.values(FIELDS).filter((field) => spec[field] !== undefined)
  const first = present[0]
  if (first) CHECKS[first]?.(found, `${path}.${first}`, spec[first], rules)
  const expected = FIELDS[type]
  if (!expected) unknown()
  else if (spec[expected] === undefined) {
    found.push(required(`${path}.${expected}`, 'must populate information for the given metric source'))
  }
  if (present.length === 1) return
  for (const field of present) {
    if (field !== expected) found.push(forbiddenField(`${path}.${field}`, 'must populate the given metric source only'))
  }
}

export function metrics(
  found: Found,
  path: string,
  list: Fields[],
  minReplicas: number | undefined,
  rules: ReferenceRules,
): void {
  for (const [i, one] of list.entries()) metric(found, `${path}[${i}]`, one, rules)
  if (minReplicas !== 0 || list.some(({ type }) => type === 'Object' || type === 'External')) return
  const why = 'must specify at least one Object or External metric to support scaling to zero replicas'
  found.push(forbiddenField(path, why))
}
