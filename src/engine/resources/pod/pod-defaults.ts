/** Defaults that only Pods have, not templates (SetDefaults_Pod): requests from limits, service links, host ports. */
import type { Container, PodSpec, ResourceList } from '#api/kinds.ts'
import { aggregate } from '#api/pod-resources.ts'
import { each, put } from '../../apiserver/resource.ts'
import { podSpec } from './shapes-pod.ts'

/** Requests follow limits where they are missing. */
function requested(container: Container): Container {
  const { limits, requests } = container.resources ?? {}
  if (!limits) return container
  let filled: ResourceList | null = requests ? null : {}
  for (const name in limits) {
    if ((filled ?? requests)?.[name] !== undefined) continue
    filled ??= { ...requests }
    filled[name] = limits[name] as string
  }
  return filled ? { ...container, resources: { ...container.resources, requests: filled } } : container
}

const onHost = (container: Container): Container =>
  container.ports
    ? put(
        container,
        'ports',
        each(container.ports, (port) => (port.hostPort ? port : { ...port, hostPort: port.containerPort })),
      )
    : container

const isHugePage = (name: string): boolean => name.startsWith('hugepages-')
const forPods = (name: string): boolean => name === 'cpu' || name === 'memory' || isHugePage(name)

/** Pod-level limits and requests that follow from the containers' (defaultHugePagePodLimits, defaultPodRequests). */
function podLevel(spec: PodSpec): PodSpec {
  const given = spec.resources
  if (!given) return spec
  const limits: ResourceList = { ...given.limits }
  if (given.limits || given.requests) {
    const sum = aggregate(spec, 'limits')
    for (const name in sum) {
      if (isHugePage(name) && given.requests?.[name] === undefined && limits[name] === undefined)
        limits[name] = sum[name] as string
    }
  }
  const requests: ResourceList = { ...given.requests }
  if (Object.keys(limits).length > 0) {
    const sum = aggregate(spec, 'requests')
    for (const name in sum)
      if (requests[name] === undefined && (name === 'cpu' || name === 'memory')) requests[name] = sum[name] as string
    for (const name in limits) if (requests[name] === undefined && forPods(name)) requests[name] = limits[name] as string
  }
  const some = (list: ResourceList) => Object.keys(list).length > 0
  return { ...spec, resources: { ...given, ...(some(limits) ? { limits } : {}), ...(some(requests) ? { requests } : {}) } }
}

function complete(template: PodSpec): PodSpec {
  let spec = template.containers ? put(template, 'containers', each(template.containers, requested)) : template
  if (spec.initContainers) spec = put(spec, 'initContainers', each(spec.initContainers, requested))
  spec = podLevel(spec)
  if (spec.enableServiceLinks === undefined) spec = { ...spec, enableServiceLinks: true }
  if (!spec.hostNetwork) return spec
  spec = put(spec, 'containers', each(spec.containers, onHost))
  return spec.initContainers ? put(spec, 'initContainers', each(spec.initContainers, onHost)) : spec
}

const known = new WeakMap<PodSpec, PodSpec>()

/** Everything a Pod's spec defaults to. Remembered per object, so that Pods of one template share all but what admission adds. */
export function defaultedPodSpec(given: PodSpec): PodSpec {
  const before = known.get(given)
  if (before) return before
  const after = complete(podSpec(given))
  known.set(given, after)
  known.set(after, after)
  return after
}
