/** What Pods use, as the resource metrics API tells it, and what they have asked for (podautoscaler/metrics, calculateRequests). */
import type { Container, Pod } from '#api/kinds.ts'
import type { KubeObject } from '#api/meta.ts'
import { milliOf } from '#api/quantity.ts'
import { matches, type Selector } from '#api/selector.ts'
import { ApiError, fail } from '#api/status.ts'
import { parseTime } from '#api/time.ts'
import type { Api } from '../../machinery/client.ts'

interface PodMetrics extends KubeObject {
  timestamp: string
  window: string
  containers: { name: string; usage: Record<string, string> }[]
}

/** One Pod's measure: thousandths, as everything here. */
export interface Measure {
  value: number
  at: number
  windowMs: number
}

export type Measures = Map<string, Measure>

export const refusal = (message: string): ApiError => fail(500, 'InternalError', message)

const windowOf = (text: string): number => Number.parseFloat(text) * 1000

/** The use of a resource by each Pod, or by one container of each. Throws in the client's words. */
export function resourceMeasures(api: Api, namespace: string, selector: Selector, resource: string, container: string): Measures {
  const all = listed(api, namespace).filter(({ metadata }) => matches(selector, metadata.labels))
  if (all.length === 0) throw refusal('no metrics returned from resource metrics API')
  const measures: Measures = new Map()
  for (const { metadata, timestamp, window, containers } of all) {
    const counted = container === '' ? containers : containers.filter(({ name }) => name === container)
    const amounts = counted.map(({ usage }) => usage[resource])
    if (amounts.length === 0 || amounts.includes(undefined)) continue
    const value = amounts.reduce((sum, amount) => sum + milliOf(amount), 0)
    measures.set(metadata.name, { value, at: parseTime(timestamp), windowMs: windowOf(window) })
  }
  return measures
}

function listed(api: Api, namespace: string): PodMetrics[] {
  try {
    return api.list<PodMetrics>('pods.metrics.k8s.io', namespace)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw refusal(`unable to fetch metrics from resource metrics API: ${error.message}`)
  }
}

type Asking = Container & { resources?: { requests?: Record<string, string> }; restartPolicy?: string }

/** What each Pod has asked for; for the whole Pod, where it says so, else the sum of its containers, sidecars included. */
export function requestsOf(pods: readonly Pod[], container: string, resource: string): Map<string, number> {
  return new Map(
    pods.map((pod) => [
      pod.metadata.name,
      container === '' && podLevel(pod) ? ofPod(pod, resource) : ofContainers(pod, container, resource),
    ]),
  )
}

const podLevel = ({ spec }: Pod): Record<string, string> | undefined =>
  (spec as { resources?: { requests?: Record<string, string> } }).resources?.requests

function ofPod(pod: Pod, resource: string): number {
  const amount = podLevel(pod)?.[resource]
  if (amount === undefined) throw refusal(`missing pod-level request for ${resource} in Pod ${pod.metadata.name}`)
  return milliOf(amount)
}

function ofContainers({ metadata, spec }: Pod, container: string, resource: string): number {
  const sidecars = ((spec.initContainers ?? []) as Asking[]).filter(({ restartPolicy }) => restartPolicy === 'Always')
  let sum = 0
  for (const each of [...(spec.containers as Asking[]), ...sidecars]) {
    if (container !== '' && each.name !== container) continue
    const amount = each.resources?.requests?.[resource]
    if (amount === undefined) throw refusal(`missing request for ${resource} in container ${each.name} of Pod ${metadata.name}`)
    sum += milliOf(amount)
    if (each.name === container) return sum
  }
  if (container !== '') throw refusal(`container ${container} not found in Pod ${metadata.name}`)
  return sum
}
