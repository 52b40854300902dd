/** The restricted checks of pod security, and the judgement of a pod at a level. */
import type { Container, PodSpec } from '#api/kinds.ts'
import {
  addedCapabilities,
  baseline,
  type Check,
  containersOf,
  counted,
  distinct,
  inUserNamespace,
  namesOf,
  plural,
  quoted,
  security,
  setters,
  unmaskedProc,
  wrongSeccomp,
} from './pod-security-checks.ts'
import type { Judge } from './pod-security-policy.ts'

/** Windows knows none of these; since 1.25 pods that say they run there are let off. */
const forWindows = (spec: PodSpec, minor: number): boolean => minor >= 25 && (spec['os'] as { name?: string })?.name === 'windows'

const allowPrivilegeEscalation: Check = (spec, _, minor) => {
  if (minor < 8 || forWindows(spec, minor)) return null
  const bad = containersOf(spec).filter((c) => security(c)['allowPrivilegeEscalation'] !== false)
  if (bad.length === 0) return null
  return ['allowPrivilegeEscalation != false', `${setters(false, bad)} must set securityContext.allowPrivilegeEscalation=false`]
}

const ADDABLE = new Set(['NET_BIND_SERVICE'])

const capabilities: Check = (spec, _, minor) => {
  if (forWindows(spec, minor)) return null
  const keeps = (c: Container): boolean => !security(c)['capabilities']?.drop?.includes('ALL')
  const bad = containersOf(spec).filter(keeps)
  const drop = bad.length > 0 ? `${setters(false, bad)} must set securityContext.capabilities.drop=["ALL"]` : ''
  const details = [drop, addedCapabilities(spec, ADDABLE)].filter(Boolean)
  return details.length > 0 ? ['unrestricted capabilities', details.join('; ')] : null
}

const VOLUMES = 'configMap csi downwardAPI emptyDir ephemeral image persistentVolumeClaim projected secret'.split(' ')

const restrictedVolumes: Check = ({ volumes = [] }) => {
  const bad = volumes.filter((volume) => !VOLUMES.some((type) => volume[type]))
  if (bad.length === 0) return null
  const types = distinct(bad.map((volume) => Object.keys(volume).find((key) => key !== 'name') ?? 'unknown'))
  const names = counted(
    'volume',
    bad.map(({ name }) => name),
  )
  return ['restricted volume types', `${names} ${bad.length === 1 ? 'uses' : 'use'} ${counted('restricted volume type', types)}`]
}

const runAsNonRoot: Check = (spec, _, minor) => {
  if (inUserNamespace(spec, minor)) return null
  const says = (one: { securityContext?: unknown }): boolean | undefined => security(one)['runAsNonRoot']
  const containers = containersOf(spec)
  const wrong = setters(
    says(spec) === false,
    containers.filter((c) => says(c) === false),
  )
  if (wrong) return ['runAsNonRoot != true', `${wrong} must not set securityContext.runAsNonRoot=false`]
  const silent = says(spec) ? [] : containers.filter((c) => says(c) === undefined)
  if (silent.length === 0) return null
  return ['runAsNonRoot != true', `pod or ${setters(false, silent)} must set securityContext.runAsNonRoot=true`]
}

const runAsUser: Check = (spec, _, minor) => {
  if (minor < 23 || inUserNamespace(spec, minor)) return null
  const root = (one: { securityContext?: unknown }): boolean => security(one)['runAsUser'] === 0
  const who = setters(root(spec), containersOf(spec).filter(root))
  return who ? ['runAsUser=0', `${who} must not set runAsUser=0`] : null
}

const seccompProfile: Check = (spec, _, minor) => {
  if (forWindows(spec, minor)) return null
  const wrong = wrongSeccomp(spec)
  if (wrong) return wrong
  const silent = security(spec)['seccompProfile'] ? [] : containersOf(spec).filter((c) => !security(c)['seccompProfile'])
  if (silent.length === 0) return null
  const who = `pod or ${plural('container', silent.length)} ${quoted(namesOf(silent))}`
  return ['seccompProfile', `${who} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`]
}

interface Restricted {
  check: Check
  /** The minor version it came with. */
  since?: number
  /** The baseline check it stands for. */
  instead?: string
}

const restricted: readonly Restricted[] = [
  { check: allowPrivilegeEscalation },
  { check: capabilities, since: 22, instead: 'capabilities' },
  { check: unmaskedProc, since: 35, instead: 'procMount' },
  { check: restrictedVolumes, instead: 'hostPathVolumes' },
  { check: runAsNonRoot },
  { check: runAsUser },
  { check: seccompProfile, since: 19, instead: 'seccompProfile' },
]

/** Everything about the pod that the policy forbids. */
export const violations: Judge = ({ level, minor }, spec, meta) => {
  const extra = level === 'restricted' ? restricted.filter(({ since = 0 }) => minor >= since) : []
  const replaced = new Set(extra.map(({ instead }) => instead))
  const basic = Object.keys(baseline).filter((id) => !replaced.has(id))
  const checks = [...basic.map((id) => baseline[id] as Check), ...extra.map(({ check }) => check)]
  return checks.map((check) => check(spec, meta, minor)).filter((found) => found !== null)
}
