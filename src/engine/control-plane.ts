/** The control plane's loops: the controller manager's controllers and the scheduler, each with its own identity. */

import { controllers, type Ports } from './controllers/index.ts'
import type { Connect } from './machinery/client.ts'
import { type ControllerDeclaration, ControllerLoop } from './machinery/controller.ts'
import { EventRecorder } from './machinery/events.ts'
import { Informers, type WatchSource } from './machinery/informer.ts'
import { createScheduler } from './scheduler/scheduler.ts'
import type { World } from './sim/world.ts'
import { storageControllers } from './storage/index.ts'

export interface ControlPlaneOptions {
  world: World
  connect: Connect
  source: WatchSource
  ports: Ports
  /** Loops of addons. */
  extra: readonly ControllerDeclaration[]
}

export interface ControlPlane {
  readonly loops: readonly ControllerLoop[]
  readonly scheduler: ReturnType<typeof createScheduler>
}

/** How late the controller manager's caches are. */
const INFORMER_LAG_MS = 2

export function startControlPlane({ world, connect, source, ports, extra }: ControlPlaneOptions): ControlPlane {
  const informers = new Informers('kube-controller-manager', world, source, INFORMER_LAG_MS)
  const loops = [...controllers(ports), ...storageControllers(), ...extra].map((declaration) => {
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
  return { loops, scheduler: createScheduler({ world, connect, source }) }
}
