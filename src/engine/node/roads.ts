/** The kubelet's streaming server: exec, attach, port-forward and followed logs of its containers. */
import type { ApiResponse } from '#api/request.ts'
import type { OpenStream, Road, StreamServer, Streams } from '../machinery/streams.ts'
import type { ContainerState, ProcessState } from './container.ts'
import type { Forwarding } from './forwarding.ts'
import { endInput, feed, resize } from './input.ts'
import type { Followers } from './log-follow.ts'
import type { PodRecord } from './pod-record.ts'
import type { Runtime } from './runtime.ts'
import { exitStatus, failureStatus, successStatus } from './stream-status.ts'

/** What the roads need of their kubelet. */
export interface RoadsOwner {
  /** `kubelet/NAME`. */
  readonly part: string
  readonly runtime: Runtime
  find(namespace: string, pod: string): PodRecord | undefined
}

/** What is remembered of an exec or attach. */
interface Console {
  kind: 'exec' | 'attach'
  style: Road['style']
  container: string
  stdin: boolean
  stdout: boolean
  stderr: boolean
}

const CHANNELS = { stdout: 1, stderr: 2 } as const

const text = (status: number, body: string): ApiResponse => ({
  status,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
  body,
})
const UPGRADED: ApiResponse = { status: 101, headers: {}, body: null }

export class Roads implements StreamServer {
  readonly #owner: RoadsOwner
  readonly #streams: Streams
  readonly #followers: Followers
  readonly #forwarding: () => Forwarding

  constructor(owner: RoadsOwner, streams: Streams, followers: Followers, forwarding: () => Forwarding) {
    this.#owner = owner
    this.#streams = streams
    this.#followers = followers
    this.#forwarding = forwarding
    streams.serve(owner.part, this)
  }

  /** The head of the answer. When the kubelet agrees it has gone out already, and what follows it may have, too. */
  open(road: Road): ApiResponse {
    const record = this.#owner.find(road.namespace, road.pod)
    if (!record) return text(404, road.kind === 'log' ? `pod "${road.pod}" does not exist` : 'pod does not exist')
    switch (road.kind) {
      case 'log':
        return this.#followers.open(road, record)
      case 'portforward':
        return this.#forwarding().open(road, record)
      default:
        if (!road.stdin && !road.stdout && !road.stderr) return text(400, 'you must specify at least 1 of stdin, stdout, stderr')
        return road.kind === 'exec' ? this.#exec(road, record) : this.#attach(road, record)
    }
  }

