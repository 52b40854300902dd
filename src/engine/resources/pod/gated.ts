/** Fields of Pods behind feature gates that are off: what is sent of them is dropped (pkg/api/pod, dropDisabledFields). */
import type { PodSpec } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { each, put } from '../../apiserver/resource.ts'

type Any = Record<string, any>

const CONTAINERS = ['initContainers', 'containers', 'ephemeralContainers']

export function ungated(spec: PodSpec): PodSpec {
  let next = spec as PodSpec & Any
  if ('schedulingGroup' in next) next = without(next, 'schedulingGroup')
  for (const key of CONTAINERS) if (next[key]) next = put(next, key, each(next[key] as Any[], withoutStopSignal))
  return next.volumes ? put(next, 'volumes', each(next.volumes as Any[], withoutCertificates) as PodSpec['volumes']) : next
}

function without<T extends Any>(object: T, key: string): T {
  const { [key]: _off, ...rest } = object
  return rest as T
}

/** A lifecycle in which nothing else stands goes with the signal. */
function withoutStopSignal(container: Any): Any {
  if (container['lifecycle']?.stopSignal === undefined) return container
  const rest = without(container['lifecycle'], 'stopSignal')
  return Object.keys(rest).length > 0 ? put(container, 'lifecycle', rest) : without(container, 'lifecycle')
}

const CERTIFICATES = ['clusterTrustBundle', 'podCertificate']

function withoutCertificates(volume: Any): Any {
  const sources = volume['projected']?.sources as Any[] | undefined
  if (!sources?.some((source) => CERTIFICATES.some((key) => key in source))) return volume
  const left = sources.map((source) => CERTIFICATES.reduce(without, source))
  return put(volume, 'projected', put(volume['projected'], 'sources', left))
}

/** For kinds that hold a Pod's spec somewhere inside. */
export const ungatedAt =
  (...path: string[]) =>
  <T extends AnyObject>(object: T): T =>
    at(object, path) as T

function at(value: Any, [key, ...rest]: readonly string[]): Any {
  if (key === undefined) return ungated(value as PodSpec)
  return value[key] ? put(value, key, at(value[key], rest)) : value
}
