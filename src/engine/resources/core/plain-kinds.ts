/** Kinds with little of their own: API services, custom resource definitions, runtime classes, component statuses. */
import type { AnyObject } from '#api/meta.ts'
import { type Details, freshStatus } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'

function available(service: AnyObject): string {
  const condition = service['status']?.conditions?.find((c: { type: string }) => c.type === 'Available')
  if (!condition) return 'Unknown'
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason})`
}

export const apiServices: Details = {
  prefix: 'apiregistration.k8s.io/apiservices',
  prepareCreate: freshStatus(),
  columns: [
    nameColumn,
    column(
      'Service',
      ({ spec }: AnyObject) => (spec?.service ? `${spec.service.namespace}/${spec.service.name}` : 'Local'),
      'The reference to the service that hosts this API endpoint.',
    ),
    column('Available', available, 'Whether this service is available.'),
    ageColumn,
  ],
}

export const customResourceDefinitions: Details = {
  generation: true,
  prefix: 'apiextensions.k8s.io/customresourcedefinitions',
}

export const runtimeClasses: Details = {
  createOnUpdate: true,
  unconditionalUpdate: false,
  columns: [nameColumn, column('Handler', (object: AnyObject) => object['handler'] ?? ''), ageColumn],
}

const healthy = (object: AnyObject) => object['conditions']?.find((c: { type: string }) => c.type === 'Healthy')

export const componentStatuses: Details = {
  deprecated: 'v1 ComponentStatus is deprecated in v1.19+',
  columns: [
    nameColumn,
    column(
      'Status',
      (object: AnyObject) => {
        const found = healthy(object)
        return found ? (found.status === 'True' ? 'Healthy' : 'Unhealthy') : 'Unknown'
      },
      'Status of the component conditions',
    ),
    column('Message', (object: AnyObject) => healthy(object)?.message ?? '', 'Message of the component conditions'),
    column('Error', (object: AnyObject) => healthy(object)?.error ?? '', 'Error of the component conditions'),
  ],
}
