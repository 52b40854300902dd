/** What a Pod's status may say, and how it may change (ValidatePodStatusUpdate). */
import { type FieldError, forbiddenField, invalid } from '#api/field-error.ts'
import { legacyIpErrors } from '#api/ip.ts'
import type { ContainerStatus, Pod, PodSpec } from '#api/kinds.ts'
import { isDns1123Subdomain, isQualifiedName } from '#api/names.ts'
import { type Found, flag, isDualStack } from '../pod/checks.ts'
import { podAnnotationUpdates } from '../pod/validate-annotations.ts'

const SYSTEM = ['PodScheduled', 'Ready', 'Initialized']
const NOT_NEGATIVE = 'must be a non-negative integer'

function conditions(found: Found, pod: Pod): void {
  for (const [i, { type, observedGeneration = 0 }] of (pod.status?.conditions ?? []).entries()) {
    const path = `status.conditions[${i}]`
    if (observedGeneration < 0) found.push(invalid(`${path}.observedGeneration`, observedGeneration, NOT_NEGATIVE))
    if (!SYSTEM.includes(type)) flag(found, `${path}.Type`, type ?? '', isQualifiedName(type ?? ''))
  }
}

type Any = Record<string, any>

/** Whether a container that ended so may start again. */
function mayRestart(container: Any | undefined, spec: PodSpec, exitCode: number): boolean {
  if (!container) return false
  for (const { exitCodes, action } of (container['restartPolicyRules'] ?? []) as Any[]) {
    if (action !== 'Restart' && action !== 'RestartAllContainers') continue
    const listed = (exitCodes?.values ?? []).includes(exitCode)
    if (exitCodes && (exitCodes.operator === 'In' ? listed : !listed)) return true
  }
  const policy = container['restartPolicy'] ?? spec.restartPolicy
  return policy === 'Always' || (policy === 'OnFailure' && exitCode !== 0)
}

const restartsAll = (spec: PodSpec): boolean =>
  [...spec.containers, ...(spec.initContainers ?? [])].some((c) =>
    ((c as Any)['restartPolicyRules'] ?? []).some((rule: Any) => rule['action'] === 'RestartAllContainers'),
  )

type Statuses = 'containerStatuses' | 'initContainerStatuses' | 'ephemeralContainerStatuses'

/** What has terminated stays so, unless the container may be restarted. */
function transitions(found: Found, field: Statuses, next: Pod, old: Pod, may: (status: ContainerStatus) => boolean): void {
  const after = next.status?.[field]
  for (const [i, before] of (old.status?.[field] ?? []).entries()) {
    if (!before.state?.terminated) continue
    const now = after?.find((status) => status.name === before.name)
    if (!now || now.state?.terminated || may(before)) continue
    found.push(forbiddenField(`status.${field}[${i}].state`, 'may not be transitioned to non-terminated state'))
  }
}

function states(found: Found, next: Pod, old: Pod): void {
  const { spec } = old
  if (next.status?.containerStatuses !== old.status?.containerStatuses && !restartsAll(spec)) {
    transitions(found, 'containerStatuses', next, old, ({ name, state }) =>
      mayRestart(
        spec.containers.find((c) => c.name === name),
        spec,
        state?.terminated?.exitCode ?? 0,
      ),
    )
  }
  if (next.status?.initContainerStatuses !== old.status?.initContainerStatuses && !restartsAll(spec)) {
    transitions(found, 'initContainerStatuses', next, old, ({ name, state }) =>
      mayRestart(
        spec.initContainers?.find((c) => c.name === name),
        spec,
        state?.terminated?.exitCode ?? 0,
      ),
    )
  }
  transitions(found, 'ephemeralContainerStatuses', next, old, () => false)
}

function addresses(found: Found, field: 'podIPs' | 'hostIPs', next: Pod, old: Pod): void {
  const list = next.status?.[field]
  if (!list || list === old.status?.[field]) return
  const known = new Set((old.status?.[field] ?? []).map(({ ip }) => ip))
  for (const [i, { ip = '' }] of list.entries()) if (!known.has(ip)) found.push(...legacyIpErrors(`status.${field}[${i}]`, ip))
  if (list.length > 1 && (list.length > 2 || !isDualStack(list.map(({ ip }) => ip)))) {
    const shown = list.map(({ ip }) => ({ IP: ip }))
    found.push(invalid(`status.${field}`, shown, 'may specify no more than one IP for each IP family'))
  }
}

export function validatePodStatus(next: Pod, old: Pod): FieldError[] {
  const found: Found = []
  const status = next.status ?? {}
  const before = old.status ?? {}
  podAnnotationUpdates(found, 'metadata.annotations', next.metadata.annotations, old.metadata.annotations, next.spec)
  conditions(found, next)
  const nominated = status.nominatedNodeName
  if (nominated && nominated !== before.nominatedNodeName) {
    const path = 'status.nominatedNodeName'
    flag(found, path, nominated, isDns1123Subdomain(nominated))
    if (old.spec.nodeName) found.push(forbiddenField(path, 'may not be set on pods that are already bound to a node'))
  }
  const observed = status.observedGeneration ?? 0
  if (observed < 0) found.push(invalid('status.observedGeneration', observed, NOT_NEGATIVE))
  if ((status.qosClass ?? '') !== (before.qosClass ?? '')) {
    found.push(invalid('status.qosClass', status.qosClass ?? '', 'field is immutable'))
  }
  states(found, next, old)
  addresses(found, 'podIPs', next, old)
  const first = status.hostIPs?.[0]?.ip
  if (first !== undefined && (status.hostIP ?? '') !== first) {
    found.push(invalid('status.hostIPs[0].ip', first, 'must be equal to `hostIP`'))
  }
  addresses(found, 'hostIPs', next, old)
  return found
}
