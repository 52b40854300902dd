/** What a kubelet refuses for what a pod's spec says, whatever room there is: sysctls it may not set, another operating system. */
import type { Pod } from '#api/kinds.ts'
import type { Refusal } from './admission.ts'
import { sysctlsOf } from './sysctls.ts'

/** Sysctls that stay inside a pod, and the namespace that holds them. */
const SAFE: Record<string, 'ipc' | 'net'> = {
  'kernel.shm_rmid_forced': 'ipc',
  'net.ipv4.ip_local_port_range': 'net',
  'net.ipv4.tcp_syncookies': 'net',
  'net.ipv4.ping_group_range': 'net',
  'net.ipv4.ip_unprivileged_port_start': 'net',
  'net.ipv4.ip_local_reserved_ports': 'net',
  'net.ipv4.tcp_keepalive_time': 'net',
  'net.ipv4.tcp_fin_timeout': 'net',
  'net.ipv4.tcp_keepalive_intvl': 'net',
  'net.ipv4.tcp_keepalive_probes': 'net',
  'net.ipv4.tcp_rmem': 'net',
  'net.ipv4.tcp_wmem': 'net',
}

export function admitSpec({ spec }: Pod): Refusal | null {
  if (spec.os && spec.os.name !== 'linux')
    return { reason: 'PodOSNotSupported', message: "Failed to admit pod as the OS field doesn't match node OS" }
  for (const name of Object.keys(sysctlsOf(spec))) {
    const fault = sysctlFault(name, spec.hostNetwork === true, spec.hostIPC === true)
    if (fault) return { reason: 'SysctlForbidden', message: `forbidden sysctl: ${fault}` }
  }
  return null
}

function sysctlFault(name: string, hostNetwork: boolean, hostIpc: boolean): string {
  const namespace = Object.hasOwn(SAFE, name) ? SAFE[name] : undefined
  if (namespace === undefined) return `${JSON.stringify(name)} not allowlisted`
  const shared = namespace === 'net' ? hostNetwork : hostIpc
  return shared ? `${JSON.stringify(name)} not allowed with host ${namespace} enabled` : ''
}
