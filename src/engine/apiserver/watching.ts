/** Watching: one outside client's watch, from the history it asked for to the events as they happen. */

import type { AnyObject } from '#api/meta.ts'
import type { Query } from '#api/query.ts'
import type { WatchEvent } from '#api/request.ts'
import { fail, failure, type Status } from '#api/status.ts'
import { Compacted, type StoreEvent } from '../etcd/etcd.ts'
import { onlyThese, STREAM_TYPES, YAML_TYPE } from './accept.ts'
import type { Call } from './call.ts'
import { deletedObject } from './hub.ts'
import { prefixFor } from './keys.ts'
import { checkListOptions, tooLarge, versionOf, wantsInitialEvents } from './list-options.ts'
import { project } from './projection.ts'
import type { Resource } from './resource.ts'
import { finish } from './schema/finish.ts'
import { type Selection, selectionOf } from './selection.ts'
import type { ApiServer } from './server.ts'
import { isTrue } from './stages/route.ts'
import { includeObject } from './table.ts'

/** What a transport holds of a running watch. The server keeps no clock for it: the transport ends it. */
export interface WatchSession {
  /** Events since the last call, in the form the client asked for. */
  take(): WatchEvent[]
  /** Told when there is something to take. */
  onReady: (() => void) | null
  /** Seconds the client wants it to last; undefined: as long as it likes. */
  readonly timeoutSeconds: number | undefined
  /** A bookmark, if the client allows them: transports send one each minute, and two seconds before the end. */
  bookmark(): void
  /** The server has ended it (an ERROR event is the last). */
  readonly ended: boolean
  stop(): void
}

export class Watching implements WatchSession {
  onReady: (() => void) | null = null
  onStop: (() => void) | null = null
  readonly timeoutSeconds: number | undefined
  ended = false
  #events: WatchEvent[] = []
  #stop: (() => void) | null = null
  readonly call: Call
  readonly #resource: Resource
  readonly #server: ApiServer
  readonly #selection: Selection
  readonly #bookmarks: boolean
  #latest: number
  #from = 0
  #headed = false

  constructor(call: Call, resource: Resource, server: ApiServer) {
    checkListOptions(call, resource, 'watch')
    this.call = call
    this.#resource = resource
    this.#server = server
    this.#selection = selectionOf(call, resource)
    this.#bookmarks = isTrue(call.query.get('allowWatchBookmarks'))
    this.#latest = server.store.revision
    const seconds = Number(call.query.get('timeoutSeconds') ?? 0)
    this.timeoutSeconds = seconds > 0 ? seconds : undefined
    this.ended = seconds < 0
    const begins = this.#beginsWith(call.query)
    if (call.accepts.type === YAML_TYPE) throw fail(406, 'NotAcceptable', onlyThese(STREAM_TYPES))
    if (call.accepts.as === 'Table') includeObject(call.query)
    if (!this.ended) this.#begin(begins)
  }

  /** Where in the store it looks. */
  get directory(): string {
    return this.#resource.directory
  }

  #beginsWith(query: Query): { from: number; initial: boolean | null } {
    const asked = query.get('resourceVersion') ?? ''
    return { from: asked ? versionOf(asked, 'watch') : 0, initial: wantsInitialEvents(query) }
  }

  #begin({ from, initial }: { from: number; initial: boolean | null }): void {
    this.#from = from
    const { store } = this.#server
    if (initial === true && from > store.revision) return this.#refuse(tooLarge(String(from), store.revision).status)
    try {
      if (initial === true) this.#snapshot()
      else if (from > 0)
        for (const event of store.since(prefixFor(this.#resource, this.call.namespace), from)) this.#see(event, from)
    } catch (error) {
      if (!(error instanceof Compacted)) throw error
      const message = `too old resource version: ${from} (${store.compacted})`
      return this.#refuse(failure(410, 'Expired', message))
    }
    this.#stop = this.#server.listen(this.#resource, (event) => {
      this.#see(event, from)
      if (this.#events.length > 0) this.onReady?.()
    })
  }

  #snapshot(): void {
    for (const { value } of this.#server.store.range(prefixFor(this.#resource, this.call.namespace))) {
      const object = this.#read(value)
      if (this.#selection.matches(object)) this.#emit('ADDED', object)
    }
    if (this.#bookmarks) this.#mark({ 'k8s.io/initial-events-end': 'true' })
  }

  #read(object: AnyObject): AnyObject {
    return this.#resource.stored ? this.#resource.stored.fromStored(object) : object
  }

  /** An object that comes to match is added, one that no longer does is deleted, with its old content. */
  #see(event: StoreEvent<AnyObject>, from: number): void {
    if (event.revision <= from) return
    this.#latest = event.revision
    const before = event.previous ? this.#read(event.previous) : null
    const had = before !== null && this.#selection.matches(before)
    if (event.type === 'DELETE') {
      if (had) this.#emit('DELETED', this.#read(deletedObject(event)))
      return
    }
    const now = this.#read(event.value as AnyObject)
    const has = this.#selection.matches(now)
    if (has) this.#emit(had ? 'MODIFIED' : 'ADDED', now)
    else if (had && before) {
      this.#emit('DELETED', { ...before, metadata: { ...before.metadata, resourceVersion: String(event.revision) } })
    }
  }

  #emit(type: WatchEvent['type'], object: AnyObject): void {
    // One object is no list: nothing comes of asking for that.
    if (this.call.accepts.as === 'PartialObjectMetadataList') return
    const shown = project(this.call, this.#server, object, { watch: true, first: !this.#headed })
    this.#headed = true
    this.#events.push({ type, object: shown as AnyObject })
  }

  #mark(annotations?: Record<string, string>): void {
    if (this.call.accepts.as === 'PartialObjectMetadataList') return
    const revision = String(Math.max(this.#latest, this.#server.store.revision))
    const object = {
      kind: this.#resource.kind,
      apiVersion: this.#resource.groupVersion,
      ...(this.call.accepts.as === null ? this.#blank() : {}),
      metadata: { resourceVersion: revision, ...(annotations ? { annotations } : {}) },
    } as unknown as AnyObject
    const shown = project(this.call, this.#server, object, { watch: true, first: !this.#headed, bookmark: true })
    this.#headed = true
    this.#events.push({ type: 'BOOKMARK', object: shown as AnyObject })
  }

  /** Workloads' internal types hold `replicas` as a number, where v1 has a pointer: so its zero is told. */
  #blank(): object {
    const { group, scale, schema } = this.#resource
    return finish(group === 'apps' && scale ? { spec: { replicas: 0 } } : {}, schema, this.#server.schemas)
  }

  #refuse(status: Status): void {
    this.#events.push({ type: 'ERROR', object: status as unknown as AnyObject })
    this.ended = true
  }

  bookmark(): void {
    // Who watches from a future that hasn't come is told of nothing before it.
    if (!this.#bookmarks || this.ended || this.#from > this.#server.store.revision) return
    this.#mark()
    this.onReady?.()
  }

  take(): WatchEvent[] {
    const events = this.#events
    this.#events = []
    return events
  }

  /** The server ends the stream by itself: its resource is gone or has changed. */
  end(): void {
    this.ended = true
    this.stop()
    this.onReady?.()
  }

  stop(): void {
    this.#stop?.()
    this.#stop = null
    this.onStop?.()
  }
}
