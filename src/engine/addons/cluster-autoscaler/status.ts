/** The ConfigMap by which the autoscaler tells of itself (clusterstate/api, clusterstate/utils). */
import type { AnyObject } from '#api/meta.ts'
import { formatTime } from '#api/time.ts'
import type { ClusterState, Readiness } from './readiness.ts'
import { isHealthy, upcoming } from './readiness.ts'
import { type Run, timeText } from './run.ts'

const UPDATED = 'cluster-autoscaler.kubernetes.io/last-updated'

const nodeCounts = (count: Readiness) => ({
  longUnregistered: 0,
  registered: {
    ...(count.beingDeleted > 0 ? { beingDeleted: count.beingDeleted } : {}),
    notStarted: count.notStarted,
    ready: count.ready,
    suspended: 0,
    total: count.registered,
    unready: { resourceUnready: 0, total: count.unready },
  },
  unregistered: count.unregistered,
})

const stamp = (ms: number | null): string | null => (ms === null ? null : formatTime(ms))

/** A condition as it is told, with the time since when it holds. */
function condition(key: string, status: string, probed: number | null, { process }: Run): Record<string, Told> {
  const known = process.conditions[key]
  if (known?.status !== status) process.conditions[key] = { status, since: probed }
  return { lastProbeTime: stamp(probed), lastTransitionTime: stamp(process.conditions[key]?.since ?? null), status }
}

function scaleDown(key: string, count: number, run: Run): Record<string, Told> {
  const told = condition(key, count > 0 ? 'CandidatesPresent' : 'NoCandidates', run.process.candidatesAt, run)
  return count > 0 ? { candidates: count, ...told } : told
}

function statusOf(state: ClusterState, run: Run): Record<string, Told> {
  const { flags, groups, process, now } = run
  const unneeded = Object.keys(process.unneeded)
  const grows = (group: string): boolean => upcoming(group, state, run) > 0
  const activity = (busy: boolean): string => (busy ? 'InProgress' : 'NoActivity')
  const nodeGroups = flags.groups.map(({ name, min, max }) => ({
    health: {
      ...condition(`${name} health`, 'Healthy', now, run),
      cloudProviderTarget: groups.targetSize(name),
      maxSize: max,
      minSize: min,
      nodeCounts: nodeCounts(state.groups.get(name) as Readiness),
    },
    name,
    scaleDown: scaleDown(`${name} down`, unneeded.filter((node) => groups.groupOf(node) === name).length, run),
    scaleUp: { backoffInfo: {}, ...condition(`${name} up`, activity(grows(name)), now, run) },
  }))
  const health = isHealthy(state, run) ? 'Healthy' : 'Unhealthy'
  return {
    autoscalerStatus: 'Running',
    clusterWide: {
      health: { ...condition('health', health, now, run), nodeCounts: nodeCounts(state.total) },
      scaleDown: scaleDown('down', unneeded.length, run),
      scaleUp: condition('up', activity(flags.groups.some(({ name }) => grows(name))), now, run),
    },
    ...(nodeGroups.length > 0 ? { nodeGroups } : {}),
    time: timeText(now),
  }
}

/** Writes it, or makes it; its status is `Initializing` until the first scan has ended. */
export function writeStatus(state: ClusterState | null, run: Run): void {
  const { flags, context, now } = run
  if (!flags.yes('write-status-configmap')) return
  const [namespace, name] = [flags.text('namespace'), flags.text('status-config-map-name')]
  const told = state ? statusOf(state, run) : INITIALIZING
  const status = print({ ...told, time: timeText(now) })
  const annotations = { [UPDATED]: timeText(now) }
  const known = context.cache('configmaps').get(namespace, name)
  const because = 'it tells what it has seen'
  if (!known) {
    const metadata = { name, namespace, annotations }
    context.api.create('configmaps', { metadata, data: { status } } as unknown as AnyObject, { because })
    return
  }
  const { resourceVersion: _any, ...metadata } = known.metadata
  const next = { ...known, metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } } }
  context.api.update('configmaps', { ...next, data: { ...known['data'], status } }, { because })
}

/** All that a struct has is there, if only as null. */
const INITIALIZING = {
  autoscalerStatus: 'Initializing',
  clusterWide: {
    health: {
      lastProbeTime: null,
      lastTransitionTime: null,
      nodeCounts: {
        longUnregistered: 0,
        registered: { notStarted: 0, ready: 0, suspended: 0, total: 0, unready: { resourceUnready: 0, total: 0 } },
        unregistered: 0,
      },
    },
    scaleDown: { lastProbeTime: null, lastTransitionTime: null },
    scaleUp: { lastProbeTime: null, lastTransitionTime: null },
  },
}

type Told = string | number | null | { [key: string]: Told } | Told[]

/** As sigs.k8s.io/yaml writes it: keys sorted, timestamps quoted; the time with its zone's name is none to it, and stands plain. */
function print(value: Told, indent = ''): string {
  if (typeof value === 'string') return /^\d.*Z$/.test(value) ? `"${value}"` : value
  if (typeof value !== 'object' || value === null) return String(value)
  if (Array.isArray(value)) return value.map((item) => `${indent}- ${print(item, `${indent}  `).trimStart()}`).join('')
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  const line = ([key, inner]: [string, Told]): string => {
    if (typeof inner !== 'object' || inner === null) return `${indent}${key}: ${print(inner)}\n`
    if (Array.isArray(inner)) return `${indent}${key}:\n${print(inner, indent)}`
    return Object.keys(inner).length === 0 ? `${indent}${key}: {}\n` : `${indent}${key}:\n${print(inner, `${indent}  `)}`
  }
  return entries.map(line).join('')
}
