/** ResourceQuota: how much a namespace may have. */
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import { type Details, freshStatus } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { resourceList, shape } from '../pod/shape.ts'
import { validateQuota, validateQuotaStatus } from './resource-quota-validation.ts'

const spec = shape({ parts: { hard: resourceList } })
const status = shape({ parts: { hard: resourceList, used: resourceList } })

function used(limits: boolean) {
  return ({ status: now }: AnyObject): string =>
    Object.keys(now?.hard ?? {})
      .filter((name) => name.startsWith('limits.') === limits)
      .sort()
      .map((name) => `${name}: ${now.used?.[name] ?? '0'}/${now.hard[name]}`)
      .join(', ')
}

export const resourceQuotas: Details = {
  deleteReturnsObject: true,
  validate: validateQuota,
  validateStatus: validateQuotaStatus,
  defaults: (quota: AnyObject) => put(put(quota, 'spec', spec(quota['spec'] ?? {})), 'status', status(quota['status'] ?? {})),
  prepareCreate: freshStatus(),
  columns: [
    nameColumn,
    column('Request', used(false), 'Request represents a minimum amount of cpu/memory that a container may consume.'),
    column(
      'Limit',
      used(true),
      'Limits control the maximum amount of cpu/memory that a container may use independent of contention on the node.',
    ),
    ageColumn,
  ],
}
