/** Follows a cluster for a lesson: lists and watches what its checks need, and tells moments in the order of their happening. */
import type { AnyObject } from '#api/meta.ts'
import { keyOf } from '#api/meta.ts'
import type { SimulationNews, SimulationPort, SimulationStatus, Stop, Transport, WatchEvent } from '#api/request.ts'
import { Client } from '#client/client.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { Asker } from './asker.ts'
import { isAsk } from './check/asked.ts'
import type { Moment, View } from './check/moment.ts'

interface Table {
  resource: string
  info: ResourceInfo
  /** Up to which it has been told. */
  version: string
  objects: Map<string, AnyObject>
}

/** Is given each batch as a function that hands out its moments, the view moving along with them. */
export type Tell = (moments: (apply: (moment: Moment) => void) => void) => void

interface Pending {
  version: number
  table: Table
  key: string
  after: AnyObject | undefined
}

const AGENT = 'tabernetes-lessons'
const RETRY_MS = 500

const isSame = (a: AnyObject | undefined, b: AnyObject): boolean =>
  a?.metadata.uid === b.metadata.uid && a?.metadata.resourceVersion === b.metadata.resourceVersion

/**
 * Objects are taken into the view one version at a time, in the order of their resource versions across all watches, and
 * after the trace lines of the same batch of news: a write is told before what it has changed.
 */
export class Recorder {
  readonly #client: Client
  readonly #transport: Transport
  readonly #simulation: SimulationPort
  readonly #tell: Tell
  #tables = new Map<string, Table>()
  #answers: Record<string, string>
  #pending: Pending[] = []
  #now = 0
  #raft: View['raft']
  #broken: View['broken'] = { components: [], kubelets: [], cut: [], disks: [], plugins: [], off: [] }
  #lastTrace: number
  #lastFlight: number
  #armed = false
  #heard = false
  #stops: Stop[] = []
  /** Watches that the API server did not take, as it can't be reached: they are tried again on simulated time. */
  #refused: (() => void)[] = []
  #retriedAt = 0
  /** Counts the stores that were watched: of one that is no more nobody wants to hear. */
  #turn = 0
  #renewed = new Set<Table>()
  /** The last watch was refused. */
  #shut = false
  readonly #before: readonly KeptTable[] | undefined
  #ended = false
  #told = new Map<string, string | undefined>()
  #changes = 0
  /** Tables that another cluster has taken the place of, until they are listed anew. */
  #behind = new Set<Table>()
  /** The page looks back: what is seen there has been told when it happened. */
  #past = false
  /** Another life goes on from this time; it is told when every table has followed. */
  #rewound: number | null = null
  /** What that life has told since. */
  #late: SimulationNews[] = []
  readonly #asks: () => Iterable<string>
  readonly #asker: Asker
  readonly #onRewound: (to: number) => void
  readonly view: View

