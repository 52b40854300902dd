/** Validation of what a Job says about failures and success (pkg/apis/batch/validation). */
import {
  duplicate,
  goQuote,
  invalid,
  invalidHere,
  notSupported,
  required,
  tooLong,
  tooMany,
  unsupported,
} from '#api/field-error.ts'
import type { JobSpec, PodFailurePolicyRule } from '#api/kinds.ts'
import { isQualifiedName } from '#api/names.ts'
import { type Found, flag, nonNegative } from '../pod/checks.ts'
import { countIndexes } from './indexes.ts'

const ACTIONS = ['Count', 'FailIndex', 'FailJob', 'Ignore']
const OPERATORS = ['In', 'NotIn']
const STATUSES = ['False', 'True', 'Unknown']
const REPLACEMENT = ['Failed', 'TerminatingOrFailed']
const MOST_RULES = 20
const MOST_CODES = 255
const MOST_PATTERNS = 20
const MOST_INDEX_TEXT = 64 * 1024

const choices = (list: readonly string[]): string => `valid values: [${list.map(goQuote).join(' ')}]`

function choice(found: Found, path: string, value: string | undefined, list: readonly string[]): void {
  if (!value) found.push(required(path, choices(list)))
  else if (!list.includes(value)) found.push(notSupported(path, value, list))
}

type ExitCodes = NonNullable<PodFailurePolicyRule['onExitCodes']>

function exitCodes(found: Found, path: string, codes: ExitCodes, names: ReadonlySet<string>): void {
  const { operator, containerName } = codes
  // Go writes a list that must be there, but isn't, as null.
  const values = codes.values ?? []
  choice(found, `${path}.operator`, operator, OPERATORS)
  if (containerName !== undefined && !names.has(containerName)) {
    const why = 'must be one of the container or initContainer names in the pod template'
    found.push(invalid(`${path}.containerName`, containerName, why))
  }
  const at = `${path}.values`
  if (values.length === 0) found.push(invalid(at, codes.values, 'at least one value is required'))
  else if (values.length > MOST_CODES) found.push(tooMany(at, values.length, MOST_CODES))
  const seen = new Set<number>()
  for (const [i, value] of values.entries()) {
    if (operator === 'In' && value === 0) found.push(invalid(`${at}[${i}]`, value, 'must not be 0 for the In operator'))
    if (seen.has(value)) found.push(duplicate(`${at}[${i}]`, value))
    seen.add(value)
  }
  if (values.some((value, i) => i > 0 && (values[i - 1] as number) > value)) found.push(invalid(at, values, 'must be ordered'))
}

function failureRule(found: Found, path: string, rule: PodFailurePolicyRule, spec: JobSpec, names: ReadonlySet<string>): void {
  const { action, onExitCodes } = rule
  const onPodConditions = rule.onPodConditions ?? []
  if (action === 'FailIndex') {
    if (spec.backoffLimitPerIndex === undefined) {
      found.push(invalid(`${path}.action`, action, 'requires the backoffLimitPerIndex to be set'))
    }
  } else choice(found, `${path}.action`, action, ACTIONS)
  if (onExitCodes) exitCodes(found, `${path}.onExitCodes`, onExitCodes, names)
  const at = `${path}.onPodConditions`
  if (onPodConditions.length > MOST_PATTERNS) found.push(tooMany(at, onPodConditions.length, MOST_PATTERNS))
  for (const [i, { type = '', status }] of onPodConditions.entries()) {
    flag(found, `${at}[${i}].type`, type, isQualifiedName(type))
    choice(found, `${at}[${i}].status`, status, STATUSES)
  }
  const both = 'specifying both OnExitCodes and OnPodConditions is not supported'
  const none = 'specifying one of OnExitCodes and OnPodConditions is required'
  if (onExitCodes && onPodConditions.length > 0) found.push(invalidHere(path, both))
  if (!onExitCodes && onPodConditions.length === 0) found.push(invalidHere(path, none))
}

export function failurePolicy(found: Found, path: string, spec: JobSpec): void {
  if (!spec.podFailurePolicy) return
  const rules = spec.podFailurePolicy.rules ?? []
  if (rules.length > MOST_RULES) found.push(tooMany(`${path}.rules`, rules.length, MOST_RULES))
  const { containers = [], initContainers = [] } = spec.template.spec ?? {}
  const names = new Set([...containers, ...initContainers].map((container) => container.name))
  for (const [i, rule] of rules.entries()) failureRule(found, `${path}.rules[${i}]`, rule, spec, names)
}

export function replacementPolicy(found: Found, path: string, { podReplacementPolicy, podFailurePolicy }: JobSpec): void {
  if (podReplacementPolicy === undefined) return
  const list = podFailurePolicy ? ['Failed'] : REPLACEMENT
  if (!list.includes(podReplacementPolicy)) found.push(unsupported(path, podReplacementPolicy, list))
}

/** For Jobs with indexes alone. */
export function successPolicy(found: Found, path: string, { successPolicy: policy, completions = 0 }: JobSpec): void {
  const rules = policy?.rules ?? []
  const none = 'at least one rules must be specified when the successPolicy is specified'
  if (rules.length === 0) found.push(required(`${path}.rules`, none))
  if (rules.length > MOST_RULES) found.push(tooMany(`${path}.rules`, rules.length, MOST_RULES))
  for (const [i, { succeededCount, succeededIndexes }] of rules.entries()) {
    const at = `${path}.rules[${i}]`
    if (succeededCount === undefined && succeededIndexes === undefined) {
      found.push(required(at, 'at least one of succeededCount or succeededIndexes must be specified'))
    }
    const { total, wrong } = countIndexes(succeededIndexes ?? '', completions)
    if ((succeededIndexes?.length ?? 0) > MOST_INDEX_TEXT) found.push(tooLong(`${at}.succeededIndexes`, MOST_INDEX_TEXT))
    if (wrong) found.push(invalid(`${at}.succeededIndexes`, succeededIndexes, `error parsing succeededIndexes: ${wrong}`))
    if (succeededCount === undefined) continue
    const most = (limit: number, of: string) => `must be less than or equal to ${limit} (the number of ${of})`
    const refuse = (why: string) => found.push(invalid(`${at}.succeededCount`, succeededCount, why))
    nonNegative(found, `${at}.succeededCount`, succeededCount)
    if (succeededCount > completions) refuse(most(completions, 'specified completions'))
    if (succeededIndexes !== undefined && succeededCount > total) {
      refuse(most(total, 'indexes in the specified succeededIndexes field'))
    }
  }
}
