/** Static pods: manifests in a folder of the machine, run without anybody's order, and shown to the API server as mirror pods (config/file.go). */
import type { Node, Pod, PodStatus } from '#api/kinds.ts'
import { type AnyObject, keyOf } from '#api/meta.ts'
import { ApiError, isAlreadyExists } from '#api/status.ts'
import { formatMicroTime } from '#api/time.ts'
import type { Change } from '../machinery/informer.ts'
import { fnv1a } from '../sim/random.ts'
import type { Context } from './context.ts'
import { type Folder, folderOf, printed } from './manifest-folder.ts'
import { MIRROR, podDefaults, readManifest } from './mirrors.ts'
import { newRecord, type PodRecord } from './pod-record.ts'
import { statusPatch } from './status.ts'

const HASH = 'kubernetes.io/config.hash'
const SEEN = 'kubernetes.io/config.seen'
const SOURCE = 'kubernetes.io/config.source'

const RETRY_MS = 10_000
/** How often it is tried while the machine has no Node yet. */
const UNREGISTERED_MS = 500

/** What the kubelet lets it do with its pods. */
export interface Host extends Context {
  readonly records: ReadonlyMap<string, PodRecord>
  /** Takes a pod in: it is admitted and run. */
  begin(record: PodRecord): void
  /** Ends a pod's containers, in the time they are given. */
  end(record: PodRecord): void
  forget(record: PodRecord): void
}

interface Manifest {
  text: string
  pod: AnyObject
  uid: string
  seen: string
}

export class StaticPods {
  readonly #host: Host
  readonly #folder: Folder | null
  /** The folder: by file name. */
  #files: Record<string, Manifest> = {}
  /** When it is looked again, for a mirror could not be made. */
  #again = 0

  constructor(host: Host) {
    this.#host = host
    this.#folder = folderOf(host.storage, host.nodeName)
  }

  /** A manifest is written to the folder, changed there, or removed. */
  put(file: string, pod: AnyObject | null): void {
    const text = pod && printed(pod)
    this.#folder?.write(file, text, this.#host.world.now)
    this.#take(file, text === null ? null : { text, pod })
    this.look()
  }

