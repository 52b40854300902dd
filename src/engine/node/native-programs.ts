/** Programs of a container's kernel that are not busybox's: the image's server as a process, and the image's own commands. */
import type { Program as KernelProgram } from '#posix/program.ts'
import type { Proc } from '#posix/state.ts'
import type { Sys } from '#posix/sys.ts'
import { type ContainerState, newProcess, type ProcessState } from './container.ts'
import { type Errand, type ErrandData, goOn } from './errands.ts'
import type { ProcessHost } from './process-host.ts'
import type { Signal } from './programs/program.ts'
import { server } from './programs/server.ts'
import { type Prompt, type PromptData, talk } from './prompts.ts'
import { standInProgram } from './stand-in.ts'
import { newTerminal } from './terminal.ts'

export interface NativeContext {
  readonly container: ContainerState
  host(process: ProcessState): ProcessHost
  /** The image's command of this name. */
  command(name: string): ((argv: readonly string[], host: ProcessHost) => { out: string; code: number }) | undefined
  /** How the image's command of this name goes on line by line, if it may. */
  prompt(name: string): Prompt | undefined
  /** The image's command of this name, if it is one that takes its time. */
  errand(name: string): Errand | undefined
  /** A signal for a process 1 that lives outside the kernel. */
  signalMain(signal: Signal): void
  /** It listens (or no longer listens), or answers otherwise than before. */
  changed(): void
}

/** What a native process remembers. */
export interface NativeData {
  process: ProcessState
  wakeAt: number | null
}

export const nativeData = (proc: Proc): NativeData | null => (proc.program === 'server' && proc.data?.process ? proc.data : null)

/** A host whose output and timer are the kernel process' own. */
export function nativeHost(context: NativeContext, sys: Sys, data: NativeData): ProcessHost {
  const host = context.host(data.process)
  host.write = (text, stream) => void sys.write(stream === 'stdout' ? 1 : 2, text)
  host.timer = (delayMs) => {
    data.wakeAt = sys.now + delayMs
  }
  host.environment = sys.proc.env
  host.uid = sys.proc.uid
  return host
}

function serverProgram(context: NativeContext): KernelProgram {
  return {
    name: 'server',
    run(sys, data: Partial<NativeData>) {
      if (inExec(sys)) {
        const name = sys.name
        const command = context.command(name)
        if (command) return runCommand(context, sys, command)
      }
      const began = data.process === undefined
      if (began) Object.assign(data, { process: newProcess(sys.proc.pid, 'server', [...sys.argv], ''), wakeAt: null })
      const own = data as NativeData
      const host = nativeHost(context, sys, own)
      if (began) own.process.state = server.start(host)
      else if (own.wakeAt !== null && sys.now >= own.wakeAt) {
        own.wakeAt = null
        own.process.state = server.wake?.(own.process.state, host)
      }
      if (host.ended !== null) return host.ended
      if (began) context.changed()
      sys.kernel.park(sys.proc, 'server', own.wakeAt)
      return undefined
    },
    signal(sys, data: NativeData | null, signal) {
      if (!data?.process) return 'default'
      const host = nativeHost(context, sys, data)
      data.process.state = server.signal?.(data.process.state, signal as Signal, host)
      if (host.ended !== null) sys.kernel.exit(sys.proc, host.ended)
      return host.ended !== null || sys.proc.pid === sys.kernel.first || signal === 'HUP' || signal === 'USR1'
        ? 'handled'
        : 'default'
    },
  }
}

/** Executed beside process 1, not started by it. */
function inExec(sys: Sys): boolean {
  for (let proc: Proc | undefined = sys.proc; proc; proc = sys.kernel.find(proc.ppid))
    if (proc.pid === sys.kernel.first) return false
  return true
}

function commandHost(context: NativeContext, sys: Sys): ProcessHost {
  const process = newProcess(sys.proc.pid, 'server', [...sys.argv], '')
  if (sys.isTty(1)) process.terminal = newTerminal()
  const host = context.host(process)
  host.write = (text, stream) => void sys.write(stream === 'stdout' ? 1 : 2, text)
  host.environment = sys.proc.env
  host.uid = sys.proc.uid
  return host
}

function runCommand(
  context: NativeContext,
  sys: Sys,
  command: (argv: readonly string[], host: ProcessHost) => { out: string; code: number },
): number {
  const { out, code } = command(sys.argv, commandHost(context, sys))
  sys.out(out)
  return code
}

/** The kernel's table for a container: the standard programs behind the image's own. */
export function tableFor(
  context: NativeContext,
  standard: Readonly<Record<string, KernelProgram>>,
  commands: readonly string[],
): Readonly<Record<string, KernelProgram>> {
  const table: Record<string, KernelProgram> = Object.create(standard)
  table['server'] = serverProgram(context)
  table['stand-in'] = standInProgram((signal) => context.signalMain(signal))
  for (const name of commands) {
    table[`command:${name}`] = {
      name,
      run(sys, data: PromptData & ErrandData) {
        const errand = context.errand(name)
        if (errand) return goOn(errand, sys, data, commandHost(context, sys))
        const prompt = context.prompt(name)
        const said = prompt ? talk(prompt, sys, data, commandHost(context, sys)) : null
        if (said !== null) return said
        const command = context.command(name)
        return command ? runCommand(context, sys, command) : 127
      },
    }
  }
  return table
}
