/** Resize: requests and limits of a Pod that runs (ValidatePodResize). */

import { equal } from '#api/equal.ts'
import { type FieldError, forbiddenField, invalid } from '#api/field-error.ts'
import type { Container, Pod, PodSpec, ResourceList, ResourceRequirements } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { qosClass } from '../pod/qos.ts'
import { MIRROR } from '../pod/validate-annotations.ts'
import { validateMetadataAndSpec } from './pod-validation.ts'
import type { Touch } from './roads.ts'

type Resizable = Container & { resizePolicy?: { restartPolicy: string }[] }

/** Old containers with new resources; the new list as it is when it has other containers. */
function merged(next: Resizable[], old: Resizable[]): Resizable[] {
  if (next.some((container, i) => container.name !== old[i]?.name)) return next
  return next.map((container, i) => {
    const { resources: _resources, resizePolicy: _policy, ...rest } = old[i] as Resizable
    const { resources, resizePolicy } = container
    return { ...rest, ...(resources ? { resources } : {}), ...(resizePolicy ? { resizePolicy } : {}) }
  })
}

/** dropNonResizeUpdates. */
function prepare(next: Pod, old: Pod): Pod {
  const [initContainers = [], oldInit = []] = [next.spec.initContainers, old.spec.initContainers]
  if (next.spec.containers.length !== old.spec.containers.length || initContainers.length !== oldInit.length) return next
  const { resources: _pod, ...spec } = old.spec
  const metadata = { ...old.metadata, managedFields: next.metadata.managedFields ?? old.metadata.managedFields ?? [] }
  return {
    ...old,
    metadata,
    spec: {
      ...spec,
      ...(next.spec.resources ? { resources: next.spec.resources } : {}),
      containers: merged(next.spec.containers, old.spec.containers),
      ...(initContainers.length > 0 ? { initContainers: merged(initContainers, oldInit) } : {}),
    },
  }
}

function ordering(found: FieldError[], field: 'containers' | 'initContainers', next: PodSpec, old: PodSpec): void {
  const [now, before] = [next[field] ?? [], old[field] ?? []]
  const path = `spec.${field}`
  if (now.length !== before.length) found.push(forbiddenField(path, `${field} may not be added or removed on resize`))
  else {
    for (const [i, { name }] of before.entries()) {
      if (now[i]?.name !== name)
        found.push(forbiddenField(`${path}[${i}].name`, `${field} may not be renamed or reordered on resize`))
    }
  }
}

const removed = (next: ResourceList = {}, old: ResourceList = {}): boolean =>
  Object.keys(old).some((name) => next[name] === undefined)

function keeps(
  found: FieldError[],
  path: string,
  next: ResourceRequirements = {},
  old: ResourceRequirements = {},
  what = 'resource',
): void {
  for (const field of ['requests', 'limits'] as const) {
    if (removed(next[field], old[field])) found.push(forbiddenField(`${path}.${field}`, `${what} ${field} cannot be removed`))
  }
}

/** The new resources with CPU and memory put back as they were. */
function restored(next: ResourceRequirements = {}, old: ResourceRequirements = {}): ResourceRequirements {
  const list = (field: 'requests' | 'limits'): ResourceList => {
    const { cpu: _cpu, memory: _memory, ...rest } = next[field] ?? {}
    const { cpu, memory } = old[field] ?? {}
    return { ...rest, ...(cpu === undefined ? {} : { cpu }), ...(memory === undefined ? {} : { memory }) }
  }
  const result: ResourceRequirements = {}
  for (const field of ['requests', 'limits'] as const) {
    const amounts = list(field)
    if (Object.keys(amounts).length > 0) result[field] = amounts
  }
  return result
}

const mask = (next: Container, old: Container | undefined): Container => ({
  ...next,
  resources: restored(next.resources, old?.resources),
})