  /** `asks`: what is to be asked now, of the needs that nobody can watch. */
  constructor(
    transport: Transport,
    simulation: SimulationPort,
    kept: RecorderState,
    { tell, asks, rewound }: { tell: Tell; asks: () => Iterable<string>; rewound: (to: number) => void },
  ) {
    this.#transport = transport
    this.#simulation = simulation
    this.#client = new Client(transport, { agent: AGENT })
    this.#answers = { ...kept.answers }
    this.#lastTrace = kept.lastTrace
    this.#lastFlight = kept.lastFlight
    this.#before = kept.tables
    this.#tell = tell
    this.#asks = asks
    this.#onRewound = rewound
    this.#asker = new Asker({
      client: this.#client,
      transport,
      pods: () => [...(this.#tables.get('pods')?.objects.values() ?? [])],
      changes: () => this.#changes,
      told: (need, answer) => this.#hear(need, answer),
    })
    const recorder = this
    this.view = {
      get now() {
        return recorder.#now
      },
      get answers() {
        return recorder.#answers
      },
      get broken() {
        return recorder.#broken
      },
      get raft() {
        return recorder.#raft
      },
      find: (word, namespace, name) => this.#tables.get(word)?.objects.get(keyOf({ name, ...(namespace ? { namespace } : {}) })),
      all: (word) => [...(this.#tables.get(word)?.objects.values() ?? [])],
      resource: (word) => this.#tables.get(word)?.resource ?? word,
      told: (need) => this.#told.get(need),
    }
  }

  /** What is kept; changes that wait for their news are told first. */
  state(): RecorderState {
    this.#tell((apply) => this.#release(apply))
    const tables = this.#shut ? { tables: this.#kept() } : {}
    return { answers: this.#answers, lastTrace: this.#lastTrace, lastFlight: this.#lastFlight, ...tables }
  }

  /** Resolves when every table is there: from then on, what happens is told. */
  async start(words: readonly string[], fresh: boolean): Promise<void> {
    // The first news tells everything the world still remembers: the past of a fresh lesson is not the learner's doing.
    this.#armed = !fresh
    try {
      await this.#followAll(words)
    } catch (error) {
      if (fresh || !this.#before) throw error
      this.#restore(this.#before)
    }
    this.#stops.push(this.#simulation.subscribe((news) => this.#news(news)))
    const status = await this.#simulation.advance(0)
    this.#now = Math.max(this.#now, status.now)
    this.#see(status)
    for (const { table, key, after } of this.#pending.splice(0)) put(table, key, after)
    this.#armed = true
  }

  /** As it was seen last, where a lesson goes on while the API server is down; the watches follow when it is back. */
  #restore(tables: readonly KeptTable[]): void {
    for (const { words, info, version, objects } of tables) {
      const table: Table = {
        resource: fullName(info),
        info,
        version,
        objects: new Map(objects.map((o) => [keyOf(o.metadata), o])),
      }
      for (const word of words) this.#tables.set(word, table)
      this.#watch(table)
    }
  }

  #kept(): readonly KeptTable[] {
    const tables = new Map<Table, string[]>()
    for (const [word, table] of this.#tables) tables.set(table, [...(tables.get(table) ?? []), word])
    return [...tables].map(([{ info, version, objects }, words]) => ({ words, info, version, objects: [...objects.values()] }))
  }

  async #followAll(words: readonly string[]): Promise<void> {
    const byResource = new Map<string, Table>()
    for (const word of words) {
      if (isAsk(word)) continue
      const info = await this.#client.discovery.find(word)
      if (!info) throw new Error(`this cluster knows no resource "${word}"`)
      const resource = fullName(info)
      const table = byResource.get(resource) ?? { resource, info, version: '', objects: new Map() }
      if (!byResource.has(resource)) {
        byResource.set(resource, table)
        await this.#follow(table)
      }
      this.#tables.set(word, table)
    }
  }

  stop(): void {
    this.#ended = true
    for (const stop of this.#stops) stop()
  }

  answer(id: string, text: string): void {
    this.#tell((apply) => {
      this.#answers = { ...this.#answers, [id]: text }
      apply({ kind: 'answer', id, text })
    })
  }

  /** An answer to what was asked; what is as before is no news. */
  #hear(need: string, answer: string | undefined): void {
    if (this.#ended || this.#told.get(need) === answer) return
    this.#told.set(need, answer)
    this.#tell((apply) => apply({ kind: 'tick' }))
  }

  async #follow(table: Table): Promise<void> {
    const { metadata, items } = await this.#client.list(table.info, '')
    const known = new Set<string>()
    for (const item of items) {
      const key = keyOf(item.metadata)
      known.add(key)
      if (this.#renewed.has(table) && isSame(table.objects.get(key), item)) continue
      if (this.#armed) this.#queue(table, key, item)
      else table.objects.set(key, item)
    }
    for (const key of table.objects.keys()) if (!known.has(key)) this.#queue(table, key, undefined)
    table.version = metadata?.resourceVersion ?? ''
    this.#watch(table)
    if (this.#behind.delete(table)) this.#settle()
  }

  /** Every table has followed into the other life: the view is moved there without a word, then what that life told is taken. */
  #settle(): void {
    if (this.#rewound === null || this.#behind.size > 0) return
    const to = this.#rewound
    this.#rewound = null
    this.#now = to
    for (const { table, key, after } of this.#pending.splice(0).sort((a, b) => a.version - b.version)) put(table, key, after)
    this.#told.clear()
    this.#changes += 1
    this.#onRewound(to)
    for (const news of this.#late.splice(0)) this.#hearNews(news)
  }

  #watch(table: Table): void {
    const query = { watch: 'true', resourceVersion: table.version, allowWatchBookmarks: 'true' }
    const path = this.#client.path(table.info, '', '', '', query)
    const turn = this.#turn
    let stale = false
    let open = false
    const stop = this.#transport.watch(
      { method: 'GET', path, headers: { 'user-agent': AGENT } },
      {
        onOpen: ({ status }) => {
          open = status === 200
          this.#shut = !open
        },
        onEvents: (events: WatchEvent<AnyObject>[]) => {
          if (turn !== this.#turn) return
          for (const { type, object } of events) {
            if (type === 'ERROR') stale = true
            else table.version = object.metadata.resourceVersion ?? table.version
            if (type !== 'ERROR' && type !== 'BOOKMARK')
              this.#queue(table, keyOf(object.metadata), type === 'DELETED' ? undefined : object, table.version)
          }
        },
        onEnd: () => {
          if (this.#ended || turn !== this.#turn) return
          if (!stale) {
            const again = (): void => this.#watch(table)
            if (open) again()
            else this.#refused.push(again)
            return
          }
          this.#behind.add(table)
          this.#pending = this.#pending.filter((each) => each.table !== table)
          const timer = setTimeout(() => void this.#follow(table), RETRY_MS)
          this.#stops.push(() => clearTimeout(timer))
        },
      },
    )
    this.#stops.push(stop)
  }

  /** The store is another one: what was watched of the one before says nothing of it. */
  #renew(): void {
    this.#turn += 1
    this.#refused = []
    for (const table of new Set(this.#tables.values())) {
      this.#renewed.add(table)
      this.#refused.push(() => void this.#again(table))
    }
  }
  async #again(table: Table): Promise<void> {
    const turn = this.#turn
    try {
      await this.#follow(table)
      this.#renewed.delete(table)
    } catch {
      if (turn === this.#turn && !this.#ended) this.#refused.push(() => void this.#again(table))
    }
  }

  #queue(table: Table, key: string, after: AnyObject | undefined, version = after?.metadata.resourceVersion ?? '0'): void {
    this.#pending.push({ version: Number(version), table, key, after })
  }

  #news(news: SimulationNews): void {
    const { status, trace, flights, anew } = news
    this.#past = status.present !== undefined
    if (this.#past) return
    this.#retry(status.now)
    if (anew) {
      // All that the other life remembers comes again: it is the past of both.
      this.#lastTrace = trace.at(-1)?.seq ?? 0
      this.#lastFlight = flights.at(-1)?.seq ?? 0
      this.#rewound = status.now
      this.#see(status)
      this.#late = []
      return this.#settle()
    }
    if (this.#rewound !== null) this.#late.push(news)
    else this.#hearNews(news)
  }

  #retry(now: number): void {
    if (this.#refused.length === 0 || Math.abs(now - this.#retriedAt) < RETRY_MS) return
    this.#retriedAt = now
    for (const again of this.#refused.splice(0)) again()
  }

  #hearNews({ status, trace, flights }: SimulationNews): void {
    if (!this.#heard) {
      this.#heard = true
      // After a reload the world may be younger than what was kept of it: its numbers are the ones that count.
      this.#lastTrace = Math.min(this.#lastTrace, trace.at(-1)?.seq ?? 0)
      this.#lastFlight = Math.min(this.#lastFlight, flights.at(-1)?.seq ?? 0)
    }
    const lines = trace.filter(({ seq }) => seq > this.#lastTrace)
    if (lines.some(({ by, verb }) => by === 'system:etcd' && verb === 'restore')) this.#renew()
    const trips = flights.filter(({ seq }) => seq > this.#lastFlight)
    this.#lastTrace = lines.at(-1)?.seq ?? this.#lastTrace
    this.#lastFlight = trips.at(-1)?.seq ?? this.#lastFlight
    if (!this.#armed) return
    this.#tell((apply) => {
      this.#now = Math.max(this.#now, status.now)
      this.#see(status)
      for (const line of lines) if (!isNoise(line.resource)) apply({ kind: 'trace', line })
      this.#release(apply)
      for (const flight of trips) apply({ kind: 'flight', flight })
      apply({ kind: 'tick' })
    })
    this.#asker.tick(this.#now, this.#asks())
  }

  #see(status: SimulationStatus): void {
    this.#broken = brokenIn(status)
    this.#raft = status.raft
  }

  #release(apply: (moment: Moment) => void): void {
    if (this.#past || this.#behind.size > 0 || this.#rewound !== null) return
    for (const { table, key, after } of this.#pending.splice(0).sort((a, b) => a.version - b.version)) {
      const before = table.objects.get(key)
      if (before === after || before?.metadata.resourceVersion === after?.metadata.resourceVersion) continue
      put(table, key, after)
      this.#changes += 1
      apply({ kind: 'object', resource: table.resource, before, after })
    }
  }
}

/** What must be kept to go on after a reload: the rest is listed anew. */
export interface RecorderState {
  answers: Readonly<Record<string, string>>
  lastTrace: number
  lastFlight: number
  /** What was seen, where the API server is down. */
  tables?: readonly KeptTable[]
}

interface KeptTable {
  words: readonly string[]
  info: ResourceInfo
  version: string
  objects: readonly AnyObject[]
}

const fullName = ({ group, plural }: ResourceInfo): string => (group ? `${plural}.${group}` : plural)

const brokenIn = ({ broken, off = [] }: SimulationStatus): View['broken'] => {
  const { components = [], kubelets = [], cut = [], disks = [], plugins = [] } = broken ?? {}
  return { components, kubelets, cut, disks, plugins, off }
}

const put = (table: Table, key: string, after: AnyObject | undefined): void => {
  if (after) table.objects.set(key, after)
  else table.objects.delete(key)
}

/** Heartbeats and the writing of events: nobody's checks ask who wrote those. */
const isNoise = (resource: string): boolean => resource.startsWith('leases') || resource === 'events'
