/** Kernel parameters that a pod asks for, and their files below `/proc/sys`. */
import type { Pod } from '#api/kinds.ts'

export const SYSCTLS = '/proc/sys/'

/** By name, always written with dots. */
export function sysctlsOf(spec: Pod['spec']): Record<string, string> {
  const given = (spec.securityContext?.['sysctls'] ?? []) as { name: string; value: string }[]
  return Object.fromEntries(given.map(({ name, value }) => [normal(name), value]))
}

export function sysctlFile(pod: Pod, path: string): string | undefined {
  const value = sysctlsOf(pod.spec)[path.slice(SYSCTLS.length).replaceAll('/', '.')]
  // Lists are shown with tabs, however they were written.
  return value === undefined ? undefined : `${value.trim().replace(/\s+/g, '\t')}\n`
}

/** `net/ipv4/x` is another way to write `net.ipv4.x`. */
function normal(name: string): string {
  const first = name.search(/[./]/)
  return first >= 0 && name[first] === '/' ? name.replace(/[./]/g, (sign) => (sign === '/' ? '.' : '/')) : name
}
