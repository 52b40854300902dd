/** The Pods that need help: unschedulable, not expendable, and without room on what is there or on its way (core/podlistprocessor). */
import { readDuration } from '#api/go-duration.ts'
import type { Pod } from '#api/kinds.ts'
import { controllerOf } from '#api/meta.ts'
import { type NodeInfo, PodInfo, type WhatIf } from '../../scheduler/what-if.ts'
import { createdAt } from './nodes.ts'
import type { Run } from './run.ts'

export const UNSCHEDULABLE = 'unschedulable'
const DELAY = 'cluster-autoscaler.kubernetes.io/pod-scale-up-delay'

/** Pods that the scheduler has given up on, but for expendable ones. */
export function unschedulable({ context, flags }: Run): Pod[] {
  const cutoff = flags.number('expendable-pods-priority-cutoff')
  return context
    .cache<Pod>('pods')
    .by(UNSCHEDULABLE, '')
    .filter(({ spec }) => (spec.priority ?? 0) >= cutoff)
}

/** Looks for room, beginning where the last Pod found some. */
export class Finder {
  readonly #whatIf: WhatIf
  #nodes: readonly NodeInfo[]
  #at = 0

  constructor(whatIf: WhatIf, nodes: readonly NodeInfo[]) {
    this.#whatIf = whatIf
    this.#nodes = nodes
  }

  /** Imagines the Pod on the first node that takes it; false when none does. */
  place(pod: PodInfo): boolean {
    const trial = this.#whatIf.trial(pod)
    const count = this.#nodes.length
    for (let i = 0; i < count; i++) {
      const node = this.#nodes[(this.#at + i) % count] as NodeInfo
      if (trial(node) !== null) continue
      this.#whatIf.place(pod, node.name)
      this.#at = (this.#at + i) % count
      return true
    }
    return false
  }
}

/** Those that fit on no node as it is or soon will be; the others are imagined where they would go. */
export function withoutRoom(pods: readonly Pod[], run: Run): PodInfo[] {
  run.log(4, 'filter_out_schedulable.go:65', 'Filtering out schedulables')
  const whatIf = run.whatIf()
  const finder = new Finder(whatIf, [...whatIf.cluster.nodes])
  const byPriority = [...pods].sort((a, b) => (b.spec.priority ?? 0) - (a.spec.priority ?? 0))
  const hopeless = new Set<string>()
  const left: PodInfo[] = []
  for (const pod of byPriority) {
    const info = new PodInfo(pod)
    const owner = controllerOf(pod.metadata)?.uid
    const similar = owner ? `${owner} ${JSON.stringify([pod.metadata.labels, info.requests])}` : ''
    if ((similar && hopeless.has(similar)) || !finder.place(info)) {
      if (similar) hopeless.add(similar)
      left.push(info)
    }
  }
  run.log(4, 'filter_out_schedulable.go:122', `${pods.length - left.length} pods marked as unschedulable can be scheduled.`)
  if (left.length === pods.length) run.log(4, 'filter_out_schedulable.go:85', 'No schedulable pods')
  else run.log(2, 'filter_out_schedulable.go:77', 'Schedulable pods present')
  return left
}

/** Pods too young to cause anything yet (--new-pod-scale-up-delay, or their own annotation when it is longer). */
export function oldEnough(pods: readonly PodInfo[], { flags, now }: Run): PodInfo[] {
  const usual = flags.ms('new-pod-scale-up-delay')
  return pods.filter(({ pod }) => {
    const own = readDuration(pod.metadata.annotations?.[DELAY] ?? '') ?? 0
    return createdAt(pod) + Math.max(usual, own) <= now
  })
}
