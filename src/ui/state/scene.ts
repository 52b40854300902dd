/** The scene: what the graph draws, derived from the mirror batch by batch (seats, who is where, what serves whom). */
import type { Node, Pod, Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import type { Stop } from '#api/request.ts'
import type { Change, Mirror } from '#client/mirror.ts'
import { createSeats, isSystem, type Seats, systemRoom } from './seats.ts'
import { createTopics, type Topics } from './topics.ts'

/** Pods without a machine sit here. */
export const WAITING = ''

export interface Endpoint {
  pod: string
  ready: boolean
}

export interface Scene {
  readonly mirror: Mirror
  /** Topics: `mirror` (every batch; also when only a list has arrived empty), `nodes` (which there are), `node changes`, `node:NAME`, `waiting`, `services`, `service:KEY`, `pods`, `workloads`, `ID KEY` of one object, `events:UID`. */
  readonly topics: Topics
  readonly seats: Seats
  nodes(): Node[]
  services(): Service[]
  /** What nobody else owns and runs pods: Deployments, StatefulSets, DaemonSets, Jobs, lone ReplicaSets; without the system's. */
  workloads(): AnyObject[]
  pod(uid: string): Pod | undefined
  /** All pods on a machine, or those that wait for one ({@link WAITING}); in seat order, system pods last. */
  podsOn(node: string): Pod[]
  endpoints(service: string): Endpoint[]
  /** Keys of the Services that have this pod (`namespace/name`) among their endpoints. */
  servicesOf(pod: string): string[]
  /** The chain of controllers above an object, nearest first. */
  owners(object: AnyObject): AnyObject[]
  eventsOf(uid: string): AnyObject[]
  start(): Stop
}

const TABLE_OF_KIND: Record<string, string> = {
  Pod: 'pods',
  Node: 'nodes',
  Service: 'services',
  Deployment: 'deployments',
  ReplicaSet: 'replicasets',
  ReplicationController: 'replicationcontrollers',
  Namespace: 'namespaces',
  StatefulSet: 'statefulsets',
  DaemonSet: 'daemonsets',
  Job: 'jobs',
}
const WORKLOADS = ['deployments', 'statefulsets', 'daemonsets', 'jobs', 'replicasets', 'replicationcontrollers']
/** The mirror's table that holds this kind, if it is mirrored. */
export const tableOf = (kind: string): string | undefined => TABLE_OF_KIND[kind]

const collator = new Intl.Collator('en', { numeric: true })

interface Index {
  pods: Map<string, Pod>
  endpoints: Map<string, Map<string, Endpoint[]>>
  servicesOf: Map<string, Set<string>>
  events: Map<string, Map<string, AnyObject>>
}

export function createScene(mirror: Mirror): Scene {
  const topics = createTopics()
  const seats = createSeats()
  const index: Index = { pods: new Map(), endpoints: new Map(), servicesOf: new Map(), events: new Map() }
  /** Tables in the order of their keys; put in order anew only when a member comes or goes. */
  const order = new Map<string, string[]>()
  const sorted = <T extends AnyObject>(id: string): T[] => {
    const keys = order.get(id) ?? [...mirror.all(id).keys()].sort(collator.compare)
    order.set(id, keys)
    return keys.flatMap((key) => (mirror.get(id, key) as T | undefined) ?? [])
  }
  return {
    mirror,
    topics,
    seats,
    nodes: () => sorted<Node & AnyObject>('nodes'),
    // The API server has its place in the control-plane strip; the system's own services are in the table and the inspector.
    services: () =>
      sorted<Service & AnyObject>('services')
        .filter(({ metadata }) => keyOf(metadata) !== 'default/kubernetes' && !isSystem(metadata.namespace))
        .sort((a, b) => doorOf(b) - doorOf(a)),
    workloads: () =>
      WORKLOADS.flatMap((table) => sorted(table)).filter((o) => !controllerOf(o.metadata) && !isSystem(o.metadata.namespace)),
    pod: (uid) => index.pods.get(uid),
    podsOn: (node) =>
      [...seats.row(node), ...(node ? seats.row(systemRoom(node)) : [])].flatMap((uid) => (uid && index.pods.get(uid)) || []),
    endpoints: (service) => [...(index.endpoints.get(service)?.values() ?? [])].flat(),
    servicesOf: (pod) => [...(index.servicesOf.get(pod) ?? [])],
    owners: (object) => ownersOf(mirror, object),
    eventsOf: (uid) => [...(index.events.get(uid)?.values() ?? [])].sort((a, b) => timeOf(b).localeCompare(timeOf(a))),
    start() {
      const unsubscribe = mirror.subscribe((changes) => {
        for (const change of changes) {
          if (!change.before || !change.after) order.delete(change.id)
          absorb(change, index, seats, topics)
        }
        topics.touch('mirror')
        topics.tell()
      })
      const stop = mirror.start()
      return () => {
        unsubscribe()
        stop()
      }
    },
  }
}

/** Services with a door to the outside stand next to it: no other card is in the way. */
const doorOf = ({ spec }: Service): number => Number(spec.type === 'NodePort' || spec.type === 'LoadBalancer')

export const timeOf = (event: AnyObject): string =>
  event['series']?.lastObservedTime ?? event['lastTimestamp'] ?? event['eventTime'] ?? event.metadata.creationTimestamp ?? ''

function ownersOf(mirror: Mirror, object: AnyObject): AnyObject[] {
  const chain: AnyObject[] = []
  let at: AnyObject | undefined = object
  while (at && chain.length < 8) {
    const owner = controllerOf(at.metadata)
    const table = owner && tableOf(owner.kind)
    const namespace: string | undefined = at.metadata.namespace
    at = table && owner ? mirror.get(table, keyOf({ name: owner.name, namespace })) : undefined
    if (at) chain.push(at)
  }
  return chain
}

function absorb(change: Change, index: Index, seats: Seats, topics: Topics): void {
  topics.touch(`${change.id} ${change.key}`)
  const absorb = ABSORB[change.id]
  if (absorb) absorb(change, index, seats, topics)
  else {
    topics.touch('workloads')
    if (!change.before || !change.after) topics.touch('workload list')
  }
}

type Absorb = (change: Change, index: Index, seats: Seats, topics: Topics) => void

/** A list whose members come and go, and whose cards follow their own object. */
const listed =
  (card: string, list: string): Absorb =>
  ({ key, before, after }, _index, _seats, topics) => {
    topics.touch(`${card}:${key}`)
    topics.touch(`${card} changes`)
    if (!before || !after) topics.touch(list)
  }

const ABSORB: Record<string, Absorb> = {
  pods: absorbPod,
  nodes: listed('node', 'nodes'),
  services: listed('service', 'services'),
  namespaces: listed('namespace', 'namespaces'),
  endpointslices: absorbSlice,
  events: absorbEvent,
}

function absorbPod({ before, after }: Change, index: Index, seats: Seats, topics: Topics): void {
  const leave = (pod: Pod): void => {
    seats.leave(roomOf(pod), uidOf(pod))
    topics.touch(topicOf(pod))
    topics.touch('seats')
  }
  const [old, pod] = [before as Pod | undefined, after as Pod | undefined]
  const moved = !old || !pod || old.spec.nodeName !== pod.spec.nodeName || uidOf(old) !== uidOf(pod)
  if (old && moved) {
    leave(old)
    if (!pod || uidOf(old) !== uidOf(pod)) index.pods.delete(uidOf(old))
  }
  topics.touch('pods')
  if (!pod) return
  index.pods.set(uidOf(pod), pod)
  seats.seat(roomOf(pod), uidOf(pod))
  topics.touch(topicOf(pod))
  if (moved) topics.touch('seats')
}

const topicOf = (pod: Pod): string => (pod.spec.nodeName ? `node:${pod.spec.nodeName}` : 'waiting')

/** The room a pod sits in: the waiting room, its machine, or its machine's corner for system pods. */
function roomOf(pod: Pod): string {
  const node = pod.spec.nodeName
  if (!node) return WAITING
  return isSystem(pod.metadata.namespace) ? systemRoom(node) : node
}

export const uidOf = (object: { metadata: { uid?: string; name: string; namespace?: string } }): string =>
  object.metadata.uid ?? keyOf(object.metadata)

function absorbSlice({ key, before, after }: Change, index: Index, _seats: Seats, topics: Topics): void {
  const name = (after ?? before)?.metadata.labels?.['kubernetes.io/service-name']
  if (!name) return
  const namespace = (after ?? before)?.metadata.namespace ?? ''
  const service = `${namespace}/${name}`
  const slices = index.endpoints.get(service) ?? new Map<string, Endpoint[]>()
  index.endpoints.set(service, slices)
  for (const old of slices.get(key) ?? []) index.servicesOf.get(old.pod)?.delete(service)
  if (after) slices.set(key, endpointsIn(after, namespace))
  else slices.delete(key)
  for (const endpoint of [...slices.values()].flat()) {
    const set = index.servicesOf.get(endpoint.pod) ?? new Set()
    index.servicesOf.set(endpoint.pod, set.add(service))
  }
  topics.touch(`service:${service}`)
  topics.touch('endpoints')
}

function endpointsIn(slice: AnyObject, namespace: string): Endpoint[] {
  const list = (slice['endpoints'] ?? []) as { conditions?: { ready?: boolean }; targetRef?: { kind?: string; name?: string } }[]
  return list.flatMap((e) =>
    e.targetRef?.kind === 'Pod' ? [{ pod: `${namespace}/${e.targetRef.name}`, ready: e.conditions?.ready !== false }] : [],
  )
}

function absorbEvent({ key, before, after }: Change, index: Index, _seats: Seats, topics: Topics): void {
  const uid = (after ?? before)?.['involvedObject']?.uid ?? (after ?? before)?.['regarding']?.uid
  if (!uid) return
  const list = index.events.get(uid) ?? new Map<string, AnyObject>()
  if (after) index.events.set(uid, list.set(key, after))
  else list.delete(key)
  topics.touch(`events:${uid}`)
}
