/** The kubelet's streaming server put together, and how it finds what listens in a pod. */
import type { HttpOutcome, HttpRequest } from '../machinery/http.ts'
import type { Streams } from '../machinery/streams.ts'
import type { ContainerState } from './container.ts'
import type { Context } from './context.ts'
import type { Forwarding } from './forwarding.ts'
import { forwardings } from './forwardings.ts'
import { Followers } from './log-follow.ts'
import type { PodRecord } from './pod-record.ts'
import type { ConnectionEvent } from './programs/program.ts'
import { Roads } from './roads.ts'
import type { Runtime } from './runtime.ts'

/** The pods of one node, by uid. */
export type Records = ReadonlyMap<string, PodRecord>

export function streamingServer(ctx: Context, streams: Streams, records: () => Records): Roads {
  const { part, world, runtime } = ctx
  const listens = (uid: string, port: number) => listener(runtime, records().get(uid), port) !== undefined
  const http = (uid: string, port: number, request: HttpRequest) => reach(runtime, records().get(uid), port, request)
  const connection = (uid: string, port: number, event: ConnectionEvent): string | null => {
    const container = listener(runtime, records().get(uid), port)
    return container && runtime.connection(container, port, event) ? container.id : null
  }
  let made: Forwarding | null = null
  const forwarding = () => (made ??= new (forwardings.get())({ part, world, streams, listens, http, connection }))
  const followers = new Followers({ part, world, streams, runtime })
  const find = (namespace: string, pod: string) => findPod(records(), namespace, pod)
  return new Roads({ part, runtime, find }, streams, followers, forwarding)
}

export function findPod(records: Records, namespace: string, name: string): PodRecord | undefined {
  for (const record of records.values()) {
    const { metadata } = record.pod
    if (metadata.name === name && metadata.namespace === namespace && !record.gone) return record
  }
  return undefined
}

/** Containers of a pod share its address: any of them may listen. */
function listener(runtime: Runtime, record: PodRecord | undefined, port: number): ContainerState | undefined {
  for (const slot of Object.values(record?.slots ?? {})) {
    const container = runtime.get(slot.current)
    if (container && runtime.listens(container, port)) return container
  }
  return undefined
}

export const listensIn = (runtime: Runtime, record: PodRecord | undefined, port: number): boolean =>
  listener(runtime, record, port) !== undefined

/** A request to whatever listens on this port in a pod. */
export function reach(runtime: Runtime, record: PodRecord | undefined, port: number, request: HttpRequest): HttpOutcome {
  const container = listener(runtime, record, port)
  return container ? runtime.http(container, port, request) : { ok: false, why: 'connection refused' }
}
