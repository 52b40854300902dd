/** How many machines of a group the Pods would need: first-fit, the large ones first (estimator/binpacking_estimator.go). */
import { milliOf, wholeOf } from '#api/quantity.ts'
import type { NodeInfo, PodInfo } from '../../scheduler/what-if.ts'
import type { PodGroup } from './equivalence.ts'
import type { Run } from './run.ts'
import { imagine, type Template } from './templates.ts'

export interface Estimate {
  nodes: number
  pods: PodInfo[]
}

const UNEVEN = "node(s) didn't match pod topology spread constraints"
const HOSTNAME = 'kubernetes.io/hostname'

/** What share of the machine the Pod asks for. */
function score(pod: PodInfo, { node }: Template): number {
  const room = node.status?.allocatable ?? {}
  const [cpu, memory] = [milliOf(room['cpu']), wholeOf(room['memory'])]
  return (cpu > 0 ? pod.requests.cpu / cpu : 0) + (memory > 0 ? pod.requests.memory / memory : 0)
}

export function estimate(groups: readonly PodGroup[], template: Template, limit: number, run: Run): Estimate {
  const whatIf = run.whatIf()
  const mark = whatIf.mark()
  const packing = new Packing(template, limit, run)
  const first = (group: PodGroup): PodInfo => group.pods[0] as PodInfo
  const ordered = [...groups].sort((a, b) => score(first(b), template) - score(first(a), template))
  for (const { pods } of ordered) packing.pack(pods)
  whatIf.revert(mark)
  return { nodes: packing.used.size, pods: packing.pods }
}

class Packing {
  readonly pods: PodInfo[] = []
  /** New nodes that some Pod is on. */
  readonly used = new Set<string>()
  readonly #nodes: NodeInfo[] = []
  readonly #template: Template
  readonly #limit: number
  readonly #run: Run
  #full = false

  constructor(template: Template, limit: number, run: Run) {
    this.#template = template
    this.#limit = limit
    this.#run = run
  }

  pack(pods: readonly PodInfo[]): void {
    let at = 0
    // On those that other Pods have brought.
    while (at < pods.length && this.#onAny(pods[at] as PodInfo)) at += 1
    if (this.#full) return
    for (; at < pods.length; at++) if (!this.#onNew(pods[at] as PodInfo)) return
  }

  #put(pod: PodInfo, node: NodeInfo): boolean {
    if (this.#run.whatIf().trial(pod)(node) !== null) return false
    this.#take(pod, node)
    return true
  }

  #take(pod: PodInfo, node: NodeInfo): void {
    this.#run.whatIf().place(pod, node.name)
    this.pods.push(pod)
    this.used.add(node.name)
  }

  #onAny(pod: PodInfo): boolean {
    const trial = this.#run.whatIf().trial(pod)
    const node = this.#nodes.find((each) => trial(each) === null)
    if (node) this.#take(pod, node)
    return node !== undefined
  }

  /** On the newest node, or on one more; false when no more Pods like it can be helped. */
  #onNew(pod: PodInfo): boolean {
    const last = this.#nodes.at(-1)
    if (last) {
      const verdict = this.#run.whatIf().trial(pod)(last)
      if (verdict === null) {
        this.#take(pod, last)
        return true
      }
      const spread = pod.pod.spec.topologySpreadConstraints?.some(({ topologyKey }) => topologyKey === HOSTNAME)
      if (spread && verdict.reasons.includes(UNEVEN) && this.#onAny(pod)) return true
      // A node that took nobody shows what the next would be.
      if (!this.used.has(last.name)) return false
    }
    if (this.#nodes.length >= this.#limit) {
      const text = `Capping binpacking after exceeding threshold of ${this.#limit} nodes`
      this.#run.log(4, 'threshold_based_limiter.go:59', text)
      this.#full = true
      return false
    }
    const node = imagine(this.#template, `e-${this.#nodes.length}`, this.#run.whatIf())
    this.#nodes.push(node)
    return this.#put(pod, node)
  }
}
