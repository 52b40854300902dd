/** Graceful shutdown of a machine: its pods are ended first, those that the cluster needs last (kubelet nodeshutdown). */
import type { Refusal } from './admission.ts'
import type { Context } from './context.ts'
import type { NodeStatus } from './node-status.ts'
import type { PodRecord } from './pod-record.ts'

const MESSAGE = 'Pod was terminated in response to imminent node shutdown.'
const CRITICAL = 2_000_000_000
const LOOK_MS = 1000
/** What part of the time is kept for critical pods. */
const CRITICAL_SHARE = 1 / 3

interface Group {
  seconds: number
  uids: string[]
}

export class Shutdown {
  readonly #ctx: Context & { power(on: boolean): void }
  readonly #status: NodeStatus
  readonly #records: () => ReadonlyMap<string, PodRecord>
  /** Those whose turn is still to come; the first is being ended, until then. */
  #state: { groups: Group[]; until: number } | null = null

  constructor(ctx: Context & { power(on: boolean): void }, status: NodeStatus, records: () => ReadonlyMap<string, PodRecord>) {
    this.#ctx = ctx
    this.#status = status
    this.#records = records
  }

  begin(seconds: number): void {
    if (this.#state) return
    const critical = Math.floor(seconds * CRITICAL_SHARE)
    const active = [...this.#records().values()].filter((record) => record.phase === 'sync')
    const of = (needed: boolean): string[] =>
      active.filter(({ pod }) => (pod.spec.priority ?? 0) >= CRITICAL === needed).map(({ uid }) => uid)
    const groups = [
      { seconds: seconds - critical, uids: of(false) },
      { seconds: critical, uids: of(true) },
    ]
    this.#state = { groups: groups.filter(({ uids }) => uids.length > 0), until: 0 }
    this.#status.shutdown()
    this.#next()
  }

  #next(): void {
    const [group] = this.#state?.groups ?? []
    if (!this.#state || !group) {
      this.reset()
      this.#ctx.power(false)
      return
    }
    const { world, part } = this.#ctx
    for (const uid of group.uids) this.#end(uid, group.seconds)
    this.#state.until = world.now + group.seconds * 1000
    world.after(LOOK_MS, part, 'shutdown')
  }

  #end(uid: string, seconds: number): void {
    const record = this.#records().get(uid)
    if (record?.phase !== 'sync') return
    record.verdict = { reason: 'Terminated', message: MESSAGE, disrupts: true }
    record.grace = Math.min(seconds, record.pod.spec.terminationGracePeriodSeconds ?? 30)
    this.#ctx.wake(record, this.#ctx.world.now)
  }

  due(): void {
    if (!this.#state) return
    const { world, part } = this.#ctx
    const isLeft = (uid: string): boolean => (this.#records().get(uid)?.phase ?? 'terminated') !== 'terminated'
    if (world.now < this.#state.until && this.#state.groups[0]?.uids.some(isLeft)) {
      world.after(LOOK_MS, part, 'shutdown')
      return
    }
    this.#state.groups.shift()
    this.#next()
  }

  reset(): void {
    this.#state = null
  }

  admit(): Refusal | null {
    return this.#state && { reason: 'NodeShutdown', message: 'Pod was rejected as the node is shutting down.' }
  }

  save(): unknown {
    return this.#state
  }
  load(saved: any): void {
    this.#state = saved
  }
}
