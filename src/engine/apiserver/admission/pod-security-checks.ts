/** What the checks of pod security share, and the baseline ones (pod-security-admission/policy/check_*.go). */
import type { Container, PodSpec } from '#api/kinds.ts'
import type { ObjectMeta } from '#api/meta.ts'

/** Why a pod doesn't pass: the reason, and what exactly. */
export type Violation = readonly [reason: string, detail: string]

/** Judges a pod as the policy of that minor version does; null when it passes. */
export type Check = (spec: PodSpec, meta: Partial<ObjectMeta>, minor: number) => Violation | null

export type SecurityContext = Record<string, any>

/** In the order they are visited: init containers first. */
export const containersOf = (spec: PodSpec): Container[] =>
  [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])] as Container[]

export const security = (one: { securityContext?: unknown }): SecurityContext => (one.securityContext ?? {}) as SecurityContext

export const quoted = (items: readonly string[]): string => items.map((item) => `"${item}"`).join(', ')

export const distinct = (items: readonly string[]): string[] => [...new Set(items)].sort()

export const plural = (word: string, count: number): string => (count === 1 ? word : `${word}s`)

export const counted = (word: string, names: readonly string[]): string => `${plural(word, names.length)} ${quoted(names)}`

/** `pod and containers "a", "b"`, or nothing. */
export function setters(pod: boolean, containers: readonly Container[]): string {
  const named = containers.length > 0 ? [counted('container', namesOf(containers))] : []
  return [...(pod ? ['pod'] : []), ...named].join(' and ')
}

export const namesOf = (containers: readonly Container[]): string[] => containers.map(({ name }) => name)

/** Starting here, pods in their own user namespace are trusted with more. */
const USER_NAMESPACES = 35

export const inUserNamespace = (spec: PodSpec, minor: number): boolean =>
  minor >= USER_NAMESPACES && (spec as { hostUsers?: boolean }).hostUsers === false

const ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/'
const confined = (type: string | undefined): boolean => type === 'RuntimeDefault' || type === 'Localhost'

const appArmorProfile: Check = (spec, { annotations = {} }) => {
  const bad = (one: { securityContext?: unknown }): boolean => {
    const profile = security(one)['appArmorProfile']
    return profile !== undefined && !confined(profile.type)
  }
  const containers = containersOf(spec).filter(bad)
  const holders = [...(bad(spec) ? [spec] : []), ...containers]
  const fine = (value: string): boolean => value === '' || value === 'runtime/default' || value.startsWith('localhost/')
  const notes = Object.entries(annotations as Record<string, string>).filter(
    ([key, value]) => key.startsWith(ANNOTATION) && !fine(value),
  )
  const values = distinct(holders.map((one) => security(one)['appArmorProfile'].type ?? ''))
  values.push(...notes.map(([key, value]) => `${key}=${JSON.stringify(value)}`).sort())
  if (values.length === 0) return null
  const who = [setters(bad(spec), containers), notes.length > 0 ? plural('annotation', notes.length) : ''].filter(Boolean)
  return [
    plural('forbidden AppArmor profile', values.length),
    `${who.join(' and ')} must not set AppArmor profile type to ${quoted(values)}`,
  ]
}

const CAPABILITIES = new Set(
  'AUDIT_WRITE CHOWN DAC_OVERRIDE FOWNER FSETID KILL MKNOD NET_BIND_SERVICE SETFCAP SETGID SETPCAP SETUID SYS_CHROOT'.split(' '),
)

/** The containers that add other capabilities than these. */
export function addedCapabilities(spec: PodSpec, allowed: ReadonlySet<string>): string {
  const extra = (c: Container): string[] => (security(c)['capabilities']?.add ?? []).filter((name: string) => !allowed.has(name))
  const bad = containersOf(spec).filter((c) => extra(c).length > 0)
  if (bad.length === 0) return ''
  const names = quoted(distinct(bad.flatMap(extra)))
  return `${setters(false, bad)} must not include ${names} in securityContext.capabilities.add`
}

const capabilities: Check = (spec) => {
  const detail = addedCapabilities(spec, CAPABILITIES)
  return detail ? ['non-default capabilities', detail] : null
}

const hostNamespaces: Check = (spec) => {
  const shared = (['hostNetwork', 'hostPID', 'hostIPC'] as const).filter((field) => spec[field])
  return shared.length > 0 ? ['host namespaces', shared.map((field) => `${field}=true`).join(', ')] : null
}

const hostPathVolumes: Check = ({ volumes = [] }) => {
  const bad = volumes.filter((volume) => volume['hostPath']).map(({ name }) => name)
  return bad.length > 0 ? ['hostPath volumes', counted('volume', bad)] : null
}

const hostPorts: Check = (spec) => {
  const ports = (c: Container): string[] =>
    (c.ports ?? []).filter(({ hostPort }) => hostPort).map(({ hostPort }) => String(hostPort))
  const bad = containersOf(spec).filter((c) => ports(c).length > 0)
  if (bad.length === 0) return null
  const numbers = distinct(bad.flatMap(ports))
  const verb = bad.length === 1 ? 'uses' : 'use'
  return ['hostPort', `${setters(false, bad)} ${verb} ${plural('hostPort', numbers.length)} ${numbers.join(', ')}`]
}

