/** Warnings about Pods and templates: what is right, but probably not meant (pkg/api/pod/warnings.go). */

import { ipWarnings } from '#api/ip.ts'
import type { Affinity, Container, ContainerPort, Pod, PodSpec, PodTemplateSpec, ResourceList } from '#api/kinds.ts'
import type { KubeObject, ObjectMeta } from '#api/meta.ts'
import { isDns1123Label, isLabelValue } from '#api/names.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { APP_ARMOR } from './app-armor.ts'
import { nanoOf } from './checks.ts'
import { eachContainer } from './validate-windows.ts'
import { volumeWarnings } from './volume-warnings.ts'

/** Old labels of nodes, and what to use instead. */
const OLD_LABELS: Record<string, string> = {
  'beta.kubernetes.io/arch': 'deprecated since v1.14; use "kubernetes.io/arch" instead',
  'beta.kubernetes.io/os': 'deprecated since v1.14; use "kubernetes.io/os" instead',
  'failure-domain.beta.kubernetes.io/region': 'deprecated since v1.17; use "topology.kubernetes.io/region" instead',
  'failure-domain.beta.kubernetes.io/zone': 'deprecated since v1.17; use "topology.kubernetes.io/zone" instead',
  'beta.kubernetes.io/instance-type': 'deprecated since v1.17; use "node.kubernetes.io/instance-type" instead',
  'app.kubernetes.io/created-by': 'deprecated since v1.9',
  'scheduler.alpha.kubernetes.io/preferAvoidPods': 'deprecated since v1.22; use Taints and Tolerations instead',
  'node-role.kubernetes.io/master': 'use "node-role.kubernetes.io/control-plane" instead',
}

const OLD_ANNOTATIONS: Record<string, string> = {
  'scheduler.alpha.kubernetes.io/critical-pod': 'non-functional in v1.16+; use the "priorityClassName" field instead',
  'security.alpha.kubernetes.io/sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
  'security.alpha.kubernetes.io/unsafe-sysctls': 'non-functional in v1.11+; use the "sysctls" field instead',
}

const SECCOMP_POD = 'seccomp.security.alpha.kubernetes.io/pod'
const SECCOMP = 'container.seccomp.security.alpha.kubernetes.io/'
const SECCOMP_FIELD = 'non-functional in v1.27+; use the "seccompProfile" field instead'
const NO_POD = 'a null labelSelector results in matching no pod'
const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution'
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution'

type Say = (text: string) => void
type Any = Record<string, any>

/** Old labels in a selector of nodes (GetWarningsForNodeSelector). */
export const selectorWarnings = (path: string, selector: Any | undefined): string[] => [
  ...((selector?.['matchExpressions'] ?? []) as Any[]).flatMap(({ key }, i) =>
    OLD_LABELS[key] ? [`${path}.matchExpressions[${i}].key: ${key} is ${OLD_LABELS[key]}`] : [],
  ),
  ...Object.keys(selector?.['matchLabels'] ?? {}).flatMap((key) =>
    OLD_LABELS[key] ? [`${path}.matchLabels.${key}: ${OLD_LABELS[key]}`] : [],
  ),
]

/** Old labels among these, each as a place of its own. */
export const labelWarnings = (places: readonly (readonly [path: string, label: string])[]): string[] =>
  places.flatMap(([path, label]) => (OLD_LABELS[label] ? [`${path}: ${OLD_LABELS[label]}`] : []))

function nodeTerm(say: Say, path: string, term: Any, preferred: boolean): void {
  for (const [i, { key, values = [] }] of ((term['matchExpressions'] ?? []) as Any[]).entries()) {
    const at = `${path}.matchExpressions[${i}]`
    if (OLD_LABELS[key]) say(`${at}.key: ${key} is ${OLD_LABELS[key]}`)
    if (!preferred) continue
    for (const [j, value] of (values as string[]).entries()) {
      for (const message of isLabelValue(value)) say(`${at}.values[${j}]: ${value} is invalid, ${message}`)
    }
  }
}

function placement(say: Say, path: string, spec: PodSpec): void {
  for (const key in spec.nodeSelector) if (OLD_LABELS[key]) say(`${path}.nodeSelector[${key}]: ${OLD_LABELS[key]}`)
  const affinity = spec.affinity?.nodeAffinity
  const at = `${path}.affinity.nodeAffinity`
  for (const [i, term] of (affinity?.[REQUIRED]?.nodeSelectorTerms ?? []).entries()) {
    nodeTerm(say, `${at}.${REQUIRED}.nodeSelectorTerms[${i}]`, term, false)
  }
  for (const [i, { preference }] of (affinity?.[PREFERRED] ?? []).entries()) {
    nodeTerm(say, `${at}.${PREFERRED}[${i}].preference`, preference, true)
  }
  for (const [i, { topologyKey, labelSelector }] of (spec.topologySpreadConstraints ?? []).entries()) {
    const where = `${path}.topologySpreadConstraints[${i}]`
    if (OLD_LABELS[topologyKey]) say(`${where}.topologyKey: ${topologyKey} is ${OLD_LABELS[topologyKey]}`)
    if (!labelSelector) say(`${where}.labelSelector: ${NO_POD}`)
  }
}

