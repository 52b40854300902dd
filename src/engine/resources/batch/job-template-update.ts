/** What may change of a Job's template: where it lands and what it asks for, while it is suspended (validatePodTemplateUpdate). */
import type { Job, PodSpec, PodTemplateSpec } from '#api/kinds.ts'
import type { Found } from '../pod/checks.ts'
import { internal } from '../pod/internal.ts'
import { immutable } from '../pod/validate-replicas.ts'

/** Suspended, without active Pods, and not started since. */
function idle({ spec, status }: Job): boolean {
  const parked = status?.conditions?.some((c) => c.type === 'Suspended' && c.status === 'True') ?? false
  return spec.suspend === true && (status?.startTime === undefined || parked) && (status?.active ?? 0) === 0
}

function affinityFrom(next: PodSpec['affinity'], old: PodSpec['affinity']): PodSpec['affinity'] {
  const { nodeAffinity: _before, ...others } = old ?? {}
  if (!next) return Object.keys(others).length > 0 ? others : undefined
  return next.nodeAffinity === undefined ? others : { ...others, nodeAffinity: next.nodeAffinity }
}

/** The old template with the scheduling of the new one. */
function rescheduled(old: PodTemplateSpec, next: PodTemplateSpec): PodTemplateSpec {
  const [before, now] = [old.spec ?? {}, next.spec ?? {}]
  const { nodeSelector, tolerations, schedulingGates } = now
  const { labels, annotations } = next.metadata ?? {}
  const affinity = before.affinity || now.affinity ? affinityFrom(now.affinity, before.affinity) : undefined
  return {
    ...old,
    metadata: { ...old.metadata, labels, annotations },
    spec: { ...before, affinity, nodeSelector, tolerations, schedulingGates },
  } as PodTemplateSpec
}

type Containers = NonNullable<PodSpec['containers']>

function resized(old: Containers | undefined, next: Containers | undefined): Containers | undefined {
  if (!old || !next || old.length !== next.length) return old
  return old.map((container, i) =>
    container.name === next[i]?.name ? ({ ...container, resources: next[i].resources } as Containers[number]) : container,
  )
}

export function templateUpdate(found: Found, path: string, job: Job, old: Job): void {
  const next = job.spec.template
  const free = idle(old)
  const allowed = free ? rescheduled(old.spec.template, next) : old.spec.template
  if (!free) {
    immutable(found, `${path}.template`, next, allowed, internal('PodTemplateSpec', next))
    return
  }
  const before = allowed.spec ?? {}
  const [containers, initContainers] = [
    resized(before.containers, next.spec?.containers),
    resized(before.initContainers, next.spec?.initContainers),
  ]
  const spec = { ...before, containers, initContainers }
  immutable(found, `${path}.template.spec`, next.spec ?? {}, spec, internal('PodSpec', next.spec ?? {}))
}
