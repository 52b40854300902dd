/** One scan's surroundings: the process' options and memory, its log, its events. */
import type { KubeObject } from '#api/meta.ts'
import { formatTime } from '#api/time.ts'
import type { Context } from '../../machinery/controller.ts'
import type { Flags } from '../../node/images/cluster-autoscaler/flags.ts'
import { klogLine } from '../../node/images/cluster-autoscaler/klog.ts'
import type { WhatIf } from '../../scheduler/what-if.ts'
import type { Ground } from '../addon.ts'
import type { NodeGroups } from './cloud.ts'
import type { Process } from './state.ts'

export type Severity = 'I' | 'W' | 'E'

export interface Run {
  readonly context: Context
  readonly flags: Flags
  readonly process: Process
  readonly groups: NodeGroups
  readonly now: number
  /** A klog line: told when `--v` is at least `level`; warnings and errors always. */
  log(level: number, at: string, message: string, severity?: Severity): void
  /** An event about an object. */
  event(object: KubeObject, type: 'Normal' | 'Warning', reason: string, message: string): void
  /** An event about the status ConfigMap. */
  tell(type: 'Normal' | 'Warning', reason: string, message: string): void
  whatIf(): WhatIf
}

/** `--record-duplicated-events`: one of a kind in so long (utils/kubernetes/factory.go). */
const QUIET_MS = 300_000

/** The container that the process runs in; null once its machine has lost its power, whatever its Pod's status says. */
function containerOf(ground: Ground, { pod }: Process): any {
  const kubelet = ground.node(pod.node)?.kubelet
  const container = kubelet?.runtime.get(kubelet.recordOf(pod.uid)?.slots[pod.slot]?.current)
  return container?.state === 'running' ? container : null
}

export const isAlive = (ground: Ground, process: Process): boolean => containerOf(ground, process) !== null

/** Writes into its log. */
export function write(ground: Ground, process: Process, text: string): void {
  const container = containerOf(ground, process)
  if (container) ground.node(process.pod.node)?.kubelet.runtime.mainOut(container, text, 'stderr')
}

interface Parts {
  context: Context
  flags: Flags
  process: Process
  groups: NodeGroups
  ground: Ground
  whatIf: () => WhatIf
}

export function newRun({ context, flags, process, groups, ground, whatIf }: Parts): Run {
  const { now, events, cache } = context
  const verbosity = flags.number('v')
  const event: Run['event'] = (object, type, reason, message) => {
    const { uid = '', name, namespace = '' } = object.metadata
    const isStatus = name === flags.text('status-config-map-name') && namespace === flags.text('namespace')
    const kind = JSON.stringify([reason, object.kind, namespace, name, uid, isStatus ? message : ''])
    if (now - (process.told[kind] ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return
    process.told[kind] = now
    events.record(object, type, reason, message)
  }
  return {
    context,
    flags,
    process,
    groups,
    now,
    whatIf,
    event,
    log(level, at, message, severity = 'I') {
      if (severity === 'I' && level > verbosity) return
      write(ground, process, klogLine(now, severity, at, message))
    },
    tell(type, reason, message) {
      const status = cache('configmaps').get(flags.text('namespace'), flags.text('status-config-map-name'))
      if (status && flags.yes('write-status-configmap')) event(status, type, reason, message)
    },
  }
}

/** Forgets which events were told when that does not matter any more. */
export function forgetOld({ process, now }: Run): void {
  for (const kind in process.told) if (now - (process.told[kind] as number) >= QUIET_MS) delete process.told[kind]
}

/** `2026-01-01 00:00:10 +0000 UTC` (time.Time). */
export const timeText = (ms: number): string => {
  const fraction =
    ms % 1000 === 0
      ? ''
      : `.${String(ms % 1000)
          .padStart(3, '0')
          .replace(/0+$/, '')}`
  return `${formatTime(ms).replace('T', ' ').replace('Z', '')}${fraction} +0000 UTC`
}
