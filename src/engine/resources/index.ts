/** Every kind the API server serves: those declared by hand, and the rest from the catalogue, in discovery's order. */
import type { Resource } from '../apiserver/resource.ts'
import type { Schemas } from '../apiserver/schema/schema.ts'
import { controllerRevisions } from './apps/controller-revision.ts'
import { deployments } from './apps/deployment.ts'
import { replicaSets } from './apps/replica-set.ts'
import { identityReviews } from './authentication/reviews.ts'
import { accessReviews } from './authorization/reviews.ts'
import { catalogueKinds, catalogueSchemas } from './catalogue/index.ts'
import { leases } from './coordination/lease.ts'
import { bindings } from './core/binding.ts'
import { configMaps } from './core/config-map.ts'
import { endpoints } from './core/endpoints.ts'
import { events } from './core/event.ts'
import { namespaces } from './core/namespace.ts'
import { nodes } from './core/node.ts'
import { pods } from './core/pod.ts'
import { podTemplates } from './core/pod-template.ts'
import { replicationControllers } from './core/replication-controller.ts'
import { secrets } from './core/secret.ts'
import { services } from './core/service.ts'
import { serviceAccounts } from './core/service-account.ts'
import { endpointSlices } from './discovery/endpoint-slice.ts'
import { newEvents } from './events/event.ts'
import { genericResources } from './generic.ts'
import { podDisruptionBudgets } from './policy/pod-disruption-budget.ts'
import { clusterRoleBindings, roleBindings } from './rbac/binding.ts'
import { clusterRoles, roles } from './rbac/role.ts'
import { priorityClasses } from './scheduling/priority-class.ts'

/** By hand, whole. A kind whose schema in the catalogue says nearly all adds its details in generic-details.ts or more-details.ts. */
const declared: readonly Resource[] = [
  configMaps,
  endpoints,
  events,
  namespaces,
  secrets,
  serviceAccounts,
  services,
  newEvents,
  podDisruptionBudgets,
  clusterRoleBindings,
  clusterRoles,
  roleBindings,
  roles,
  priorityClasses,
  leases,
  endpointSlices,
  bindings,
  nodes,
  pods,
  podTemplates,
  replicationControllers,
  controllerRevisions,
  deployments,
  replicaSets,
  ...identityReviews,
  ...accessReviews,
]

let all: readonly Resource[] | undefined

/** Every kind there is, made once for all clusters. Declared resources replace what the catalogue alone would give. */
export function allResources(): Resource[] {
  all ??= inDiscoveryOrder([...declared, ...genericResources(new Set(declared.map(idOf)))])
  return [...all]
}

const idOf = ({ groupVersion, plural }: { groupVersion: string; plural: string }): string => `${groupVersion}/${plural}`

function inDiscoveryOrder(resources: Resource[]): Resource[] {
  const place = new Map(catalogueKinds().map((kind, i) => [idOf(kind), i]))
  const order = (resource: Resource): number => place.get(idOf(resource)) ?? Number.MAX_SAFE_INTEGER
  return resources.sort((a, b) => order(a) - order(b))
}

export const schemas = (): Schemas => catalogueSchemas()
