/** The processes that people start on one machine: a kernel over its own disk, with sessions that come in by ssh. */
import { Disk, type DiskState } from '#posix/disk.ts'
import { nodeAt } from '#posix/disk-paths.ts'
import { Kernel } from '#posix/kernel.ts'
import type { Program } from '#posix/program.ts'
import { standardPrograms } from '#posix/programs.ts'
import { type Call, type KernelState, newKernelState, type Proc } from '#posix/state.ts'
import type { Api } from '../machinery/client.ts'
import { furnish, mountsOf, systemBase } from './base.ts'
import { nodeFiles } from './node-files.ts'
import { type Host, type HostMachine, type HostPorts, type Packages, packageOf } from './ports.ts'
import { machinePrograms } from './programs.ts'

/** Steps of one slice, and the pause before the next one when that was not enough. */
const SLICE = 20_000
const PAUSE_MS = 20

interface Session {
  stream: number
  pid: number
  /** 0: no terminal. */
  tty: number
  /** The open file that what comes in is written to; 0: nothing comes in. */
  input: number
}

export interface MachineState {
  kernel: KernelState
  /** What was changed of the system's own folders. */
  system: DiskState
  packages: Packages
  sessions: Session[]
  timer: number | null
}

export interface Login {
  command: string
  terminal: { rows: number; columns: number } | null
  stdin: boolean
}

/** What it tells of its sessions. */
export interface Told {
  out(stream: number, channel: 1 | 2, text: string): void
  ended(stream: number, status: number): void
}

export class MachineShell implements Host {
  readonly name: string
  readonly ports: HostPorts
  readonly state: MachineState
  readonly #kernel: Kernel
  readonly #told: Told
  #running = false
  /** In this run; told once. */
  #wrote = false

  constructor(name: string, ports: HostPorts, told: Told, saved: MachineState | null) {
    this.name = name
    this.ports = ports
    this.#told = told
    const base = systemBase(ports.control !== null)
    this.state = saved ?? this.#begin(base)
    const programs: Record<string, Program> = Object.assign(Object.create(standardPrograms), machinePrograms(this))
    const disks = { own: () => this.#watched(), system: () => new Disk(this.state.system, base) }
    this.#kernel = new Kernel(
      this.state.kernel,
      {
        output: (sink, text) => this.#output(sink, text),
        ended: (proc) => this.#ended(proc),
        call: (call) => this.#call(call),
        disk: (which) => disks[which as keyof typeof disks](),
      },
      programs,
    )
    if (!saved) this.#kernel.spawn({ argv: ['/sbin/init'], fds: {} }).program = 'init'
  }

