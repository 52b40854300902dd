/** Device claims (DRA): a Pod goes where its claims' devices can be had, and its claims get them. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { later } from '../../sim/later.ts'
import type { DeviceWork, State } from '../devices/work.ts'
import { plugin, scale, skip } from '../framework.ts'

const NAME = 'DynamicResources'

/** What it does for Pods with claims comes with the rest of the engine (`devices/work.ts`). */
export const deviceWork = later<DeviceWork>('allocation of devices')

const hasClaims = (pod: Pod): boolean => (pod.spec.resourceClaims?.length ?? 0) > 0

const uses = (pod: Pod, claim: AnyObject): boolean =>
  claim.metadata.namespace === pod.metadata.namespace &&
  (pod.spec.resourceClaims ?? []).some(({ name, resourceClaimName }) => {
    const made = pod.status?.resourceClaimStatuses?.find((status) => status.name === name)
    return (resourceClaimName ?? made?.resourceClaimName) === claim.metadata.name
  })

/** Devices became free, or a claim of the Pod itself is there or has another status. */
function claimHint(pod: Pod, old: AnyObject | null, next: AnyObject): boolean {
  if (old?.['status']?.allocation && !next['status']?.allocation) return true
  return uses(pod, next) && (old === null || JSON.stringify(old['status']) !== JSON.stringify(next['status']))
}

export const dynamicResources = plugin<State, State>({
  name: NAME,
  weight: 2,
  preEnqueue: (pod, objects) => (hasClaims(pod) ? deviceWork.get().preEnqueue(pod, objects) : null),
  preFilter: (pod, cluster) => (hasClaims(pod.pod) ? deviceWork.get().preFilter(pod, cluster) : skip),
  filter: (_pod, node, state) => deviceWork.get().filter(node, state),
  postFilter(round) {
    if (hasClaims(round.pod.pod)) return deviceWork.get().postFilter(round)
    // Its state is missing when an earlier plugin refused the Pod outright; that error ends the round (no preemption).
    if (!round.reached(NAME)) return { outcome: 'error', message: 'not found' }
    return { outcome: 'unschedulable', message: 'no new claims to deallocate' }
  },
  flat: ({ pod }, cluster) => (hasClaims(pod) && deviceWork.get().hasChoices(pod, cluster) ? null : 0),
  preScore: ({ pod }, _candidates, cluster) => ({ state: deviceWork.get().stateFor(pod, cluster) }),
  score: (_pod, node, state) => deviceWork.get().score(node, state),
  normalize: (scores) => scale(scores, false),
  preBind: (binding) => (hasClaims(binding.pod.pod) ? deviceWork.get().preBind(binding, binding.now) : 'done'),
  unreserve(binding) {
    if (hasClaims(binding.pod.pod)) deviceWork.get().unreserve(binding)
  },
  retryOn: {
    'node/add': true,
    'node/labels': true,
    'node/taints': true,
    'node/allocatable': true,
    'device-claim/add': claimHint,
    'device-claim/update': claimHint,
    'device-class/add': true,
    'device-class/update': true,
    'device-slice/add': true,
    'device-slice/update': true,
    'pod/claims': (pod, _old, next) => next.metadata.uid === pod.metadata.uid,
  },
})
