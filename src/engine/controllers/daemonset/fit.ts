/** Which nodes a DaemonSet wants, and how its Pods are tied to them (daemon_controller.go, util/daemonset_util.go). */
import { daemonTolerations } from '#api/daemon-tolerations.ts'
import type { DaemonSet, Node, Pod, PodTemplateSpec } from '#api/kinds.ts'
import { nodeMatches, requiredTerms } from '#api/node-selector.ts'
import { tolerates, untolerated } from '#api/taints.ts'
import { HASH_LABEL } from '../history.ts'

const GENERATION_LABEL = 'pod-template-generation'
const GENERATION_ANNOTATION = 'deprecated.daemonset.template.generation'
const NAME_FIELD = 'metadata.name'

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
  const tolerations = daemonTolerations(template.spec)
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
  return { metadata: { ...metadata, labels }, spec: { ...spec, affinity, tolerations: daemonTolerations(spec) } }
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