  #begin(base: ReturnType<typeof systemBase>): MachineState {
    const { world, control } = this.ports
    furnish(this.disk, world.now)
    if (control) nodeFiles(this)
    const release = this.machine?.kubelet.status.version ?? ''
    const own = control?.releaseOf(this.name, 'kube-apiserver.yaml') || release
    const installed = Object.fromEntries(
      (control ? ['kubeadm', 'kubectl', 'kubelet'] : ['kubelet']).map((each) => [each, packageOf(release)]),
    )
    if (control) installed['kubeadm'] = packageOf(own)
    return {
      kernel: newKernelState({
        now: world.now,
        seed: 1 + world.random(`ssh/${this.name}`).below(2 ** 31),
        hostname: this.name,
        mounts: mountsOf(base),
        processors: 4,
        memoryTotal: 8 * 1024 ** 3,
      }),
      system: { base: 'system', nodes: {}, next: 1_000_000 },
      packages: { installed, held: [] },
      sessions: [],
      timer: null,
    }
  }

  get machine(): HostMachine | undefined {
    return this.ports.machine(this.name)
  }
  get disk(): Disk {
    return new Disk(this.ports.disk(this.name))
  }
  /** What is written on it may be a manifest: its kubelet looks. */
  #watched(): Disk {
    const disk = this.disk
    disk.changed = () => {
      if (!this.#wrote) this.ports.world.after(1, `kubelet/${this.name}`, 'manifests')
      this.#wrote = true
    }
    return disk
  }

  get packages(): Packages {
    return this.state.packages
  }

  as(config: 'admin.conf' | 'kubelet.conf'): Api | null {
    return credentials(this, config)
  }

  // ——— sessions

  login(stream: number, { command, terminal, stdin }: Login): void {
    const { opens, terminals } = this.#kernel
    const session: Session = { stream, pid: 0, tty: 0, input: 0 }
    const fds: Record<number, number> = {}
    if (terminal) {
      session.tty = terminals.create(terminal.rows, terminal.columns).id
      const file = opens.make('tty', { tty: session.tty, path: '/dev/pts/0' })
      for (const fd of [0, 1, 2]) fds[fd] = opens.keep(file).id
    } else {
      const pipe = stdin ? opens.pipe() : null
      if (pipe) session.input = opens.keep(pipe.write).id
      fds[0] = opens.keep(pipe?.read ?? opens.make('null', { path: '/dev/null' })).id
      for (const fd of [1, 2])
        fds[fd] = opens.keep(opens.make('sink', { sink: `${stream}:${fd}`, path: `pipe:[${stream}${fd}]` })).id
    }
    const argv = command === '' ? ['-bash'] : ['bash', '-c', command]
    const proc = this.#kernel.spawn({ argv, env: environment(terminal !== null), cwd: '/root', fds, tty: session.tty })
    proc.program = 'bash'
    session.pid = proc.pid
    const tty = this.#kernel.state.ttys[session.tty]
    if (tty) tty.foreground = proc.pid
    this.state.sessions.push(session)
    this.run()
  }

  #session(stream: number): Session | undefined {
    return this.state.sessions.find((each) => each.stream === stream)
  }

  typed(stream: number, text: string): void {
    const session = this.#session(stream)
    if (!session) return
    if (session.tty) this.#kernel.terminals.type(session.tty, text)
    else {
      const pipe = this.state.kernel.pipes[this.#kernel.opens.get(session.input)?.pipe ?? 0]
      if (pipe) {
        pipe.text += text
        this.#kernel.wake(`pipe:${pipe.id}`)
      }
    }
    this.run()
  }

  resized(stream: number, rows: number, columns: number): void {
    const session = this.#session(stream)
    if (session?.tty) this.#kernel.terminals.resize(session.tty, rows, columns)
    this.run()
  }

  /** Nothing more will come in. */
  inputEnded(stream: number): void {
    const session = this.#session(stream)
    const file = session?.input ? this.#kernel.opens.get(session.input) : undefined
    if (!session || !file) return
    session.input = 0
    this.#kernel.opens.drop(file)
    this.run()
  }

  /** The client has gone, and what it had started goes with it. */
  left(stream: number): void {
    const session = this.#session(stream)
    if (!session) return
    this.state.sessions = this.state.sessions.filter((each) => each !== session)
    if (session.tty) this.#kernel.terminals.hangUp(session.tty)
    this.#kernel.endFamily(session.pid)
    this.run()
  }

  #ended(proc: Proc): void {
    const session = this.state.sessions.find(({ pid }) => pid === proc.pid)
    if (!session) return
    this.state.sessions = this.state.sessions.filter((each) => each !== session)
    this.#told.ended(session.stream, proc.status)
  }

  #output(sink: string, text: string): void {
    const [kind = '', which = ''] = sink.split(':')
    if (kind !== 'tty') return this.#told.out(Number(kind), which === '2' ? 2 : 1, text)
    const session = this.state.sessions.find(({ tty }) => tty === Number(which))
    if (session) this.#told.out(session.stream, 1, text)
  }

  #call({ request }: Call): unknown {
    if (request.kind !== 'http') return request.kind === 'ports' ? [] : null
    const from = { node: this.name, podUid: '', ip: this.machine?.kubelet.hostIp ?? '', namespace: '' }
    return this.ports.fetch(from, request.host, request.port, { ...request.request, ...(request.tls && { tls: true }) })
  }

  // ——— time

  /** Lets everything go on that can, and comes back when there is more to do. */
  run(): void {
    if (this.#running) return
    if (!this.machine?.isPowered) return this.#crash()
    this.#running = true
    this.#wrote = false
    const { world } = this.ports
    const rest = this.#kernel.run(world.now, SLICE)
    this.#running = false
    const due = rest ? this.#kernel.due() : world.now + PAUSE_MS
    if (this.state.timer !== null) world.cancel(this.state.timer)
    this.state.timer = due === null ? null : world.at(Math.max(due, world.now), 'machine-doors', 'wake', this.name)
  }

  /** The machine is dead, and so are all who were on it. */
  #crash(): void {
    for (const { stream, pid } of this.state.sessions.splice(0)) {
      this.#kernel.endFamily(pid)
      this.#told.ended(stream, 255)
    }
  }
}

const environment = (terminal: boolean): Record<string, string> => ({
  HOME: '/root',
  USER: 'root',
  LOGNAME: 'root',
  SHELL: '/bin/bash',
  LANG: 'C.UTF-8',
  TOOLS: 'gnu',
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  ...(terminal ? { TERM: 'xterm-256color', PS1: '\\u@\\h:\\w# ' } : {}),
})

/** Whom the API server takes the holder of a kubeconfig for. */
function credentials({ name, disk, ports }: Host, config: 'admin.conf' | 'kubelet.conf'): Api | null {
  const isThere = disk && hasFile(disk, `/etc/kubernetes/${config}`)
  if (!isThere) return null
  return config === 'admin.conf'
    ? ports.connect({ user: 'kubernetes-admin', groups: ['kubeadm:cluster-admins'], manager: 'kubeadm' })
    : ports.connect({ user: `system:node:${name}`, groups: ['system:nodes'], manager: 'kubeadm' })
}

const hasFile = (disk: Disk, path: string): boolean => nodeAt(disk, path)?.k === 'f'
