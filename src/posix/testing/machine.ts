/** A small machine for tests: a kernel over a busybox (or GNU) tree, with a clock that jumps from event to event. */
import { type Base, Disk, newDisk } from '../disk.ts'
import { jq } from '../jq/program.ts'
import { Kernel } from '../kernel.ts'
import { enableLate } from '../late.ts'
import { appletNames } from '../names.ts'
import type { Ports } from '../ports.ts'
import { standardPrograms } from '../programs.ts'
import { makeBase } from '../skeleton.ts'
import { type KernelState, newKernelState, type Proc } from '../state.ts'

enableLate()

export const START = 1_767_225_600_000

/** Those of all images, and what only the learner's own machine has. */
const programs = { ...standardPrograms, jq }

let busybox: Base | null = null
const base = (): Base =>
  (busybox ??= makeBase({
    applets: appletNames,
    busybox: '/bin/busybox',
    programs: {
      '/bin/bash': 'bash',
      '/bin/dash': 'dash',
      '/usr/bin/jq': 'jq',
      '/usr/bin/git': 'git',
      '/usr/bin/openssl': 'openssl',
    },
  }))

export interface Ran {
  out: string
  err: string
  /** Both, in the order they came. */
  all: string
  status: number | null
  ms: number
}

export class Machine {
  kernel: Kernel
  state: KernelState
  readonly disks: Record<string, Disk>
  out = ''
  err = ''
  all = ''
  readonly ends: Record<number, number> = {}
  ports: Ports

  constructor(calls: (request: any) => unknown = () => ({ ok: false, why: 'bad address' })) {
    this.disks = { root: new Disk(newDisk('busybox'), base()) }
    this.state = newKernelState({
      now: START,
      hostname: 'box',
      mounts: [
        { path: '/', disk: 'root', root: 1, readOnly: false, type: 'overlay', source: 'overlay' },
        { path: '/proc', disk: '', root: 0, readOnly: false, type: 'proc', source: 'proc' },
      ],
    })
    this.ports = {
      output: (sink, text) => {
        if (sink === 'err') this.err += text
        else this.out += text
        this.all += text
      },
      ended: (proc) => void (this.ends[proc.pid] = proc.status),
      call: (call) => calls(call.request),
      disk: (name) => this.disks[name] as Disk,
    }
    this.kernel = new Kernel(this.state, this.ports, programs)
  }

  /** As after saving and loading. */
  thaw(): void {
    this.state = JSON.parse(JSON.stringify(this.state))
    const root = JSON.parse(JSON.stringify(this.disks['root']?.state))
    this.disks['root'] = new Disk(root, base())
    this.kernel = new Kernel(this.state, this.ports, programs)
  }

  spawn(argv: readonly string[], input: string | null = '', env: Record<string, string> = {}): Proc {
    const { opens } = this.kernel
    const stdin = input === null ? opens.make('null', { path: '/dev/null' }) : opens.make('text', { text: input })
    const fds = {
      0: opens.keep(stdin).id,
      1: opens.keep(opens.make('sink', { sink: 'out', path: 'pipe:[1]' })).id,
      2: opens.keep(opens.make('sink', { sink: 'err', path: 'pipe:[2]' })).id,
    }
    return this.kernel.spawn({
      argv,
      fds,
      env: { HOME: '/root', PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin', ...env },
    })
  }

  /** Lets time pass until nothing is left to do or the limit is reached. */
  advance(ms: number, thaws = false): void {
    const end = this.state.now + ms
    for (let n = 0; n < 100_000; n++) {
      const rest = this.kernel.run(this.state.now)
      if (thaws) this.thaw()
      if (!rest) continue
      const due = this.kernel.due()
      if (due === null || due > end) break
      this.state.now = due
    }
    this.state.now = end
  }
}

/** Runs a command line to its end. */
export function runCommand(argv: readonly string[], input = '', limitMs = 3_600_000, thaws = false): Ran {
  const machine = new Machine()
  // Process 1 is somebody else: it is deaf to signals.
  machine.spawn(['sleep', 'infinity'], null)
  machine.kernel.run(START)
  const proc = machine.spawn(argv, input)
  const end = START + limitMs
  let slices = 0
  while (!(proc.pid in machine.ends) && slices++ < 2000) {
    const rest = machine.kernel.run(machine.state.now)
    if (thaws) machine.thaw()
    if (!rest || proc.pid in machine.ends) continue
    const due = machine.kernel.due()
    if (due === null || due > end) break
    machine.state.now = due
  }
  const { out, err, all } = machine
  return { out, err, all, status: machine.ends[proc.pid] ?? null, ms: machine.state.now - START }
}
