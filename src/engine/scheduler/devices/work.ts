/** What the plugin DynamicResources does for Pods with claims (scheduler/framework/plugins/dynamicresources). */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { anyTermMatches } from '#api/node-selector.ts'
import { ApiError } from '#api/status.ts'
import { formatTime } from '#api/time.ts'
import type { Api } from '../../machinery/client.ts'
import type { ClusterCache } from '../cache.ts'
import { type Binding, CycleError, type PostFilterResult, type Prepared, type Refused, type Round, skip } from '../framework.ts'
import type { Objects } from '../lookups.ts'
import type { NodeInfo } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'
import { hopeless, type Verdict } from '../verdict.ts'
import { allocationOf, nameOf } from './allocation.ts'
import { allocate, type Plan, type Supply } from './allocator.ts'
import { claimsOf } from './claims-of.ts'
import { AllocationError, CLAIMS, CLASSES, requestsOf, SLICES } from './objects.ts'
import { resultOf } from './result.ts'

const NAME = 'DynamicResources'
const FINALIZER = 'resource.kubernetes.io/delete-protection'
const unallocatable = hopeless(NAME, 'cannot allocate all claims')
const elsewhere = hopeless(NAME, 'resourceclaim not available on the node')
const invalidPools = hopeless(NAME, 'invalid resource pools were encountered')

export interface State {
  claims: readonly AnyObject[]
  open: readonly AnyObject[]
  supply: Supply
}

/** Whether an expression means a device; a text tells what went wrong. Given by whoever speaks CEL. */
export type Means = Supply['means']

export interface DeviceWork {
  preEnqueue(pod: Pod, objects: Objects): Verdict | null
  preFilter(pod: PodInfo, cluster: ClusterCache): typeof skip | Prepared<State> | Refused
  filter(node: NodeInfo, state: State): Verdict | null
  /** Whether one of the Pod's claims has requests with alternatives: then nodes differ. */
  hasChoices(pod: Pod, cluster: ClusterCache): boolean
  stateFor(pod: Pod, cluster: ClusterCache): State
  /** The earlier the alternatives that the node can have, the better. */
  score(node: NodeInfo, state: State): number
  postFilter(round: Round): PostFilterResult
  preBind(binding: Binding, now: number): 'done' | { error: string }
  unreserve(binding: Binding): void
}

const refused = (why: string): Refused => ({ refused: hopeless(NAME, why) })

/** The first request for a class that is not there, in the scheduler's words. */
function missingClass(claim: AnyObject, objects: Objects): string | null {
  for (const { name, exactly, firstAvailable = [] } of requestsOf(claim)) {
    const asks: [string, string][] = exactly
      ? [[name, exactly.deviceClassName]]
      : firstAvailable.map((sub) => [`${name}/${sub.name}`, sub.deviceClassName])
    for (const [request, wanted] of asks) {
      if (!objects.get(CLASSES, '', wanted)) return `request ${request}: device class ${wanted} does not exist`
    }
  }
  return null
}

function supplyOf(cluster: ClusterCache, means: Means): Supply {
  const { objects } = cluster.lookups
  return {
    slices: [...objects.all(SLICES)],
    classOf: (name) => objects.get(CLASSES, '', name),
    allocated: cluster.claims.allocated,
    means,
  }
}

/** The Pod's claims in their newest versions, or why they cannot be had. */
function newestOf(pod: Pod, cluster: ClusterCache): AnyObject[] | string {
  const claims = claimsOf(pod, cluster.lookups.objects)
  return typeof claims === 'string' ? claims : claims.map((claim) => cluster.claims.newest(claim))
}

function reaches(claim: AnyObject, { node }: NodeInfo): boolean {
  const terms = allocationOf(claim)?.nodeSelector?.nodeSelectorTerms
  return terms === undefined || (node !== null && anyTermMatches(terms, node))
}

/** Most alternatives that a request may have (FirstAvailableDeviceRequestMaxSize). */
const MOST_ALTERNATIVES = 8

function worth(claim: AnyObject, got: ReadonlySet<string>): number {
  let sum = 0
  for (const { name, firstAvailable = [] } of requestsOf(claim)) {
    firstAvailable.forEach((sub, i) => {
      if (got.has(`${name}/${sub.name}`)) sum += MOST_ALTERNATIVES - i
    })
  }
  return sum
}

function stateOf(claims: AnyObject[] | string, cluster: ClusterCache, means: Means): State {
  const known = typeof claims === 'string' ? [] : claims
  return { claims: known, open: known.filter((claim) => !allocationOf(claim)), supply: supplyOf(cluster, means) }
}

function plansFor(node: NodeInfo, { open, supply }: State): Plan[] | string | null {
  return node.node ? allocate(node.node, open, supply) : null
}

function postFilter({ pod: { pod, uid }, cluster, reached, verdictOf }: Round): PostFilterResult {
  // Its state is missing when an earlier plugin refused the Pod outright; that error ends the round (no preemption).
  if (!reached(NAME)) return { outcome: 'error', message: 'not found' }
  const claims = newestOf(pod, cluster)
  const known = typeof claims !== 'string' && claims.length > 0
  if (!known || claims.some((claim) => !allocationOf(claim) && missingClass(claim, cluster.lookups.objects))) {
    return { outcome: 'unschedulable', message: 'no new claims to deallocate' }
  }
  const stuck = cluster.nodes.filter((node) => verdictOf(node) === elsewhere)
  const inVain = claims.find((claim) => {
    const users = usersOf(claim)
    const own = users.length === 0 || (users.length === 1 && users[0]?.uid === uid)
    return own && allocationOf(claim) && stuck.some((node) => !reaches(claim, node))
  })
  if (!inVain) return { outcome: 'unschedulable', message: 'still not schedulable' }
  const perform = (api: Api) => cluster.claims.set(withStatus(api, inVain, {}, 'no node that fits can reach its devices'))
  return { outcome: 'unschedulable', message: 'deallocation of ResourceClaim completed', perform }
}

