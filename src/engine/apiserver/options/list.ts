/** ListOptions: what of them can't be read or doesn't go together (apimachinery's ValidateListOptions). */
import { type FieldError, forbiddenField, invalidObject, notSupported } from '#api/field-error.ts'
import type { Query } from '#api/query.ts'
import { badRequest } from '#api/status.ts'
import type { Resource } from '../resource.ts'
import { readSelectors, transformed } from '../selection.ts'
import { checkIntegers } from './numbers.ts'

export function checkList(query: Query, resource: Resource, verb: 'list' | 'watch', name: string): void {
  checkIntegers(query, ['timeoutSeconds', 'limit'])
  const { fields } = readSelectors(query)
  const version = query.get('resourceVersion') ?? ''
  const match = query.get('resourceVersionMatch') ?? ''
  const errors = verb === 'watch' ? watchErrors(version, match, query) : match ? matchErrors(version, match, query) : []
  if (verb === 'list' && query.has('sendInitialEvents')) {
    errors.push(forbiddenField('sendInitialEvents', 'sendInitialEvents is forbidden for list'))
  }
  if (errors.length) throw invalidObject('meta.k8s.io', 'ListOptions', '', errors)
  transformed(fields, resource)
  const named = fields.find(({ field, equal }) => field === 'metadata.name' && equal)
  if (name && fields.length > 0 && named?.value !== name) {
    throw badRequest("fieldSelector metadata.name doesn't match requested name")
  }
}

const NOT_OLDER = 'NotOlderThan'

function watchErrors(version: string, given: string, query: Query): FieldError[] {
  const at = 'resourceVersionMatch'
  const errors: FieldError[] = []
  const asked = query.has('sendInitialEvents')
  const match = given || (!asked && (version === '' || version === '0') ? NOT_OLDER : '')
  const initial = asked || (given === '' && match !== '')
  if (initial && match !== NOT_OLDER) {
    errors.push(forbiddenField(at, `sendInitialEvents requires setting resourceVersionMatch to ${NOT_OLDER}`))
  }
  if (match === '') return errors
  if (!initial) errors.push(forbiddenField(at, `${at} is forbidden for watch unless sendInitialEvents is provided`))
  if (match !== NOT_OLDER) errors.push(notSupported(at, match, [NOT_OLDER]))
  if (query.get('continue')) errors.push(forbiddenField(at, `${at} is forbidden when continue is provided`))
  return errors
}

function matchErrors(version: string, match: string, query: Query): FieldError[] {
  const errors: FieldError[] = []
  if (!version)
    errors.push(forbiddenField('resourceVersionMatch', 'resourceVersionMatch is forbidden unless resourceVersion is provided'))
  if (query.get('continue'))
    errors.push(forbiddenField('resourceVersionMatch', 'resourceVersionMatch is forbidden when continue is provided'))
  if (match !== 'Exact' && match !== 'NotOlderThan') {
    errors.push({
      ...notSupported('resourceVersionMatch', match, []),
      message: `Unsupported value: ${JSON.stringify(match)}: supported values: "Exact", "NotOlderThan", ""`,
    })
  }
  if (match === 'Exact' && version === '0') {
    errors.push(forbiddenField('resourceVersionMatch', 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'))
  }
  return errors
}
