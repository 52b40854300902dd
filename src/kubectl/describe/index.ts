/** All describers. Adding one: its file, and a line here. */
import type { ResourceInfo } from '#client/discovery.ts'
import { role, roleBinding } from './access.ts'
import { ipAddress, serviceCidr } from './addresses.ts'
import { certificateSigningRequest } from './certificates.ts'
import { configMap, secret, serviceAccount } from './configuration.ts'
import type { Describer } from './describer.ts'
import { generic } from './generic.ts'
import { cronJob, job } from './jobs.ts'
import { limitRange, namespace, resourceQuota } from './namespace.ts'
import { ingress, ingressClass, networkPolicy } from './networking.ts'
import { node } from './node.ts'
import { pod } from './pod.ts'
import { autoscaler, podDisruptionBudget, priorityClass } from './policies.ts'
import { endpointSlice, endpoints, service } from './services.ts'
import { csiNode, persistentVolume, persistentVolumeClaim, storageClass, volumeAttributesClass } from './storage.ts'
import { daemonSet, deployment, replicaSet, statefulSet } from './workloads.ts'

const describers: readonly Describer[] = [
  autoscaler,
  certificateSigningRequest,
  configMap,
  cronJob,
  csiNode,
  daemonSet,
  deployment,
  endpointSlice,
  endpoints,
  ingress,
  ingressClass,
  ipAddress,
  job,
  limitRange,
  namespace,
  networkPolicy,
  node,
  persistentVolume,
  persistentVolumeClaim,
  pod,
  podDisruptionBudget,
  priorityClass,
  replicaSet,
  resourceQuota,
  role,
  roleBinding,
  secret,
  service,
  serviceCidr,
  serviceAccount,
  statefulSet,
  storageClass,
  volumeAttributesClass,
]

const byKind = new Map(describers.flatMap((one) => one.kinds.map((kind) => [kind, one] as const)))

export const describerFor = ({ kind, group }: ResourceInfo): Describer => byKind.get(group ? `${kind}.${group}` : kind) ?? generic
