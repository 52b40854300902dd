/** Debugging profiles: what each allows its container, and what it changes of the Pod around it (kubectl's pkg/cmd/debug). */
import type { Dict } from '#api/patch/parts.ts'
import type { Flags } from '../../command.ts'

export const PROFILES = ['legacy', 'general', 'baseline', 'restricted', 'netadmin', 'sysadmin']

export type Style = 'ephemeral' | 'copy' | 'node'

export interface DebugContainer {
  name: string
  image?: string
  securityContext?: Dict
  [field: string]: unknown
}

export interface DebugPod {
  metadata: { name: string; labels?: Dict; annotations?: Dict; [field: string]: unknown }
  spec: {
    containers: DebugContainer[]
    initContainers?: DebugContainer[]
    ephemeralContainers?: DebugContainer[]
    [field: string]: unknown
  }
  [field: string]: unknown
}

/** The first container of that name, in the order in which kubectl visits them. */
export const containerIn = ({ spec }: DebugPod, name: string): DebugContainer | undefined =>
  [...(spec.initContainers ?? []), ...spec.containers, ...(spec.ephemeralContainers ?? [])].find((one) => one.name === name)

/** Changes the Pod in place. */
export function applyProfile(flags: Flags, style: Style, pod: DebugPod, name: string): void {
  const profile = flags.text('profile')
  const own = containerIn(pod, name)
  if (own) allow(profile, style, own)
  if (style === 'node') {
    if (['legacy', 'general', 'sysadmin'].includes(profile)) mountRoot(pod, name)
    if (!['baseline', 'restricted'].includes(profile))
      Object.assign(pod.spec, { hostNetwork: true, hostPID: true, hostIPC: true })
  }
  if (style !== 'copy') return
  if (profile === 'legacy') delete pod.metadata.labels
  else strip(flags, pod)
}

function allow(profile: string, style: Style, own: DebugContainer): void {
  if (['baseline', 'restricted'].includes(profile) || (profile === 'general' && style === 'node')) delete own.securityContext
  const change = (more: Dict): void => void (own.securityContext = { ...own.securityContext, ...more })
  const add = (...names: string[]): void => {
    const { capabilities } = (own.securityContext ?? {}) as { capabilities?: { add?: string[] } }
    change({ capabilities: { ...capabilities, add: [...(capabilities?.add ?? []), ...names] } })
  }
  if (profile === 'general' && style !== 'node') add('SYS_PTRACE')
  if (profile === 'netadmin') add('NET_ADMIN', 'NET_RAW')
  if (profile === 'sysadmin') change({ privileged: true })
  if (profile === 'restricted')
    change({
      runAsNonRoot: true,
      capabilities: { drop: ['ALL'] },
      allowPrivilegeEscalation: false,
      seccompProfile: { type: 'RuntimeDefault' },
    })
}

function mountRoot({ spec }: DebugPod, name: string): void {
  spec['volumes'] = [...((spec['volumes'] as unknown[]) ?? []), { name: 'host-root', hostPath: { path: '/' } }]
  const own = spec.containers.find((one) => one.name === name)
  if (own) own['volumeMounts'] = [...((own['volumeMounts'] as unknown[]) ?? []), { name: 'host-root', mountPath: '/host' }]
}

const PROBES = [
  ['keep-liveness', 'livenessProbe'],
  ['keep-readiness', 'readinessProbe'],
  ['keep-startup', 'startupProbe'],
] as const

/** Leaves out what would tell a copy from its original, unless it is to be kept. */
function strip(flags: Flags, { metadata, spec }: DebugPod): void {
  if (!flags.is('keep-labels')) delete metadata.labels
  if (!flags.is('keep-annotations')) delete metadata.annotations
  for (const [flag, probe] of PROBES) if (!flags.is(flag)) for (const one of spec.containers) delete one[probe]
  if (!flags.is('keep-init-containers')) delete spec.initContainers
  spec['shareProcessNamespace'] ??= true
}
