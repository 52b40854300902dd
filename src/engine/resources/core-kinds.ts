/** The kinds that are neither Pods nor above them: scopes, networks, configuration, identities, events, budgets, rights. */
import type { Resource } from '../apiserver/resource.ts'
import { leases } from './coordination/lease.ts'
import { configMaps } from './core/config-map.ts'
import { endpoints } from './core/endpoints.ts'
import { events } from './core/event.ts'
import { namespaces } from './core/namespace.ts'
import { secrets } from './core/secret.ts'
import { services } from './core/service.ts'
import { serviceAccounts } from './core/service-account.ts'
import { endpointSlices } from './discovery/endpoint-slice.ts'
import { newEvents } from './events/event.ts'
import { podDisruptionBudgets } from './policy/pod-disruption-budget.ts'
import { clusterRoleBindings, roleBindings } from './rbac/binding.ts'
import { clusterRoles, roles } from './rbac/role.ts'
import { priorityClasses } from './scheduling/priority-class.ts'

export const coreResources: readonly Resource[] = [
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
]
