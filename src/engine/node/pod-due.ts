/** What a pod's due entries mean, and who sees to them. */
import type { Context } from './context.ts'
import type { PodRecord } from './pod-record.ts'
import type { Prober } from './prober.ts'
import type { Worker } from './worker.ts'

export function podDue(ctx: Context, worker: Worker, prober: Prober, record: PodRecord, what: string, data: any): void {
  switch (what) {
    case 'pod':
      return worker.sync(record)
    case 'mount':
      return worker.mounted(record)
    case 'ended':
      return worker.ended(record, data.name)
    case 'kill':
      return worker.late(record, data.name)
    case 'hook':
      if (record.slots[data.name]?.current !== data.id) return
      return worker.hookEnded(record, data.name, data.kind, data.code ?? 0, data.output ?? '', data.errors ?? '')
    case 'probe':
      return prober.tick(record, data.name, data.kind)
    case 'deadline':
      return ctx.wake(record, ctx.relist())
  }
}
