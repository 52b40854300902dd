/** Host ports in use on a node, with the address 0.0.0.0 standing for all (kube-scheduler framework HostPortInfo). */
import type { Pod } from './kinds.ts'

export interface HostPort {
  ip: string
  protocol: string
  port: number
}

const NONE: readonly HostPort[] = []
const ANY = '0.0.0.0'

/** The host ports a Pod takes: of its containers and sidecars. Most Pods have none and share one empty list. */
export function hostPortsOf(pod: Pod): readonly HostPort[] {
  let ports: HostPort[] | null = null
  const take = (container: Pod['spec']['containers'][number]) => {
    for (const { hostPort, hostIP, protocol } of container.ports ?? []) {
      if (!hostPort || hostPort <= 0) continue
      ports ??= []
      ports.push({ ip: hostIP || ANY, protocol: protocol || 'TCP', port: hostPort })
    }
  }
  for (const container of pod.spec.containers) if (container.ports) take(container)
  for (const container of pod.spec.initContainers ?? []) if (container.restartPolicy === 'Always') take(container)
  return ports ?? NONE
}

export const clashes = (a: HostPort, b: HostPort): boolean =>
  a.port === b.port && a.protocol === b.protocol && (a.ip === ANY || b.ip === ANY || a.ip === b.ip)

/** Whether any of `wanted` is taken by one of `used`. */
export function anyClash(wanted: readonly HostPort[], used: readonly HostPort[]): boolean {
  for (const a of wanted) for (const b of used) if (clashes(a, b)) return true
  return false
}
