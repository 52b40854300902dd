/** What is on volumes: files that outlive the Pods that wrote them, shared by all that mount them. */
import type { Pod } from '#api/kinds.ts'
import { Disk, type DiskState, newDisk, ROOT } from '#posix/disk.ts'
import { putFile } from '#posix/disk-paths.ts'
import type { WatchSource } from '../machinery/informer.ts'
import { Informers } from '../machinery/informer.ts'
import type { Part, World } from '../sim/world.ts'
import { attachmentName } from './attach.ts'
import { type HostPath, hostPlace, newHost, removeFromHost } from './host-disk.ts'
import { ATTACHMENTS, CLAIMS, type Claim, DRIVERS, PROVISIONED_BY, VOLUMES, type Volume } from './objects.ts'
import { claimNameOf, type PodVolume } from './pod-claims.ts'
import { rawVolumes } from './raw-slot.ts'

/** A file system of its own, changed in place by whoever mounts it. */
export type VolumeFiles = DiskState

/** Files (all of them, or those from a node on), or why there are none (yet), as the kubelet says it. */
export type Mounted =
  | { files: VolumeFiles; root?: number; grouped?: boolean }
  | { waits: string }
  | { fails: string; volume: string }

/** Handed to kubelets. */
export interface VolumeContents {
  /** Null for volumes that are not kept here: those that live and die with their Pod. */
  of(node: string, pod: Pod, volume: PodVolume): Mounted | null
}

type Source = PodVolume & { hostPath?: HostPath; nfs?: { server: string; path: string } }

/** How late kubelets know of claims and volumes. */
const LAG_MS = 2

export class Contents implements VolumeContents, Part {
  readonly name = 'volume-contents'
  readonly #informers: Informers
  readonly #world: World
  #files = new Map<string, VolumeFiles>()

  constructor(world: World, source: WatchSource) {
    this.#world = world
    this.#informers = new Informers('volumes', world, source, LAG_MS)
    world.join(this)
    this.#informers.on(VOLUMES, (change, object) => {
      if (change === 'deleted') this.#gone(object as unknown as Volume)
    })
    for (const resource of [CLAIMS, ATTACHMENTS, DRIVERS]) this.#informers.cache(resource)
  }

  /** With a provisioned volume goes what was on it; what somebody made by hand stays where it is. */
  #gone({ metadata, spec }: Volume): void {
    this.#files.delete(`volume ${metadata.uid}`)
    if (!spec.hostPath || spec.persistentVolumeReclaimPolicy !== 'Delete') return
    for (const [key, files] of this.#files)
      if (key.startsWith('host ')) removeFromHost(files, spec.hostPath.path, this.#world.now)
  }

  of(node: string, pod: Pod, volume: PodVolume): Mounted | null {
    const { hostPath, nfs } = volume as Source
    if (hostPath) return this.#onHost(node, hostPath, volume.name)
    if (nfs) return this.#at(`nfs ${nfs.server} ${nfs.path}`)
    const name = claimNameOf(pod, volume)
    return name === undefined ? null : this.#ofClaim(node, pod, name, volume.name)
  }

  #at(key: string): Mounted {
    let files = this.#files.get(key)
    if (!files) this.#files.set(key, (files = newVolume(this.#world.now)))
    return { files }
  }

  /** A file on a machine's own disk, as somebody who sets the machine up writes it. */
  place(node: string, path: string, text: string, mode = 0o600): void {
    const found = this.#onHost(node, { path: '/' }, '')
    if ('files' in found) putFile(new Disk(found.files), path, text, { mode, mtime: this.#world.now })
  }

  /** All of a machine's own disk. */
  host(node: string): VolumeFiles {
    const key = `host ${node}`
    let files = this.#files.get(key)
    if (!files) this.#files.set(key, (files = newHost(node, this.#world.now)))
    return files
  }

  #onHost(node: string, path: HostPath, volume: string, mode?: number): Mounted {
    const files = this.host(node)
    const root = hostPlace(files, path, this.#world.now, mode)
    return typeof root === 'string' ? { fails: root, volume } : { files, root }
  }

  #ofClaim(node: string, pod: Pod, name: string, inPod: string): Mounted {
    const { namespace = '' } = pod.metadata
    const claim = this.#informers.cache<Claim>(CLAIMS).get(namespace, name)
    if (!claim)
      return {
        waits: `error processing PVC ${namespace}/${name}: failed to fetch PVC from API server: persistentvolumeclaim "${name}" not found`,
      }
    if (claim.status?.phase !== 'Bound' || !claim.spec.volumeName) {
      return { waits: `error processing PVC ${namespace}/${name}: PVC is not bound` }
    }
    const volume = this.#informers.cache<Volume>(VOLUMES).get('', claim.spec.volumeName)
    if (!volume) return { waits: `failed to get PV spec for persistentVolume "${claim.spec.volumeName}" not found` }
    const { csi } = volume.spec
    if (csi && !this.#isAttached(csi, node)) return { waits: '' }
    const isRaw = volume.spec.volumeMode === 'Block' || pod.spec.containers.some((one) => 'volumeDevices' in one)
    const raw = isRaw ? rawVolumes.get()({ pod, name: inPod, volume, node, files: this.#files, now: this.#world.now }) : null
    if (raw) return raw
    const mounted = this.#ofVolume(volume, node)
    return 'files' in mounted && this.#isGrouped(volume) ? { ...mounted, grouped: true } : mounted
  }

  /** Whether what is on it is given to a pod's group: local folders are, and what drivers mount as their policy says. */
  #isGrouped({ spec: { csi, local, accessModes } }: Volume): boolean {
    if (!csi) return local !== undefined
    const policy = this.#informers.cache(DRIVERS).get('', csi.driver)?.['spec']?.fsGroupPolicy ?? 'ReadWriteOnceWithFSType'
    if (policy !== 'ReadWriteOnceWithFSType') return policy === 'File'
    return csi.fsType !== undefined && (accessModes ?? []).includes('ReadWriteOnce')
  }

  /** Host folders are each node's own; network file systems and disks are the same everywhere. */
  #ofVolume({ metadata, spec: { hostPath, local, nfs } }: Volume, node: string): Mounted {
    const path = hostPath ?? local
    if (!path) return this.#at(nfs ? `nfs ${nfs.server} ${nfs.path}` : `volume ${metadata.uid}`)
    // A provisioner opens to everybody what it makes.
    const made = metadata.annotations?.[PROVISIONED_BY] !== undefined
    return this.#onHost(node, path, metadata.name, made ? 0o777 : undefined)
  }

  /** Volumes of drivers that attach nothing are there at once. */
  #isAttached({ driver, volumeHandle }: { driver: string; volumeHandle: string }, node: string): boolean {
    if (this.#informers.cache(DRIVERS).get('', driver)?.['spec']?.attachRequired === false) return true
    const attachment = this.#informers.cache(ATTACHMENTS).get('', attachmentName(volumeHandle, driver, node))
    return attachment?.['status']?.attached === true
  }

  due(): void {}
  save(): unknown {
    return [...this.#files]
  }
  load(saved: any): void {
    this.#files = new Map(saved)
  }
}

/** Empty, and open to everybody, as provisioners leave them. */
function newVolume(mtime: number): DiskState {
  const state = newDisk()
  state.nodes[ROOT] = { k: 'd', mode: 0o777, uid: 0, gid: 0, mtime, entries: {} }
  return state
}
