/** LimitRange: bounds and defaults for what is made in a namespace. */
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import type { Details } from '../details.ts'
import { resourceList, shape } from '../pod/shape.ts'
import { validateLimitRange } from './limit-range-validation.ts'

type Amounts = Record<string, string>

/** Containers' defaults follow from the bounds: limits from `max`, requests from limits, then from `min` (SetDefaults_LimitRangeItem). */
function containerDefaults(item: Record<string, any>): Record<string, any> {
  if (item['type'] !== 'Container') return item
  const limits: Amounts = { ...item['max'], ...item['default'] }
  const requests: Amounts = { ...item['min'], ...limits, ...item['defaultRequest'] }
  const some = (amounts: Amounts) => Object.keys(amounts).length > 0
  return {
    ...item,
    ...(some(limits) ? { default: limits } : {}),
    ...(some(requests) ? { defaultRequest: requests } : {}),
  }
}

const amounts = { max: resourceList, min: resourceList, default: resourceList, defaultRequest: resourceList }
const normalSpec = shape({
  lists: 'limits',
  parts: { limits: shape({ parts: { ...amounts, maxLimitRequestRatio: resourceList }, finish: containerDefaults }) },
})

export const limitRanges: Details = {
  createOnUpdate: true,
  metaOnUpdate: 'full',
  // One without a name gets one that nobody else can have.
  prepareCreate: (range: AnyObject, { world }) =>
    range.metadata.name ? range : put(range, 'metadata', { ...range.metadata, name: world.random('uid').uuid() }),
  validate: validateLimitRange,
  defaults: (range: AnyObject) => put(range, 'spec', normalSpec(range['spec'] ?? {})),
}