  /** What a file says now; null: there is none. */
  #take(file: string, found: { text: string; pod: AnyObject | null } | null): void {
    const { nodeName, world } = this.#host
    const { text = '', pod = null } = found ?? {}
    if (this.#files[file]?.text === text && found) return
    if (pod) {
      const content = `${JSON.stringify(pod)}host:${nodeName}file:${file}`
      const uid = [0, 1, 2, 3].map((i) => fnv1a(`${i}${content}`).toString(16).padStart(8, '0')).join('')
      this.#files[file] = { text, pod, uid, seen: formatMicroTime(world.now) }
    } else delete this.#files[file]
    const running = this.#recordOf(file)
    if (running && running.uid !== this.#files[file]?.uid) this.#leave(running)
  }

  /** Sees what others have done in the folder. A file that can't be read as a Pod is none. */
  #read(): void {
    const texts = this.#folder?.read()
    if (!texts) return
    for (const file of Object.keys(this.#files)) if (texts[file] === undefined) this.#take(file, null)
    for (const [file, text] of Object.entries(texts))
      if (this.#files[file]?.text !== text) this.#take(file, { text, pod: readManifest.get()(text) })
  }

  #leave(record: PodRecord): void {
    if (record.manifest) record.manifest.leaving = true
    if (record.phase === 'terminated') this.ended(record)
    else this.#host.end(record)
  }

  #recordOf(file: string): PodRecord | undefined {
    for (const record of this.#host.records.values()) if (record.manifest?.file === file) return record
    return undefined
  }

  /** Begins what stands in the folder and doesn't run yet: a changed one when the old one has ended. */
  look(): void {
    this.#read()
    for (const file of Object.keys(this.#files)) if (!this.#recordOf(file)) this.#start(file)
    for (const record of this.#host.records.values()) if (record.manifest && !record.manifest.mirror) this.#show(record)
  }

  #start(file: string): void {
    const { uid, pod, seen } = this.#files[file] as Manifest
    const wanted = this.#named(pod, uid, seen)
    const mirror = this.#mirror(wanted)
    if (mirror === 'invalid') return
    // It starts whether or not anybody serves. Where the API server does, it has filled in the defaults; a static pod has no generation.
    const known = {
      ...wanted,
      metadata: { ...wanted.metadata, uid, generation: 0 },
      spec: mirror?.spec ?? podDefaults.get()(wanted).spec,
      status: mirror?.status ?? {},
    }
    const record = newRecord(known, keyOf(known.metadata), this.#host.world.now)
    record.manifest = { file, mirror: mirror?.metadata.uid ?? '', leaving: false }
    this.#host.begin(record)
  }

  /** The pod that a manifest means on this machine. */
  #named(pod: AnyObject, uid: string, seen: string): Pod {
    const { nodeName } = this.#host
    const { name, namespace = 'default', labels, annotations } = pod.metadata
    const spec = pod['spec']
    const tolerations = [...(spec.tolerations ?? []), { operator: 'Exists', effect: 'NoExecute' }]
    const marks = { [HASH]: uid, [SEEN]: seen, [SOURCE]: 'file' }
    return {
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${name}-${nodeName.toLowerCase()}`,
        namespace,
        ...(labels ? { labels } : {}),
        annotations: { ...annotations, ...marks },
      },
      spec: { ...spec, nodeName, tolerations },
    } as unknown as Pod
  }

  /**
   * The mirror of this pod, made anew where it is missing or that of an earlier manifest; none while that can't be done.
   * `invalid`: no kubelet would run it either.
   */
  #mirror(wanted: Pod): Pod | null | 'invalid' {
    const { api, nodeName } = this.#host
    const { namespace = '', name, annotations = {} } = wanted.metadata
    const hash = annotations[HASH] as string
    const because = `${nodeName} runs ${name} from a manifest of its own`
    try {
      const uid = api.get<Node>('nodes', '', nodeName).metadata.uid ?? ''
      const ownerReferences = [{ apiVersion: 'v1', kind: 'Node', name: nodeName, uid, controller: true }]
      const { generation: _g, uid: _u, ...metadata } = wanted.metadata
      const marked = { ...metadata, annotations: { ...annotations, [MIRROR]: hash }, ownerReferences }
      const { status: _s, ...pod } = wanted
      try {
        return api.create<Pod>('pods', { ...pod, metadata: marked }, { because })
      } catch (error) {
        if (!isAlreadyExists(error)) throw error
        const present = api.get<Pod>('pods', namespace, name)
        if (present.metadata.annotations?.[MIRROR] === hash && !present.metadata.deletionTimestamp) return present
        if (present.metadata.annotations?.[MIRROR] === undefined) throw error
        this.#remove(present)
        return api.create<Pod>('pods', { ...pod, metadata: marked }, { because })
      }
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      const { reason } = error.status
      this.#retry(reason === 'NotFound' ? UNREGISTERED_MS : RETRY_MS)
      return reason === 'Invalid' || reason === 'BadRequest' ? 'invalid' : null
    }
  }

  /** Once for all of them: each look is at all. */
  #retry(ms: number): void {
    const { world, part } = this.#host
    if (this.#again > world.now) return
    this.#again = world.now + ms
    world.after(ms, part, 'manifests')
  }

  #remove({ metadata: { namespace = '', name, uid } }: Pod): void {
    const because = `${this.#host.nodeName} no longer runs what ${name} shows`
    try {
      this.#host.api.delete('pods', namespace, name, { gracePeriodSeconds: 0, ...(uid ? { uid } : {}), because })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
  }

  /** Makes a pod's mirror again, and tells all that is known. */
  #show(record: PodRecord): void {
    const mirror = this.#mirror(record.pod)
    if (!mirror || mirror === 'invalid' || !record.manifest) return
    record.manifest.mirror = mirror.metadata.uid ?? ''
    this.#tell(record, 'its mirror is new')
  }

  /** A mirror pod has come, changed or gone: what shows nothing is removed, and what is missing is made again. */
  changed(change: Change, mirror: Pod): void {
    const { metadata } = mirror
    const key = keyOf(metadata)
    const record = [...this.#host.records.values()].find((each) => each.manifest && each.key === key)
    if (!record?.manifest) {
      if (change !== 'deleted' && !Object.keys(this.#files).length) this.#remove(mirror)
      return
    }
    if (record.manifest.mirror !== metadata.uid || record.manifest.leaving) return
    if (change !== 'deleted' && !metadata.deletionTimestamp) return
    record.manifest.mirror = ''
    if (change !== 'deleted') this.#remove(mirror)
    this.#show(record)
  }

  /** A status: kept here, and told of the mirror. */
  send(record: PodRecord, status: PodStatus, because: string): void {
    record.pod = { ...record.pod, status }
    this.#tell(record, because)
  }

  #tell({ pod, manifest }: PodRecord, because: string): void {
    const { api } = this.#host
    const { namespace = '', name } = pod.metadata
    try {
      const mirror = api.get<Pod>('pods', namespace, name)
      if (!manifest?.mirror || mirror.metadata.uid !== manifest.mirror) return
      const patch = statusPatch(manifest.mirror, mirror.status ?? {}, pod.status ?? {})
      if (patch) api.patch('pods', namespace, name, 'strategic', patch, { subresource: 'status', because })
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
    }
  }

  /** Its containers have ended. One whose manifest has gone is forgotten, and its mirror goes. */
  ended(record: PodRecord): void {
    if (!record.manifest?.leaving) return
    const { uid: _own, ...metadata } = record.pod.metadata
    const { mirror } = record.manifest
    this.#host.forget(record)
    if (mirror) this.#remove({ ...record.pod, metadata: { ...metadata, uid: mirror } })
    this.look()
  }

  save(): unknown {
    return { files: this.#files, again: this.#again }
  }
  load(saved: any): void {
    this.#files = saved.files
    this.#again = saved.again
  }
}
