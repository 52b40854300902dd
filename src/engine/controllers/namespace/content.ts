/** Deleting what a namespace holds, and saying what remains (namespaced_resources_deleter.go). */
import type { Namespace, Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import { parseTime } from '#api/time.ts'
import type { Context } from '../../machinery/controller.ts'
import { isTerminal } from '../pods.ts'
import type { ServedResource } from '../ports.ts'
import type { Findings } from './conditions.ts'

/** How long finalizers are expected to take. */
const FINALIZER_SECONDS = 15
/** Objects deleted in one reconcile, about. */
const PORTION = 100

interface Outcome {
  estimateSeconds: number
  remaining: number
  finalizers: Map<string, number>
  error: string | null
}

interface Progress {
  /** Index into the resources of this pass. */
  at: number
  findings: Findings
}

const nothing = (): Findings => ({ estimateSeconds: 0, errors: [], undiscovered: [], remaining: [], finalizers: [] })

/**
 * One pass over all kinds. Pods come first: as long as any is there, nothing else is touched (KEP-5080).
 * A large pass is done in portions; what has been found so far is remembered in between.
 */
export function empty(namespace: Namespace, served: readonly ServedResource[], context: Context): Findings | 'to be continued' {
  const { memory } = context
  const { name } = namespace.metadata
  const key = `progress/${name}`
  const resources = deletable(served)
  const progress: Progress = memory.get(key) ?? { at: 0, findings: nothing() }
  let { at, findings } = progress
  let budget = PORTION
  for (; at < resources.length; at++) {
    const resource = resources[at] as ServedResource
    const done = clear(resource, namespace, budget, context)
    if (typeof done === 'number') {
      budget -= done
      if (budget > 0) continue
      memory.set(key, { at, findings })
      return 'to be continued'
    }
    findings = merge(findings, resource, done)
    if (resource.id === 'pods' && done.remaining > 0) {
      memory.delete(key)
      // The conditions are as if all were well until the Pods are gone: so does the real controller write them.
      return { ...findings, remaining: [], finalizers: [] }
    }
  }
  memory.delete(key)
  return findings
}

/** Each stored kind once, Pods first. */
function deletable(served: readonly ServedResource[]): ServedResource[] {
  const byId = new Map<string, ServedResource>()
  for (const resource of served) {
    if (resource.namespaced && resource.verbs.includes('delete') && !byId.has(resource.id)) byId.set(resource.id, resource)
  }
  const pods = byId.get('pods')
  byId.delete('pods')
  return pods ? [pods, ...byId.values()] : [...byId.values()]
}

/** Deletes a kind's objects. A number: so many were deleted, and the kind must be looked at again. */
function clear(resource: ServedResource, namespace: Namespace, budget: number, context: Context): Outcome | number {
  const { api } = context
  const { name } = namespace.metadata
  const because = `namespace ${name} was deleted`
  const list = (): AnyObject[] => (resource.verbs.includes('list') ? api.list(resource.id, name) : [])
  const estimateSeconds = resource.id === 'pods' ? graceOf(namespace, list() as Pod[], context.now) : 0
  try {
    const before = list()
    const fresh = before.filter(({ metadata }) => !metadata.deletionTimestamp)
    if (fresh.length > PORTION) {
      for (const { metadata } of fresh.slice(0, Math.max(1, budget))) removeOne(resource, name, metadata.name, because, context)
      return Math.min(fresh.length, Math.max(1, budget))
    }
    if (resource.verbs.includes('deletecollection')) {
      api.deleteCollection(resource.id, name, { propagationPolicy: 'Background', because })
    } else for (const { metadata } of before) removeOne(resource, name, metadata.name, because, context)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return { estimateSeconds, remaining: 0, finalizers: new Map(), error: error.message }
  }
  return remains(resource, name, list(), estimateSeconds)
}

function removeOne(resource: ServedResource, namespace: string, name: string, because: string, { api }: Context): void {
  try {
    api.delete(resource.id, namespace, name, { propagationPolicy: 'Background', because })
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

function remains({ group, version, plural }: ServedResource, namespace: string, left: AnyObject[], estimate: number): Outcome {
  const finalizers = new Map<string, number>()
  for (const { metadata } of left) for (const f of metadata.finalizers ?? []) finalizers.set(f, (finalizers.get(f) ?? 0) + 1)
  const outcome = { estimateSeconds: left.length ? estimate : 0, remaining: left.length, finalizers, error: null }
  if (left.length === 0 || estimate !== 0) return outcome
  if (finalizers.size > 0) return { ...outcome, estimateSeconds: FINALIZER_SECONDS }
  const gvr = `${group}/${version}, Resource=${plural}`
  return { ...outcome, finalizers: new Map(), error: `unexpected items still remain in namespace: ${namespace} for gvr: ${gvr}` }
}

/** The longest grace period of the Pods that still run; zero once so long has passed since the deletion. */
function graceOf({ metadata }: Namespace, pods: readonly Pod[], now: number): number {
  let grace = 0
  for (const pod of pods) if (!isTerminal(pod)) grace = Math.max(grace, pod.spec.terminationGracePeriodSeconds ?? 0)
  return now - parseTime(metadata.deletionTimestamp) >= grace * 1000 ? 0 : grace
}

function merge(findings: Findings, { plural, group }: ServedResource, outcome: Outcome): Findings {
  const finalizers = new Map(findings.finalizers)
  for (const [name, count] of outcome.finalizers) finalizers.set(name, (finalizers.get(name) ?? 0) + count)
  return {
    estimateSeconds: Math.max(findings.estimateSeconds, outcome.estimateSeconds),
    undiscovered: [],
    errors: outcome.error === null ? findings.errors : [...findings.errors, outcome.error],
    remaining: outcome.remaining ? [...findings.remaining, [`${plural}.${group}`, outcome.remaining]] : findings.remaining,
    finalizers: [...finalizers],
  }
}
