/** What is wrong with a review of rights (pkg/apis/authorization/validation). */
import { type FieldError, forbiddenField, invalid, invalidObject, required } from '#api/field-error.ts'
import { isLabelValue, isQualifiedName } from '#api/names.ts'
import { parseFieldSelector, parseLabelSelector } from '#api/selector-parse.ts'
import { ApiError } from '#api/status.ts'

export interface SelectorAttributes {
  rawSelector?: string
  requirements?: { key?: string; operator?: string; values?: string[] }[]
}

export interface ReviewSpec {
  resourceAttributes?: {
    namespace?: string
    verb?: string
    group?: string
    version?: string
    resource?: string
    subresource?: string
    name?: string
    fieldSelector?: SelectorAttributes
    labelSelector?: SelectorAttributes
  }
  nonResourceAttributes?: { path?: string; verb?: string }
  user?: string
  groups?: string[]
  extra?: Record<string, string[]>
  uid?: string
}

export const EMPTY = 'must be empty'

/** The kind is missing from these refusals, for Kubernetes has lost it by then. */
export function refusal(errors: FieldError[]): ApiError {
  const { status } = invalidObject('authorization.k8s.io', '', '', errors)
  const { kind: _lost, ...details } = status.details ?? {}
  return new ApiError({ ...status, details })
}

const goPath = (attributes: ReviewSpec['nonResourceAttributes']): unknown =>
  attributes ? { Path: attributes.path ?? '', Verb: attributes.verb ?? '' } : null

export function specErrors(spec: ReviewSpec, aboutOthers: boolean): FieldError[] {
  const { resourceAttributes, nonResourceAttributes, user = '', groups = [] } = spec
  const both = resourceAttributes && nonResourceAttributes
  const none = !resourceAttributes && !nonResourceAttributes
  return [
    ...(both
      ? [
          invalid(
            'spec.nonResourceAttributes',
            goPath(nonResourceAttributes),
            'cannot be specified in combination with resourceAttributes',
          ),
        ]
      : []),
    ...(none
      ? [invalid('spec.resourceAttributes', null, 'exactly one of nonResourceAttributes or resourceAttributes must be specified')]
      : []),
    ...(aboutOthers && user === '' && groups.length === 0
      ? [invalid('spec.user', '', 'at least one of user or group must be specified')]
      : []),
    ...selectorErrors(resourceAttributes?.fieldSelector, 'spec.resourceAttributes.fieldSelector', () => []),
    ...selectorErrors(resourceAttributes?.labelSelector, 'spec.resourceAttributes.labelSelector', labelErrors),
  ]
}

type Requirement = NonNullable<SelectorAttributes['requirements']>[number]

const labelErrors = ({ key = '', values = [] }: Requirement, field: string): FieldError[] => [
  ...isQualifiedName(key).map((problem) => invalid(`${field}.key`, key, problem)),
  ...values.flatMap((value, i) => isLabelValue(value).map((problem) => invalid(`${field}.values[${i}]`, value, problem))),
]

/** What of the selectors no authorizer gets to see, for it can't be read (BuildEvaluationError). */
export function unreadSelectors({ resourceAttributes: asked }: ReviewSpec): string {
  const words = (
    name: string,
    selector: SelectorAttributes | undefined,
    reads: (raw: string) => boolean,
    knows: (r: Requirement) => boolean,
  ) => {
    if (!selector) return []
    const { rawSelector = '', requirements = [] } = selector
    const known = requirements.filter(knows)
    const fine = requirements.length > 0 ? known.length === requirements.length : !rawSelector || reads(rawSelector)
    const how = known.length > 0 ? 'partially ignored' : 'ignored'
    return fine ? [] : [`spec.resourceAttributes.${name} ${how} due to parse error`]
  }
  const parses = (raw: string) => typeof parseFieldSelector(raw) !== 'string'
  const one = ({ operator = '', values = [] }: Requirement) => ['In', 'NotIn'].includes(operator) && values.length === 1
  const operators = ['In', 'NotIn', 'Exists', 'DoesNotExist']
  return [
    ...words('fieldSelector', asked?.fieldSelector, parses, one),
    ...words(
      'labelSelector',
      asked?.labelSelector,
      (raw) => typeof parseLabelSelector(raw) !== 'string',
      ({ operator = '' }) => operators.includes(operator),
    ),
  ].join('; ')
}

/** Operators that nobody knows pass: they may come from a newer client. */
function selectorErrors(
  selector: SelectorAttributes | undefined,
  field: string,
  more: (requirement: Requirement, field: string) => FieldError[],
): FieldError[] {
  if (!selector) return []
  const { rawSelector = '', requirements = [] } = selector
  const needed = `when ${field} is specified, requirements or rawSelector is required`
  return [
    ...(rawSelector && requirements.length > 0
      ? [invalid(`${field}.rawSelector`, rawSelector, 'may not specified at the same time as requirements')]
      : []),
    ...(!rawSelector && requirements.length === 0 ? [required(`${field}.requirements`, needed)] : []),
    ...requirements.flatMap((r, i) => {
      const place = `${field}.requirements[${i}]`
      const labels = more(r, place)
      return [
        ...(r.key || labels.length > 0 ? [] : [required(`${place}.key`, 'must be specified')]),
        ...operatorErrors(r, place),
        ...labels,
      ]
    }),
  ]
}

function operatorErrors({ operator, values = [] }: Requirement, field: string): FieldError[] {
  const list = operator === 'In' || operator === 'NotIn'
  const bare = operator === 'Exists' || operator === 'DoesNotExist'
  if (list && values.length === 0) return [required(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
  if (bare && values.length > 0) {
    return [forbiddenField(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")]
  }
  return []
}
