/** Eviction: a deletion that asks the Pod's disruption budget first (EvictionREST). */
import { isTrue } from '#api/conditions.ts'
import { invalidObject, notSupported } from '#api/field-error.ts'
import type { Pod, PodDisruptionBudget } from '#api/kinds.ts'
import type { AnyObject, Condition } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import { type ApiError, badRequest, fail, forbidden, isConflict, notFound } from '#api/status.ts'
import { admit } from '../../apiserver/admission/index.ts'
import type { Answer, Call } from '../../apiserver/call.ts'
import { OTHER_NAMESPACE } from '../../apiserver/identity.ts'
import type { ApiServer } from '../../apiserver/server.ts'
import { managerOf } from '../../apiserver/tracking.ts'
import { created } from './pod-binding.ts'
import { withCondition } from './pod-conditions.ts'

const BUDGETS = 'poddisruptionbudgets.policy'
const WOULD_VIOLATE = "Cannot evict pod as it would violate the pod's disruption budget."
const MAX_DISRUPTED = 2000

interface DeleteOptions {
  dryRun?: string[]
  preconditions?: { uid?: string; resourceVersion?: string }
  [more: string]: unknown
}

const tooMany = (message: string, retryAfterSeconds = 0): ApiError =>
  fail(429, 'TooManyRequests', WOULD_VIOLATE, {
    causes: [{ reason: 'DisruptionBudget', message }],
    ...(retryAfterSeconds ? { retryAfterSeconds } : {}),
  })

const stillProcessed = (budget: string): ApiError =>
  tooMany(`The disruption budget ${budget} is still being processed by the server.`, 10)

/** Pods that have ended, or haven't begun, disrupt nothing. */
const isFree = ({ metadata, status }: Pod): boolean =>
  ['Succeeded', 'Failed', 'Pending'].includes(status?.phase ?? '') || metadata.deletionTimestamp !== undefined

const isReady = (pod: Pod): boolean => isTrue(pod, 'Ready')

function options(call: Call, eviction: AnyObject): DeleteOptions {
  const own = (eviction['deleteOptions'] ?? {}) as DeleteOptions
  const asked = call.dryRun ? ['All'] : []
  if (own.dryRun?.length && asked.length && own.dryRun.join() !== asked.join()) {
    throw fail(500, '', `Non-matching dry-run options in request and content: [${asked.join(' ')}] and [${own.dryRun.join(' ')}]`)
  }
  return own.dryRun?.length ? own : { ...own, dryRun: asked }
}

function notAllowed({ metadata: { name }, status }: PodDisruptionBudget): ApiError {
  const condition = status?.conditions?.find((c) => c.type === 'DisruptionAllowed')
  const said = condition?.status === 'False' && condition.message ? condition : undefined
  const { desiredHealthy = 0, currentHealthy = 0 } = status ?? {}
  const refuses = `The disruption budget ${name} does not allow evicting pods currently`
  if (said?.reason === 'SyncFailed') return tooMany(`${refuses} because it failed sync: ${said.message}`)
  if (currentHealthy <= desiredHealthy) {
    return tooMany(`The disruption budget ${name} needs ${desiredHealthy} healthy pods and has ${currentHealthy} currently`)
  }
  return tooMany(said ? `${refuses} (${said.reason}): ${said.message}` : refuses)
}

function withoutRoom(conditions: Condition[], observedGeneration: number | undefined, now: string): Condition[] {
  const at = conditions.findIndex((c) => c.type === 'DisruptionAllowed')
  const old = conditions[at]
  const next: Condition = {
    type: 'DisruptionAllowed',
    status: 'False',
    ...(observedGeneration === undefined ? {} : { observedGeneration }),
    lastTransitionTime: old?.status === 'False' ? (old.lastTransitionTime ?? now) : now,
    reason: 'InsufficientPods',
    message: '',
  }
  return at < 0 ? [...conditions, next] : conditions.with(at, next)
}

/** Takes one disruption off the budget, and notes whose it is. */
function spend(budget: PodDisruptionBudget, pod: string, now: string): PodDisruptionBudget {
  const { metadata, status } = budget
  if ((status?.observedGeneration ?? 0) < (metadata.generation ?? 0)) throw stillProcessed(metadata.name)
  const allowed = status?.disruptionsAllowed ?? 0
  const no = (why: string) => forbidden({ group: 'policy', resource: 'poddisruptionbudget' }, metadata.name, why)
  if (allowed < 0) throw no('pdb disruptions allowed is negative')
  const disruptedPods = status?.disruptedPods ?? {}
  if (Object.keys(disruptedPods).length > MAX_DISRUPTED) {
    throw no('DisruptedPods map too big - too many evictions not confirmed by PDB controller')
  }
  if (!status || allowed === 0) throw notAllowed(budget)
  const conditions = status.conditions ?? []
  return {
    ...budget,
    status: {
      ...status,
      disruptionsAllowed: allowed - 1,
      conditions: allowed === 1 ? withoutRoom(conditions, status.observedGeneration, now) : conditions,
      disruptedPods: { ...disruptedPods, [pod]: now },
    },
  }
}

class Eviction {
  readonly #call: Call
  readonly #server: ApiServer
  #options: DeleteOptions

  constructor(call: Call, server: ApiServer, asked: DeleteOptions) {
    this.#call = call
    this.#server = server
    this.#options = asked
  }

  get #dryRun(): boolean {
    return (this.#options.dryRun?.length ?? 0) > 0
  }

