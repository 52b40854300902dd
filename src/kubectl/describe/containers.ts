/** Containers in describe: image, ports, state, resources, probes, environment and mounts. */
import type { Container, ContainerState, ContainerStatus, Pod, Probe, ResourceRequirements } from '#api/kinds.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { byFirst, goList, longTime, orNone, type Page, quoted, yes } from './page.ts'
import { fieldValue, resourceValue } from './references.ts'

/** `pod` resolves references to its own fields; in a template there is none. */
export function describeContainers(
  page: Page,
  label: string,
  containers: readonly Container[],
  statuses: readonly ContainerStatus[],
  pod: Pod | null,
  indent = '',
): void {
  page.line(0, `${indent}${label}:${containers.length === 0 ? ' <none>' : ''}`)
  for (const container of containers) {
    const status = statuses.find((s) => s.name === container.name)
    describeBasics(page, container, status, indent)
    describeCommand(page, container)
    if (status) describeState(page, status)
    describeResources(page, 2, container.resources)
    for (const [title, probe] of probesOf(container)) page.field(2, title, probeText(probe))
    describeEnvFrom(page, container)
    describeEnv(page, container, pod)
    describeMounts(page, container)
  }
}

const SECCOMP = 'seccompProfile'

function describeBasics(page: Page, container: Container, status: ContainerStatus | undefined, indent: string): void {
  page.line(1, `${indent ? ' ' : ''}${container.name}:`)
  if (status) page.field(2, 'Container ID', status.containerID ?? '')
  page.field(2, 'Image', container.image ?? '')
  if (status) page.field(2, 'Image ID', status.imageID)
  const ports = portsText(container, 'containerPort')
  page.field(2, ports.includes(',') ? 'Ports' : 'Port', orNone(ports))
  const hostPorts = portsText(container, 'hostPort')
  page.field(2, hostPorts.includes(',') ? 'Host Ports' : 'Host Port', orNone(hostPorts))
  const profile = container.securityContext?.[SECCOMP] as { type: string; localhostProfile?: string } | undefined
  if (!profile) return
  page.field(2, 'SeccompProfile', profile.type)
  if (profile.type === 'Localhost') page.field(3, 'LocalhostProfile', profile.localhostProfile)
}

const portsText = ({ ports = [] }: Container, field: 'containerPort' | 'hostPort'): string =>
  ports.map((port) => `${port[field] ?? 0}/${port.protocol ?? 'TCP'}${port.name ? ` (${port.name})` : ''}`).join(', ')

function describeCommand(page: Page, { command = [], args = [] }: Container): void {
  for (const [title, words] of [
    ['Command', command],
    ['Args', args],
  ] as const) {
    if (words.length > 0) page.line(2, `${title}:`)
    for (const word of words) for (const line of word.split('\n')) page.line(3, line)
  }
}

function describeState(page: Page, status: ContainerStatus): void {
  describeOneState(page, 'State', status.state ?? {})
  if (status.lastState?.terminated) describeOneState(page, 'Last State', status.lastState)
  page.field(2, 'Ready', yes(status.ready))
  page.field(2, 'Restart Count', status.restartCount)
}

function describeOneState(page: Page, title: string, { running, waiting, terminated }: ContainerState): void {
  if (running) {
    page.field(2, title, 'Running')
    page.field(3, 'Started', longTime(running.startedAt))
  } else if (waiting || !terminated) {
    page.field(2, title, 'Waiting')
    if (waiting?.reason) page.field(3, 'Reason', waiting.reason)
  } else {
    page.field(2, title, 'Terminated')
    if (terminated.reason) page.field(3, 'Reason', terminated.reason)
    if (terminated.message) page.field(3, 'Message', terminated.message)
    page.field(3, 'Exit Code', terminated.exitCode)
    if ((terminated.signal ?? 0) > 0) page.field(3, 'Signal', terminated.signal)
    page.field(3, 'Started', longTime(terminated.startedAt))
    page.field(3, 'Finished', longTime(terminated.finishedAt))
  }
}

export function describeResources(page: Page, level: number, resources: ResourceRequirements | undefined): void {
  for (const [title, list] of [
    ['Limits', resources?.limits],
    ['Requests', resources?.requests],
  ] as const) {
    const entries = Object.entries(list ?? {}).sort(byFirst)
    if (entries.length > 0) page.line(level, `${title}:`)
    for (const [name, amount] of entries) page.field(level + 1, name, canonicalQuantity(amount))
  }
}

