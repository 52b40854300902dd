/** The control plane's loops: the controller manager's controllers and the scheduler, each with its own identity. */

import { apiServerControllers, controllers, type Ports } from './controllers/index.ts'
import { LeaseRenewals } from './lease-renewals.ts'
import type { Connect } from './machinery/client.ts'
import { type ControllerDeclaration, ControllerLoop } from './machinery/controller.ts'
import { EventRecorder } from './machinery/events.ts'
import { Informers, type WatchSource } from './machinery/informer.ts'
import { createScheduler } from './scheduler/scheduler.ts'
import type { World } from './sim/world.ts'
import { storageControllers } from './storage/index.ts'
import { systemObjects } from './system-objects.ts'

export interface ControlPlaneOptions {
  world: World
  connect: Connect
  source: WatchSource
  ports: Ports
  /** Loops of addons. */
  extra: readonly ControllerDeclaration[]
  /** Parts that are left to somebody outside: real programs that come over the bridge. */
  without: readonly ControlPlanePart[]
}

export type ControlPlanePart = 'controller-manager' | 'scheduler'

export interface ControlPlane {
  /** The API server's own, the controller manager's, and those of addons. */
  readonly loops: readonly ControllerLoop[]
  /** False when the controller manager is left to somebody outside. */
  readonly manager: boolean
  /** Null when it is left to somebody outside. */
  readonly scheduler: ReturnType<typeof createScheduler> | null
}

/** How late the controller manager's caches are. */
const INFORMER_LAG_MS = 2

export function startControlPlane(options: ControlPlaneOptions): ControlPlane {
  const { world, connect, source, ports, extra, without } = options
  const leftOut = without.includes('controller-manager')
  const manager = leftOut ? [] : [...controllers(ports), ...storageControllers()]
  const loops = startControllers(options, [...apiServerControllers(ports), systemObjects(ports), ...manager, ...extra])
  const kubelets = { user: 'system:apiserver', groups: ['system:masters'], manager: 'kubelet' }
  if (leftOut) new LeaseRenewals(world, connect(kubelets), ports.heartbeats)
  return {
    loops,
    manager: !leftOut,
    scheduler: without.includes('scheduler') ? null : createScheduler({ world, connect, source }),
  }
}

function startControllers(
  { world, connect, source }: ControlPlaneOptions,
  declarations: readonly ControllerDeclaration[],
): ControllerLoop[] {
  const informers = new Informers('kube-controller-manager', world, source, INFORMER_LAG_MS)
  return declarations.map((declaration) => {
    const account = `system:serviceaccount:kube-system:${declaration.account ?? declaration.name}`
    const api = connect(declaration.identity ?? { user: account, manager: 'kube-controller-manager' })
    return new ControllerLoop(
      declaration,
      world,
      informers,
      api,
      new EventRecorder(declaration.component ?? declaration.name, world, api),
    )
  })
}
