/** From watch events to the scheduler's picture of the cluster, and to the queue: what changed, and whom it may help. */
import { extend } from '#api/extend.ts'
import type { Node, Pod, Service } from '#api/kinds.ts'
import { type AnyObject, keyOf } from '#api/meta.ts'
import type { Change, Informers } from '../machinery/informer.ts'
import type { ClusterCache } from './cache.ts'
import { type ClusterEvent, nodeEvents, podEvents } from './cluster-event.ts'
import { SPREAD_OWNERS } from './lookups.ts'
import { hasEnded, PodInfo, sameLabels } from './pod-info.ts'
import type { SchedulingQueue } from './queue.ts'

/** What the handlers move. The cache and the queue are made anew when a saved world is loaded. */
export interface Watched {
  readonly cluster: ClusterCache
  readonly queue: SchedulingQueue
  /** The nodes of Pods that are placed but not yet seen as bound, by the Pods' keys. */
  readonly assumed: Map<string, string>
  readonly now: number
  /** There may be something to do. */
  wake(): void
  /** A Pod is gone for good. */
  gone(key: string): void
  /** Claims or volumes changed: Pods that wait for them to be bound may go on. */
  volumesChanged(): void
}

/** The profile's name: Pods that ask for another scheduler are none of ours. */
const SCHEDULER_NAME = 'default-scheduler'
const isOurs = (pod: Pod): boolean => (pod.spec.schedulerName || SCHEDULER_NAME) === SCHEDULER_NAME

const CLAIMS = 'resourceclaims.resource.k8s.io'

/** Kinds that some Pods cannot do without. */
const PRECONDITIONS: readonly [resource: string, added: ClusterEvent, updated: ClusterEvent][] = [
  ['persistentvolumeclaims', 'claim/add', 'claim/update'],
  ['persistentvolumes', 'volume/add', 'volume/update'],
  ['storageclasses.storage.k8s.io', 'class/add', 'class/update'],
  [CLAIMS, 'device-claim/add', 'device-claim/update'],
  ['deviceclasses.resource.k8s.io', 'device-class/add', 'device-class/update'],
  ['resourceslices.resource.k8s.io', 'device-slice/add', 'device-slice/update'],
]

export function watchCluster(informers: Informers, state: () => Watched): void {
  informers.on('nodes', (change, object, old) => onNode(state(), change, object as Node, old as Node | null))
  informers.on('namespaces', (change, object, old) => {
    if (change !== 'modified' || !sameLabels(object.metadata.labels, old?.metadata.labels))
      state().cluster.lookups.namespacesChanged()
  })
  informers.on('services', (change, object) =>
    state().cluster.lookups.setService(object as unknown as Service, change === 'deleted'),
  )
  for (const resource of SPREAD_OWNERS) {
    informers.on(resource, (change, object, old) => {
      if (change !== 'modified' || object.spec?.selector !== old?.spec?.selector) state().cluster.lookups.ownersChanged()
    })
  }
  informers.cache('poddisruptionbudgets.policy')
  for (const [resource, added, updated] of PRECONDITIONS) {
    informers.on(resource, (change, object, old) => {
      const watched = state()
      if (resource === CLAIMS) watched.cluster.claims.seen(object, change === 'deleted')
      if (change === 'added') tell(watched, added, null, object)
      if (change === 'modified') tell(watched, updated, old, object)
      watched.volumesChanged()
    })
  }
  informers.on('pods', (change, object, old) => onPod(state(), change, object as unknown as Pod, old as unknown as Pod | null))
}

/** Rebuilds the cache from the informers' after a saved world has been loaded. */
export function refill(informers: Informers, { cluster, assumed }: Watched): void {
  for (const node of informers.cache<Node>('nodes').all()) cluster.setNode(node)
  for (const service of informers.cache<Service>('services').all()) cluster.lookups.setService(service, false)
  for (const claim of informers.cache(CLAIMS).all()) cluster.claims.seen(claim, false)
  for (const pod of informers.cache<Pod>('pods').all()) {
    const node = pod.spec.nodeName ?? assumed.get(keyOf(pod.metadata))
    if (node && !hasEnded(pod)) cluster.addPod(new PodInfo(pod), node)
  }
}

/** The Pod as it will be once it is bound. */
const placedOn = (pod: Pod, node: string): Pod =>
  pod.spec.nodeName === node ? pod : { ...pod, spec: extend(pod.spec, { nodeName: node }) }

