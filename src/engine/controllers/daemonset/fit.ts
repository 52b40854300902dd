/** Which nodes a DaemonSet wants, and how its Pods are tied to them (daemon_controller.go, util/daemonset_util.go). */
import type { DaemonSet, Node, Pod, PodSpec, PodTemplateSpec, Toleration } from '#api/kinds.ts'
import { nodeMatches, requiredTerms } from '#api/node-selector.ts'
import { tolerates, untolerated } from '#api/taints.ts'
import { HASH_LABEL } from '../history.ts'

const GENERATION_LABEL = 'pod-template-generation'
const GENERATION_ANNOTATION = 'deprecated.daemonset.template.generation'
const NAME_FIELD = 'metadata.name'

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

function tolerationsOf(spec: PodSpec): Toleration[] {
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

export interface Fit {
  /** A Pod is to be started there. */
  readonly run: boolean
  /** A Pod that is there may stay. */
  readonly stay: boolean
}

const NO: Fit = { run: false, stay: false }
const STAY: Fit = { run: false, stay: true }
const RUN: Fit = { run: true, stay: true }

export function fitOf(set: DaemonSet, node: Node): Fit {
  const { template } = set.spec
  const { nodeName } = template.spec
  if (nodeName && nodeName !== node.metadata.name) return NO
  if (!nodeMatches(template as unknown as Pod, node)) return NO
  const { taints } = node.spec
  if (!taints) return RUN
  const tolerations = tolerationsOf(template.spec)
  if (!untolerated(taints, tolerations)) return RUN
  return taints.some((taint) => taint.effect === 'NoExecute' && !tolerates(tolerations, taint)) ? NO : STAY
}

/** The number of the template, where the API server keeps count of it. */
export const generationOf = ({ metadata }: DaemonSet): string | undefined => metadata.annotations?.[GENERATION_ANNOTATION]

export function templateFor(set: DaemonSet, hash: string, node: string): PodTemplateSpec {
  const { metadata, spec } = set.spec.template
  const generation = generationOf(set)
  const labels = {
    ...metadata?.labels,
    ...(generation === undefined ? {} : { [GENERATION_LABEL]: generation }),
    [HASH_LABEL]: hash,
  }
  const required = spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
  const nodeSelectorTerms = [{ matchFields: [{ key: NAME_FIELD, operator: 'In', values: [node] }] }]
  const nodeAffinity = {
    ...spec.affinity?.nodeAffinity,
    requiredDuringSchedulingIgnoredDuringExecution: { ...required, nodeSelectorTerms },
  }
  const affinity = { ...spec.affinity, nodeAffinity }
  return { metadata: { ...metadata, labels }, spec: { ...spec, affinity, tolerations: tolerationsOf(spec) } }
}

/** The node that the Pod is on, or is tied to. */
export function targetOf(pod: Pod): string | undefined {
  if (pod.spec.nodeName) return pod.spec.nodeName
  const fields = (requiredTerms(pod) ?? []).flatMap((term) => term.matchFields ?? [])
  const field = fields.find(({ key, operator }) => key === NAME_FIELD && operator === 'In')
  return field?.values?.length === 1 ? field.values[0] : undefined
}

export function isUpdated({ metadata }: Pod, set: DaemonSet, hash: string): boolean {
  const generation = generationOf(set)
  if (metadata.labels?.[HASH_LABEL] === hash) return true
  return generation !== undefined && metadata.labels?.[GENERATION_LABEL] === generation
}
