/** What processes may do beyond files' modes: capabilities, and whether a program may give them more than they have. */
import type { Kernel } from './kernel.ts'
import type { Proc } from './state.ts'

export interface Privileges {
  /** Bits by number. */
  capabilities: number
  /** Programs that run as their owner don't. */
  noNewPrivs: boolean
  /** System calls are filtered. */
  filtered: boolean
  /** In a user namespace of its own: the machine's user that its superuser is. */
  idBase?: number
}

/** By number; only these are asked for by name. */
export const CAPABILITIES: readonly string[] =
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE'.split(
    ' ',
  )

export const ALL_CAPABILITIES = 2 ** CAPABILITIES.length - 1
export const bitOf = (name: string): number => 2 ** CAPABILITIES.indexOf(name)
export const hasBit = (capabilities: number, bit: number): boolean => Math.floor(capabilities / bit) % 2 === 1

const capabilitiesOf = (kernel: Kernel): number => kernel.state.privileges?.capabilities ?? ALL_CAPABILITIES

/** Whether a process has a capability: only the superuser's have any. */
export const may = (kernel: Kernel, proc: Proc, name: string): boolean =>
  proc.uid === 0 && hasBit(capabilitiesOf(kernel), bitOf(name))

const hex = (bits: number): string => bits.toString(16).padStart(16, '0')

/** Their lines in `/proc/PID/status`. */
export function privilegeLines(kernel: Kernel, proc: Proc): string {
  const bounding = capabilitiesOf(kernel)
  const own = hex(proc.uid === 0 ? bounding : 0)
  const { noNewPrivs = false, filtered = false } = kernel.state.privileges ?? {}
  const seccomp = filtered ? 'Seccomp:\t2\nSeccomp_filters:\t1\n' : 'Seccomp:\t0\nSeccomp_filters:\t0\n'
  return `CapInh:\t${hex(0)}\nCapPrm:\t${own}\nCapEff:\t${own}\nCapBnd:\t${hex(bounding)}\nCapAmb:\t${hex(0)}\nNoNewPrivs:\t${noNewPrivs ? 1 : 0}\n${seccomp}`
}
