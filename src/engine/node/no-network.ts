/** A machine that has no network for pods: they are ended, but nothing else is done for them until it is back (kubelet.go SyncPod). */
import type { Context } from './context.ts'
import { type PodRecord, TOKEN_MS } from './pod-record.ts'
import { NO_NETWORK } from './registration.ts'

/** Every pod is looked at that often; one that waits for the network every second, as long as its events are let through. */
const RESYNC_MS = 60_000
const RETRY_MS = 1000

export function tellNoNetwork(ctx: Context, record: PodRecord): void {
  ctx.event(record, 'Warning', 'NetworkNotReady', `network is not ready: ${NO_NETWORK}`)
}

/** True: it waits for the network. */
export function missesNetwork(ctx: Context, record: PodRecord): boolean {
  if (!ctx.status.isUnplugged || record.pod.spec.hostNetwork) return false
  tellNoNetwork(ctx, record)
  ctx.wake(record, record.tokens < 1 ? record.tokensAt + TOKEN_MS : ctx.world.now + ctx.jitter(RETRY_MS))
  return true
}

/** Pods that wait for the network go on at once; others miss it when they are looked at next. */
export function networkChanged(ctx: Context, records: Iterable<PodRecord>): void {
  for (const record of records) {
    if (record.phase === 'sync') ctx.wake(record, ctx.status.isUnplugged ? ctx.world.now + ctx.jitter(RESYNC_MS) : ctx.relist())
  }
}
