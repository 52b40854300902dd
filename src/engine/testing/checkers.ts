/** Checkers: what must hold at every moment, and what must hold once the storm is over. */
import type { DaemonSet, Deployment, EndpointSlice, Pod, ReplicaSet, Service, StatefulSet } from '#api/kinds.ts'
import { type AnyObject, controllerOf, keyOf } from '#api/meta.ts'
import { mapSelects, selects } from '#api/selector.ts'
import type { WatchSession } from '../apiserver/watching.ts'
import type { Cluster } from '../cluster.ts'
import { outsideInvariants, outsidePromises } from './checkers-outside.ts'

const isReady = (pod: Pod): boolean => pod.status?.conditions?.some((c) => c.type === 'Ready' && c.status === 'True') === true
const isActive = (pod: Pod): boolean =>
  pod.status?.phase !== 'Succeeded' && pod.status?.phase !== 'Failed' && !pod.metadata.deletionTimestamp

const OWNERS = ['deployments', 'replicasets', 'statefulsets', 'daemonsets']
  .map((name) => `${name}.apps`)
  .concat('jobs.batch', 'services', 'nodes', 'endpoints')

export class Checkers {
  readonly #cluster: Cluster
  #watch: WatchSession | null = null
  /** What a client believes that has only its watch. */
  #believed = new Map<string, AnyObject>()
  #nodeOf = new Map<string, string>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
    this.#open()
  }

  /** A client whose watch has ended begins anew, when the server answers. */
  #open(): void {
    this.#believed.clear()
    this.#watch = this.#cluster.watch({ method: 'GET', path: '/api/v1/pods?watch=1&resourceVersion=0' }).session
  }

  #all<T>(resource: string): T[] {
    return this.#cluster.server.readAll(resource) as T[]
  }

  /** Invariants of every moment; one line for each that is broken. */
  look(): string[] {
    const own = [...this.#watchSawAll(), ...this.#noPodMoves(), ...this.#surgeIsKept(), ...this.#uidsAreUnique()]
    return [...own, ...outsideInvariants(this.#cluster)]
  }

  #watchSawAll(): string[] {
    if (!this.#watch || this.#watch.ended) this.#open()
    if (!this.#watch) return []
    for (const { type, object } of this.#watch.take() as { type: string; object: AnyObject }[]) {
      const key = keyOf(object.metadata)
      const known = this.#believed.get(key)
      if (type === 'DELETED') this.#believed.delete(key)
      else this.#believed.set(key, object)
      if (type === 'ADDED' && known) return [`watch: ${key} was added twice`]
      if (type === 'MODIFIED' && !known) return [`watch: ${key} was modified before it was added`]
      if (known && type === 'MODIFIED' && Number(known.metadata.resourceVersion) >= Number(object.metadata.resourceVersion))
        return [`watch: ${key} went back in time`]
    }
    const pods = this.#all<AnyObject>('pods')
    if (pods.length !== this.#believed.size) return [`watch: ${this.#believed.size} pods believed, ${pods.length} there`]
    const wrong = pods.find(
      (pod) => this.#believed.get(keyOf(pod.metadata))?.metadata.resourceVersion !== pod.metadata.resourceVersion,
    )
    return wrong ? [`watch: an event of ${wrong.metadata.name} was lost`] : []
  }

  #noPodMoves(): string[] {
    const problems: string[] = []
    for (const pod of this.#all<Pod>('pods')) {
      const { uid = '', name } = pod.metadata
      const before = this.#nodeOf.get(uid)
      const node = pod.spec.nodeName
      if (before && node !== before) problems.push(`pod ${name} was on ${before} and is on ${node}`)
      if (node) this.#nodeOf.set(uid, node)
    }
    return problems
  }

  #surgeIsKept(): string[] {
    const problems: string[] = []
    for (const deployment of this.#all<Deployment>('deployments.apps')) {
      const { metadata, spec, status } = deployment
      if (
        metadata.deletionTimestamp ||
        status?.observedGeneration !== metadata.generation ||
        spec.strategy?.type !== 'RollingUpdate'
      )
        continue
      const owned = this.#all<ReplicaSet>('replicasets.apps').filter((rs) => controllerOf(rs.metadata)?.uid === metadata.uid)
      const asked = owned.reduce((sum, rs) => sum + (rs.spec.replicas ?? 0), 0)
      const surge = spec.strategy.rollingUpdate?.maxSurge ?? 0
      const replicas = spec.replicas ?? 1
      const limit = replicas + (typeof surge === 'number' ? surge : Math.ceil((replicas * Number.parseInt(surge, 10)) / 100))
      // Adopted ReplicaSets and a maxUnavailable that rounds to nothing may exceed it for the one sync that mends it.
      if (asked > Math.max(limit, replicas + 1) && owned.length > 1 && !this.#adopting(owned, replicas)) {
        problems.push(`deployment ${metadata.name} asks for ${asked} pods, ${limit} are allowed`)
      }
    }
    return problems
  }

  #adopting(owned: ReplicaSet[], replicas: number | undefined): boolean {
    return owned.some((rs) => rs.metadata.annotations?.['deployment.kubernetes.io/desired-replicas'] !== String(replicas))
  }

  #uidsAreUnique(): string[] {
    const uids = this.#all<Pod>('pods').map((pod) => pod.metadata.uid)
    return new Set(uids).size === uids.length ? [] : ['two pods share a uid']
  }

  /** What every controller has promised, after a long calm. */
  promises(): string[] {
    return [
      ...this.#replicas(),
      ...this.#rollouts(),
      ...this.#owners(),
      ...this.#endpoints(),
      ...this.#scheduled(),
      ...this.#sets(),
      ...outsidePromises(this.#cluster),
    ]
  }

  #replicas(): string[] {
    const pods = this.#all<Pod>('pods')
    return this.#all<ReplicaSet>('replicasets.apps').flatMap((rs) => {
      const own = pods.filter((pod) => controllerOf(pod.metadata)?.uid === rs.metadata.uid && isActive(pod))
      const problems: string[] = []
      if (own.length !== (rs.spec.replicas ?? 1))
        problems.push(`replicaset ${rs.metadata.name} has ${own.length} pods, wants ${rs.spec.replicas}`)
      if ((rs.status?.replicas ?? 0) !== own.length)
        problems.push(`replicaset ${rs.metadata.name} says ${rs.status?.replicas} replicas, has ${own.length}`)
      if ((rs.status?.readyReplicas ?? 0) !== own.filter(isReady).length)
        problems.push(`replicaset ${rs.metadata.name} says ${rs.status?.readyReplicas} ready, has ${own.filter(isReady).length}`)
      const stray = pods.find(
        (pod) =>
          isActive(pod) &&
          !controllerOf(pod.metadata) &&
          pod.metadata.namespace === rs.metadata.namespace &&
          selects(rs.spec.selector, pod.metadata.labels),
      )
      if (stray) problems.push(`replicaset ${rs.metadata.name} has not adopted ${stray.metadata.name}`)
      return problems
    })
  }

  #rollouts(): string[] {
    return this.#all<Deployment>('deployments.apps').flatMap((deployment) => {
      const { metadata, spec, status } = deployment
      const want = spec.replicas ?? 1
      const counts = [status?.updatedReplicas, status?.availableReplicas, status?.replicas]
      if (counts.every((count) => (count ?? 0) === want) || this.#standsStill(deployment)) return []
      return [`deployment ${metadata.name} is not rolled out: ${JSON.stringify(status)} wants ${want}`]
    })
  }

  /**
   * Kubernetes' own traps: an adopted ReplicaSet that was told another size has the Deployment scale for ever. A Recreate gets no
   * further while two are active, and nothing at all happens where the only active one has the right size (seen on a real cluster).
   */
  #standsStill({ metadata, spec }: Deployment): boolean {
    const owned = this.#all<ReplicaSet>('replicasets.apps').filter((rs) => controllerOf(rs.metadata)?.uid === metadata.uid)
    const active = owned.filter((rs) => (rs.spec.replicas ?? 0) > 0)
    const [only, second] = active
    const stuck = second ? spec.strategy?.type === 'Recreate' : only?.spec.replicas === (spec.replicas ?? 1)
    return stuck && this.#adopting(active, spec.replicas)
  }

  #owners(): string[] {
    const everything = ['pods', 'replicasets.apps', 'endpointslices.discovery.k8s.io'].flatMap((resource) =>
      this.#all<AnyObject>(resource),
    )
    const owners = new Set(OWNERS.flatMap((resource) => this.#all<AnyObject>(resource).map((o) => o.metadata.uid)))
    return everything.flatMap(({ kind, metadata }) =>
      (metadata.ownerReferences ?? [])
        .filter((owner) => !owners.has(owner.uid))
        .map((owner) => `${kind} ${metadata.name} is owned by ${owner.kind} ${owner.name}, which is gone`),
    )
  }

  #endpoints(): string[] {
    const pods = this.#all<Pod>('pods')
    const slices = this.#all<EndpointSlice>('endpointslices.discovery.k8s.io')
    return this.#all<Service>('services').flatMap(({ metadata, spec }) => {
      if (!spec.selector) return []
      const want = pods.filter(
        (pod) =>
          pod.metadata.namespace === metadata.namespace &&
          mapSelects(spec.selector, pod.metadata.labels) &&
          isReady(pod) &&
          isActive(pod),
      )
      const have = slices
        .filter(
          (slice) =>
            slice.metadata.labels?.['kubernetes.io/service-name'] === metadata.name &&
            slice.metadata.namespace === metadata.namespace,
        )
        .flatMap((slice) => slice.endpoints ?? [])
        .filter((endpoint) => endpoint.conditions?.ready)
      const names = (list: (string | undefined)[]): string => list.sort().join(' ')
      const [a, b] = [names(want.map((pod) => pod.metadata.name)), names(have.map((e) => e.targetRef?.name))]
      return a === b ? [] : [`service ${metadata.name} has endpoints [${b}], ready are [${a}]`]
    })
  }

  #scheduled(): string[] {
    return this.#all<Pod>('pods')
      .filter((pod) => isActive(pod) && !pod.spec.nodeName)
      .map((pod) => `pod ${pod.metadata.name} is still unscheduled`)
  }

  #sets(): string[] {
    const nodes = this.#all<AnyObject>('nodes').length
    const ready = [
      ...this.#all<StatefulSet>('statefulsets.apps').map(({ metadata, spec, status }) => [
        metadata.name,
        spec.replicas ?? 1,
        status?.readyReplicas,
      ]),
      ...this.#all<DaemonSet>('daemonsets.apps').map(({ metadata, status }) => [metadata.name, nodes, status?.numberReady]),
    ]
    return ready
      .filter(([, want, have]) => want !== (have ?? 0))
      .map(([name, want, have]) => `${name} has ${have} ready pods, wants ${want}`)
  }
}
