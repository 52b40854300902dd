/** Keeps a Pod from sharing a claim of access mode ReadWriteOncePod. */
import type { AnyObject } from '#api/meta.ts'
import { claimOf, claimsOf } from '../claims.ts'
import { plugin, skip } from '../framework.ts'
import { hopeless, unschedulable } from '../verdict.ts'

const NAME = 'VolumeRestrictions'
const inUse = unschedulable(
  NAME,
  'node(s) unavailable due to PersistentVolumeClaim with ReadWriteOncePod access mode already in-use by another pod',
)

interface State {
  claims: string[]
  /** Other Pods that use one of the claims. */
  others: number
}

const uses = (claims: readonly string[], pod: Parameters<typeof claimsOf>[0]): number =>
  claimsOf(pod).filter(({ name }) => claims.includes(name)).length

export const volumeRestrictions = plugin<State>({
  name: NAME,
  preFilter({ pod, namespace }, cluster) {
    if (!pod.spec.volumes?.length) return skip
    const claims: string[] = []
    let others = 0
    for (const { name, ephemeral } of claimsOf(pod)) {
      if (ephemeral) continue
      const claim: AnyObject | undefined = claimOf(cluster, namespace, name)
      if (!claim) return { refused: hopeless(NAME, `persistentvolumeclaim "${name}" not found`) }
      if (!claim['spec']?.accessModes?.includes('ReadWriteOncePod')) continue
      claims.push(name)
      const counter = cluster.tally(`claim\u0000${namespace}\u0000${name}`, () => ({
        namespaces: [namespace],
        pair: null,
        counts: (other) => uses([name], other.pod) > 0,
      }))
      others += Math.min(1, counter.total)
    }
    return others === 0 ? skip : { state: { claims, others } }
  },
  filter: (_pod, _node, { others }) => (others > 0 ? inUse : null),
  fork: (state) => ({ ...state }),
  imagine(state, pod, other, _node, delta) {
    if (other.namespace === pod.namespace) state.others += delta * uses(state.claims, other.pod)
  },
  retryOn: {
    'node/add': true,
    'claim/add': (pod, _old, next) =>
      next.metadata.namespace === pod.metadata.namespace && claimsOf(pod).some(({ name }) => name === next.metadata.name),
    'pod/delete': (pod, old) =>
      old.metadata.namespace === pod.metadata.namespace &&
      uses(
        claimsOf(pod).map(({ name }) => name),
        old,
      ) > 0,
  },
})
