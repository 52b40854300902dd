/** ServiceCIDR and IPAddress: where Services' addresses come from, and who has which. */
import type { AnyObject } from '#api/meta.ts'
import { type Details, freshStatus } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { addressName, validateAddress, validateServiceCidr } from './address-validation.ts'

export const serviceCidrs: Details = {
  prepareCreate: freshStatus(),
  validate: validateServiceCidr,
  columns: [nameColumn, column('CIDRs', (object: AnyObject) => (object['spec']?.cidrs ?? []).join(',')), ageColumn],
}

function parent(object: AnyObject): string {
  const ref = object['spec']?.parentRef
  if (!ref) return '<none>'
  const resource = `${ref.resource ?? ''}${ref.group ? `.${ref.group}` : ''}`.toLowerCase()
  return [resource, ...(ref.namespace ? [ref.namespace] : []), ref.name].join('/')
}

export const ipAddresses: Details = {
  name: addressName,
  metaOnUpdate: 'both',
  validate: validateAddress,
  columns: [nameColumn, column('ParentRef', parent), { ...ageColumn, unnamed: true }],
}