function tell(
  watched: Watched,
  event: ClusterEvent,
  old: AnyObject | Pod | Node | null,
  next: AnyObject | Pod | Node | null,
): void {
  watched.queue.happened({ event, old, next }, watched.now)
  watched.wake()
}

function onNode(watched: Watched, change: Change, node: Node, old: Node | null): void {
  if (change === 'deleted') {
    tell(watched, 'node/delete', node, null)
    watched.cluster.removeNode(node.metadata.name)
    return
  }
  watched.cluster.setNode(node)
  if (change === 'added' || !old) tell(watched, 'node/add', null, node)
  else for (const event of nodeEvents(old, node)) tell(watched, event, old, node)
}

function onPod(watched: Watched, change: Change, pod: Pod, old: Pod | null): void {
  if (change === 'deleted' || hasEnded(pod)) leaves(watched, pod, old)
  else if (pod.spec.nodeName) bound(watched, pod, old)
  else if (isOurs(pod)) waits(watched, pod, change === 'added' ? null : old)
}

function waits(watched: Watched, pod: Pod, old: Pod | null): void {
  if (old) waitingUpdated(watched, pod, old)
  else {
    watched.queue.add(pod, watched.now)
    nominate(watched, pod, pod.status?.nominatedNodeName ?? '')
  }
  watched.wake()
}

function bound(watched: Watched, pod: Pod, old: Pod | null): void {
  const key = keyOf(pod.metadata)
  watched.cluster.setPod(pod, key)
  if (old?.spec.nodeName) {
    if (watched.queue.counts().pool === 0) return
    for (const event of podEvents(old, pod)) tell(watched, event, old, pod)
    return
  }
  watched.assumed.delete(key)
  watched.cluster.nominator.remove(key)
  watched.queue.delete(key)
  tell(watched, 'pod/add', null, pod)
}

function nominate({ cluster }: Watched, pod: Pod, node: string): void {
  if (node === '') cluster.nominator.remove(keyOf(pod.metadata))
  else cluster.nominator.set(new PodInfo(pod), node)
}

function waitingUpdated(watched: Watched, pod: Pod, old: Pod): void {
  const key = keyOf(pod.metadata)
  if (watched.assumed.has(key)) {
    if (pod.metadata.deletionTimestamp && !old.metadata.deletionTimestamp) forget(watched, pod)
    return
  }
  const [before, after] = [old.status?.nominatedNodeName ?? '', pod.status?.nominatedNodeName ?? '']
  // An update without a nomination may be older than the nomination just made: then that one stays.
  nominate(watched, pod, before === '' && after === '' ? (watched.cluster.nominator.nodeOf(key) ?? '') : after)
  const happenings = podEvents(old, pod).map((event) => ({ event, old, next: pod }))
  if (watched.queue.get(key)) watched.queue.updated(key, happenings, watched.now)
  else watched.queue.add(pod, watched.now)
  if (before !== '' && before !== after) makeRoom(watched, old)
}

/** Frees what an assumed Pod has taken. */
export function forget(watched: Watched, pod: Pod): void {
  const key = keyOf(pod.metadata)
  const node = watched.assumed.get(key)
  if (node === undefined) return
  watched.assumed.delete(key)
  watched.cluster.removePod(key)
  tell(watched, 'pod/delete', placedOn(pod, node), null)
}

/** The place that a Pod waited for is free for others that had to yield to it. */
function makeRoom(watched: Watched, pod: Pod): void {
  const priority = pod.spec.priority ?? 0
  watched.queue.happened({ event: 'pod/delete', old: pod, next: null }, watched.now, (queued) => queued.priority <= priority)
}

function leaves(watched: Watched, pod: Pod, old: Pod | null): void {
  const key = keyOf(pod.metadata)
  const was = watched.cluster.pod(key)
  if (!was && pod.spec.nodeName) return
  watched.queue.delete(key)
  watched.cluster.nominator.remove(key)
  watched.gone(key)
  if (watched.assumed.has(key) && !pod.spec.nodeName) forget(watched, pod)
  else if (was) {
    watched.assumed.delete(key)
    watched.cluster.removePod(key)
    tell(watched, 'pod/delete', pod, null)
  } else if (old?.status?.nominatedNodeName) {
    makeRoom(watched, old)
    watched.wake()
  }
}
