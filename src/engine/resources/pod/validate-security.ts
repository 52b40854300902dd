/** Validation of security contexts, of Pods and of containers. */
import { duplicate, forbiddenField, invalid, notSupported, required, unsupported } from '#api/field-error.ts'
import type { PodSpec } from '#api/kinds.ts'
import { descendingPath, type Found, flag, once } from './checks.ts'
import { userId } from './formats.ts'
import { internal } from './internal.ts'
import { windowsOptions } from './validate-windows.ts'

type Context = Record<string, any>

const SECCOMP = ['Localhost', 'RuntimeDefault', 'Unconfined']

function seccompProfile(found: Found, path: string, profile: Context | undefined): void {
  if (!profile) return
  const { type = '', localhostProfile } = profile
  if (type === '') found.push(required(`${path}.type`, 'type is required when seccompProfile is set'))
  else if (!SECCOMP.includes(type)) found.push(unsupported(`${path}.type`, type, SECCOMP))
  const at = `${path}.localhostProfile`
  if (type === 'Localhost') {
    if (localhostProfile === undefined) found.push(required(at, 'must be set when seccomp type is Localhost'))
    else descendingPath(found, at, localhostProfile)
  } else if (localhostProfile !== undefined) {
    found.push(invalid(at, internal('SeccompProfile', profile), 'can only be set when seccomp type is Localhost'))
  }
}

/** ValidateAppArmorProfileField. */
export function appArmorProfile(found: Found, path: string, profile: Context | undefined): void {
  if (!profile) return
  const { type = '', localhostProfile } = profile
  const at = `${path}.localhostProfile`
  const missing = 'must be set when AppArmor type is Localhost'
  if (type === 'Localhost') {
    if (localhostProfile === undefined) found.push(required(at, missing))
    else if (localhostProfile.trim() !== localhostProfile)
      found.push(invalid(at, localhostProfile, 'must not be padded with whitespace'))
    else if (localhostProfile === '') found.push(required(at, missing))
    else if (localhostProfile.length > 4095) {
      found.push({ type: 'FieldValueTooLong', field: at, message: 'Too long: may not be more than 4095 bytes' })
    }
  } else if (type === 'RuntimeDefault' || type === 'Unconfined') {
    if (localhostProfile !== undefined)
      found.push(invalid(at, localhostProfile, 'can only be set when AppArmor type is Localhost'))
  } else if (type === '') found.push(required(`${path}.type`, 'type is required when appArmorProfile is set'))
  else found.push(unsupported(`${path}.type`, type, SECCOMP))
}

const check = once<Context>((found, path, context) => {
  const { runAsUser, runAsGroup, procMount, privileged, allowPrivilegeEscalation, capabilities } = context
  if (runAsUser !== undefined) flag(found, `${path}.runAsUser`, runAsUser, userId(runAsUser))
  if (runAsGroup !== undefined) flag(found, `${path}.runAsGroup`, runAsGroup, userId(runAsGroup))
  if (procMount !== undefined && procMount !== 'Default' && procMount !== 'Unmasked') {
    found.push(unsupported(`${path}.procMount`, procMount, ['Default', 'Unmasked']))
  }
  seccompProfile(found, `${path}.seccompProfile`, context['seccompProfile'])
  if (allowPrivilegeEscalation === false) {
    const refuse = (what: string) => {
      const why = `cannot set \`allowPrivilegeEscalation\` to false and ${what}`
      found.push(invalid(path, internal('SecurityContext', context), why))
    }
    if (privileged === true) refuse('`privileged` to true')
    for (const one of capabilities?.add ?? []) if (one === 'CAP_SYS_ADMIN') refuse('`capabilities.Add` CAP_SYS_ADMIN')
  }
  windowsOptions(found, `${path}.windowsOptions`, context['windowsOptions'])
  appArmorProfile(found, `${path}.appArmorProfile`, context['appArmorProfile'])
})

/** ValidateSecurityContext, of a container. */
export function containerSecurity(found: Found, path: string, context: Context | undefined, spec: PodSpec): void {
  check(found, path, context)
  if (context?.['procMount'] === 'Unmasked' && (spec as Context)['hostUsers'] !== false) {
    found.push(invalid(`${path}.procMount`, 'Unmasked', '`hostUsers` must be false to use `Unmasked`'))
  }
}

