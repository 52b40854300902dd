/** Dynamic resource allocation: device classes, claims, their templates, and slices of devices. */
import type { AnyObject } from '#api/meta.ts'
import { type Details, freshStatus } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'

function state({ metadata, status }: AnyObject): string {
  const deleted = metadata?.deletionTimestamp !== undefined
  const words = deleted ? ['deleted'] : []
  if (status?.allocation) words.push('allocated', ...(status.reservedFor?.length ? ['reserved'] : []))
  else if (!deleted) words.push('pending')
  return words.join(',')
}

const GROUP = 'resource.k8s.io/v1'

export const deviceDetails: Record<string, Details> = {
  [`${GROUP}/deviceclasses`]: { generation: true, deleteReturnsObject: true, columns: [nameColumn, ageColumn] },
  [`${GROUP}/resourceclaims`]: {
    deleteReturnsObject: true,
    prepareCreate: freshStatus(),
    columns: [
      nameColumn,
      column('State', state, 'A summary of the current state (allocated, pending, reserved, etc.).'),
      ageColumn,
    ],
  },
  [`${GROUP}/resourceclaimtemplates`]: { deleteReturnsObject: true, columns: [nameColumn, ageColumn] },
  [`${GROUP}/resourceslices`]: {
    generation: true,
    deleteReturnsObject: true,
    fields: {
      'spec.nodeName': (slice) => slice['spec']?.nodeName ?? '',
      'spec.driver': (slice) => slice['spec']?.driver ?? '',
    },
    columns: [
      nameColumn,
      column('Node', ({ spec }: AnyObject) => spec?.nodeName ?? ''),
      column('Driver', ({ spec }: AnyObject) => spec?.driver ?? ''),
      column('Pool', ({ spec }: AnyObject) => spec?.pool?.name ?? ''),
      ageColumn,
    ],
  },
}
