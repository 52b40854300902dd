/** All controllers of the controller manager. Adding one: its file, and a line here. */
import type { ControllerDeclaration } from '../machinery/controller.ts'
import { apiServices } from './api-service.ts'
import { autoscaler } from './autoscaler/index.ts'
import { clusterRoleAggregation } from './cluster-role-aggregation.ts'
import { cronJob } from './cronjob/index.ts'
import { daemonSet } from './daemonset/index.ts'
import { deferredOnes } from './deferred.ts'
import { definitionControllers } from './definitions/index.ts'
import { deployment } from './deployment/index.ts'
import { disruption } from './disruption/index.ts'
import { endpointSlices } from './endpoints/endpoint-slices.ts'
import { endpoints } from './endpoints/endpoints.ts'
import { mirroring } from './endpoints/mirroring.ts'
import { flowSchemas } from './flow-schemas.ts'
import { garbageCollector } from './garbage/index.ts'
import { identityLeases } from './identity-lease.ts'
import { job } from './job/index.ts'
import { ttlAfterFinished } from './job/ttl.ts'
import { namespace } from './namespace/index.ts'
import { nodeIpam } from './nodes/ipam.ts'
import { nodeLifecycle } from './nodes/lifecycle.ts'
import { podGc } from './nodes/pod-gc.ts'
import { taintEviction } from './nodes/taint-eviction.ts'
import { ttl } from './nodes/ttl.ts'
import { policyStatus } from './policy-status.ts'
import type { Ports } from './ports.ts'
import { quota } from './quota.ts'
import { replicaSet } from './replicaset.ts'
import { replication } from './replication.ts'
import { resourceClaims } from './resource-claims/index.ts'
import { rootCa } from './root-ca.ts'
import { serviceAccount } from './service-account.ts'
import { serviceAccountTokens, tokenCleaner } from './service-account-tokens/index.ts'
import { serviceAddresses } from './service-addresses.ts'
import { serviceCidrs } from './service-cidrs.ts'
import { statefulSet } from './statefulset/index.ts'
import { claimProtection, volumeProtection } from './storage-protection.ts'

export type { Ports, ServedResource } from './ports.ts'

export const controllers = (ports: Ports): ControllerDeclaration[] => [
  namespace(ports),
  serviceAccount,
  serviceAccountTokens(ports),
  tokenCleaner,
  rootCa(ports.authority.certificate),
  clusterRoleAggregation,
  replication,
  replicaSet,
  deployment,
  endpoints,
  endpointSlices,
  mirroring,
  quota(ports),
  garbageCollector(ports),
  podGc,
  nodeIpam,
  nodeLifecycle(ports),
  taintEviction,
  ttl,
  disruption,
  job,
  cronJob,
  ttlAfterFinished,
  statefulSet,
  daemonSet,
  claimProtection,
  volumeProtection,
  serviceCidrs,
  resourceClaims,
  autoscaler(ports),
  policyStatus(ports),
  ...deferredOnes(ports),
]

/** Loops of the API server's own process. */
export const apiServerControllers = (ports: Ports): readonly ControllerDeclaration[] => [
  identityLeases(ports.hosts),
  apiServices(ports),
  ...definitionControllers,
  serviceAddresses,
  flowSchemas,
]
