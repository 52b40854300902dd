/** Validation of a container's environment and ports. */
import { duplicate, invalid, notSupported, required, unsupported } from '#api/field-error.ts'
import type { Container, ContainerPort, EnvVar } from '#api/kinds.ts'
import { isConfigMapKey, isDns1123Label, isDns1123Subdomain, isPortName, isPortNumber } from '#api/names.ts'
import { type Found, flag, noBacksteps, once } from './checks.ts'
import { envName } from './formats.ts'
import { ENV_FIELDS, fieldSelector, resourceSelector } from './validate-downward.ts'

const PROTOCOLS = ['SCTP', 'TCP', 'UDP']

export const ports = once<ContainerPort[]>((found, path, list) => {
  const names = new Set<string>()
  for (const [i, { name, containerPort, hostPort, protocol = '' }] of list.entries()) {
    const at = `${path}[${i}]`
    if (name) {
      const wrong = isPortName(name)
      if (wrong.length > 0) flag(found, `${at}.name`, name, wrong)
      else if (names.has(name)) found.push(duplicate(`${at}.name`, name))
      else names.add(name)
    }
    if (!containerPort) found.push(required(`${at}.containerPort`))
    else flag(found, `${at}.containerPort`, containerPort, isPortNumber(containerPort))
    if (hostPort) flag(found, `${at}.hostPort`, hostPort, isPortNumber(hostPort))
    if (!PROTOCOLS.includes(protocol)) found.push(notSupported(`${at}.protocol`, protocol, PROTOCOLS))
  }
})

/** AccumulateUniqueHostPorts: no host port twice among these containers. */
export function hostPorts(found: Found, path: string, containers: readonly Container[]): void {
  let taken: Set<string> | null = null
  for (const [i, container] of containers.entries()) {
    for (const [j, { hostPort, hostIP = '', protocol }] of (container.ports ?? []).entries()) {
      if (!hostPort) continue
      const text = `${protocol}/${hostIP}/${hostPort}`
      taken ??= new Set()
      if (taken.has(text)) found.push(duplicate(`${path}[${i}].ports[${j}].hostPort`, text))
      taken.add(text)
    }
  }
}

type Ref = { name?: string; key?: string }

function keySelector(found: Found, path: string, { name = '', key }: Ref): void {
  flag(found, `${path}.name`, name, isDns1123Subdomain(name))
  if (!key) found.push(required(`${path}.key`))
  else flag(found, `${path}.key`, key, isConfigMapKey(key))
}

function fileSelector(found: Found, path: string, ref: { key?: string; volumeName?: string; path?: string }): void {
  if (!ref.key) found.push(required(`${path}.key`))
  else flag(found, `${path}.key`, ref.key, envName(ref.key))
  if (!ref.volumeName) found.push(required(`${path}.volumeName`))
  else flag(found, `${path}.volumeName`, ref.volumeName, isDns1123Label(ref.volumeName))
  if (!ref.path) found.push(required(`${path}.path`))
  else noBacksteps(found, `${path}.path`, ref.path)
}

function valueFrom(found: Found, path: string, { value, valueFrom: source }: EnvVar): void {
  if (!source) return
  const { fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef } = source as Record<string, any>
  if (fieldRef) fieldSelector(found, `${path}.fieldRef`, fieldRef, ENV_FIELDS)
  if (resourceFieldRef) resourceSelector(found, `${path}.resourceFieldRef`, resourceFieldRef, false)
  if (configMapKeyRef) keySelector(found, `${path}.configMapKeyRef`, configMapKeyRef)
  if (secretKeyRef) keySelector(found, `${path}.secretKeyRef`, secretKeyRef)
  if (fileKeyRef) fileSelector(found, `${path}.fileKeyRef`, fileKeyRef)
  const count = [fieldRef, resourceFieldRef, configMapKeyRef, secretKeyRef, fileKeyRef].filter(Boolean).length
  if (count === 0) {
    const choices = '`fieldRef`, `resourceFieldRef`, `configMapKeyRef`, `secretKeyRef` or `fileKeyRef`'
    found.push(invalid(path, '', `must specify one of: ${choices}`))
  } else if (value) found.push(invalid(path, '', 'may not be specified when `value` is not empty'))
  else if (count > 1) found.push(invalid(path, '', 'may not have more than one field specified at a time'))
}

export const env = once<EnvVar[]>((found, path, vars) => {
  for (const [i, one] of vars.entries()) {
    const at = `${path}[${i}]`
    if (!one.name) found.push(required(`${at}.name`))
    else flag(found, `${at}.name`, one.name, envName(one.name))
    valueFrom(found, `${at}.valueFrom`, one)
  }
})

/** Like a subdomain, but a trailing dash passes: the name may be the beginning of a generated one. */
const prefixName = (name: string): readonly string[] => isDns1123Subdomain(name.endsWith('-') ? `${name.slice(0, -1)}a` : name)

function envSource(found: Found, path: string, ref: Ref | undefined): number {
  if (!ref) return 0
  if (!ref.name) found.push(required(`${path}.name`))
  else flag(found, `${path}.name`, ref.name, prefixName(ref.name))
  return 1
}

export const envFrom = once<NonNullable<Container['envFrom']>>((found, path, sources) => {
  for (const [i, { prefix, configMapRef, secretRef }] of sources.entries()) {
    const at = `${path}[${i}]`
    if (prefix) flag(found, `${at}.prefix`, prefix, envName(prefix))
    const count = envSource(found, `${at}.configMapRef`, configMapRef) + envSource(found, `${at}.secretRef`, secretRef)
    if (count === 0) found.push(invalid(path, '', 'must specify one of: `configMapRef` or `secretRef`'))
    else if (count > 1) found.push(invalid(path, '', 'may not have more than one field specified at a time'))
  }
})

export const pullPolicy = (found: Found, path: string, policy: string | undefined): void => {
  if (policy === 'IfNotPresent' || policy === 'Always' || policy === 'Never') return
  if (!policy) found.push(required(path))
  else found.push(unsupported(path, policy, ['Always', 'IfNotPresent', 'Never']))
}
