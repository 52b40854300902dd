/** What a kubelet remembers of each of its pods: plain data. */
import { equal } from '#api/equal.ts'
import { extend } from '#api/extend.ts'
import type { Container, Pod } from '#api/kinds.ts'
import { formatTime } from '#api/time.ts'
import type { DiskState } from '#posix/disk.ts'
import type { World } from '../sim/world.ts'
import type { Resizing } from './resizing.ts'
import type { Payload } from './volume-payload.ts'

/** One container of the pod's spec: its present instance and the dead one before it. */
export interface Slot {
  name: string
  kind: 'init' | 'main' | 'ephemeral'
  current: string | null
  previous: string | null
  /** How often it was started by those that the runtime no longer knows. */
  attempts?: number
}

/** Why a container isn't running, as the last sync found it: the waiting reason. */
export interface Reason {
  reason: string
  message: string
}

export interface BackOff {
  delayMs: number
  lastUpdate: number
}

export type Step =
  | { do: 'kill'; names: string[]; message: string; reason: KillReason }
  | { do: 'sandbox' }
  | { do: 'stop-sandbox' }
  | { do: 'start'; name: string }
  | { do: 'resize'; names: string[]; restarts: boolean }
  | { do: 'reset'; name: string }

export type KillReason = '' | 'liveness' | 'startup' | 'post-start'

/** A sync in progress: the pod's worker does nothing else meanwhile. */
export interface Busy {
  steps: Step[]
  at: number
  /** Where the present step stands. */
  stage: string
  /** Finish time of each container's last dead instance as this sync saw it, for the back-off. */
  ended: Record<string, number>
  results: Record<string, Reason | null>
  failed: boolean
  /** When the earliest back-off ends. */
  retryAt: number | null
  done: number
  /** Images of volumes that were pulled for the container that is being started. */
  volumes?: string[]
}

/** A container on its way out. */
export interface Stopping {
  /** When it is killed. */
  killAt: number
  seq: number | null
  stage: 'hook' | 'turn' | 'term'
  /** Containers that must be gone before it is told. */
  after: string[]
}

export interface Probing {
  containerId: string
  /** Ticks come at base + k × period. */
  base: number
  result: 'success' | 'failure' | 'unknown'
  last: 'success' | 'failure' | ''
  run: number
  hold: boolean
  /** It has been asked since this instance began. */
  ran?: boolean
  seq: number | null
}

export interface MountedVolume {
  /** Made from objects, and not laid out yet. */
  files: Payload | null
  /** Once somebody has looked. */
  disk: DiskState | null
  /** When its contents were last compared with their source. */
  at: number
}

export interface PodRecord {
  uid: string
  key: string
  pod: Pod
  phase: 'sync' | 'terminating' | 'terminated'
  /** The object has left the API server. */
  gone: boolean
  /** Its last status has been heard. */
  told?: boolean
  /** The API server has been told to let it go. */
  released: boolean
  /** Seconds its containers are given. */
  grace: number
  busy: Busy | null
  /** Another sync is wanted when the present one ends. */
  again: boolean
  /** Yet another look is wanted after that. */
  look: boolean
  wakeSeq: number | null
  wakeAt: number
  mount: 'waiting' | 'trying' | 'done'
  mountTries: Record<string, { tries: number; at: number }>
  mountSeq: number | null
  /** Since when the present sync has been waiting for volumes. */
  mountSince: number | null
  volumes: Record<string, MountedVolume>
  /** Its service account's tokens, by what was asked for, and when they have to be renewed. */
  accountTokens: Record<string, { token: string; until: number }>
  /** A static pod's file, and the UID of its mirror ("" for none); leaving: its manifest has gone or changed. */
  manifest?: { file: string; mirror: string; leaving: boolean }
  sandbox: { id: string; ip: string; attempt: number; ready: boolean } | null
  slots: Record<string, Slot>
  /** The image each running instance was started from, as the spec named it. */
  images: Record<string, string>
  /** CPU milliseconds of its containers that have ended. */
  cpuMs?: number
  stopping: Record<string, Stopping>
  killing: boolean
  reasons: Record<string, Reason>
  crash: Record<string, BackOff & { image: string }>
  pulls: Record<string, BackOff & { message: string }>
  probes: Record<string, Probing>
  /** Rejected, evicted or past its deadline: overrides the computed phase. */
  verdict: { reason: string; message: string; disrupts?: boolean } | null
  deadlineSeq: number | null
  /** When the kubelet first saw it. */
  startedAt: number
  /** When its labels or annotations last changed. */
  changedAt: number
  /** What counts against the node's room for it (milli-CPU, bytes); null: nothing. */
  load: { cpu: number; memory: number } | null
  /** Its spec as it was when it was last looked at: what has changed since is to be seen to. */
  spec: Pod['spec']
  resizing: Resizing | null
  /** Events it may still cause, and when that was last counted (the recorder's spam filter). */
  tokens: number
  tokensAt: number
}