const usersOf = (claim: AnyObject): { uid: string }[] => claim['status']?.reservedFor ?? []

interface Bound extends Pick<Binding, 'node' | 'cluster' | 'api' | 'now'> {
  pod: Pod
}

function bindClaim(claim: AnyObject, plan: Plan | undefined, { pod, node, cluster, api, now }: Bound): void {
  const stored = plan ? protectedClaim(claim, api) : claim
  const { name, uid } = pod.metadata
  const reservedFor = [...usersOf(claim), { resource: 'pods', name, uid }]
  const got = plan ? resultOf(plan, node) : allocationOf(claim)
  const allocation = { ...got, allocationTimestamp: got?.allocationTimestamp ?? formatTime(now) }
  const because = `${name} goes to ${node}, which can reach these devices`
  cluster.claims.set(withStatus(api, stored, { ...stored['status'], allocation, reservedFor }, because))
}

/** Writes into the claims what they get, and that the Pod uses them. */
function bindClaims({ pod: { pod, uid }, node, cluster, api }: Binding, now: number, means: Means): 'done' | { error: string } {
  const claims = newestOf(pod, cluster)
  if (typeof claims === 'string') return { error: claims }
  const info = cluster.node(node)
  if (!info) return { error: 'claim allocation not found for node' }
  const open = claims.filter((claim) => !allocationOf(claim))
  const plans = open.length > 0 ? plansFor(info, { claims, open, supply: supplyOf(cluster, means) }) : []
  if (!plans || typeof plans === 'string') return { error: 'claim allocation not found for node' }
  for (const claim of claims) {
    if (usersOf(claim).some((user) => user.uid === uid)) continue
    const plan = plans.find((each) => each.claim === claim)
    try {
      bindClaim(claim, plan, { pod, node, cluster, api, now })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      return { error: `add ${plan ? 'allocation and ' : ''}reservation to claim ${nameOf(claim)}: ${error.message}` }
    }
  }
  return 'done'
}

export const deviceWorkWith = (means: Means): DeviceWork => ({
  preEnqueue(pod, objects) {
    const claims = claimsOf(pod, objects)
    return typeof claims === 'string' ? hopeless(NAME, claims) : null
  },

  preFilter({ pod }, cluster) {
    const claims = newestOf(pod, cluster)
    if (typeof claims === 'string') return refused(claims)
    if (claims.length === 0) return skip
    for (const claim of claims) {
      const missing = allocationOf(claim) ? null : missingClass(claim, cluster.lookups.objects)
      if (missing) return refused(missing)
    }
    return { state: stateOf(claims, cluster, means) }
  },

  filter(node, state) {
    if (!state.claims.every((claim) => reaches(claim, node))) return elsewhere
    if (state.open.length === 0) return null
    try {
      const plans = plansFor(node, state)
      if (typeof plans === 'string') return invalidPools
      return plans ? null : unallocatable
    } catch (error) {
      if (!(error instanceof AllocationError)) throw error
      throw new CycleError(`running "${NAME}" filter plugin: ${error.message}`)
    }
  },

  hasChoices(pod, cluster) {
    const claims = newestOf(pod, cluster)
    return typeof claims !== 'string' && claims.some((claim) => requestsOf(claim).some((request) => request.firstAvailable))
  },

  stateFor: (pod, cluster) => stateOf(newestOf(pod, cluster), cluster, means),

  score(node, state) {
    const plans = plansFor(node, state)
    let score = 0
    for (const claim of state.claims) {
      const plan = Array.isArray(plans) ? plans.find((each) => each.claim === claim) : undefined
      const results = allocationOf(claim)?.devices.results ?? (plan ? resultOf(plan, node.name).devices.results : [])
      score += worth(claim, new Set(results.map(({ request }) => request)))
    }
    return score
  },

  postFilter,

  preBind: (binding, now) => bindClaims(binding, now, means),

  unreserve({ pod: { pod, uid }, cluster, api }) {
    const claims = newestOf(pod, cluster)
    if (typeof claims === 'string') return
    for (const claim of claims) {
      const users = usersOf(claim)
      if (!users.some((user) => user.uid === uid)) continue
      const { namespace = '', name } = claim.metadata
      const patch = { metadata: { uid: claim.metadata.uid }, status: { reservedFor: [{ $patch: 'delete', uid }] } }
      const because = `${pod.metadata.name} could not be bound`
      cluster.claims.set(api.patch(CLAIMS, namespace, name, 'strategic', patch, { subresource: 'status', because }))
    }
  },
})

const withStatus = (api: Api, claim: AnyObject, status: object, because: string): AnyObject =>
  api.update(CLAIMS, { ...claim, status } as AnyObject, { subresource: 'status', because })

/** The claim with the finalizer that keeps it while it has devices. */
function protectedClaim(claim: AnyObject, api: Api): AnyObject {
  const finalizers = claim.metadata.finalizers ?? []
  if (finalizers.includes(FINALIZER)) return claim
  const kept = { ...claim, metadata: { ...claim.metadata, finalizers: [...finalizers, FINALIZER] } }
  return api.update(CLAIMS, kept, { because: 'it is about to get devices' })
}