/** Whether all but CPU and memory is as it was. */
const sameBut = (next: Container, old: Container | undefined): boolean =>
  equal(mask(next, old), { ...old, resources: restored(old?.resources, old?.resources), ...claimsOf(old) })

const claimsOf = (old: Container | undefined) => {
  const claims = old?.resources?.claims
  return claims ? { resources: { ...restored(old.resources, old.resources), claims } } : {}
}

function podLevel(found: FieldError[], next: PodSpec, old: PodSpec): void {
  if (old.resources && !next.resources) {
    found.push(forbiddenField('spec.resources', 'pod-level resources cannot be removed'))
    return
  }
  if (old.resources) keeps(found, 'spec.resources', next.resources, old.resources, 'pod-level resource')
  if (!equal(restored(next.resources, old.resources), restored(old.resources, old.resources))) {
    found.push(forbiddenField('spec', 'only cpu and memory resources are mutable at pod-level'))
  }
}

function containers(found: FieldError[], next: PodSpec, old: PodSpec): void {
  for (const [i, container] of (old.initContainers ?? []).entries()) {
    keeps(found, `spec.initContainers[${i}].resources`, next.initContainers?.[i]?.resources, container.resources)
  }
  for (const [i, container] of old.containers.entries()) {
    keeps(found, `spec.containers[${i}].resources`, next.containers[i]?.resources, container.resources)
  }
  for (const [i, container] of next.containers.entries()) {
    if (!sameBut(container, old.containers[i])) found.push(forbiddenField('spec', 'only cpu and memory resources are mutable'))
  }
  for (const [i, container] of (next.initContainers ?? []).entries()) {
    const before = old.initContainers?.[i]
    const path = `spec.initContainers[${i}]`
    if (!sameBut(container, before)) {
      found.push(forbiddenField(path, 'only cpu and memory resources for init or sidecar containers are mutable'))
    }
    const restarts = (container as Resizable).resizePolicy?.some((p) => p.restartPolicy === 'RestartContainer')
    if (restarts && container.restartPolicy !== 'Always' && !equal(container, before)) {
      const why = 'non-sidecar init containers with a resize policy of RestartContainer cannot be resized'
      found.push(forbiddenField(path, why))
    }
  }
}

/** Nodes that can resize say so by reporting resources. */
const isSupported = ({ status }: Pod): boolean => {
  const running = status?.containerStatuses?.find((s) => s.state?.running)
  return !running || running.resources !== undefined
}

const hasAmounts = ({ resources }: PodSpec): boolean =>
  Object.keys(resources?.requests ?? {}).length + Object.keys(resources?.limits ?? {}).length > 0

function validate(next: Pod, old: Pod): FieldError[] {
  const found: FieldError[] = []
  validateMetadataAndSpec(found, next, old)
  if (old.metadata.annotations?.[MIRROR] !== undefined) return [forbiddenField('', 'static pods cannot be resized')]
  if (old.spec.os?.name === 'windows') return [forbiddenField('', 'windows pods cannot be resized')]
  if ((old.status?.qosClass ?? qosClass(old.spec)) !== qosClass(next.spec)) {
    found.push(invalid('spec', next.status?.qosClass ?? '', 'Pod QOS Class may not change as a result of resizing'))
  }
  if (!isSupported(old)) found.push(forbiddenField('spec', 'Pod running on node without support for resize'))
  if (hasAmounts(old.spec) || hasAmounts(next.spec)) podLevel(found, next.spec, old.spec)
  const before = found.length
  ordering(found, 'containers', next.spec, old.spec)
  ordering(found, 'initContainers', next.spec, old.spec)
  if (found.length === before) containers(found, next.spec, old.spec)
  return found
}

export const resize: Touch = {
  prepare: (next, old) => prepare(next as unknown as Pod, old as unknown as Pod) as unknown as AnyObject,
  validate: (next, old) => validate(next as unknown as Pod, old as unknown as Pod),
}
