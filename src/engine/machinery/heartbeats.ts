/** Heartbeats that cost nothing: a node's lease renewals as a formula of time, so that only silence is an event (PERFORMANCE: lazy periodic work). */
import type { AnyObject } from '#api/meta.ts'
import { formatMicroTime } from '#api/time.ts'
import type { Part, World } from '../sim/world.ts'

interface Beat {
  /** Time of the first renewal, simulated ms since 1970; the others follow every `period` ms. */
  since: number
  period: number
  /** When it fell silent; null while it beats. */
  until: number | null
  /** The last renewal of an earlier life, kept until the first one of this life. */
  before: number | null
}

type Listener = (node: string, lastRenew: number) => void

/** kubelet defaults: leaseDurationSeconds 40, renewed every quarter of it. */
export const LEASE_SECONDS = 40
export const LEASE_PERIOD_MS = 10_000

/**
 * When each node's kubelet last renewed its Lease. Whoever watches nodes asks `lastRenew` at the moments it cares about;
 * `onSilent` tells it when a node stops, so that it can schedule its own look at the end of the grace period.
 */
export class Heartbeats implements Part {
  readonly name = 'heartbeats'
  #beats = new Map<string, Beat>()
  #silent: Listener[] = []
  #beating: Listener[] = []

  constructor(world: World) {
    world.join(this)
  }

  /** The node renews at `phaseMs` (ms since 1970) and every `periodMs` from then on. */
  beat(node: string, phaseMs: number, periodMs: number = LEASE_PERIOD_MS): void {
    const known = this.#beats.get(node)
    const before = known ? this.#at(known, known.until ?? phaseMs) : null
    this.#beats.set(node, { since: phaseMs, period: periodMs, until: null, before })
    for (const listener of this.#beating) listener(node, phaseMs)
  }

  /** The node renews no more from `now` on. */
  silence(node: string, now: number): void {
    const beat = this.#beats.get(node)
    if (!beat || beat.until !== null) return
    this.#beats.set(node, { ...beat, until: now })
    const last = this.lastRenew(node, now)
    if (last !== undefined) for (const listener of this.#silent) listener(node, last)
  }

  /** The node is gone for good. */
  forget(node: string): void {
    this.#beats.delete(node)
  }

  /** Time of the last renewal up to `now`; undefined for a node that has never renewed. */
  lastRenew(node: string, now: number): number | undefined {
    const beat = this.#beats.get(node)
    return beat ? (this.#at(beat, now) ?? undefined) : undefined
  }

  isSilent(node: string): boolean {
    return (this.#beats.get(node)?.until ?? null) !== null
  }

  #at(beat: Beat, now: number): number | null {
    const until = beat.until === null ? now : Math.min(now, beat.until)
    if (until < beat.since) return beat.before
    return beat.since + Math.floor((until - beat.since) / beat.period) * beat.period
  }

  /** Calls back at once when a node falls silent, with its last renewal. */
  onSilent(listener: Listener): void {
    this.#silent.push(listener)
  }
  /** Calls back when a node begins to renew (again), with the time of its first renewal. */
  onBeat(listener: Listener): void {
    this.#beating.push(listener)
  }

  due(): void {}
  save(): unknown {
    return [...this.#beats]
  }
  load(saved: any): void {
    this.#beats = new Map(saved)
  }
}

/** A node's Lease as a reader sees it now: the stored object with the renewals that were never written. */
export function freshLease<T extends AnyObject>(lease: T, heartbeats: Heartbeats, now: number): T {
  if (lease.metadata.namespace !== 'kube-node-lease') return lease
  const last = heartbeats.lastRenew(lease.metadata.name, now)
  if (last === undefined) return lease
  const renewTime = formatMicroTime(last)
  return lease['spec']?.renewTime >= renewTime ? lease : { ...lease, spec: { ...lease['spec'], renewTime } }
}
