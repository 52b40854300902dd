/** Validation of what Windows and Linux may not have of each other. */
import { forbiddenField, invalid } from '#api/field-error.ts'
import type { Container, PodSpec } from '#api/kinds.ts'
import { isDns1123Subdomain } from '#api/names.ts'
import { type Found, flag } from './checks.ts'

type Options = Record<string, any>

const MAX_SPEC_KIB = 64
const NET_BIOS = /^[^\\/:*?"<>|.][^\\/:*?"<>|]{0,14}$/
const DOMAIN = /^[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?)*$/

export function windowsOptions(found: Found, path: string, options: Options | undefined): void {
  if (!options) return
  const { gmsaCredentialSpecName, gmsaCredentialSpec, runAsUserName } = options
  if (gmsaCredentialSpecName !== undefined) {
    flag(found, `${path}.gmsaCredentialSpecName`, gmsaCredentialSpecName, isDns1123Subdomain(gmsaCredentialSpecName))
  }
  if (gmsaCredentialSpec !== undefined) {
    const refuse = (why: string) => found.push(invalid(`${path}.gmsaCredentialSpec`, gmsaCredentialSpec, why))
    if (gmsaCredentialSpec === '') refuse('gmsaCredentialSpec cannot be an empty string')
    else if (gmsaCredentialSpec.length > MAX_SPEC_KIB * 1024) refuse(`gmsaCredentialSpec size must be under ${MAX_SPEC_KIB} KiB`)
  }
  if (runAsUserName !== undefined) {
    for (const why of userName(runAsUserName)) found.push(invalid(`${path}.runAsUserName`, runAsUserName, why))
  }
}

/** `DOMAIN\user` or `user`. */
function userName(name: string): string[] {
  if (name === '') return ['runAsUserName cannot be an empty string']
  if (/[\x00-\x1f\x7f]/.test(name)) return ['runAsUserName cannot contain control characters']
  const parts = name.split('\\')
  if (parts.length > 2) return ['runAsUserName cannot contain more than one backslash']
  const user = parts.at(-1) ?? ''
  const domain = parts.length === 2 ? (parts[0] ?? '') : null
  const wrong: string[] = []
  if (domain !== null && domain.length >= 256) wrong.push("runAsUserName's Domain length must be under 256 characters")
  if (domain !== null && !NET_BIOS.test(domain) && !DOMAIN.test(domain)) {
    wrong.push("runAsUserName's Domain doesn't match the NetBios nor the DNS format")
  }
  if (user === '') wrong.push("runAsUserName's User cannot be empty")
  else if (user.length > 104) wrong.push("runAsUserName's User length must not be longer than 104 characters")
  if (/^[. ]+$/.test(user)) wrong.push("runAsUserName's User cannot contain only periods or spaces")
  if (/["/\\:;|=,+*?<>@[\]]/.test(user))
    wrong.push('runAsUserName\'s User cannot contain the following characters: "/\\:;|=,+*?<>@[]')
  return wrong
}

/** In the order in which Go visits containers. */
export function eachContainer(spec: PodSpec, path: string, visit: (container: Container, path: string) => void): void {
  for (const list of ['initContainers', 'containers', 'ephemeralContainers'] as const) {
    for (const [i, container] of (spec[list] ?? []).entries()) visit(container, `${path}.${list}[${i}]`)
  }
}

/** validateWindowsHostProcessPod: all containers or none, and then on the host's network. */
export function hostProcess(found: Found, path: string, spec: PodSpec): void {
  const ofPod = (spec.securityContext as Options | undefined)?.['windowsOptions']?.hostProcess as boolean | undefined
  let [all, count] = [0, 0]
  eachContainer(spec, path, (container, at) => {
    all += 1
    const own = (container.securityContext as Options | undefined)?.['windowsOptions']?.hostProcess as boolean | undefined
    if (ofPod !== undefined && own !== undefined && own !== ofPod) {
      const why = `pod hostProcess value must be identical if both are specified, was ${ofPod}`
      found.push(invalid(`${at}.securityContext.windowsOptions.hostProcess`, own, why))
    }
    if (own ?? ofPod) count += 1
  })
  if (count === 0) return
  if (count !== all) {
    found.push(invalid(path, '', 'If pod contains any hostProcess containers then all containers must be HostProcess containers'))
  }
  if (!spec.hostNetwork) {
    found.push(invalid(`${path}.hostNetwork`, false, 'hostNetwork must be true if pod contains any hostProcess containers'))
  }
}

const LINUX_POD = ['appArmorProfile', 'seLinuxOptions']
const LINUX_HOST = ['hostUsers', 'hostPID', 'hostIPC']
const LINUX_POD_MORE = ['seccompProfile', 'fsGroup', 'fsGroupChangePolicy', 'sysctls']
const LINUX_POD_REST = ['runAsUser', 'runAsGroup', 'supplementalGroups', 'supplementalGroupsPolicy', 'seLinuxChangePolicy']
const LINUX_CONTAINER =
  'appArmorProfile seLinuxOptions seccompProfile capabilities readOnlyRootFilesystem privileged allowPrivilegeEscalation procMount runAsUser runAsGroup'.split(
    ' ',
  )

/** What a Pod that names its system may not set (validateLinux, validateWindows). */
export function systemFields(found: Found, path: string, spec: PodSpec): void {
  const context = (spec.securityContext ?? {}) as Options
  if (spec.os?.name === 'linux') {
    const why = 'windows options cannot be set for a linux pod'
    if (context['windowsOptions']) found.push(forbiddenField(`${path}.securityContext.windowsOptions`, why))
    eachContainer(spec, path, (container, at) => {
      if (container.securityContext?.['windowsOptions']) found.push(forbiddenField(`${at}.securityContext.windowsOptions`, why))
    })
    return
  }
  const refuse = (object: Options, at: string, fields: string[]) => {
    for (const field of fields) {
      if (object[field] !== undefined) found.push(forbiddenField(`${at}.${field}`, 'cannot be set for a windows pod'))
    }
  }
  refuse(context, `${path}.securityContext`, LINUX_POD)
  refuse(spec, path, LINUX_HOST)
  refuse(context, `${path}.securityContext`, LINUX_POD_MORE)
  refuse(spec, path, ['shareProcessNamespace'])
  refuse(context, `${path}.securityContext`, LINUX_POD_REST)
  eachContainer(spec, path, (container, at) => refuse(container.securityContext ?? {}, `${at}.securityContext`, LINUX_CONTAINER))
}
