/** Looping containers: three hundred kernels, each a script that counts and sleeps, for a simulated hour. */
import { Disk, newDisk } from '#posix/disk.ts'
import { Kernel } from '#posix/kernel.ts'
import { appletNames } from '#posix/names.ts'
import type { Ports } from '#posix/ports.ts'
import { standardPrograms } from '#posix/programs.ts'
import { makeBase } from '#posix/skeleton.ts'
import { newKernelState } from '#posix/state.ts'

const SCRIPT = 'i=0; while true; do i=$((i+1)); echo "line $i"; sleep 5; done'

export interface Loops {
  lines: number
  bytes: number
}

export function loop(count: number, ms: number): Loops {
  const base = makeBase({ applets: appletNames, busybox: '/bin/busybox' })
  let lines = 0
  const kernels = Array.from({ length: count }, () => {
    const disk = new Disk(newDisk('busybox'), base)
    const ports: Ports = { output: () => void (lines += 1), ended: () => {}, call: () => null, disk: () => disk }
    const mounts = [{ path: '/', disk: 'root', root: 1, readOnly: false, type: 'overlay', source: 'overlay' }]
    const kernel = new Kernel(newKernelState({ now: 0, hostname: 'loop', mounts }), ports, standardPrograms)
    const sink = (name: string): number => kernel.opens.keep(kernel.opens.make('sink', { sink: name })).id
    const stdin = kernel.opens.keep(kernel.opens.make('null')).id
    kernel.spawn({ argv: ['sh', '-c', SCRIPT], env: { PATH: '/bin' }, fds: { 0: stdin, 1: sink('out'), 2: sink('err') } })
    return kernel
  })
  for (let now = 0; now <= ms; now += 1000) {
    for (const kernel of kernels) {
      const due = kernel.due()
      if (now === 0 || (due !== null && due <= now)) kernel.run(now)
    }
  }
  const bytes = kernels.reduce((sum, kernel) => sum + JSON.stringify(kernel.state).length, 0)
  return { lines, bytes }
}
