/** Validation of ResourceSlices: the devices that a driver tells of. */

import { equal } from '#api/equal.ts'
import {
  duplicate,
  type FieldError,
  forbiddenField,
  invalid,
  notSupported,
  required,
  tooLong,
  tooMany,
} from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1123Subdomain, isLabelValue, isQualifiedName } from '#api/names.ts'
import { type Found, flag } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { immutable } from '../pod/validate-replicas.ts'
import { nodeSelector } from '../pod/validate-scheduling.ts'
import { requestPolicy } from './capacity-validation.ts'
import { TAINT_EFFECTS } from './claim-validation.ts'
import { driverName, type Fields, label, list, map, namedLabel, poolName, qualified, set } from './steps.ts'

const MOST_DEVICES = 128
const MOST_ADVANCED = 64
const MOST_COUNTER_SETS = 8
const MOST_COUNTERS = 32
const MOST_CONSUMED = 2
const MOST_PROPERTIES = 32
const MOST_CONDITIONS = 4
const MOST_TAINTS = 16
const LONGEST_VALUE = 64
const SEMVER =
  /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(-(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(\.(0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*))*)?(\+[0-9a-zA-Z-]+(\.[0-9a-zA-Z-]+)*)?$/
const ONE_VALUE = 'exactly one value must be specified'

function attribute(found: Found, path: string, given: Fields): void {
  const { string, version } = given
  if (string !== undefined && string.length > LONGEST_VALUE) found.push(tooLong(`${path}.string`, LONGEST_VALUE))
  if (version !== undefined) {
    const at = `${path}.version`
    if (!SEMVER.test(version)) found.push(invalid(at, version, 'must be a string compatible with semver.org spec 2.0.0'))
    if (version.length > LONGEST_VALUE) found.push(tooLong(at, LONGEST_VALUE))
  }
  const count = ['bool', 'int', 'string', 'version'].filter((key) => given[key] !== undefined).length
  if (count === 0) found.push(invalid(path, '', ONE_VALUE))
  else if (count > 1) found.push(invalid(path, internal('DeviceAttribute', given), ONE_VALUE))
}

function taint(found: Found, path: string, { key = '', value = '', effect = '' }: Fields): void {
  flag(found, `${path}.key`, key, isQualifiedName(key))
  if (value !== '') flag(found, `${path}.value`, value, isLabelValue(value))
  if (effect === '') found.push(required(`${path}.effect`))
  else if (!TAINT_EFFECTS.includes(effect)) found.push(notSupported(`${path}.effect`, effect, TAINT_EFFECTS))
}

/** The counters of a set, or those that a device takes from one. */
const counters =
  (name: string) =>
  (found: Found, path: string, one: Fields): void => {
    namedLabel(found, `${path}.${name}`, one[name])
    const at = `${path}.counters`
    const many = Object.keys(one['counters'] ?? {}).length
    if (many === 0) found.push(required(at))
    else if (many > MOST_COUNTERS) found.push(tooMany(at, many, MOST_COUNTERS))
    else map(found, at, one['counters'] as Fields, label, () => {})
  }

function conditions(found: Found, path: string, { bindingConditions = [], bindingFailureConditions = [] }: Fields): void {
  const [met, failed]: [string[], string[]] = [bindingConditions, bindingFailureConditions]
  const [at, failedAt] = [`${path}.bindingConditions`, `${path}.bindingFailureConditions`]
  const name = (_found: Found, where: string, key: string) => flag(found, where, key, isQualifiedName(key))
  list(found, at, met, MOST_CONDITIONS, name)
  list(found, failedAt, failed, MOST_CONDITIONS, name)
  for (const [i, one] of met.entries()) if (met.indexOf(one) < i) found.push(duplicate(`${at}[${i}]`, one))
  for (const [i, one] of failed.entries()) {
    if (failed.indexOf(one) < i) found.push(duplicate(`${failedAt}[${i}]`, one))
    if (met.includes(one)) {
      found.push(invalid(`${failedAt}[${i}]`, one, 'bindingFailureConditions must not overlap with bindingConditions'))
    }
  }
  const need = (one: string, other: string) => `${one} are required to use ${other}`
  if (met.length === 0 && failed.length > 0) {
    found.push(invalid(at, null, need('bindingConditions', 'bindingFailureConditions')))
  } else if (failed.length === 0 && met.length > 0) {
    found.push(invalid(failedAt, null, need('bindingFailureConditions', 'bindingConditions')))
  }
}

export { conditions as bindingConditions }

function ownNodes(found: Found, path: string, one: Fields, perDevice: boolean): void {
  const { nodeName, nodeSelector: selector, allNodes } = one
  const words =
    '`nodeName`, `nodeSelector` and `allNodes` can only be set if `perDeviceNodeSelection` is set to true in the ResourceSlice spec'
  if (!perDevice) {
    if ([nodeName, selector, allNodes].some((each) => each !== undefined)) found.push(invalid(path, null, words))
    return
  }
  const chosen: string[] = []
  if (nodeName === '') found.push(invalid(`${path}.nodeName`, '', 'must not be empty'))
  else if (nodeName !== undefined) {
    chosen.push('`nodeName`')
    flag(found, `${path}.nodeName`, nodeName, isDns1123Subdomain(nodeName))
  }
  if (selector) {
    chosen.push('`nodeSelector`')
    nodeSelector(found, `${path}.nodeSelector`, selector)
  }
  if (allNodes === true) chosen.push('`allNodes`')
  else if (allNodes === false) found.push(invalid(`${path}.allNodes`, false, 'must be either unset or set to true'))
  const oneOf =
    'exactly one of `nodeName`, `nodeSelector`, or `allNodes` is required when `perDeviceNodeSelection` is set to true in the ResourceSlice spec'
  if (chosen.length === 0) found.push(required(path, oneOf))
  else if (chosen.length > 1) found.push(invalid(path, `{${chosen.join(', ')}}`, oneOf))
}

const counterSetOf = ({ counterSet = '' }: Fields): string => counterSet
const nameOf = ({ name = '' }: Fields): string => name

function device(found: Found, path: string, one: Fields, old: Fields | undefined, perDevice: boolean): void {
  const { name, attributes = {}, capacity = {}, allowMultipleAllocations: shared } = one
  label(found, `${path}.name`, name)
  const properties = Object.keys(attributes).length + Object.keys(capacity).length
  if (properties > MOST_PROPERTIES) {
    const words = `the total number of attributes and capacities must not exceed ${MOST_PROPERTIES}`
    found.push(invalid(path, properties, words))
  }
  map(found, `${path}.attributes`, attributes as Record<string, Fields>, qualified, attribute)
  map(found, `${path}.capacity`, capacity as Record<string, Fields>, qualified, (_found, at, amount) => {
    const policy = amount['requestPolicy']
    if (!policy) return
    if (shared) requestPolicy(found, `${at}.requestPolicy`, amount['value'], policy)
    else found.push(forbiddenField(`${at}.requestPolicy`, 'allowMultipleAllocations must be true'))
  })
  if (!old || !equal(old['taints'], one['taints'])) list(found, `${path}.taints`, one['taints'] as Fields[], MOST_TAINTS, taint)
  const consumed = one['consumesCounters'] as Fields[] | undefined
  set(found, `${path}.consumesCounters`, consumed, MOST_CONSUMED, counters('counterSet'), counterSetOf)
  ownNodes(found, path, one, perDevice)
  conditions(found, path, one)
}

function pool(found: Found, path: string, { name, resourceSliceCount = 0, generation = 0 }: Fields): void {
  poolName(found, `${path}.name`, name)
  if (resourceSliceCount <= 0) {
    found.push(invalid(`${path}.resourceSliceCount`, resourceSliceCount, 'must be greater than zero'))
  }
  if (generation < 0) found.push(invalid(`${path}.generation`, generation, 'must be greater than or equal to zero'))
}

function nodes(found: Found, spec: Fields): void {
  const { nodeName, nodeSelector: selector } = spec
  const chosen: string[] = []
  if (nodeName === '') {
    found.push(invalid('spec.nodeName', '', 'must be either unset or set to a non-empty string'))
  } else if (nodeName !== undefined) {
    chosen.push('`nodeName`')
    flag(found, 'spec.nodeName', nodeName, isDns1123Subdomain(nodeName))
  }
  if (selector) {
    chosen.push('`nodeSelector`')
    nodeSelector(found, 'spec.nodeSelector', selector)
    const terms = selector.nodeSelectorTerms ?? []
    if (terms.length !== 1) {
      const shown = internal('NodeSelector', selector)['NodeSelectorTerms']
      found.push(invalid('spec.nodeSelector.nodeSelectorTerms', shown, 'must have exactly one node selector term'))
    }
  }
  for (const key of ['allNodes', 'perDeviceNodeSelection']) {
    if (spec[key] === true) chosen.push(`\`${key}\``)
    else if (spec[key] === false) found.push(invalid(`spec.${key}`, false, 'must be either unset or set to true'))
  }
  const words = 'exactly one of `nodeName`, `nodeSelector`, `allNodes`, `perDeviceNodeSelection` is required'
  if (chosen.length === 0) found.push(required('spec', words))
  else if (chosen.length > 1) {
    found.push(invalid('spec', `{${chosen.join(', ')}}`, `${words}, but multiple fields are set`))
  }
}

export function validateSlice(next: AnyObject, old: AnyObject | null): FieldError[] {
  const found: Found = []
  const spec: Fields = next['spec'] ?? {}
  const before: Fields | undefined = old?.['spec']
  driverName(found, 'spec.driver', spec['driver'])
  pool(found, 'spec.pool', spec['pool'] ?? {})
  if (before) {
    immutable(found, 'spec.pool.name', spec['pool']?.name, before['pool']?.name)
    immutable(found, 'spec.driver', spec['driver'], before['driver'])
    immutable(found, 'spec.nodeName', spec['nodeName'], before['nodeName'])
  }
  nodes(found, spec)
  const devices: Fields[] | undefined = spec['devices'] ?? undefined
  if (devices && spec['sharedCounters']) {
    found.push(invalid('spec', '', 'only one of `sharedCounters` or `devices` is allowed'))
  }
  const advanced = devices?.some(({ taints, consumesCounters }) => taints?.length > 0 || consumesCounters?.length > 0)
  const oldDevice = (name: string) => (before?.['devices'] as Fields[] | undefined)?.find((one) => one['name'] === name)
  const perDevice = spec['perDeviceNodeSelection'] === true
  const check = (_found: Found, path: string, one: Fields) => device(found, path, one, oldDevice(nameOf(one)), perDevice)
  set(found, 'spec.devices', devices, advanced ? MOST_ADVANCED : MOST_DEVICES, check, nameOf)
  const sets = spec['sharedCounters'] as Fields[] | undefined
  set(found, 'spec.sharedCounters', sets, MOST_COUNTER_SETS, counters('name'), nameOf)
  return found
}