export const isSidecar = (container: Container): boolean => container.restartPolicy === 'Always'

export function slotsOf(pod: Pod, known: Record<string, Slot>): Record<string, Slot> {
  const slots: Record<string, Slot> = { ...known }
  const add = (list: Container[] | undefined, kind: Slot['kind']): void => {
    for (const { name } of list ?? []) slots[name] ??= { name, kind, current: null, previous: null }
  }
  add(pod.spec.initContainers, 'init')
  add(pod.spec.containers, 'main')
  add(pod.spec.ephemeralContainers, 'ephemeral')
  return slots
}

export function containerSpec(pod: Pod, name: string): Container | undefined {
  const { spec } = pod
  return (
    spec.containers.find((c) => c.name === name) ??
    spec.initContainers?.find((c) => c.name === name) ??
    spec.ephemeralContainers?.find((c) => c.name === name)
  )
}

/** `web_default(uid)`: how the kubelet names a pod in its messages. */
export const podName = (pod: Pod): string => `${pod.metadata.name}_${pod.metadata.namespace}(${pod.metadata.uid})`

export function newRecord(pod: Pod, key: string, now: number): PodRecord {
  return {
    uid: pod.metadata.uid ?? '',
    key,
    pod,
    phase: 'sync',
    gone: false,
    released: false,
    grace: pod.spec.terminationGracePeriodSeconds ?? 30,
    busy: null,
    again: false,
    look: false,
    wakeSeq: null,
    wakeAt: 0,
    mount: 'waiting',
    mountTries: {},
    mountSeq: null,
    mountSince: null,
    // Names of volumes are many: a dictionary, not a shape.
    volumes: Object.create(null),
    accountTokens: {},
    sandbox: null,
    slots: slotsOf(pod, {}),
    images: {},
    stopping: {},
    killing: false,
    reasons: {},
    crash: {},
    pulls: {},
    probes: {},
    verdict: null,
    deadlineSeq: null,
    startedAt: Math.floor(now / 1000) * 1000,
    changedAt: 0,
    load: null,
    spec: pod.spec,
    resizing: null,
    tokens: BURST,
    tokensAt: now,
  }
}

/** What was going on in a pod when the power failed will not come to an end. */
export function interrupt(record: PodRecord, world: World): void {
  const timers = [record.wakeSeq, record.mountSeq, record.deadlineSeq]
  for (const stopping of Object.values(record.stopping)) timers.push(stopping.seq)
  for (const probing of Object.values(record.probes)) timers.push(probing.seq)
  for (const seq of timers) if (seq !== null) world.cancel(seq)
  const { sandbox } = record
  Object.assign(record, {
    stopping: {},
    wakeSeq: null,
    mountSeq: null,
    mountSince: null,
    deadlineSeq: null,
    busy: null,
    again: false,
    killing: false,
    probes: {},
  })
  record.mount = 'waiting'
  if (sandbox) record.sandbox = { ...sandbox, ready: false }
}

/** A timer of the pod has gone off: it can no longer be cancelled. */
export function fired(record: PodRecord, what: string, data: any): void {
  if (what === 'pod') record.wakeSeq = null
  else if (what === 'mount') record.mountSeq = null
  else if (what === 'deadline') record.deadlineSeq = null
  else if (what === 'kill') {
    const stopping = record.stopping[data.name]
    if (stopping) stopping.seq = null
  } else if (what === 'probe') {
    const probing = record.probes[`${data.name}/${data.kind}`]
    if (probing) probing.seq = null
  }
}

/** The event recorder's spam filter: 25 events at once per object, then one in five minutes. */
export const TOKEN_MS = 300_000
const BURST = 25

/** Whether the pod may cause one more event now. */
export function spend(record: PodRecord, now: number): boolean {
  const earned = Math.floor((now - record.tokensAt) / TOKEN_MS)
  if (earned > 0) {
    record.tokens = Math.min(BURST, record.tokens + earned)
    record.tokensAt += earned * TOKEN_MS
  }
  if (record.tokens < 1) return false
  record.tokens -= 1
  return true
}

/** The pod has left the API server. */
export function vanish(record: PodRecord, now: number): void {
  const { metadata } = record.pod
  record.gone = true
  if (metadata.deletionTimestamp !== undefined) return
  record.pod = { ...record.pod, metadata: extend(metadata, { deletionTimestamp: formatTime(now) }) }
}

/** The pod as the API server has it now. */
export function renew(record: PodRecord, pod: Pod, now: number): void {
  const [was, is] = [record.pod.metadata, pod.metadata]
  if (!equal(was.labels, is.labels) || !equal(was.annotations, is.annotations)) record.changedAt = now
  record.pod = pod
}
