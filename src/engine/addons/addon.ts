/** What may be added to a bare cluster when it is made: objects that its administrator applies, and the loops that live outside the cluster. */
import type { Pod, Taint } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Fault } from '#api/request.ts'
import type { DiskState } from '#posix/disk.ts'
import type { Api } from '../machinery/client.ts'
import type { ControllerDeclaration } from '../machinery/controller.ts'
import type { MakeForwarder } from '../machinery/forwarder.ts'
import type { World } from '../sim/world.ts'

/** What a cloud is asked for: machines. And whoever runs on them may be made to say something. */
export interface Ground {
  add(machine: { name: string; zone: string; cpu: string; memory: string; labels: Record<string, string> }): unknown
  remove(name: string): void
  roster(): readonly { name: string; cpu: string; memory: string }[]
  node(name: string): { kubelet: Kubelet } | undefined
  /** Something happens to a machine, or to what all of them need. */
  fault(fault: Fault): void
  network: { crowd(service: string, requests: number, walks: number, patienceMs: number): number }
}

interface Kubelet {
  recordOf(uid: string): { slots: Record<string, { current: string | null }> } | undefined
  runtime: { get(id: string | null | undefined): any; mainOut(container: any, text: string, stream: 'stderr'): void }
}

/** A machine of the control plane, and the address of its API server. */
export interface ControlHost {
  name: string
  ip: string
}

/** What a control plane in Pods has to do with: its machines and processes, and whoever sets it up. */
export interface ControlPorts {
  world: World
  /** Speaks as the cluster's administrator. */
  api: Api
  authority: { certificate: string; key: string }
  /** It is of the release that its machine's manifest says. */
  server: { release: string }
  hosts: {
    /** The machines, and where the API server of each can be reached. */
    addresses(): ControlHost[]
    /** A process has begun or ended by itself. */
    follow(process: string, host: string, runs: boolean): void
    processOf(name: string): { host: string; process: string } | null
    /** Where there are several. */
    readonly ring: { reborn(): void } | null
  }
  store: StoreExchange
  machines: {
    add(machine: { name: string; ip: string; index: number; taints: Taint[]; kubelet: string }): unknown
    node(name: string): ControlNode | undefined
    contents: Disks
    onContainer: ((machine: string, container: { name: string; podUid: string; image: string }, runs: boolean) => void) | null
  }
}

/** A store that nobody is served from: its state, null when it is empty, and its revision. */
export interface SavedStore {
  state: unknown
  revision: number
}

/** Puts another store in place of the cluster's. */
export interface StoreExchange {
  save(): SavedStore
  put(store: SavedStore): void
  /** Makes in an empty one what every cluster has; refused while no API server serves. */
  bootstrap(): void
}

interface Disks {
  place(node: string, path: string, text: string, mode?: number): void
  of(node: string, pod: Pod, volume: { name: string }): { files: DiskState } | object | null
}

interface ControlNode {
  kubelet: { recordOf(uid: string): { manifest?: object | null; pod: Pod } | undefined }
  manifest(file: string, pod: AnyObject | null): void
  power(on: boolean): void
}

export interface ControlPods {
  /** The release that a machine's manifest (`kube-apiserver.yaml`) asks for; empty: the machine has none. */
  releaseOf(host: string, file: string): string
  /** A machine's manifest is written for another release (empty: as it was): its kubelet restarts what it says. */
  upgrade(host: string, file: string, release: string): void
  /** The machines come, with their manifests: at the beginning of a new cluster. */
  begin(): void
  /** Stops or starts what is called so, as an administrator does on the machine; false when there is nothing of that name. */
  switch(component: string, on: boolean): boolean
}

export interface Addon {
  name: string
  manifests?: readonly AnyObject[]
  controllers?: readonly ControllerDeclaration[]
  /** Loops that have to do with machines. */
  loops?(ground: Ground): readonly ControllerDeclaration[]
  /** What its proxies do with a request: they answer `forward: name of the addon`. */
  proxy?: MakeForwarder
  /** The version of the machines' kubelets when they are set up. */
  kubelet?: string
  /** The control plane's machines are Nodes, too, and run its parts in Pods; `name`: how a single one is called. */
  controlPlane?: { name: string; start(ports: ControlPorts): ControlPods }
  /** The machines' network plugin enforces NetworkPolicies. */
  policies?: true
}
