/** The object mirror: a client's copy of some resources, filled by list and watch, told to its readers once per frame. */
import type { AnyObject } from '#api/meta.ts'
import { keyOf } from '#api/meta.ts'
import type { ApiResponse, Stop, Transport, WatchEvent } from '#api/request.ts'

/** A resource to mirror: a short id and its collection path, as `{ id: 'pods', path: '/api/v1/pods' }`. */
export interface Watched {
  id: string
  path: string
}

/** What became of one object within a batch; `before` is absent for new ones, `after` for deleted ones. */
export interface Change {
  id: string
  key: string
  before?: AnyObject | undefined
  after?: AnyObject | undefined
}

/** `loading` until the first list, then `live`; `refused` (403, 404) and `lost` (no answer) are tried again, ever more slowly. */
export type MirrorState = 'loading' | 'live' | 'refused' | 'lost'

export interface Mirror {
  get(id: string, key: string): AnyObject | undefined
  all(id: string): ReadonlyMap<string, AnyObject>
  state(id: string): MirrorState
  /** Called once per batch, with one change per object touched; with none when only a state has changed. */
  subscribe(onBatch: (changes: Change[]) => void): Stop
  start(): Stop
}

export interface MirrorOptions {
  transport: Transport
  resources: readonly Watched[]
  /** Runs a function soon, at most once per frame; a plain timer when absent. */
  nextFrame?: (run: () => void) => void
}

interface Reflector {
  watched: Watched
  objects: Map<string, AnyObject>
  state: MirrorState
  version: string
  failures: number
  ended: boolean
  stop: Stop
}

const RETRY_MS = [100, 500, 1000, 3000, 10_000]

/** An animation frame, or 200 ms when the page is hidden and frames do not come. */
export function nextFrame(run: () => void): void {
  let done = false
  const once = (): void => {
    if (done) return
    done = true
    clearTimeout(timer)
    run()
  }
  const timer = setTimeout(once, 200)
  if (typeof requestAnimationFrame === 'function') requestAnimationFrame(once)
}

export function createMirror({ transport, resources, nextFrame: soon = nextFrame }: MirrorOptions): Mirror {
  const readers = new Set<(changes: Change[]) => void>()
  const nothing: ReadonlyMap<string, AnyObject> = new Map()
  let pending = new Map<string, Change>()
  let scheduled = false
  let turned = false

  const flush = (): void => {
    scheduled = false
    const batch = [...pending.values()].filter((c) => c.before !== c.after)
    pending = new Map()
    const tell = turned || batch.length > 0
    turned = false
    if (tell) for (const reader of readers) reader(batch)
  }
  const schedule = (): void => {
    if (scheduled) return
    scheduled = true
    soon(flush)
  }
  const put: Put = (r, key, after) => {
    const before = r.objects.get(key)
    if (after) r.objects.set(key, after)
    else r.objects.delete(key)
    const slot = `${r.watched.id} ${key}`
    const known = pending.get(slot)
    if (known) known.after = after
    else pending.set(slot, { id: r.watched.id, key, before, after })
    schedule()
  }
  const onState = (): void => {
    turned = true
    schedule()
  }
  const reflectors = new Map(resources.map((watched) => [watched.id, reflector(watched, transport, put, onState)]))
  return {
    get: (id, key) => reflectors.get(id)?.objects.get(key),
    all: (id) => reflectors.get(id)?.objects ?? nothing,
    state: (id) => reflectors.get(id)?.state ?? 'refused',
    subscribe(reader) {
      readers.add(reader)
      return () => readers.delete(reader)
    },
    start() {
      for (const r of reflectors.values()) r.list()
      return () => {
        for (const r of reflectors.values()) r.end()
      }
    },
  }
}

/** Follows one resource: list, then watch from the list's version; whatever ends that leads back to the list. */
function reflector(watched: Watched, transport: Transport, put: Put, onState: () => void) {
  const r: Reflector = { watched, objects: new Map(), state: 'loading', version: '', failures: 0, ended: false, stop: () => {} }
  const later = (run: () => void, ms: number): void => {
    if (r.ended) return
    const timer = setTimeout(run, ms)
    r.stop = () => clearTimeout(timer)
  }
  const retry = (state: MirrorState): void => {
    if (r.state !== state) onState()
    r.state = state
    later(list, RETRY_MS[Math.min(r.failures, RETRY_MS.length - 1)] ?? 0)
    r.failures += 1
  }
  const list = (): void => {
    r.ended = false
    let stale = false
    r.stop = () => {
      stale = true
    }
    const taken = (answer: ApiResponse): void => {
      if (stale) return
      if (answer.status !== 200) {
        retry('refused')
        return
      }
      adopt(r, answer, put)
      if (r.state !== 'live') onState()
      r.state = 'live'
      r.failures = 0
      watch()
    }
    transport.request({ method: 'GET', path: watched.path }).then(taken, () => stale || retry('lost'))
  }
  const watch = (): void => {
    const query = `watch=true&allowWatchBookmarks=true&resourceVersion=${encodeURIComponent(r.version)}`
    let amiss = false
    let expired = false
    r.stop = transport.watch(
      { method: 'GET', path: `${watched.path}?${query}` },
      {
        onOpen: ({ status }) => {
          if (status !== 200) amiss = true
        },
        onEvents: (events: WatchEvent<AnyObject>[]) => {
          for (const event of events) {
            // 410 Gone and every other error in the stream: what we know may be stale, so list anew.
            if (event.type === 'ERROR') {
              amiss = true
              expired = (event.object as { code?: number }).code === 410
            } else follow(r, event, put)
          }
        },
        onEnd: () => {
          if (expired && r.failures === 0 && !r.ended) list()
          else if (amiss) retry(r.state)
          // A server that ends it by itself may come back with another store: of an earlier version it would tell nothing new.
          else later(list, 50)
        },
      },
    )
  }
  const end = (): void => {
    r.ended = true
    r.stop()
  }
  return Object.assign(r, { list, end })
}

type Put = (r: Reflector, key: string, after: AnyObject | undefined) => void

/** Takes a list as the whole truth: adds, changes, and forgets what is not in it. Items of lists carry no kind of their own. */
function adopt(r: Reflector, answer: ApiResponse, put: Put): void {
  const list = answer.body as { apiVersion?: string; kind?: string; metadata?: { resourceVersion?: string }; items?: AnyObject[] }
  r.version = list.metadata?.resourceVersion ?? ''
  const kind = (list.kind ?? '').replace(/List$/, '')
  const seen = new Set<string>()
  for (const item of list.items ?? []) {
    const key = keyOf(item.metadata)
    seen.add(key)
    const next = item.kind ? item : { ...item, apiVersion: list.apiVersion ?? 'v1', kind }
    if (!isSame(r.objects.get(key), next)) put(r, key, next)
  }
  for (const key of [...r.objects.keys()]) if (!seen.has(key)) put(r, key, undefined)
}

/** After a fork of the simulation the same version may be of another object: then only the text tells. */
const isSame = (known: AnyObject | undefined, next: AnyObject): boolean =>
  known?.metadata.resourceVersion === next.metadata.resourceVersion && JSON.stringify(known) === JSON.stringify(next)

function follow(r: Reflector, event: WatchEvent<AnyObject>, put: Put): void {
  const { object } = event
  if (object.metadata.resourceVersion) r.version = object.metadata.resourceVersion
  if (event.type === 'BOOKMARK') return
  put(r, keyOf(object.metadata), event.type === 'DELETED' ? undefined : object)
}
