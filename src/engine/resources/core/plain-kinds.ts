/** Kinds with little of their own: API services, runtime classes, component statuses. */
import type { AnyObject } from '#api/meta.ts'
import { put } from '../../apiserver/resource.ts'
import type { World } from '../../sim/world.ts'
import { apiServiceName, validateApiService, validateApiServiceStatus } from '../apiregistration/api-service-validation.ts'
import type { Details } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'
import { shape } from '../pod/shape.ts'
import { labelWarnings } from '../pod/warnings.ts'
import { validateRuntimeClass } from './runtime-class-validation.ts'

function available(service: AnyObject): string {
  const condition = service['status']?.conditions?.find((c: { type: string }) => c.type === 'Available')
  if (!condition) return 'Unknown'
  return condition.status === 'True' ? 'True' : `${condition.status} (${condition.reason})`
}

const apiServiceSpec = shape({ parts: { service: shape({ defaults: { port: 443 } }) } })

/** What is served by the API server itself is always available. */
const localCondition = (world: World) => ({
  type: 'Available',
  status: 'True',
  lastTransitionTime: world.timestamp(),
  reason: 'Local',
  message: 'Local APIServices are always available',
})

export const apiServices: Details = {
  name: apiServiceName,
  prefix: 'apiregistration.k8s.io/apiservices',
  metaOnUpdate: 'both',
  validate: validateApiService,
  validateStatus: validateApiServiceStatus,
  defaults: (service: AnyObject) => put(service, 'spec', apiServiceSpec(service['spec'] ?? {})),
  prepareCreate: (service: AnyObject, { world }) =>
    put(service, 'status', service['spec'].service ? {} : { conditions: [localCondition(world)] }),
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

export const runtimeClasses: Details = {
  createOnUpdate: true,
  unconditionalUpdate: false,
  validate: validateRuntimeClass,
  warnings: ({ scheduling }: AnyObject) =>
    labelWarnings(Object.keys(scheduling?.nodeSelector ?? {}).map((key) => ['scheduling.nodeSelector', key])),
  columns: [nameColumn, column('Handler', (object: AnyObject) => object['handler'] ?? ''), ageColumn],
}

const healthy = (object: AnyObject) => object['conditions']?.find((c: { type: string }) => c.type === 'Healthy')

/** They are not stored: each is asked how it does when somebody wants to know; where it answers that. */
const COMPONENTS = [
  { name: 'controller-manager', part: 'kube-controller-manager', port: 10_257 },
  { name: 'etcd-0', part: 'etcd', port: 2379 },
  { name: 'scheduler', part: 'kube-scheduler', port: 10_259 },
]

function component({ name, part, port }: (typeof COMPONENTS)[number], stopped: readonly string[]): AnyObject {
  const address = `127.0.0.1:${port}`
  const condition = stopped.includes(part)
    ? { status: 'False', message: `Get "https://${address}/healthz": dial tcp ${address}: connect: connection refused` }
    : { status: 'True', message: 'ok' }
  const conditions = [{ type: 'Healthy', ...condition }]
  return { apiVersion: 'v1', kind: 'ComponentStatus', metadata: { name }, conditions } as unknown as AnyObject
}

export const componentStatuses: Details = {
  live: (server) => COMPONENTS.map((each) => component(each, server.stopped?.() ?? [])),
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
