/** What is wrong with a list of `metav1.Condition` (apimachinery ValidateConditions). */

import { utf8Length } from '#api/base64.ts'
import { duplicate, type FieldError, invalid, notSupported, required, tooLong } from '#api/field-error.ts'
import type { Condition } from '#api/meta.ts'
import { isQualifiedName, regexProblem } from '#api/names.ts'

const STATUSES = ['False', 'True', 'Unknown']
const MAX_REASON = 1024
const MAX_MESSAGE = 32 * 1024
const REASON = '[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?'
const REASON_SHAPE = new RegExp(`^${REASON}$`)
const REASON_WORDS =
  "a condition reason must start with alphabetic character, optionally followed by a string of alphanumeric characters or '_,:', and must end with an alphanumeric character or '_'"

export function validateConditions(conditions: Condition[], field: string): FieldError[] {
  const seen = new Set<string>()
  return conditions.flatMap((condition, i) => {
    const repeated = seen.has(condition.type)
    seen.add(condition.type)
    const place = `${field}[${i}]`
    return [...(repeated ? [duplicate(`${place}.type`, condition.type)] : []), ...conditionErrors(condition, place)]
  })
}

function conditionErrors(condition: Condition, field: string): FieldError[] {
  const { type = '', status = '', observedGeneration = 0, lastTransitionTime, reason = '', message = '' } = condition
  return [
    ...isQualifiedName(type).map((problem) => invalid(`${field}.type`, type, problem)),
    ...(STATUSES.includes(status) ? [] : [notSupported(`${field}.status`, status, STATUSES)]),
    ...(observedGeneration < 0
      ? [invalid(`${field}.observedGeneration`, observedGeneration, 'must be greater than or equal to zero')]
      : []),
    ...(lastTransitionTime ? [] : [required(`${field}.lastTransitionTime`)]),
    ...reasonErrors(reason, `${field}.reason`),
    ...(utf8Length(message) > MAX_MESSAGE ? [tooLong(`${field}.message`, MAX_MESSAGE)] : []),
  ]
}

function reasonErrors(reason: string, field: string): FieldError[] {
  if (reason === '') return [required(field)]
  const examples = ['my_name', 'MY_NAME', 'MyName', 'ReasonA,ReasonB', 'ReasonA:ReasonB']
  return [
    ...(REASON_SHAPE.test(reason) ? [] : [invalid(field, reason, regexProblem(REASON_WORDS, REASON, ...examples))]),
    ...(utf8Length(reason) > MAX_REASON ? [tooLong(field, MAX_REASON)] : []),
  ]
}
