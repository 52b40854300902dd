/** One machine of the cluster: its kubelet, its containers, its power switch. */

import { hostPortsOf } from '#api/host-ports.ts'
import type { Node, Pod, Taint } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { RELEASE } from '#api/release.ts'
import type { ApiResponse } from '#api/request.ts'
import type { Api, Connect } from '../machinery/client.ts'
import { EventRecorder } from '../machinery/events.ts'
import type { Heartbeats } from '../machinery/heartbeats.ts'
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import { Informers, type WatchSource } from '../machinery/informer.ts'
import type { NodeEnd } from '../machinery/node-end.ts'
import type { Registries } from '../machinery/registries.ts'
import type { Road, Streams } from '../machinery/streams.ts'
import type { World } from '../sim/world.ts'
import type { Context, NetworkPort, StoragePort } from './context.ts'
import { type Daemons, daemonPages, isDaemon } from './daemons-slot.ts'
import { Kubelet } from './kubelet.ts'
import { type KubeletPages, kubeletPages } from './kubelet-slot.ts'
import { loggedId, readLog, undialled, unreachable } from './logs.ts'
import { containerSpec, type PodRecord } from './pod-record.ts'
import type { NodeSpec } from './registration.ts'
import { findPod, listensIn, reach } from './streaming.ts'

/** What a machine needs of the network, and what it offers to it. */
export interface MachineNetwork extends NetworkPort {
  join(end: NodeEnd): void
  leave(name: string): void
}

export interface NodeOptions {
  world: World
  connect: Connect
  source: WatchSource
  network: MachineNetwork
  heartbeats: Heartbeats
  streams: Streams
  storage?: StoragePort
  registries?: Registries
  name: string
  zone?: string
  /** `4`. */
  cpu?: string
  /** `8Gi`. */
  memory?: string
  pods?: number
  /** Position in the cluster, from 1: its address follows from it. */
  index: number
  labels?: Record<string, string>
  taints?: Taint[]
  /** An address of its own choice. */
  ip?: string
  kubelet?: string
  /** Nobody has joined it to the cluster: its kubelet waits for that. */
  bare?: boolean
  /** Wants to know of its containers' beginnings and ends. */
  ran?: Context['ran']
}

/** What came of a command; `out` holds everything it wrote, `err` what of it went to standard error. */
export interface Executed {
  code: number
  out: string
  err: string
  failed: string
}

const HOUR_MS = 3_600_000

/** How late a kubelet's caches are. */
const INFORMER_LAG_MS = 3

export class SimulatedNode {
  readonly name: string
  readonly kubelet: Kubelet
  readonly #world: World
  /** It is taken away. */
  readonly leave: () => void

  constructor(options: NodeOptions) {
    const { world, source, network, heartbeats, streams, name, index } = options
    this.name = name
    this.#world = world
    const api = options.connect({ user: `system:node:${name}`, groups: ['system:nodes'], manager: 'kubelet' })
    const spec: NodeSpec = {
      name,
      zone: options.zone ?? '',
      cpu: options.cpu ?? '4',
      memory: options.memory ?? '8Gi',
      pods: options.pods ?? 110,
      ip: options.ip ?? `172.18.${(index + 1) >> 8}.${(index + 1) & 255}`,
      labels: options.labels ?? {},
      taints: options.taints ?? [],
      kubelet: options.kubelet ?? RELEASE,
    }
    const events = new EventRecorder('kubelet', world, api, name)
    const informers = new Informers(`kubelet/${name}`, world, source, INFORMER_LAG_MS, name)
    this.kubelet = new Kubelet(spec, {
      world,
      api,
      informers,
      events,
      network,
      heartbeats,
      streams,
      storage: options.storage,
      registries: options.registries,
      reaches: () => source.isOpen?.(`kubelet/${name}`) ?? true,
      ran: options.ran,
    })
    const { kubelet } = this
    if (options.bare) kubelet.freeze(true)
    this.leave = () => {
      this.power(false)
      informers.close()
      for (const part of [kubelet, events]) world.leave(part.name)
      network.leave(name)
    }
    const pages = this.#pages(spec, api, world)
    const daemons: Daemons = {
      now: () => world.now,
      node: () => api.get<Node>('nodes', '', name),
      kubelet: (request) => kubeletPages.get()(pages, request),
    }
    network.join({
      name,
      ip: spec.ip,
      get isPowered() {
        return kubelet.isPowered
      },
      answer: (uid, port, request) => this.http(uid, port, request),
      listens: (uid, port) => kubelet.isPowered && listensIn(kubelet.runtime, kubelet.recordOf(uid), port),
      daemon: (port, request, local) => (isDaemon(port, local) ? daemonPages.get()(port, request, daemons) : null),
      podName: (uid) => kubelet.recordOf(uid)?.key ?? '',
      pod: (uid) => kubelet.recordOf(uid)?.pod,
      hostPods: () => this.#hostPods(),
    })
  }

