/** What ReplicaSets and ReplicationControllers have in common, and what tells them apart. */
import type { Pod, PodTemplateSpec, ReplicaSetStatus } from '#api/kinds.ts'
import { controllerOf, type KubeObject } from '#api/meta.ts'
import type { Context } from '../machinery/controller.ts'
import { BY_CONTROLLER, controlledBy } from '../machinery/owners.ts'

/** What ReplicaSet and ReplicationController have in common. */
export interface Replicated extends KubeObject {
  spec: { replicas?: number; minReadySeconds?: number; template?: PodTemplateSpec; selector?: unknown }
  status?: ReplicaSetStatus
}

export interface ReplicaKind<T extends Replicated> {
  name: string
  resource: string
  kind: string
  /** Whether the owner's selector selects these labels. */
  selects(owner: T, labels: Record<string, string> | undefined): boolean
  /** ReplicaSets say how many of their Pods are on the way out, ReplicationControllers don't. */
  countsTerminating: boolean
}

export const uidOf = (object: KubeObject): string => object.metadata.uid ?? ''

/** Pods of all owners that have the same controller as this one: who shares a node with whom counts across them. */
export function relatedPods<T extends Replicated>(kind: ReplicaKind<T>, owner: T, { cache }: Context): Pod[] {
  const uid = controllerOf(owner.metadata)?.uid
  const owners = uid ? cache<T>(kind.resource).by(BY_CONTROLLER, uid) : [owner]
  return owners.flatMap((each) => controlledBy(cache<Pod>('pods'), uidOf(each)))
}
