/** What the Pods of a DaemonSet tolerate beside what its template says (util.AddOrUpdateDaemonPodTolerations). */
import type { PodSpec, Toleration } from './kinds.ts'

/** Troubles of nodes that daemons put up with. */
const OWN_TOLERATIONS: readonly Toleration[] = [
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/unreachable', operator: 'Exists', effect: 'NoExecute' },
  { key: 'node.kubernetes.io/disk-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/memory-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/pid-pressure', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/unschedulable', operator: 'Exists', effect: 'NoSchedule' },
]
const NO_NETWORK: Toleration = { key: 'node.kubernetes.io/network-unavailable', operator: 'Exists', effect: 'NoSchedule' }

const sameToleration = (a: Toleration, b: Toleration): boolean =>
  a.key === b.key && a.effect === b.effect && a.operator === b.operator && (a.value ?? '') === (b.value ?? '')

const known = new WeakMap<PodSpec, Toleration[]>()

export function daemonTolerations(spec: PodSpec): Toleration[] {
  let all = known.get(spec)
  if (!all) {
    const own = spec.hostNetwork ? [...OWN_TOLERATIONS, NO_NETWORK] : OWN_TOLERATIONS
    const given = spec.tolerations ?? []
    const extra = own.filter((each) => !given.some((other) => sameToleration(each, other)))
    all = [...given.map((each) => own.find((other) => sameToleration(each, other)) ?? each), ...extra]
    known.set(spec, all)
  }
  return all
}
