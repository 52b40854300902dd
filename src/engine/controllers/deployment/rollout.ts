/** One look at one Deployment: its local copy, its ReplicaSets, and the writes that all strategies share. */
import type { Deployment, DeploymentCondition, ReplicaSet } from '#api/kinds.ts'
import { ApiError } from '#api/status.ts'
import type { Context } from '../../machinery/controller.ts'
import { controllerRef } from '../../machinery/owners.ts'
import { templateHash } from '../hash.ts'
import { isNamespaceTerminating } from '../pods.ts'
import { newSetAnnotations, sizeAnnotations, sizesDiffer } from './annotations.ts'
import {
  conditionOf,
  deadline,
  findNew,
  HASH_LABEL,
  maxRevision,
  newReplicas,
  REVISION,
  sameTemplate,
  wanted,
  withCondition,
} from './facts.ts'

export interface Rollout {
  readonly context: Context
  /** This sync's copy: as cached, with what the sync has changed; its resourceVersion stays the cached one. */
  d: Deployment
  /** All ReplicaSets that the Deployment controls, as cached. */
  readonly sets: readonly ReplicaSet[]
}

export interface Sets {
  /** The one with the present template. */
  next: ReplicaSet | undefined
  old: ReplicaSet[]
}

export const all = ({ next, old }: Sets): ReplicaSet[] => (next ? [...old, next] : old)

export function writeStatus({ context, d }: Rollout, because: string): void {
  context.api.update('deployments.apps', d, { subresource: 'status', because })
}

export function condition(
  { context }: Rollout,
  type: string,
  status: string,
  reason: string,
  message: string,
): DeploymentCondition {
  const time = context.world.timestamp()
  return { type, status, lastUpdateTime: time, lastTransitionTime: time, reason, message }
}

export function setCondition(rollout: Rollout, next: DeploymentCondition): void {
  const { d } = rollout
  rollout.d = { ...d, status: withCondition(d.status ?? {}, next) }
}

/** True when the Deployment did not bear this revision yet. */
function setRevision(rollout: Rollout, revision: string): boolean {
  const { d } = rollout
  if (d.metadata.annotations?.[REVISION] === revision) return false
  rollout.d = { ...d, metadata: { ...d.metadata, annotations: { ...d.metadata.annotations, [REVISION]: revision } } }
  return true
}

/** Sorts the ReplicaSets into new and old, keeps revisions in step, and makes the new one when asked to. */
export function findSets(rollout: Rollout, make: boolean): Sets {
  const present = findNew(rollout.d, rollout.sets)
  const old = rollout.sets.filter((rs) => rs.metadata.uid !== present?.metadata.uid)
  const revision = maxRevision(old) + 1n
  if (present) return { next: keepInStep(rollout, present, revision), old }
  return { next: make ? makeSet(rollout, old, revision) : undefined, old }
}

function keepInStep(rollout: Rollout, present: ReplicaSet, revision: bigint): ReplicaSet {
  const { d, context } = rollout
  const annotations = newSetAnnotations(d, present.metadata.annotations, revision)
  const minReadySeconds = d.spec.minReadySeconds ?? 0
  if (annotations || (present.spec.minReadySeconds ?? 0) !== minReadySeconds) {
    const metadata = { ...present.metadata, annotations: annotations ?? present.metadata.annotations ?? {} }
    const { minReadySeconds: _, ...spec } = present.spec
    const next: ReplicaSet = { ...present, metadata, spec: minReadySeconds ? { ...spec, minReadySeconds } : spec }
    const because = `Deployment ${d.metadata.name} passes its annotations and its revision on`
    return context.api.update('replicasets.apps', next, { because })
  }
  let changed = setRevision(rollout, present.metadata.annotations?.[REVISION] ?? '')
  if (deadline(d) !== null && !conditionOf(d.status, 'Progressing')) {
    const message = `Found new replica set "${present.metadata.name}"`
    setCondition(rollout, condition(rollout, 'Progressing', 'True', 'FoundNewReplicaSet', message))
    changed = true
  }
  if (changed) writeStatus(rollout, `ReplicaSet ${present.metadata.name} is its newest revision`)
  return present
}

