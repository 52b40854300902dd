/** Validation of the three lists of containers (core validation, in its order). */
import {
  duplicate,
  forbiddenField,
  invalid,
  notFoundField,
  notSupported,
  required,
  tooMany,
  unsupported,
} from '#api/field-error.ts'
import type { Container, PodSpec, Volume } from '#api/kinds.ts'
import { isDns1123Label } from '#api/names.ts'
import { descendingPath, type Found, flag, noBacksteps } from './checks.ts'
import { env, envFrom, hostPorts, ports, pullPolicy } from './validate-env.ts'
import { lifecycle, oneSuccess, readiness } from './validate-probes.ts'
import { containerResources } from './validate-resources.ts'
import { containerSecurity } from './validate-security.ts'

/** What containers are checked against. */
export interface Scope {
  spec: PodSpec
  volumes: ReadonlyMap<string, Volume>
  claims: ReadonlySet<string>
  /** The stored spec has restart-on-resize init containers already. */
  allowRestartOnResize: boolean
}

type Any = Record<string, any>

const isSidecar = (c: Container): boolean => c.restartPolicy === 'Always'

const PROPAGATION = ['Bidirectional', 'HostToContainer', 'None']
const RECURSIVE = ['Disabled', 'Enabled', 'IfPossible']

function mount(found: Found, list: string, at: string, m: Any, container: Container): void {
  if (m['subPath']) descendingPath(found, `${list}.subPath`, m['subPath'])
  if (m['subPathExpr']) {
    if (m['subPath']) found.push(invalid(`${at}.subPathExpr`, m['subPathExpr'], 'subPathExpr and subPath are mutually exclusive'))
    descendingPath(found, `${list}.subPathExpr`, m['subPathExpr'])
  }
  const { mountPropagation: propagation, recursiveReadOnly: recursive } = m
  if (propagation !== undefined) {
    const path = `${list}.mountPropagation`
    if (!PROPAGATION.includes(propagation)) found.push(notSupported(path, propagation, PROPAGATION))
    if (propagation === 'Bidirectional' && container.securityContext?.['privileged'] !== true) {
      found.push(forbiddenField(path, 'Bidirectional mount propagation is available only to privileged containers'))
    }
  }
  if (recursive === undefined || recursive === 'Disabled') return
  const path = `${list}.recursiveReadOnly`
  if (!RECURSIVE.includes(recursive)) {
    found.push(notSupported(path, recursive, RECURSIVE))
    return
  }
  if (!m['readOnly']) found.push(forbiddenField(path, 'may only be specified when readOnly is true'))
  if (propagation !== undefined && propagation !== 'None') {
    found.push(forbiddenField(path, 'may only be specified when mountPropagation is None or not specified'))
  }
}

/** Where each volume appears; of several places the last, as in Go's maps. */
const places = (list: Any[] | undefined, path: string): Map<string, string> | undefined =>
  list && new Map(list.map((one) => [one['name'] ?? '', one[path] ?? '']))

function mounts(found: Found, path: string, container: Container, scope: Scope): void {
  const list = container.volumeMounts
  if (!list) return
  const devices = places((container as Any)['volumeDevices'], 'devicePath')
  const seen = new Set<string>()
  for (let i = 0; i < list.length; i++) {
    const m = list[i] as Any
    const { name = '', mountPath = '' } = m
    const right = scope.volumes.has(name) && mountPath !== '' && !seen.has(mountPath) && !devices
    const plain =
      !m['subPath'] && !m['subPathExpr'] && m['mountPropagation'] === undefined && m['recursiveReadOnly'] === undefined
    const at = right && plain ? '' : `${path}[${i}]`
    if (!right) {
      if (name === '') found.push(required(`${at}.name`))
      if (!scope.volumes.has(name)) found.push(notFoundField(`${at}.name`, name))
      if (mountPath === '') found.push(required(`${at}.mountPath`))
      if (seen.has(mountPath)) found.push(invalid(`${at}.mountPath`, mountPath, 'must be unique'))
      if (devices?.has(name)) found.push(invalid(`${at}.name`, name, 'must not already exist in volumeDevices'))
      if (devices && [...devices.values()].includes(mountPath)) {
        found.push(invalid(`${at}.mountPath`, mountPath, 'must not already exist as a path in volumeDevices'))
      }
    }
    seen.add(mountPath)
    if (!plain) mount(found, path, at, m, container)
  }
}