  /** What the kubelet's own pages are made of. */
  #pages(spec: NodeSpec, api: Api, world: World): KubeletPages {
    const { kubelet } = this
    const { runtime, records, tally, status } = kubelet
    return {
      spec,
      api,
      world,
      runtime,
      records,
      tally,
      status,
      images: () => kubelet.images(),
      filler: () => kubelet.evictor.filler,
      logs: (...of) => this.logs(...of),
    }
  }

  /**
   * A container's log; null when this node has no such container. Options as in the API's query.
   * Throws ApiError in the kubelet's words when there is no log (yet), or when the node doesn't answer.
   */
  logs(namespace: string, pod: string, container: string, options: Record<string, string> = {}): string | null {
    const { kubelet } = this
    if (!kubelet.isPowered) throw unreachable(kubelet.hostIp, `containerLogs/${namespace}/${pod}/${container}`)
    const record = this.#record(namespace, pod)
    const slot = record?.slots[container]
    if (!record || !slot) return null
    const id = loggedId(record, container, options['previous'] === 'true')
    const found = kubelet.runtime.get([slot.current, slot.previous].find((known) => known === id))
    return found
      ? readLog(kubelet.runtime.log(found), options, this.#world.now)
      : `unable to retrieve container logs for containerd://${id}`
  }

  /** A road into one of its pods; the head of the answer. Throws ApiError when the node doesn't answer. */
  open(road: Road): ApiResponse {
    const { kubelet } = this
    if (kubelet.isPowered) return kubelet.roads.open(road)
    const { kind, namespace, pod } = road
    if (kind === 'log') throw unreachable(kubelet.hostIp, `containerLogs/${namespace}/${pod}/${road.container}?follow=true`)
    throw undialled(kubelet.hostIp)
  }

  #record(namespace: string, pod: string): PodRecord | undefined {
    return findPod(this.kubelet.records, namespace, pod)
  }

  /**
   * Runs a command in a running container to its end; time it would wait only counts against an hour.
   * Null when there is no such running container. Code 126 with `failed` set: the command could not be started.
   */
  exec(namespace: string, pod: string, container: string, argv: readonly string[]): Executed | null {
    const state = this.kubelet.runtime.get(this.#record(namespace, pod)?.slots[container]?.current)
    if (state?.state !== 'running' || !this.kubelet.isPowered) return null
    const ran = this.kubelet.runtime.run(state, argv, HOUR_MS)
    if (ran.end === 'error') return { code: 126, out: '', err: '', failed: ran.output }
    return { code: ran.code, out: ran.output, err: ran.errors, failed: '' }
  }

  /** A request to whatever listens on this port in a pod. */
  http(podUid: string, port: number, request: HttpRequest): HttpOutcome {
    const { kubelet } = this
    if (!kubelet.isPowered) return { ok: false, why: 'timeout' }
    return reach(kubelet.runtime, kubelet.recordOf(podUid), port, request)
  }

  #hostPods(): Pod[] {
    const pods: Pod[] = []
    for (const { pod, sandbox, gone } of this.kubelet.records.values()) {
      if (sandbox?.ready && !gone && (pod.spec.hostNetwork || hostPortsOf(pod).length > 0)) pods.push(pod)
    }
    return pods
  }

  get isPowered(): boolean {
    return this.kubelet.isPowered
  }
  /** The machine loses or regains its power; with so many seconds' grace its pods are ended first. */
  power(on: boolean, graceSeconds = 0): void {
    this.kubelet.power(on, graceSeconds)
  }
  /** The disk runs full, or has room again. */
  disk(full: boolean): void {
    this.kubelet.evictor.disk(full)
  }
  get isDiskFull(): boolean {
    return this.kubelet.evictor.isDiskFull
  }
  /** The network plugin's configuration is gone, or back. */
  plugin(on: boolean): void {
    this.kubelet.status.plugin(on)
  }
  get isPluggedIn(): boolean {
    return this.kubelet.status.isPluggedIn
  }
  /** A manifest in the folder that its kubelet watches; `null` takes it away. */
  manifest(file: string, pod: AnyObject | null): void {
    this.kubelet.statics.put(file, pod)
  }
  /** The kubelet stops (its containers go on), or goes on. */
  get isFrozen(): boolean {
    return this.kubelet.isFrozen
  }
  freeze(frozen: boolean): void {
    this.kubelet.freeze(frozen)
  }

  /** Its kubelet is started anew, as this version. */
  restart(version: string): void {
    const { status } = this.kubelet
    if (!this.isPowered) return
    const known = status.isRegistered
    this.freeze(true)
    status.version = version
    // Who waited for its first start registers now, as it was to.
    this.freeze(false)
    if (known) status.begin()
  }

  /** Kills process 1 of every container of a pod. */
  killContainers(namespace: string, pod: string): void {
    for (const name of Object.keys(this.#record(namespace, pod)?.slots ?? {})) this.killContainer(namespace, pod, name)
  }

  /** Kills process 1 of a container, as `kill -9` on the machine would. */
  killContainer(namespace: string, pod: string, container: string): void {
    for (const record of this.kubelet.records.values()) {
      const { metadata } = record.pod
      if (metadata.name !== pod || metadata.namespace !== namespace) continue
      const name = container || record.pod.spec.containers[0]?.name || ''
      if (!containerSpec(record.pod, name)) continue
      const state = this.kubelet.runtime.get(record.slots[name]?.current)
      if (state) this.kubelet.runtime.signal(state, 'KILL')
    }
  }

  /** What a pod uses now, container by container; for metrics. Null when the node doesn't run it. */
  usage(podUid: string): { name: string; cpuMilli: number; mostMilli: number; memoryMi: number; startedAt: number }[] | null {
    const record = this.kubelet.recordOf(podUid)
    if (!record || !this.kubelet.isPowered) return null
    return Object.values(record.slots).flatMap((slot) => {
      const state = this.kubelet.runtime.get(slot.current)
      if (state?.state !== 'running') return []
      const { cpuMost: mostMilli = Number.POSITIVE_INFINITY, startedAt } = state
      return [{ name: slot.name, ...this.kubelet.runtime.usage(state), mostMilli, startedAt }]
    })
  }
}

export const createNode = (options: NodeOptions): SimulatedNode => new SimulatedNode(options)
