/** What a node's own due entries mean, and who sees to them. */
import type { Context } from './context.ts'
import type { Evictor } from './evictor.ts'
import { networkChanged } from './no-network.ts'
import type { NodeStatus } from './node-status.ts'
import type { Puller } from './puller.ts'
import type { Roads } from './roads.ts'
import type { Runtime } from './runtime.ts'
import type { Shutdown } from './shutdown.ts'
import type { Records } from './streaming.ts'

export interface NodeParts {
  ctx: Context & { readonly records: Records }
  runtime: Runtime
  roads: Roads
  status: NodeStatus
  puller: Puller
  evictor: Evictor
  shutdown: Shutdown
}

export function nodeDue(parts: NodeParts, what: string, data: any): void {
  switch (what) {
    case 'register':
    case 'range':
    case 'images':
    case 'resources':
      return parts.status.due(what)
    case 'plugin':
      if (parts.status.heardOfPlugin()) networkChanged(parts.ctx, parts.ctx.records.values())
      return
    case 'wake':
      return parts.runtime.wake(data.id, data.pid)
    case 'pulled':
      return parts.puller.pulled()
    case 'pressure':
      return parts.evictor.due()
    case 'shutdown':
      return parts.shutdown.due()
    case 'follow':
    case 'forward':
      return parts.roads.due(what, data)
    case 'signal': {
      const container = parts.runtime.get(data.id)
      if (container) parts.runtime.signal(container, data.signal)
    }
  }
}