function devices(found: Found, path: string, container: Container, scope: Scope): void {
  const names = new Set<string>()
  const paths = new Set<string>()
  const list = (container as Any)['volumeDevices'] as Any[] | undefined
  if (!list) return
  const mounted = places(container.volumeMounts, 'mountPath') ?? new Map<string, string>()
  for (const [i, { name = '', devicePath = '' }] of list.entries()) {
    const at = `${path}[${i}]`
    const volume = scope.volumes.get(name)
    if (name === '') found.push(required(`${at}.name`))
    if (names.has(name)) found.push(invalid(`${at}.name`, name, 'must be unique'))
    if (volume && !volume['persistentVolumeClaim'] && !volume['ephemeral']) {
      const why = 'can only use volume source type of PersistentVolumeClaim or Ephemeral for block mode'
      found.push(invalid(`${at}.name`, name, why))
    }
    if (!volume) found.push(notFoundField(`${at}.name`, name))
    if (devicePath === '') found.push(required(`${at}.devicePath`))
    if (paths.has(devicePath)) found.push(invalid(`${at}.devicePath`, devicePath, 'must be unique'))
    const up: Found = []
    noBacksteps(up, at, devicePath)
    if (up.length > 0) found.push(invalid(`${at}.devicePath`, devicePath, "can not contain backsteps ('..')"))
    else paths.add(devicePath)
    if (mounted.has(name)) found.push(invalid(`${at}.name`, name, 'must not already exist in volumeMounts'))
    if ([...mounted.values()].includes(devicePath)) {
      found.push(invalid(`${at}.devicePath`, devicePath, 'must not already exist as a path in volumeMounts'))
    }
    if (name !== '') names.add(name)
  }
}

const RESIZED = ['cpu', 'memory']
const RESIZE = ['NotRequired', 'RestartContainer']

function resizePolicy(found: Found, path: string, container: Container, { spec }: Scope): void {
  const seen = new Set<string>()
  for (const [i, { resourceName = '', restartPolicy = '' }] of (((container as Any)['resizePolicy'] ?? []) as Any[]).entries()) {
    if (seen.has(resourceName)) found.push(duplicate(`${path}[${i}]`, resourceName))
    seen.add(resourceName)
    if (resourceName === '') found.push(required(path))
    else if (!RESIZED.includes(resourceName)) found.push(notSupported(path, resourceName, RESIZED))
    if (restartPolicy === '') found.push(required(path))
    else if (!RESIZE.includes(restartPolicy)) found.push(notSupported(path, restartPolicy, RESIZE))
    if (spec.restartPolicy === 'Never' && restartPolicy !== 'NotRequired') {
      found.push(invalid(path, restartPolicy, "must be 'NotRequired' when pod `restartPolicy` is 'Never'"))
    }
  }
}

const MESSAGES = ['File', 'FallbackToLogsOnError']

/** validateContainerCommon. */
function common(found: Found, path: string, container: Container, scope: Scope): void {
  const { name, image, terminationMessagePolicy: policy } = container
  if (!name) found.push(required(`${path}.name`))
  else flag(found, `${path}.name`, name, isDns1123Label(name))
  if (!image) found.push(required(`${path}.image`))
  if (!policy) found.push(required(`${path}.terminationMessagePolicy`))
  else if (!MESSAGES.includes(policy)) found.push(unsupported(`${path}.terminationMessagePolicy`, policy, MESSAGES))
  ports(found, `${path}.ports`, container.ports)
  env(found, `${path}.env`, container.env)
  envFrom(found, `${path}.envFrom`, container.envFrom)
  mounts(found, `${path}.volumeMounts`, container, scope)
  devices(found, `${path}.volumeDevices`, container, scope)
  pullPolicy(found, `${path}.imagePullPolicy`, container.imagePullPolicy)
  containerResources(found, `${path}.resources`, container.resources, scope.claims)
  resizePolicy(found, `${path}.resizePolicy`, container, scope)
  containerSecurity(found, `${path}.securityContext`, container.securityContext, scope.spec)
}

/** Hooks and probes, of containers that go on running. */
function running(found: Found, path: string, container: Container, { spec }: Scope): void {
  if (container.lifecycle) lifecycle(found, `${path}.lifecycle`, container.lifecycle, spec)
  oneSuccess(found, `${path}.livenessProbe`, container.livenessProbe)
  readiness(found, `${path}.readinessProbe`, container.readinessProbe)
  oneSuccess(found, `${path}.startupProbe`, container.startupProbe)
}

const RESTART = ['Always', 'Never', 'OnFailure']
const ACTIONS = ['Restart', 'RestartAllContainers']

