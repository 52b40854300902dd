/** Dynamic resource allocation: device classes, claims, their templates, and slices of devices. */
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import { type Details, freshStatus } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'

function state({ metadata, status }: AnyObject): string {
  const deleted = metadata?.deletionTimestamp !== undefined
  const words = deleted ? ['deleted'] : []
  if (status?.allocation) words.push('allocated', ...(status.reservedFor?.length ? ['reserved'] : []))
  else if (!deleted) words.push('pending')
  return words.join(',')
}

const request = shape({ omit: 'allocationMode count', finish: counted })

/** A request that names no mode wants exactly one device, or as many as it says. */
function counted(asked: Record<string, any>): Record<string, any> {
  const mode = asked['allocationMode'] ?? 'ExactCount'
  return { ...asked, allocationMode: mode, ...(mode === 'ExactCount' ? { count: asked['count'] ?? 1 } : {}) }
}

const claimSpec = shape({
  parts: { devices: shape({ parts: { requests: shape({ parts: { exactly: request, firstAvailable: request } }) } }) },
  always: ['devices'],
})

const templateSpec = shape({ parts: { spec: claimSpec }, always: ['spec'] })

const GROUP = 'resource.k8s.io/v1'

export const deviceDetails: Record<string, Details> = {
  [`${GROUP}/deviceclasses`]: { generation: true, deleteReturnsObject: true, columns: [nameColumn, ageColumn] },
  [`${GROUP}/resourceclaims`]: {
    deleteReturnsObject: true,
    defaults: (claim: AnyObject) => put(claim, 'spec', claimSpec(claim['spec'] ?? {})),
    prepareCreate: freshStatus(),
    columns: [
      nameColumn,
      column('State', state, 'A summary of the current state (allocated, pending, reserved, etc.).'),
      ageColumn,
    ],
  },
  [`${GROUP}/resourceclaimtemplates`]: {
    deleteReturnsObject: true,
    defaults: (template: AnyObject) => put(template, 'spec', templateSpec(template['spec'] ?? {})),
    columns: [nameColumn, ageColumn],
  },
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
