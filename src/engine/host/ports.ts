/** What shells of machines are given: the machines, the API server as anybody reaches it, and what kubeadm has set up. */
import type { ApiRequest, ApiResponse } from '#api/request.ts'
import type { Disk, DiskState } from '#posix/disk.ts'
import type { ControlHost, ControlPods } from '../addons/addon.ts'
import type { Api, Connect } from '../machinery/client.ts'
import type { Fetch } from '../machinery/http.ts'
import type { Streams } from '../machinery/streams.ts'
import type { World } from '../sim/world.ts'

/** A machine as its own programs see it. */
export interface HostMachine {
  readonly isPowered: boolean
  readonly isFrozen: boolean
  readonly kubelet: { readonly hostIp: string; readonly status: { readonly version: string; readonly isRegistered: boolean } }
  freeze(frozen: boolean): void
  restart(version: string): void
}

export interface HostPorts {
  world: World
  streams: Streams
  connect: Connect
  /** A request by whoever its headers say, or nobody. */
  ask(request: ApiRequest): ApiResponse
  machine(name: string): HostMachine | undefined
  fetch: Fetch
  /** A machine's own disk. */
  disk(name: string): DiskState
  hosts(): ControlHost[]
  /** Null where kubeadm has not set the control plane up. */
  control: ControlPods | null
  authority: { certificate: string; key: string }
}

/** One machine, for the programs that run on it. */
export interface Host {
  readonly name: string
  readonly ports: HostPorts
  readonly machine: HostMachine | undefined
  /** Its own files, without those of its programs. */
  readonly disk: Disk
  readonly packages: Packages
  /** As whoever a kubeconfig of this machine says: `admin.conf`, `kubelet.conf`; null: there is no such file. */
  as(config: 'admin.conf' | 'kubelet.conf'): Api | null
}

/** By name: the version that is installed, `1.36.3-1.1`. */
export interface Packages {
  installed: Record<string, string>
  held: string[]
}

/** `v1.36.3` of `1.36.3-1.1`. */
export const releaseOf = (version: string): string => `v${version.replace(/-.*/, '')}`
export const packageOf = (release: string): string => `${release.slice(1)}-1.1`