/** Of init containers without a policy nothing more is asked. */
function restartPolicy(found: Found, path: string, container: Container, init = false): void {
  const { restartPolicy: policy, restartPolicyRules: rules = [] } = container as Any
  const needed = 'must specify restartPolicy when restart rules are used'
  if (policy === undefined && rules.length > 0) found.push(required(`${path}.restartPolicy`, needed))
  if (policy === undefined && init) return
  if (policy !== undefined && !RESTART.includes(policy)) found.push(notSupported(`${path}.restartPolicy`, policy, RESTART))
  if (rules.length > 20) found.push(tooMany(`${path}.restartPolicyRules`, rules.length, 20))
  for (const [i, { action = '', exitCodes }] of (rules as Any[]).entries()) {
    const at = `${path}.restartPolicyRules[${i}]`
    if (!ACTIONS.includes(action)) found.push(notSupported(`${at}.action`, action, ACTIONS))
    if (!exitCodes) {
      found.push(required(`${at}.exitCodes`, 'must be specified'))
      continue
    }
    const { operator = '', values = [] } = exitCodes
    if (operator !== 'In' && operator !== 'NotIn') found.push(notSupported(`${at}.exitCodes.operator`, operator, ['In', 'NotIn']))
    if (values.length > 255) found.push(tooMany(`${at}.exitCodes.values`, values.length, 255))
  }
}

/** validateContainers. */
export function containers(found: Found, path: string, scope: Scope): void {
  const list = scope.spec.containers ?? []
  if (list.length === 0) {
    found.push(required(path))
    return
  }
  const names = new Set<string>()
  for (const [i, container] of list.entries()) {
    const at = `${path}[${i}]`
    common(found, at, container, scope)
    const name = container.name ?? ''
    if (names.has(name)) found.push(duplicate(`${at}.name`, name))
    names.add(name)
    running(found, at, container, scope)
    restartPolicy(found, at, container)
  }
  hostPorts(found, path, list)
}

const NOT_FOR_INIT = ['lifecycle', 'livenessProbe', 'readinessProbe', 'startupProbe'] as const

/** validateInitContainers. */
export function initContainers(found: Found, path: string, scope: Scope): void {
  const list = scope.spec.initContainers
  if (!list) return
  const names = new Set((scope.spec.containers ?? []).map((c) => c.name))
  for (const [i, container] of list.entries()) {
    const at = `${path}[${i}]`
    common(found, at, container, scope)
    restartPolicy(found, at, container, true)
    if (names.has(container.name)) found.push(duplicate(`${at}.name`, container.name ?? ''))
    else if (container.name) names.add(container.name)
    hostPorts(found, path, [container])
    if (isSidecar(container)) running(found, at, container, scope)
    else {
      for (const field of NOT_FOR_INIT) {
        if (container[field])
          found.push(forbiddenField(`${at}.${field}`, 'may not be set for init containers without restartPolicy=Always'))
      }
    }
    if (isSidecar(container) || scope.allowRestartOnResize) continue
    for (const [j, policy] of (((container as Any)['resizePolicy'] ?? []) as Any[]).entries()) {
      if (policy['restartPolicy'] !== 'RestartContainer') continue
      const why = "must not be set to 'RestartContainer' for non-sidecar initContainers"
      found.push(invalid(`${at}.resizePolicy[${j}].restartPolicy`, 'RestartContainer', why))
    }
  }
}

/** In the order of the Go struct, for that is how the API server looks for them. */
const NOT_FOR_EPHEMERAL = [
  'ports',
  'resources',
  'resizePolicy',
  'restartPolicy',
  'restartPolicyRules',
  'livenessProbe',
  'readinessProbe',
  'startupProbe',
  'lifecycle',
]

/** validateEphemeralContainers. */
export function ephemeralContainers(found: Found, path: string, scope: Scope): void {
  const list = scope.spec.ephemeralContainers
  if (!list) return
  const others = new Set([...(scope.spec.containers ?? []), ...(scope.spec.initContainers ?? [])].map((c) => c.name))
  const names = new Set(others)
  for (const [i, container] of list.entries()) {
    const at = `${path}[${i}]`
    common(found, at, container, scope)
    trimmedImage(found, at, container)
    if (names.has(container.name)) found.push(duplicate(`${at}.name`, container.name ?? ''))
    names.add(container.name)
    const target = container.targetContainerName
    if (target && !others.has(target)) found.push(notFoundField(`${at}.targetContainerName`, target))
    for (const field of NOT_FOR_EPHEMERAL) {
      const value = (container as Any)[field]
      const set = field === 'resources' ? Object.keys(value ?? {}).length > 0 : value !== undefined
      if (set) found.push(forbiddenField(`${at}.${field}`, 'cannot be set for an Ephemeral Container'))
    }
    for (const [j, m] of (container.volumeMounts ?? []).entries()) {
      for (const field of ['subPath', 'subPathExpr']) {
        if (!(m as Any)[field]) continue
        found.push(forbiddenField(`${at}.volumeMounts[${j}].${field}`, 'cannot be set for an Ephemeral Container'))
      }
    }
  }
}

/** Pods, unlike templates, refuse blanks around the image. */
export function trimmedImage(found: Found, path: string, { image = '' }: Container): void {
  if (image.trim() !== image) found.push(invalid(`${path}.image`, image, 'must not have leading or trailing whitespace'))
}
