/** A server that runs without a kernel, as it shows in its container's kernel all the same: process 1, with its worker if it has one. */
import type { Kernel } from '#posix/kernel.ts'
import type { Program } from '#posix/program.ts'
import type { Proc } from '#posix/state.ts'
import type { Image } from './image.ts'
import type { Signal } from './programs/program.ts'

/** `children`: it looks after its own. */
interface StandIn {
  isWorker?: true
  children?: true
}

/** A worker is gone, or is to read the configuration anew: another takes its place. */
function replaced(kernel: Kernel, parent: Proc, old: Proc): void {
  kernel.reap(old)
  employ(kernel, parent, old.argv, old.uid)
}

function employ(kernel: Kernel, parent: Proc, argv: string[], uid: number, pid?: number): void {
  const worker = kernel.fork(parent, pid)
  if (worker) Object.assign(worker, { argv, uid, gid: uid, data: { isWorker: true }, state: 'wait', wait: 'server' })
}

/** Shows a server among the processes of its kernel, with its worker if it has one. */
export function standIn(kernel: Kernel, proc: Proc, { titles }: Image): void {
  proc.program = 'stand-in'
  proc.data = titles ? { children: true } : {}
  if (!titles) return
  proc.argv = [titles.main]
  employ(kernel, proc, [titles.worker], titles.user, proc.pid + titles.later)
  kernel.state.nextPid = proc.pid + titles.later + 1
}

/** Process 1 of a container whose server runs without a kernel: here so that others can see it and send it signals. */
export function standInProgram(signalMain: (signal: Signal) => void): Program {
  return {
    name: 'stand-in',
    run(sys, data: StandIn) {
      for (const child of sys.kernel.children(sys.proc.pid)) if (child.state === 'zombie') replaced(sys.kernel, sys.proc, child)
      sys.kernel.park(sys.proc, data.children ? `child:${sys.proc.pid}` : 'server')
      return undefined
    },
    signal(sys, data: StandIn, signal) {
      if (data.isWorker) return 'default'
      if (signal === 'HUP') for (const child of sys.kernel.children(sys.proc.pid)) sys.kernel.exit(child, 0)
      signalMain(signal as Signal)
      return 'handled'
    },
  }
}