const probesOf = (c: Container): [string, Probe][] =>
  (
    [
      ['Liveness', c.livenessProbe],
      ['Readiness', c.readinessProbe],
      ['Startup', c.startupProbe],
    ] as const
  ).flatMap(([title, probe]) => (probe ? [[title, probe] as [string, Probe]] : []))

export function probeText(probe: Probe): string {
  const { initialDelaySeconds = 0, timeoutSeconds = 0, periodSeconds = 0, successThreshold = 0, failureThreshold = 0 } = probe
  const rest = `delay=${initialDelaySeconds}s timeout=${timeoutSeconds}s period=${periodSeconds}s #success=${successThreshold} #failure=${failureThreshold}`
  if (probe.exec) return `exec ${goList(probe.exec.command)} ${rest}`
  if (probe.httpGet) {
    const { scheme = '', host = '', port, path = '' } = probe.httpGet
    const where = `${host.includes(':') ? `[${host}]` : host}:${port}`
    const start = scheme ? `${scheme.toLowerCase()}://` : '//'
    return `http-get ${start}${where}${path && !path.startsWith('/') ? '/' : ''}${path} ${rest}`
  }
  if (probe.tcpSocket) return `tcp-socket ${probe.tcpSocket.host ?? ''}:${probe.tcpSocket.port} ${rest}`
  if (probe.grpc) return `grpc <pod>:${probe.grpc.port} ${probe.grpc.service ?? ''} ${rest}`
  return `unknown ${rest}`
}

function describeEnvFrom(page: Page, { envFrom = [] }: Container): void {
  if (envFrom.length === 0) return
  page.line(2, 'Environment Variables from:')
  for (const { configMapRef, secretRef, prefix } of envFrom) {
    const ref = configMapRef ?? secretRef
    const from = configMapRef ? 'ConfigMap' : secretRef ? 'Secret' : ''
    page.line(3, `${ref?.name ?? ''}\t${from}${prefix ? ` with prefix '${prefix}'` : ''}\tOptional: ${ref?.optional ?? false}`)
  }
}

function describeEnv(page: Page, container: Container, pod: Pod | null): void {
  const env = container.env ?? []
  page.line(2, `Environment:${env.length === 0 ? '\t<none>' : ''}`)
  for (const { name, value = '', valueFrom: from } of env) {
    if (!from) value.split('\n').forEach((line, i) => page.line(3, i === 0 ? `${name}:\t${line}` : `\t${line}`))
    else if (from.fieldRef) {
      const { apiVersion = 'v1', fieldPath } = from.fieldRef
      page.field(3, name, `${pod ? fieldValue(pod, fieldPath) : ''} (${apiVersion}:${fieldPath})`)
    } else if (from.resourceFieldRef)
      page.field(3, name, `${resourceValue(container, from.resourceFieldRef)} (${from.resourceFieldRef.resource})`)
    else if (from.secretKeyRef) {
      const { key, name: secret, optional = false } = from.secretKeyRef
      page.field(3, name, `<set to the key '${key}' in secret '${secret}'>\tOptional: ${optional}`)
    } else if (from.configMapKeyRef) {
      const { key, name: map, optional = false } = from.configMapKeyRef
      page.field(3, name, `<set to the key '${key}' of config map '${map}'>\tOptional: ${optional}`)
    }
  }
}

function describeMounts(page: Page, container: Container): void {
  const mounts = [...(container.volumeMounts ?? [])].sort((a, b) => (a.mountPath < b.mountPath ? -1 : 1))
  const none = mounts.length === 0 ? '\t<none>' : ''
  page.line(2, `Mounts:${none}`)
  for (const { mountPath, name, readOnly, subPath } of mounts) {
    page.line(3, `${mountPath} from ${name} (${readOnly ? 'ro' : 'rw'}${subPath ? `,path=${quoted(subPath)}` : ''})`)
  }
  const devices = ((container as { volumeDevices?: { devicePath: string; name: string }[] }).volumeDevices ?? []).slice()
  if (devices.length === 0) return
  page.line(2, `Devices:${none}`)
  for (const { devicePath, name } of devices.sort((a, b) => (a.devicePath < b.devicePath ? -1 : 1)))
    page.line(3, `${devicePath} from ${name}`)
}
