/** A container's environment: literal values, fields of the pod, ConfigMaps and Secrets (kubelet_pods.go makeEnvironmentVariables). */
import { decodeBytes } from '#api/base64.ts'
import { textOf } from '#api/bytes.ts'
import { goQuote } from '#api/field-error.ts'
import type { ConfigMap, Container, EnvVar, Pod, Secret } from '#api/kinds.ts'
import { parseQuantity } from '#api/quantity.ts'
import { ApiError } from '#api/status.ts'
import { formatMicroTime } from '#api/time.ts'
import type { Api } from '../machinery/client.ts'
import { envFileValue } from './env-file.ts'
import { containerSpec } from './pod-record.ts'

export interface PodFacts {
  podIp: string
  hostIp: string
  nodeName: string
  /** When the kubelet first met the pod. */
  seenAt: number
  /** The node's allocatable resources: the limits of a container that has none. */
  allocatable: Record<string, string>
  /** Bytes of memory of the machine. */
  memory: number
}

/** Thrown for what makes a container impossible to configure; its message goes into the status. */
export class ConfigError extends Error {}

const decoded = (base64: string): string => textOf(decodeBytes(base64) ?? new Uint8Array())

/** Reads ConfigMaps and Secrets as maps of text, each once per container. */
export class Configuration {
  readonly #api: Api
  readonly #namespace: string
  constructor(api: Api, namespace: string) {
    this.#api = api
    this.#namespace = namespace
  }

  /** Undefined when it isn't there and needn't be; throws {@link ConfigError} when it must. */
  data(kind: 'configmaps' | 'secrets', name: string, optional: boolean | undefined): Record<string, string> | undefined {
    try {
      if (kind === 'configmaps') {
        const map = this.#api.get<ConfigMap>('configmaps', this.#namespace, name)
        const binary = Object.entries(map.binaryData ?? {}).map(([key, value]) => [key, decoded(value)])
        return { ...map.data, ...Object.fromEntries(binary) }
      }
      const secret = this.#api.get<Secret>('secrets', this.#namespace, name)
      return Object.fromEntries(Object.entries(secret.data ?? {}).map(([key, value]) => [key, decoded(value)]))
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      if (error.reason === 'NotFound') {
        if (optional) return undefined
        throw new ConfigError(`${kind === 'configmaps' ? 'configmap' : 'secret'} "${name}" not found`)
      }
      throw new ConfigError(error.message)
    }
  }
}

/** `$(NAME)` in commands, arguments and values; `$$` is a dollar (third_party expansion.Expand). */
export function expand(text: string, env: Readonly<Record<string, string>>): string {
  return text.replace(/\$(?:\$|\(([^()]*)\))/g, (whole, name: string | undefined) => {
    if (name === undefined) return '$'
    return env[name] ?? whole
  })
}

export function environment(
  pod: Pod,
  container: Container,
  config: Configuration,
  facts: PodFacts,
  services: Record<string, string>,
  file: (volume: string, path: string) => string | undefined = () => undefined,
): Record<string, string> {
  const env: Record<string, string> = {}
  for (const from of container.envFrom ?? []) {
    const ref = from.configMapRef ?? from.secretRef
    if (!ref) continue
    const data = config.data(from.configMapRef ? 'configmaps' : 'secrets', ref.name, ref.optional)
    for (const [key, value] of Object.entries(data ?? {})) env[`${from.prefix ?? ''}${key}`] = value
  }
  const declared: Record<string, string> = { ...services, ...env }
  for (const variable of container.env ?? []) {
    const value = variable.value ? expand(variable.value, declared) : valueFrom(pod, container, variable, config, facts, file)
    if (value === undefined) continue
    env[variable.name] = value
    declared[variable.name] = value
  }
  return { ...services, ...env }
}

function valueFrom(
  pod: Pod,
  container: Container,
  { valueFrom: from }: EnvVar,
  config: Configuration,
  facts: PodFacts,
  file: (volume: string, path: string) => string | undefined,
): string | undefined {
  if (!from) return ''
  const { fileKeyRef } = from
  if (fileKeyRef) {
    const text = file(fileKeyRef.volumeName, fileKeyRef.path)
    const found = text === undefined ? null : envFileValue(text, fileKeyRef.key)
    if (found === null) throw new ConfigError("couldn't parse env file")
    if (found !== '') return found
    if (fileKeyRef.optional) return undefined
    throw new ConfigError(`environment variable key "${fileKeyRef.key}" not found in file "${fileKeyRef.path}"`)
  }
  if (from.fieldRef) return podField(pod, from.fieldRef.fieldPath, facts)
  if (from.resourceFieldRef) return resourceField(pod, container, from.resourceFieldRef, facts)
  const isMap = from.configMapKeyRef !== undefined
  const ref = from.configMapKeyRef ?? from.secretKeyRef
  if (!ref) return ''
  const data = config.data(isMap ? 'configmaps' : 'secrets', ref.name, ref.optional)
  const value = data?.[ref.key]
  if (value === undefined && !ref.optional) {
    throw new ConfigError(
      `couldn't find key ${ref.key} in ${isMap ? 'ConfigMap' : 'Secret'} ${pod.metadata.namespace}/${ref.name}`,
    )
  }
  return value
}

/** A map as the downward API writes it: `key="value"` lines. */
const lines = (map: Record<string, string> | undefined): string =>
  Object.entries(map ?? {})
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, value]) => `${key}=${goQuote(value)}`)
    .join('\n')

export function podField(pod: Pod, path: string, facts: PodFacts): string {
  // As the kubelet has it: with its own notes of where the pod came from (config.go).
  const annotations: Record<string, string> = {
    'kubernetes.io/config.seen': formatMicroTime(facts.seenAt),
    'kubernetes.io/config.source': 'api',
    ...pod.metadata.annotations,
  }
  const keyed = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  if (keyed) return (keyed[1] === 'labels' ? pod.metadata.labels : annotations)?.[keyed[2] as string] ?? ''
  switch (path) {
    case 'metadata.name':
      return pod.metadata.name
    case 'metadata.namespace':
      return pod.metadata.namespace ?? ''
    case 'metadata.uid':
      return pod.metadata.uid ?? ''
    case 'metadata.labels':
      return lines(pod.metadata.labels)
    case 'metadata.annotations':
      return lines(annotations)
    case 'spec.nodeName':
      return facts.nodeName
    case 'spec.serviceAccountName':
      return pod.spec.serviceAccountName ?? ''
    case 'status.hostIP':
    case 'status.hostIPs':
      return facts.hostIp
    case 'status.podIP':
    case 'status.podIPs':
      return facts.podIp
    default:
      throw new ConfigError(`unsupported fieldPath: ${path}`)
  }
}

/** `limits.memory` in units of the divisor, rounded up. */
export function resourceField(
  pod: Pod,
  own: Container,
  ref: { containerName?: string; resource: string; divisor?: string | number },
  facts: PodFacts,
): string {
  const container = (ref.containerName ? containerSpec(pod, ref.containerName) : undefined) ?? own
  const [list, name = ''] = ref.resource.split('.')
  const given = container.resources?.[list === 'limits' ? 'limits' : 'requests']?.[name]
  const value = given ?? (list === 'limits' ? (pod.spec.resources?.limits?.[name] ?? facts.allocatable[name]) : undefined)
  if (value === undefined) return '0'
  const amount = parseQuantity(value)?.nano ?? 0n
  const divisor = parseQuantity(ref.divisor && ref.divisor !== '0' ? ref.divisor : 1)?.nano ?? 1n
  return String((amount + divisor - 1n) / divisor)
}
