/** Creating and deleting Pods for an owner, with the events that tell of it (controller_utils.go RealPodControl). */
import type { Pod } from '#api/kinds.ts'
import { type KubeObject, splitKey } from '#api/meta.ts'
import { ApiError, fail } from '#api/status.ts'
import type { NewObject } from '../machinery/client.ts'
import type { Context } from '../machinery/controller.ts'
import { isNamespaceTerminating } from './pods.ts'

/** Objects written in one reconcile, about. */
export const PORTION = 50
/** Fewer are not worth the look at everything else that goes with a reconcile. */
const LEAST = 10

/** How many objects to write now, as far as the client's pace allows. */
export const portion = (context: Context): number => Math.min(PORTION, Math.max(LEAST, context.allowance()))

/** Creates one Pod; the refusal when there is one. In a namespace that is going away nothing is expected to succeed. */
export function createPod(owner: KubeObject, draft: NewObject<Pod>, because: string, { api, events }: Context): ApiError | null {
  try {
    const pod = api.create<Pod>('pods', draft, { because })
    events.record(owner, 'Normal', 'SuccessfulCreate', `Created pod: ${pod.metadata.name}`)
    return null
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (isNamespaceTerminating(error)) return null
    events.record(owner, 'Warning', 'FailedCreate', `Error creating: ${error.message}`)
    return error
  }
}

/**
 * Creates `count` Pods in batches of 1, 2, 4, …; the first refusal ends it after its batch. Tells expectations under `key`
 * what not to expect. Returns how many were made.
 */
export function createPods(
  key: string,
  count: number,
  owner: KubeObject,
  draft: (index: number) => NewObject<Pod>,
  because: string,
  context: Context,
): { made: number; failed: ApiError | null } {
  context.expectations.expectCreations(key, count)
  const { made, failed } = makePods(count, owner, draft, because, context)
  for (let i = made; i < count; i++) context.expectations.creationObserved(key)
  return { made, failed }
}

/** As {@link createPods}, but for the expectations. */
export function makePods(
  count: number,
  owner: KubeObject,
  draft: (index: number) => NewObject<Pod>,
  because: string,
  context: Context,
): { made: number; failed: ApiError | null } {
  let tried = 0
  let made = 0
  let failed: ApiError | null = null
  for (let batch = 1; tried < count && !failed; batch *= 2) {
    for (const end = Math.min(count, tried + batch); tried < end; tried++) {
      const refused = createPod(owner, draft(tried), because, context)
      if (refused) failed ??= refused
      else made += 1
    }
  }
  return { made, failed }
}

/** Deletes one Pod by its key; the refusal when there is one, NotFound among them. */
export function deletePod(owner: KubeObject, podKey: string, because: string, { api, events }: Context): ApiError | null {
  const { namespace, name } = splitKey(podKey)
  try {
    api.delete('pods', namespace, name, { because })
    events.record(owner, 'Normal', 'SuccessfulDelete', `Deleted pod: ${name}`)
    return null
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    if (error.reason === 'NotFound') return error
    events.record(owner, 'Warning', 'FailedDelete', `Error deleting: ${error.message}`)
    return fail(error.code, error.reason, `unable to delete pods: ${error.message}`, error.status.details)
  }
}