function podAffinity(say: Say, path: string, affinity: Affinity['podAffinity']): void {
  for (const [i, term] of (affinity?.[REQUIRED] ?? []).entries()) {
    if (!term.labelSelector) say(`${path}.${REQUIRED}[${i}].labelSelector: ${NO_POD}`)
  }
  for (const [i, { podAffinityTerm }] of (affinity?.[PREFERRED] ?? []).entries()) {
    if (!podAffinityTerm.labelSelector) say(`${path}.${PREFERRED}[${i}].podAffinityTerm.labelSelector: ${NO_POD}`)
  }
}

function twice(say: Say, path: string, what: string, values: string[]): void {
  const seen = new Set<string>()
  for (const [i, value] of values.entries()) {
    if (seen.has(value)) say(`${path}[${i}].${what}: duplicate ${what} "${value}"`)
    seen.add(value)
  }
}

function fractions(say: Say, path: string, list: ResourceList | undefined, name: string): void {
  const value = list?.[name]
  if (value === undefined || nanoOf(value) % 1_000_000_000n === 0n) return
  say(`${path}[${name}]: fractional byte value "${canonicalQuantity(value)}" is invalid, must be an integer`)
}

function environment(say: Say, path: string, { env }: Container): void {
  if (!env || env.length < 2) return
  const seen = new Set<string>()
  for (const [i, { name, value = '', valueFrom }] of env.entries()) {
    const self = `$(${name})`
    if (seen.has(name) && (valueFrom || value === self || !value.includes(self))) {
      say(`${path}.env[${i}]: hides previous definition of "${name}", which may be dropped when using apply`)
    }
    seen.add(name)
  }
}

function container(
  say: Say,
  path: string,
  one: Container,
  annotations: Record<string, string>,
  root: string,
  spec: PodSpec,
): void {
  const context = one.securityContext as Any | undefined
  const old = SECCOMP + one.name
  if (annotations[old] !== undefined && !context?.['seccompProfile']) say(`${root}metadata.annotations[${old}]: ${SECCOMP_FIELD}`)
  const armor = APP_ARMOR + one.name
  const isTemplate = root !== ''
  if (
    isTemplate &&
    annotations[armor] !== undefined &&
    !context?.['appArmorProfile'] &&
    !spec.securityContext?.['appArmorProfile']
  ) {
    say(`${root}metadata.annotations[${armor}]: deprecated since v1.30; use the "appArmorProfile" field instead`)
  }
  for (const name of ['memory', 'ephemeral-storage']) {
    fractions(say, `${path}.resources.limits`, one.resources?.limits, name)
    fractions(say, `${path}.resources.requests`, one.resources?.requests, name)
  }
  environment(say, path, one)
}

function overlap(say: Say, at: string, port: ContainerPort, other: ContainerPort, place: string): void {
  const [a, b] = [port.hostIP ?? '', other.hostIP ?? '']
  const [x, y] = [port.hostPort ?? 0, other.hostPort ?? 0]
  if (a === b && x === y) say(`${at}: duplicate port definition with ${place}`)
  else if (x === 0 || y === 0) say(`${at}: overlapping port definition with ${place}`)
  else if (x === y && (a === '') !== (b === '')) say(`${at}: dangerously ambiguous port definition with ${place}`)
}

function ports(say: Say, path: string, spec: PodSpec): void {
  const all = new Map<string, { place: string; port: ContainerPort }[]>()
  const names = new Map<string, string>()
  const late: string[] = []
  eachContainer(spec, path, (one, where) => {
    for (const [i, port] of (one.ports ?? []).entries()) {
      const place = `${where}.ports[${i}]`
      if (port.hostIP && !port.hostPort) {
        const shown = `{Name:${port.name ?? ''} HostPort:0 ContainerPort:${port.containerPort} Protocol:${port.protocol} HostIP:${port.hostIP}}`
        say(`${place}: hostIP set without hostPort: ${shown}`)
      }
      const key = `${port.containerPort}/${port.protocol}`
      const others = all.get(key) ?? []
      for (const other of others) overlap(say, place, port, other.port, other.place)
      all.set(key, [...others, { place, port }])
      if (!port.name) continue
      const first = names.get(port.name)
      if (first === undefined) names.set(port.name, place)
      else {
        const why = `services and probes that select ports by name will use ${first}`
        late.push(`${place}: duplicate port name "${port.name}" with ${first}, ${why}`)
      }
    }
  })
  late.forEach(say)
}