const hostProbes: Check = (spec, _, minor) => {
  if (minor < 34) return null
  const hosts = (c: Container): string[] => {
    const { livenessProbe, readinessProbe, startupProbe, lifecycle } = c as Record<string, any>
    const actions = [livenessProbe, readinessProbe, startupProbe, lifecycle?.postStart, lifecycle?.preStop]
    return actions.flatMap((action) => [action?.httpGet?.host, action?.tcpSocket?.host]).filter(Boolean)
  }
  const bad = containersOf(spec).filter((c) => hosts(c).length > 0)
  if (bad.length === 0) return null
  const names = distinct(namesOf(bad))
  const verb = names.length === 1 ? 'uses' : 'use'
  const what = 'probe or lifecycle host'
  return [what, `${counted('container', names)} ${verb} ${counted(what, distinct(bad.flatMap(hosts)))}`]
}

const privileged: Check = (spec) => {
  const bad = containersOf(spec).filter((c) => security(c)['privileged'])
  return bad.length > 0 ? ['privileged', `${setters(false, bad)} must not set securityContext.privileged=true`] : null
}

export const unmaskedProc: Check = (spec) => {
  const mount = (c: Container): string => security(c)['procMount'] ?? 'Default'
  const bad = containersOf(spec).filter((c) => mount(c) !== 'Default')
  if (bad.length === 0) return null
  return ['procMount', `${setters(false, bad)} must not set securityContext.procMount to ${quoted(distinct(bad.map(mount)))}`]
}

const procMount: Check = (spec, meta, minor) => (inUserNamespace(spec, minor) ? null : unmaskedProc(spec, meta, minor))

const SELINUX = ['', 'container_t', 'container_init_t', 'container_kvm_t']

const seLinuxOptions: Check = (spec, _, minor) => {
  const types = minor >= 31 ? [...SELINUX, 'container_engine_t'] : SELINUX
  const options = (one: { securityContext?: unknown }): Record<string, string> => security(one)['seLinuxOptions'] ?? {}
  const oddType = (one: { securityContext?: unknown }): boolean => !types.includes(options(one)['type'] ?? '')
  const bad = (one: { securityContext?: unknown }): boolean =>
    oddType(one) || Boolean(options(one)['user'] || options(one)['role'])
  const containers = containersOf(spec).filter(bad)
  const holders = [...(bad(spec) ? [spec] : []), ...containers]
  if (holders.length === 0) return null
  const odd = distinct(holders.filter(oddType).map((one) => options(one)['type'] as string))
  const what = [
    odd.length > 0 ? counted('type', odd) : '',
    holders.some((one) => options(one)['user']) ? 'user may not be set' : '',
    holders.some((one) => options(one)['role']) ? 'role may not be set' : '',
  ]
  const who = setters(bad(spec), containers)
  return ['seLinuxOptions', `${who} set forbidden securityContext.seLinuxOptions: ${what.filter(Boolean).join('; ')}`]
}

/** Explicitly wrong profiles, which no level takes. */
export function wrongSeccomp(spec: PodSpec): Violation | null {
  const bad = (one: { securityContext?: unknown }): boolean => {
    const profile = security(one)['seccompProfile']
    return profile !== undefined && !confined(profile.type)
  }
  const containers = containersOf(spec).filter(bad)
  const holders = [...(bad(spec) ? [spec] : []), ...containers]
  if (holders.length === 0) return null
  const values = quoted(distinct(holders.map((one) => security(one)['seccompProfile'].type)))
  return ['seccompProfile', `${setters(bad(spec), containers)} must not set securityContext.seccompProfile.type to ${values}`]
}

/** Before 1.19 profiles were annotations, which nothing reads any more. */
const seccompProfile: Check = (spec, _, minor) => (minor < 19 ? null : wrongSeccomp(spec))

/** Safe sysctls by the minor version that allowed them. */
const SYSCTLS = new Map<string, number>([
  ...['kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies'].map((name) => [name, 0] as const),
  ...['net.ipv4.ping_group_range', 'net.ipv4.ip_unprivileged_port_start'].map((name) => [name, 0] as const),
  ['net.ipv4.ip_local_reserved_ports', 27],
  ...['time', 'intvl', 'probes'].map((name) => [`net.ipv4.tcp_keepalive_${name}`, 29] as const),
  ['net.ipv4.tcp_fin_timeout', 29],
  ['net.ipv4.tcp_rmem', 32],
  ['net.ipv4.tcp_wmem', 32],
])

const sysctls: Check = (spec, _, minor) => {
  const names: string[] = (security(spec)['sysctls'] ?? []).map(({ name }: { name: string }) => name)
  const bad = names.filter((name) => minor < (SYSCTLS.get(name) ?? Number.POSITIVE_INFINITY) || !SYSCTLS.has(name))
  return bad.length > 0 ? ['forbidden sysctls', bad.join(', ')] : null
}

const windowsHostProcess: Check = (spec) => {
  const bad = (one: { securityContext?: unknown }): boolean => security(one)['windowsOptions']?.hostProcess === true
  const who = setters(bad(spec), containersOf(spec).filter(bad))
  return who ? ['hostProcess', `${who} must not set securityContext.windowsOptions.hostProcess=true`] : null
}

/** By id, in the order of their reports. */
export const baseline: Record<string, Check> = {
  appArmorProfile,
  capabilities,
  hostNamespaces,
  hostPathVolumes,
  hostPorts,
  hostProbes,
  privileged,
  procMount,
  seLinuxOptions,
  seccompProfile,
  sysctls,
  windowsHostProcess,
}
