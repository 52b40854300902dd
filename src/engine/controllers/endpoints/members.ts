/** Which Pods stand behind which Services, found by index; and what of a Pod's changes matters to them (endpointslice/util). */
import type { Pod, Service, ServicePort } from '#api/kinds.ts'
import { type AnyObject, keyOf } from '#api/meta.ts'
import { mapSelects } from '#api/selector.ts'
import type { Context, Watch } from '../../machinery/controller.ts'
import type { Change } from '../../machinery/informer.ts'
import { isReady, isTerminal } from '../pods.ts'

const LABEL = 'label'
const SELECTOR = 'selector'

const pair = (namespace: string | undefined, key: string, value: string | undefined): string => `${namespace}/${key}=${value}`

function pairs({ metadata }: AnyObject): string[] {
  const { labels, namespace } = metadata
  const list: string[] = []
  for (const key in labels) list.push(pair(namespace, key, labels[key]))
  return list
}

/** Pods by each of their labels; Services by one of their selector's. */
export const memberIndexes = [
  { resource: 'pods', name: LABEL, of: pairs },
  {
    resource: 'services',
    name: SELECTOR,
    of({ metadata, spec }: AnyObject): string[] {
      for (const key in spec?.selector) return [pair(metadata.namespace, key, spec.selector[key])]
      return []
    },
  },
]

/** The Pods that a Service selects. O(Pods that bear the rarest of the selector's labels). */
export function selectedPods({ metadata, spec }: Service, { cache }: Context): Pod[] {
  const pods = cache<Pod>('pods')
  let rarest: string | null = null
  let fewest = Number.POSITIVE_INFINITY
  for (const key in spec.selector) {
    const label = pair(metadata.namespace, key, spec.selector[key])
    const count = pods.countBy(LABEL, label)
    if (count < fewest) [rarest, fewest] = [label, count]
  }
  // An empty selector, unlike an absent one, selects all of the namespace.
  if (rarest === null) return [...pods.inNamespace(metadata.namespace ?? '')]
  return pods.by(LABEL, rarest).filter((pod) => mapSelects(spec.selector, pod.metadata.labels))
}

const NONE: ReadonlySet<string> = new Set()

function servicesOf(pod: Pod, { cache }: Context): ReadonlySet<string> {
  const services = cache<Service>('services')
  const { labels, namespace } = pod.metadata
  let found: Set<string> | null = null
  for (const key in labels) {
    for (const service of services.by(SELECTOR, pair(namespace, key, labels[key]))) {
      if (mapSelects(service.spec.selector, labels)) found = (found ?? new Set()).add(keyOf(service.metadata))
    }
  }
  return found ?? NONE
}

/** Whether the change shows in endpoints: readiness, addresses, deletion. */
function endpointChanged(old: Pod, pod: Pod): boolean {
  if (old.metadata.deletionTimestamp !== pod.metadata.deletionTimestamp || isReady(old) !== isReady(pod)) return true
  const [before, after] = [old.status?.podIPs ?? [], pod.status?.podIPs ?? []]
  if (before !== after && (before.length !== after.length || before.some(({ ip }, i) => ip !== after[i]?.ip))) return true
  return isTerminal(old) !== isTerminal(pod)
}

const sameLabels = (a: Record<string, string> = {}, b: Record<string, string> = {}): boolean => {
  if (a === b) return true
  const keys = Object.keys(a)
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key])
}

/** Keys of the Services whose endpoints a Pod's change may change. */
export function servicesConcerned(change: Change, pod: Pod, old: Pod | null, context: Context): ReadonlySet<string> {
  if (change !== 'modified' || !old) return servicesOf(pod, context)
  const moved =
    !sameLabels(old.metadata.labels, pod.metadata.labels) ||
    old.spec.hostname !== pod.spec.hostname ||
    old.spec.subdomain !== pod.spec.subdomain
  const changed = endpointChanged(old, pod)
  if (!moved) return changed ? servicesOf(pod, context) : NONE
  const [before, now] = [servicesOf(old, context), servicesOf(pod, context)]
  if (changed) return new Set([...before, ...now])
  return new Set([...[...before].filter((key) => !now.has(key)), ...[...now].filter((key) => !before.has(key))])
}

/** From so many endpoints on, changes are gathered: so many ms, and one more for every ten endpoints. */
const MANY = 50
const GATHER_MS = 50

const sizeKey = (key: string): string => `size/${key}`

export function rememberSize(key: string, size: number, { memory }: Context): void {
  if (size >= MANY) memory.set(sizeKey(key), size)
  else memory.delete(sizeKey(key))
}

/** The watch on Pods that both endpoint controllers have: large Services are looked at after a moment, small ones at once. */
export const podWatch: Watch = {
  resource: 'pods',
  keys(change, pod, old, context) {
    const now: string[] = []
    for (const key of servicesConcerned(change, pod as Pod, old as Pod | null, context)) {
      const size: number = context.memory.get(sizeKey(key)) ?? 0
      if (size < MANY) now.push(key)
      else context.later(key, GATHER_MS + size / 10)
    }
    return now
  },
}

/** Whether the Pod has a place in endpoints at all; Endpoints leave Pods out that are being deleted. */
export const belongs = (pod: Pod, terminating: boolean): boolean =>
  !isTerminal(pod) && Boolean(pod.status?.podIP || pod.status?.podIPs?.length) && (terminating || !pod.metadata.deletionTimestamp)

/** The Pod's address of this family. */
export const addressOf = (pod: Pod, ipv6: boolean): string | undefined =>
  pod.status?.podIPs?.find(({ ip }) => ip.includes(':') === ipv6)?.ip

/** The hostname that DNS gives the Pod under this Service, if any. */
export const hostnameFor = ({ spec }: Pod, service: Service): string | undefined =>
  spec.hostname && spec.subdomain === service.metadata.name ? spec.hostname : undefined

/** The Pod's port that a Service's port means: a number, or the name of a container's port; undefined when there is none. */
export function targetPort({ spec }: Pod, { targetPort: target, protocol = 'TCP', port }: ServicePort): number | undefined {
  if (typeof target !== 'string') return target ?? port
  const sidecars = (spec.initContainers ?? []).filter((container) => container.restartPolicy === 'Always')
  for (const container of [...spec.containers, ...sidecars]) {
    const found = container.ports?.find(({ name, protocol: other = 'TCP' }) => name === target && other === protocol)
    if (found) return found.containerPort
  }
  return undefined
}

export const isHeadless = ({ spec }: Service): boolean => spec.clusterIP === 'None' || !spec.clusterIP
/** Neither ExternalName nor without a selector: the endpoints are ours to write. */
export const hasEndpoints = ({ spec }: Service): boolean => spec.type !== 'ExternalName' && spec.selector !== undefined
