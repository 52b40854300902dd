/** What is wrong with a LabelSelector (apimachinery ValidateLabelSelector), and with a map of labels. */
import { type FieldError, forbiddenField, invalid, required } from '#api/field-error.ts'
import type { LabelSelector, LabelSelectorRequirement } from '#api/meta.ts'
import { isLabelValue, isQualifiedName } from '#api/names.ts'

export function validateLabels(labels: Record<string, string> | undefined, field: string): FieldError[] {
  const errors: FieldError[] = []
  for (const key in labels) {
    for (const problem of isQualifiedName(key)) errors.push(invalid(field, key, problem))
    const value = labels[key] as string
    for (const problem of isLabelValue(value)) errors.push(invalid(field, value, problem))
  }
  return errors
}

export interface LabelSelectorRules {
  /** Values that are no label values pass: for objects stored with such before. */
  anyValue?: boolean
}

export function validateLabelSelector(
  selector: LabelSelector | null | undefined,
  field: string,
  rules: LabelSelectorRules = {},
): FieldError[] {
  if (!selector) return []
  return [
    ...validateLabels(selector.matchLabels, `${field}.matchLabels`),
    ...(selector.matchExpressions ?? []).flatMap((e, i) => requirementErrors(e, `${field}.matchExpressions[${i}]`, rules)),
  ]
}

function requirementErrors(requirement: LabelSelectorRequirement, field: string, rules: LabelSelectorRules): FieldError[] {
  const { key = '', operator = '', values = [] } = requirement
  return [
    ...operatorErrors(operator, values, field),
    ...isQualifiedName(key).map((problem) => invalid(`${field}.key`, key, problem)),
    ...(rules.anyValue
      ? []
      : values.flatMap((value, i) => isLabelValue(value).map((problem) => invalid(`${field}.values[${i}]`, value, problem)))),
  ]
}

function operatorErrors(operator: string, values: string[], field: string): FieldError[] {
  switch (operator) {
    case 'In':
    case 'NotIn':
      return values.length ? [] : [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist':
      return values.length
        ? [forbiddenField(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
        : []
    default:
      return [invalid(`${field}.operator`, operator, 'not a valid selector operator')]
  }
}