function makeSet(rollout: Rollout, old: readonly ReplicaSet[], revision: bigint): ReplicaSet {
  const { d, context } = rollout
  const draft = draftSet(d, old, revision)
  const { name } = draft.metadata
  let created: ReplicaSet
  let isNew = true
  try {
    const because = `Deployment ${d.metadata.name} has a template that no ReplicaSet has`
    created = context.api.create('replicasets.apps', draft, { because })
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.reason !== 'AlreadyExists') throw refused(rollout, name, error)
    created = existing(rollout, name, error)
    isNew = false
  }
  const count = wanted(draft)
  if (isNew && count > 0)
    context.events.record(d, 'Normal', 'ScalingReplicaSet', `Scaled up replica set ${name} from 0 to ${count}`)
  let changed = setRevision(rollout, String(revision))
  if (isNew && deadline(d) !== null) {
    setCondition(rollout, condition(rollout, 'Progressing', 'True', 'NewReplicaSetCreated', `Created new replica set "${name}"`))
    changed = true
  }
  if (changed) writeStatus(rollout, `ReplicaSet ${name} is its newest revision`)
  return created
}

const MAX_NAME = 253

function draftSet(d: Deployment, old: readonly ReplicaSet[], revision: bigint): ReplicaSet {
  const hash = templateHash(d.spec.template, d.status?.collisionCount)
  const { template, selector, minReadySeconds } = d.spec
  const labels = { ...template.metadata?.labels, [HASH_LABEL]: hash }
  const name = `${d.metadata.name.slice(0, MAX_NAME - 1 - hash.length)}-${hash}`
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name,
      ...(d.metadata.namespace ? { namespace: d.metadata.namespace } : {}),
      ownerReferences: [controllerRef(d)],
      labels,
      annotations: { ...newSetAnnotations(d, {}, revision), ...sizeAnnotations(d) },
    },
    spec: {
      replicas: newReplicas(d, old, 0),
      ...(minReadySeconds ? { minReadySeconds } : {}),
      selector: { ...selector, matchLabels: { ...selector.matchLabels, [HASH_LABEL]: hash } },
      template: { ...template, metadata: { ...template.metadata, labels } },
    },
  }
}

/** A ReplicaSet of that name exists: ours seen late, or another template with the same hash; then count the collision. */
function existing(rollout: Rollout, name: string, error: ApiError): ReplicaSet {
  const { d, context } = rollout
  const rs = context.cache<ReplicaSet>('replicasets.apps').get(d.metadata.namespace ?? '', name)
  if (!rs) throw error
  const ours = rs.metadata.ownerReferences?.some((owner) => owner.controller && owner.uid === d.metadata.uid)
  if (ours && sameTemplate(d, rs)) return rs
  rollout.d = { ...d, status: { ...d.status, collisionCount: (d.status?.collisionCount ?? 0) + 1 } }
  try {
    writeStatus(rollout, `the name ${name} is taken by another template`)
  } catch (conflict) {
    if (!(conflict instanceof ApiError)) throw conflict
  }
  throw error
}

/** Says in status and events why the new ReplicaSet cannot be made; returns the error for the retry. */
function refused(rollout: Rollout, name: string, error: ApiError): ApiError {
  if (isNamespaceTerminating(error)) return error
  const message = `Failed to create new replica set "${name}": ${error.message}`
  if (deadline(rollout.d) !== null) {
    setCondition(rollout, condition(rollout, 'Progressing', 'False', 'ReplicaSetCreateError', message))
    try {
      writeStatus(rollout, message)
    } catch (conflict) {
      if (!(conflict instanceof ApiError)) throw conflict
    }
  }
  rollout.context.events.record(rollout.d, 'Warning', 'ReplicaSetCreateError', message)
  return error
}

/** Sets a ReplicaSet's size and size annotations. `force`: also when only the annotations differ. */
export function scale({ context, d }: Rollout, rs: ReplicaSet, size: number, force = false): { scaled: boolean; rs: ReplicaSet } {
  const from = wanted(rs)
  const resize = from !== size
  if (!resize && !(force && sizesDiffer(rs, d))) return { scaled: false, rs }
  const annotations = { ...rs.metadata.annotations, ...sizeAnnotations(d) }
  const next: ReplicaSet = { ...rs, metadata: { ...rs.metadata, annotations }, spec: { ...rs.spec, replicas: size } }
  const direction = from < size ? 'up' : 'down'
  const because = resize
    ? `Deployment ${d.metadata.name} scales it ${direction} from ${from} to ${size}`
    : 'its Deployment was scaled'
  const updated = context.api.update<ReplicaSet>('replicasets.apps', next, { because })
  if (resize) {
    const message = `Scaled ${direction} replica set ${rs.metadata.name} from ${from} to ${size}`
    context.events.record(d, 'Normal', 'ScalingReplicaSet', message)
  }
  return { scaled: resize, rs: updated }
}