const SYSCTL = '^([a-z0-9]([-_a-z0-9]*[a-z0-9])?[\\./])*[a-z0-9]([-_a-z0-9]*[a-z0-9])?$'
const SYSCTL_RE = new RegExp(SYSCTL)
const IPC = /^(kernel\.(sem|shmall|shmmax|shmmni|shm_rmid_forced|shm|msgmax|msgmnb|msgmni|msg)$|fs\.mqueue\.)/

function sysctls(found: Found, path: string, list: { name?: string }[], spec: PodSpec): void {
  const names = new Set<string>()
  for (const [i, { name = '' }] of list.entries()) {
    const at = `${path}[${i}].name`
    if (name === '') found.push(required(at))
    else if (name.length > 253 || !SYSCTL_RE.test(name)) {
      found.push(invalid(at, name, `must have at most 253 characters and match regex ${SYSCTL}`))
    } else if (names.has(name)) found.push(duplicate(at, name))
    const dotted = /^[^./]*\//.test(name) ? name.replace(/[./]/g, (c) => (c === '.' ? '/' : '.')) : name
    if (spec.hostNetwork && dotted.startsWith('net.'))
      found.push(invalid(at, name, "may not be specified when 'hostNetwork' is true"))
    else if (spec.hostIPC && IPC.test(dotted)) found.push(invalid(at, name, "may not be specified when 'hostIPC' is true"))
    names.add(name)
  }
}

const ids = once<Context>((found, path, context) => {
  for (const field of ['fsGroup', 'runAsUser', 'runAsGroup']) {
    if (context[field] !== undefined) flag(found, `${path}.${field}`, context[field], userId(context[field]))
  }
  for (const [i, id] of (context['supplementalGroups'] ?? []).entries()) {
    flag(found, `${path}.supplementalGroups[${i}]`, id, userId(id))
  }
})

const profiles = once<Context>((found, path, context) => {
  const oneOf = (field: string, choices: string[]) => {
    const value = context[field]
    if (value !== undefined && !choices.includes(value)) found.push(notSupported(`${path}.${field}`, value, choices))
  }
  oneOf('fsGroupChangePolicy', ['Always', 'OnRootMismatch'])
  seccompProfile(found, `${path}.seccompProfile`, context['seccompProfile'])
  windowsOptions(found, `${path}.windowsOptions`, context['windowsOptions'])
  appArmorProfile(found, `${path}.appArmorProfile`, context['appArmorProfile'])
  oneOf('supplementalGroupsPolicy', ['Merge', 'Strict'])
})

/** validatePodSpecSecurityContext. `anyPolicy`: the stored object has a SELinux policy already, so that any may stay. */
export function podSecurity(found: Found, path: string, spec: PodSpec, anyPolicy: boolean): void {
  const context = spec.securityContext as Context | undefined
  if (!context) return
  ids(found, path, context)
  if (spec.shareProcessNamespace === true && spec.hostPID) {
    found.push(invalid(`${path}.shareProcessNamespace`, true, 'ShareProcessNamespace and HostPID cannot both be enabled'))
  }
  if (context['sysctls']) sysctls(found, `${path}.sysctls`, context['sysctls'], spec)
  profiles(found, path, context)
  const policy = context['seLinuxChangePolicy']
  const allowed = anyPolicy ? ['MountOption', 'Recursive'] : ['Recursive']
  if (policy !== undefined && !allowed.includes(policy)) found.push(notSupported(`${path}.seLinuxChangePolicy`, policy, allowed))
}

/** validateHostUsers: user namespaces exclude other namespaces of the host. */
export function hostUsers(found: Found, path: string, spec: PodSpec): void {
  if ((spec as Context)['hostUsers'] !== false) return
  const refuse = (field: string) => found.push(forbiddenField(`${path}.${field}`, 'when `hostUsers` is false'))
  if (spec.hostNetwork) refuse('hostNetwork')
  if (spec.hostPID) refuse('HostPID')
  if (spec.hostIPC) refuse('HostIPC')
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const [i, container] of (spec[list] ?? []).entries()) {
      if ((container as Context)['volumeDevices']) refuse(`${list}[${i}].volumeDevices`)
    }
  }
}
