/** The status that ReplicaSets and ReplicationControllers share. */
import type { ReplicaSetStatus } from '#api/kinds.ts'
import { shape } from './shape.ts'

/** `replicas` alone shows when it is zero. */
export const replicaStatus = shape({
  omit: 'fullyLabeledReplicas readyReplicas availableReplicas observedGeneration',
  parts: { conditions: shape({ omit: 'reason message', defaults: { lastTransitionTime: null } }) },
  defaults: { replicas: 0 } satisfies ReplicaSetStatus,
})

/** A new object has no status of its sender's. */
export const withoutStatus = <T extends { status?: unknown }>(object: T, empty: T['status']): T => ({ ...object, status: empty })