  run(): Answer {
    const { namespace, name } = this.#call
    const pod = this.#server.read('pods', namespace, name) as Pod | undefined
    if (!pod) throw notFound({ group: '', resource: 'pods' }, name)
    if (isFree(pod)) {
      const ended = pod.status?.phase !== 'Pending' || pod.metadata.deletionTimestamp !== undefined
      this.#delete(pod, !ended)
      return created(this.#call)
    }
    const budgets = this.#budgets(pod)
    if (budgets.length > 1) {
      throw fail(500, '', 'This pod has more than one PodDisruptionBudget, which the eviction subresource does not support.')
    }
    const [budget] = budgets
    const unguarded = budget !== undefined && this.#isUnguarded(pod, budget)
    if (budget && !unguarded) this.#charge(budget)
    try {
      this.#delete(pod, unguarded)
    } catch (error) {
      if (unguarded && budget && isConflict(error)) throw stillProcessed(budget.metadata.name)
      throw error
    }
    return created(this.#call)
  }

  #budgets(pod: Pod): PodDisruptionBudget[] {
    const all = this.#server.readAll(BUDGETS, this.#call.namespace) as unknown as PodDisruptionBudget[]
    return all.filter((budget) => selects(budget.spec?.selector, pod.metadata.labels))
  }

  /** Pods that aren't ready cost nothing, if the budget says so or is kept without them. */
  #isUnguarded(pod: Pod, { spec, status }: PodDisruptionBudget): boolean {
    if (isReady(pod)) return false
    if (spec?.unhealthyPodEvictionPolicy === 'AlwaysAllow') return true
    const { currentHealthy = 0, desiredHealthy = 0 } = status ?? {}
    return currentHealthy >= desiredHealthy && desiredHealthy > 0
  }

  /** The server asks itself for this change, whoever evicts. */
  #charge(budget: PodDisruptionBudget): void {
    const { namespace, name, because } = this.#call
    const change = {
      resource: this.#server.resource(BUDGETS),
      namespace,
      name: budget.metadata.name,
      dryRun: this.#dryRun,
      manager: 'kube-apiserver',
      subresource: 'status',
      by: 'system:apiserver',
      verb: 'update',
      because: because || `eviction of pod ${name}`,
    }
    const now = this.#server.world.timestamp()
    this.#server.change(change, (object) => spend(object as unknown as PodDisruptionBudget, name, now) as unknown as AnyObject)
  }

  /** Marks the Pod as disrupted, then deletes it; `exact` insists on the version that was looked at. */
  #delete(pod: Pod, exact: boolean): void {
    const { namespace, name, user, because } = this.#call
    const resource = this.#server.resource('pods')
    let { preconditions } = this.#options
    if (exact && !preconditions?.resourceVersion) {
      preconditions = { ...preconditions, resourceVersion: pod.metadata.resourceVersion ?? '' }
    }
    if (!this.#dryRun) {
      const change = {
        resource,
        namespace,
        name,
        dryRun: false,
        manager: managerOf(this.#call),
        subresource: '',
        by: user.name,
        verb: 'update',
        because,
      }
      const marked = this.#server.change(change, (object) => {
        checkPreconditions(object, preconditions)
        return this.#disrupted(object as unknown as Pod) as unknown as AnyObject
      })
      if (preconditions?.resourceVersion) {
        preconditions = { ...preconditions, resourceVersion: marked.metadata.resourceVersion ?? '' }
      }
    }
    const { dryRun, ...rest } = this.#options
    if (dryRun?.some((mode) => mode !== 'All')) {
      throw invalidObject('meta.k8s.io', 'DeleteOptions', '', [notSupported('dryRun', dryRun, ['All'])])
    }
    const asked = preconditions ? { ...rest, preconditions } : rest
    this.#server.deleteAs({ ...this.#call, dryRun: this.#dryRun }, resource, namespace, name, asked)
  }

  #disrupted(pod: Pod): Pod {
    const condition = {
      type: 'DisruptionTarget',
      status: 'True',
      reason: 'EvictionByEvictionAPI',
      message: 'Eviction API: evicting',
    }
    return { ...pod, status: withCondition(pod.status ?? {}, condition, this.#server.world.timestamp()) }
  }
}

function checkPreconditions({ metadata }: AnyObject, wanted: DeleteOptions['preconditions']): void {
  const refuse = (why: string) =>
    fail(409, 'Conflict', `Operation cannot be fulfilled on Pod "${metadata.name}": ${why}`, { name: metadata.name, kind: 'Pod' })
  if (wanted?.uid && wanted.uid !== metadata.uid) {
    throw refuse(
      `the UID in the precondition (${wanted.uid}) does not match the UID in record (${metadata.uid}). The object might have been deleted and then recreated`,
    )
  }
  if (wanted?.resourceVersion && wanted.resourceVersion !== metadata.resourceVersion) {
    throw refuse(
      `the ResourceVersion in the precondition (${wanted.resourceVersion}) does not match the ResourceVersion in record (${metadata.resourceVersion}). The object might have been modified`,
    )
  }
}

export function evict(call: Call, server: ApiServer): Answer {
  const eviction = call.body as AnyObject
  const { namespace } = eviction.metadata ?? {}
  if (namespace && namespace !== call.namespace) throw badRequest(OTHER_NAMESPACE)
  if (call.name !== (eviction.metadata?.name ?? '')) throw badRequest('name in URL does not match name in Eviction object')
  admit(call, eviction, server)
  return new Eviction(call, server, options(call, eviction)).run()
}
