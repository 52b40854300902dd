/** What a kernel is given from outside: its disks, where output goes, who is asked of the world. */
import type { Disk } from './disk.ts'
import type { Kernel } from './kernel.ts'
import type { Call, Proc } from './state.ts'

export interface Ports {
  /** Text for a sink: a log, the other end of an exec. False: not so fast; `unchoke` lets it go on. */
  output(sink: string, text: string): boolean | void
  /** A process without a parent has ended. */
  ended(proc: Proc): void
  /** Something is asked of the network or the host; a reply at once, or undefined and later `answer`. */
  call(call: Call, proc: Proc): unknown
  disk(name: string): Disk
  /** Who asked has ended before it was answered. */
  abandoned?(call: Call): void
  /** A file that the host makes up: of `/sys/fs/cgroup`, a parameter below `/proc/sys`; undefined: it has nothing to say. */
  made?(path: string): string | undefined
  /** Of the host's control groups, where they are mounted: the names in one, or the text of a file. */
  group?(path: string): string | readonly string[] | undefined
  /** Memory is used up. */
  starved?(proc: Proc): void
  /** Kernels whose processes are numbered together with this one's, and how others name one of its disks. */
  beside?(): readonly Kernel[]
  diskBeside?(name: string): string
  /** The next number in that common space, at least this one. */
  number?(least: number): number
  /** Another kernel has done something to a process here. */
  stirred?(): void
}
