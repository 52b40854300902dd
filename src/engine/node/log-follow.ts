/** Logs that are followed: what was there, then each line as it is written, until the container ends. */
import { byteLength } from '#api/bytes.ts'
import type { ApiResponse } from '#api/request.ts'
import type { OpenStream, Road, Streams } from '../machinery/streams.ts'
import type { World } from '../sim/world.ts'
import type { ContainerState, LogLine } from './container.ts'
import { firstBytes } from './cut-bytes.ts'
import { lineText, loggedId, selectLog } from './logs.ts'
import type { PodRecord } from './pod-record.ts'
import type { Runtime } from './runtime.ts'
import { nextVisit } from './visited-log.ts'

interface Follow {
  kind: 'log'
  container: string
  stamped: boolean
  only: string
  /** Bytes that may still be sent; null: all. */
  left: number | null
  /** What was sent last: a moment, and how many of its lines. */
  at: number
  count: number
}

export interface FollowersPorts {
  readonly part: string
  readonly world: World
  readonly streams: Streams
  readonly runtime: Runtime
}

const HEAD: ApiResponse = { status: 200, headers: { 'content-type': 'text/plain' }, body: null }

export class Followers {
  readonly #ports: FollowersPorts

  constructor(ports: FollowersPorts) {
    this.#ports = ports
  }

  open({ stream: id, container: name, options }: Road & { kind: 'log' }, record: PodRecord): ApiResponse {
    const { streams, runtime, world, part } = this.#ports
    const slot = record.slots[name]
    if (!slot) {
      const body = `container "${name}" not found in pod "${record.pod.metadata.name}"`
      return { status: 404, headers: { 'content-type': 'text/plain' }, body }
    }
    const wanted = loggedId(record, name, options['previous'] === 'true')
    const container = runtime.get([slot.current, slot.previous].find((known) => known === wanted))
    if (!container)
      return { status: 200, headers: HEAD.headers, body: `unable to retrieve container logs for containerd://${wanted}` }
    const log = runtime.log(container)
    const follow: Follow = {
      kind: 'log',
      container: container.id,
      stamped: options['timestamps'] === 'true',
      only: options['stream'] ?? 'All',
      left: options['limitBytes'] === undefined ? null : Number(options['limitBytes']),
      at: 0,
      count: 0,
    }
    streams.take(id, part, follow)
    streams.head(id, HEAD)
    passed(follow, log)
    this.#send(id, follow, selectLog(log, options, world.now))
    if (container.state === 'running' && streams.get(id)) {
      container.followers.push(id)
      this.#expect(id, container)
    } else streams.end(id)
    return HEAD
  }

  /** Lines of probes are not written: their time has to be waited for. */
  #expect(id: number, container: ContainerState): void {
    const { world, part } = this.#ports
    const at = nextVisit(container, world.now)
    if (Number.isFinite(at)) world.at(at, part, 'follow', { stream: id })
  }

  due(id: number): void {
    const follow: Follow | undefined = this.#ports.streams.get(id)?.data
    const container = this.#ports.runtime.get(follow?.container)
    if (!container?.followers.includes(id)) return
    this.logged(container)
    this.#expect(id, container)
  }

  logged(container: ContainerState): void {
    const log = this.#ports.runtime.log(container)
    for (const id of [...container.followers]) {
      const follow: Follow | undefined = this.#ports.streams.get(id)?.data
      if (follow) this.#send(id, follow, passed(follow, log))
    }
  }

  #send(id: number, follow: Follow, lines: readonly LogLine[]): void {
    const { streams } = this.#ports
    const wanted = follow.only === 'All' ? lines : lines.filter((line) => line.stream === follow.only.toLowerCase())
    let text = wanted.map((line) => lineText(line, follow.stamped)).join('')
    if (follow.left !== null) {
      text = firstBytes(text, follow.left)
      follow.left -= byteLength(text)
    }
    streams.out(id, 1, text)
    if (follow.left === 0) streams.end(id)
  }

  exited(container: ContainerState): void {
    this.logged(container)
    for (const id of container.followers) this.#ports.streams.end(id)
    container.followers = []
  }

  left(stream: OpenStream): void {
    const container = this.#ports.runtime.get((stream.data as Follow).container)
    if (container) container.followers = container.followers.filter((id) => id !== stream.id)
  }
}

/** The lines after what was sent last; they count as sent now. */
function passed(follow: Follow, log: readonly LogLine[]): LogLine[] {
  let from = log.length
  while (from > 0 && (log[from - 1] as LogLine).at >= follow.at) from -= 1
  let known = follow.count
  const fresh = log.slice(from).filter((line) => line.at > follow.at || known-- <= 0)
  for (const line of fresh) {
    follow.count = line.at === follow.at ? follow.count + 1 : 1
    follow.at = line.at
  }
  return fresh
}
