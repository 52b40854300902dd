/** The learner's own machine, beside the cluster: the kernel, disk and programs behind a terminal, on the cluster's clock. */
import { Disk, newDisk } from '#posix/disk.ts'
import { jq } from '#posix/jq/program.ts'
import { Kernel } from '#posix/kernel.ts'
import { enableLate } from '#posix/late.ts'
import { appletNames } from '#posix/names.ts'
import { standardPrograms } from '#posix/programs.ts'
import { editedShell } from '#posix/shell/program.ts'
import { makeBase } from '#posix/skeleton.ts'
import { type Call, newKernelState, type Proc } from '#posix/state.ts'
import { type ClientName, clientNames, clientProgram } from './clients.ts'
import { HOME } from './files.ts'
import { help } from './help.ts'
import { Ports } from './ports.ts'

// The terminal itself is loaded late.
enableLate()

/** Steps at a stretch; then the page has its turn, so that Ctrl-C can come in. */
const SLICE = 50_000

/** So that the first commit needs no introduction. */
const GITCONFIG = '[user]\n\tname = Learner\n\temail = learner@example.com\n[init]\n\tdefaultBranch = main\n'

const base = makeBase({
  applets: appletNames,
  programs: {
    '/usr/bin/bash': 'bash',
    '/usr/bin/curl': 'curl',
    '/usr/bin/jq': 'jq',
    '/usr/bin/dig': 'dig',
    '/usr/bin/git': 'git',
    '/usr/bin/openssl': 'openssl',
    '/usr/bin/host': 'host',
    '/usr/local/bin/help': 'help',
    ...Object.fromEntries(clientNames.map((name) => [`/usr/local/bin/${name}`, name])),
  },
  links: { '/bin/bash': '/usr/bin/bash', '/usr/local/bin/k': '/usr/local/bin/kubectl' },
  files: { '/etc/hostname': 'desk\n', '/etc/hosts': '127.0.0.1\tlocalhost\n', '/etc/gitconfig': GITCONFIG },
})

export interface MachinePorts {
  now(): number
  sleep(ms: number): Promise<void>
  output(sink: string, text: string): void
  /** A shell asks for its next line. */
  line(call: Call, proc: Proc): void
  /** A program that is a client of the cluster begins. */
  client(name: ClientName, call: Call, proc: Proc): void
  /** A question to the network; its answer, or undefined and later `answer`. */
  network(call: Call): unknown
  abandoned(call: Call): void
  ended(proc: Proc): void
}

export class Machine {
  readonly kernel: Kernel
  readonly disk: Disk
  readonly ports = new Ports()
  readonly #ports: MachinePorts
  #running = false
  /** Its programs have not come to rest: it goes on as soon as the page has had its turn. */
  computes = false
  /** When the next timer rings. */
  #armed = Number.POSITIVE_INFINITY

  constructor(ports: MachinePorts) {
    this.#ports = ports
    this.disk = new Disk(newDisk('desk'), base)
    const state = newKernelState({
      now: ports.now(),
      hostname: 'desk',
      mounts: [
        { path: '/', disk: 'root', root: 1, readOnly: false, type: 'ext4', source: '/dev/vda1' },
        { path: '/proc', disk: '', root: 0, readOnly: false, type: 'proc', source: 'proc' },
      ],
    })
    const programs = Object.create(standardPrograms)
    // No image has it: the cluster's containers go without.
    programs['jq'] = jq
    programs['help'] = help
    programs['edited-shell'] = editedShell
    programs['init'] = { name: 'init', run: (sys: { forever(): undefined }) => sys.forever() }
    for (const name of clientNames) programs[name] = clientProgram(name)
    this.kernel = new Kernel(
      state,
      {
        output: (sink, text) => ports.output(sink, text),
        ended: (proc) => ports.ended(proc),
        call: (call, proc) => this.#call(call, proc),
        abandoned: (call) => ports.abandoned(call),
        disk: () => this.disk,
      },
      programs,
    )
    const init = this.kernel.spawn({ argv: ['init'], fds: {} })
    init.program = 'init'
  }

  #call(call: Call, proc: Proc): unknown {
    const { kind } = call.request
    if (kind === 'line') this.#ports.line(call, proc)
    else if (kind === 'client') this.#ports.client(call.request.name, call, proc)
    else return this.#ports.network(call)
    return undefined
  }

  /** A shell whose standard streams are a terminal, or (for scripts) nothing and two sinks. */
  login(env: Record<string, string>, sinks: { out: string; err: string } | null, size: { rows: number; columns: number }): Proc {
    const { opens, terminals } = this.kernel
    const tty = terminals.create(size.rows, size.columns)
    const make = (fd: number): number => {
      if (!sinks) return opens.keep(opens.make('tty', { tty: tty.id, path: '/dev/pts/0' })).id
      if (fd === 0) return opens.keep(opens.make('null', { path: '/dev/null' })).id
      return opens.keep(opens.make('sink', { sink: fd === 1 ? sinks.out : sinks.err, path: `pipe:[${fd}]` })).id
    }
    const fds = { 0: make(0), 1: make(1), 2: make(2) }
    const proc = this.kernel.spawn({ argv: ['bash'], env, cwd: HOME, fds, tty: tty.id })
    proc.program = 'edited-shell'
    proc.data = {}
    return proc
  }

  answer(call: Call, reply: unknown): void {
    this.kernel.answer(call.id, reply)
    this.pump()
  }

  /** Lets everything go on that can, and comes back when there is more to do. */
  readonly pump = (): void => {
    if (this.#running) return
    this.#running = true
    const now = this.#ports.now()
    const rest = this.kernel.run(now, SLICE)
    this.#running = false
    this.computes = !rest
    if (!rest) {
      setTimeout(this.pump, 0)
      return
    }
    const due = this.kernel.due()
    if (due === null || due >= this.#armed) return
    this.#armed = due
    void this.#ports.sleep(Math.max(0, due - now)).then(() => {
      if (this.#armed === due) this.#armed = Number.POSITIVE_INFINITY
      this.pump()
    })
  }
}