  #running(record: PodRecord, name: string): ContainerState | undefined {
    const container = this.#owner.runtime.get(record.slots[name]?.current)
    return container?.state === 'running' ? container : undefined
  }

  #exec(road: Road & { kind: 'exec' }, record: PodRecord): ApiResponse {
    const container = this.#running(record, road.container)
    if (!container) return text(500, `container not found (${JSON.stringify(road.container)})`)
    const { stream, stdin, stdout, stderr, style, tty } = road
    const state: Console = { kind: 'exec', style, container: container.id, stdin, stdout, stderr }
    this.#streams.take(stream, this.#owner.part, state)
    this.#streams.head(stream, UPGRADED)
    const error = this.#owner.runtime.open(container, road.command, { stream, stdin, tty })
    if (error) this.#finish(stream, failureStatus(`error executing command in container: ${error}`, style))
    return UPGRADED
  }

  #attach(road: Road & { kind: 'attach' }, record: PodRecord): ApiResponse {
    const container = this.#running(record, road.container)
    const { metadata } = record.pod
    if (!container) return text(500, `container ${road.container} not found in pod ${metadata.name}_${metadata.namespace}`)
    const { stream, stdin, stdout, stderr, style } = road
    const state: Console = { kind: 'attach', style, container: container.id, stdin, stdout, stderr }
    this.#streams.take(stream, this.#owner.part, state)
    this.#streams.head(stream, UPGRADED)
    container.attached.push(stream)
    return UPGRADED
  }

  #finish(stream: number, status: string): void {
    this.#streams.out(stream, 3, status)
    this.#streams.end(stream)
  }

  // ——— the runtime's news

  send(stream: number, to: 'stdout' | 'stderr', data: string): void {
    const console: Console | undefined = this.#streams.get(stream)?.data
    if (console?.[to]) this.#streams.out(stream, CHANNELS[to], data)
  }
  executed(process: ProcessState, code: number): void {
    const console: Console | undefined = this.#streams.get(process.stream ?? 0)?.data
    if (console)
      this.#finish(process.stream as number, code === 0 ? successStatus : exitStatus(code, console.style, process.argv))
  }
  say(connection: string, text: string | null): void {
    this.#forwarding().say(connection, text)
  }
  logged(container: ContainerState): void {
    this.#followers.logged(container)
  }
  /** The container has ended: nobody is attached to it or follows it any more. */
  exited(container: ContainerState): void {
    for (const stream of container.attached) this.#finish(stream, successStatus)
    container.attached = []
    this.#followers.exited(container)
    if (this.#streams.of(this.#owner.part).some(({ data }) => data.kind === 'portforward'))
      this.#forwarding().exited(container.id)
  }
  /** The machine is dead: its clients' connections break. */
  crashed(container: ContainerState): void {
    const own = container.processes.flatMap((process) => process.stream ?? [])
    for (const stream of [...own, ...container.attached, ...container.followers]) this.#streams.end(stream)
    container.attached = []
    container.followers = []
  }
  /** The pod's sandbox goes, and with it the connections into it. */
  stopped(record: PodRecord): void {
    for (const { id, data } of this.#streams.of(this.#owner.part))
      if (data.kind === 'portforward' && data.uid === record.uid) this.#streams.end(id)
  }
  due(what: string, data: any): void {
    if (what === 'follow') this.#followers.due(data.stream)
    else this.#forwarding().due(data)
  }

  // ——— the client's

  #process({ id, data }: OpenStream): { container: ContainerState; process: ProcessState } | null {
    const container = this.#owner.runtime.get(data.container)
    // Which number a process gets is known once it runs: others of the container may have forked meanwhile.
    const process = container?.processes.find(({ purpose, stream }) => (data.kind === 'attach' ? !purpose : stream === id))
    return container && process ? { container, process } : null
  }

  sent(stream: OpenStream, channel: number, data: string): void {
    if (stream.data.kind === 'portforward') return this.#forwarding().sent(stream, channel, data)
    const found = stream.data.kind === 'log' ? null : this.#process(stream)
    if (!found) return
    const { runtime } = this.#owner
    if (channel === 0 && stream.data.stdin) feed(runtime, found.container, found.process, data)
    else if (channel === 4) resize(runtime, found.container, found.process, data)
  }

  closed(stream: OpenStream, channel: number): void {
    if (stream.data.kind === 'portforward') return this.#forwarding().closed(stream, channel)
    if (channel !== 0 || !stream.data.stdin) return
    this.#endInput(stream)
    this.#letGo(stream)
  }

  /** The input of a command ends with its client's; process 1 has one that stays, unless it is for one client only. */
  #endInput(stream: OpenStream): void {
    const found = this.#process(stream)
    if (found && (stream.data.kind === 'exec' || found.container.stdinOnce))
      endInput(this.#owner.runtime, found.container, found.process)
  }
  /** Where the input of process 1 stays open, who was attached to it is let go when they have no more to say (containerd's attach). */
  #letGo(stream: OpenStream): void {
    const found = stream.data.kind === 'attach' ? this.#process(stream) : null
    if (!found?.process.stdin || (found.container.stdinOnce && !found.process.terminal)) return
    found.container.attached = found.container.attached.filter((id) => id !== stream.id)
    this.#finish(stream.id, successStatus)
  }

  left(stream: OpenStream): void {
    const { kind } = stream.data
    if (kind === 'portforward') return this.#forwarding().left(stream)
    if (kind === 'log') return this.#followers.left(stream)
    if (stream.data.stdin) this.#endInput(stream)
    const container = this.#owner.runtime.get(stream.data.container)
    if (container) container.attached = container.attached.filter((id) => id !== stream.id)
  }
}