/** `root` is empty for a Pod, and `spec.template.` or the like for a template. */
function specWarnings(root: string, spec: PodSpec, metadata: Partial<ObjectMeta> | undefined): string[] {
  const warnings: string[] = []
  const say: Say = (text) => warnings.push(text)
  const path = `${root}spec`
  const annotations = metadata?.annotations ?? {}
  placement(say, path, spec)
  for (const key in OLD_ANNOTATIONS) {
    if (annotations[key] !== undefined) say(`${root}metadata.annotations[${key}]: ${OLD_ANNOTATIONS[key]}`)
  }
  volumeWarnings(say, `${path}.volumes`, spec.volumes ?? [])
  if (spec.hostAliases)
    twice(
      say,
      `${path}.hostAliases`,
      'ip',
      spec.hostAliases.map((a) => a.ip),
    )
  if (spec.imagePullSecrets) {
    twice(
      say,
      `${path}.imagePullSecrets`,
      'name',
      spec.imagePullSecrets.map((s) => s.name ?? ''),
    )
    for (const [i, { name }] of spec.imagePullSecrets.entries()) {
      if (!name) say(`${path}.imagePullSecrets[${i}].name: invalid empty name ""`)
    }
  }
  for (const name of ['memory', 'ephemeral-storage']) fractions(say, `${path}.overhead`, spec.overhead, name)
  if (annotations[SECCOMP_POD] !== undefined && !spec.securityContext?.['seccompProfile']) {
    say(`${root}metadata.annotations[${SECCOMP_POD}]: ${SECCOMP_FIELD}`)
  }
  eachContainer(spec, path, (one, at) => container(say, at, one, annotations, root, spec))
  ports(say, path, spec)
  // A Pod of its own has had it made 1 by now.
  if (path !== 'spec' && (spec.terminationGracePeriodSeconds ?? 0) < 0) {
    say(`${path}.terminationGracePeriodSeconds: must be >= 0; negative values are invalid and will be treated as 1`)
  }
  podAffinity(say, `${path}.affinity.podAffinity`, spec.affinity?.podAffinity)
  podAffinity(say, `${path}.affinity.podAntiAffinity`, spec.affinity?.podAntiAffinity)
  for (const [i, server] of ((spec.dnsConfig?.['nameservers'] ?? []) as string[]).entries()) {
    warnings.push(...ipWarnings(`${path}.dnsConfig.nameservers[${i}]`, server))
  }
  for (const [i, { ip }] of (spec.hostAliases ?? []).entries()) warnings.push(...ipWarnings(`${path}.hostAliases[${i}].ip`, ip))
  return warnings
}

const silent = new WeakSet<PodTemplateSpec>()

/** GetWarningsForPodTemplate; `path` of the template, like `spec.template`. */
export function templateWarnings(path: string, template: PodTemplateSpec | undefined): string[] {
  if (!template?.spec || silent.has(template)) return []
  const warnings = specWarnings(`${path}.`, template.spec, template.metadata)
  if (warnings.length === 0) silent.add(template)
  return warnings
}

/** Names that Pods will have should be DNS labels; `use` says for what. */
export const hostnameWarning = (name: string, use: string): string[] => {
  const wrong = isDns1123Label(name)
  if (wrong.length === 0) return []
  return [
    `metadata.name: this is used in ${use}, which can result in surprising behavior; a DNS label is recommended: [${wrong.join(' ')}]`,
  ]
}

/** Only new Pods are warned about: people don't change Pods, controllers do, and often. */
export function podWarnings(pod: Pod, old: Pod | null): string[] {
  if (old) return []
  return [...hostnameWarning(pod.metadata.name, "the Pod's hostname"), ...specWarnings('', pod.spec, pod.metadata)]
}

interface Workload extends KubeObject {
  spec: { template?: PodTemplateSpec }
}

/** Warnings of kinds with a template in `spec.template`, when they are made and whenever their generation grows. */
export function workloadWarnings(next: Workload, old: Workload | null, template = next.spec.template): string[] {
  if (!old)
    return [...hostnameWarning(next.metadata.name, 'Pod names and hostnames'), ...templateWarnings('spec.template', template)]
  return next.metadata.generation === old.metadata.generation ? [] : templateWarnings('spec.template', template)
}
