/** Why a Pod fits nowhere: verdicts per node, kept as references, and the message made of them when it is read. */
import type { NodeInfo } from './node-info.ts'
import { hopeless, type Verdict } from './verdict.ts'

export class Diagnosis {
  /** How many nodes there are. */
  readonly all: number
  /** Nodes that were looked at and turned down. */
  readonly verdicts = new Map<NodeInfo, Verdict>()
  /** What holds for nodes that were not looked at. */
  absent: Verdict | null = null
  /** Set when a PreFilter plugin refused the Pod outright. */
  refused: Verdict | null = null
  postFilter = ''
  /** Names of the plugins whose verdicts have to change before the Pod is worth another try. */
  readonly plugins = new Set<string>()

  constructor(all: number) {
    this.all = all
  }

  set(node: NodeInfo, verdict: Verdict): void {
    this.verdicts.set(node, verdict)
    if (verdict.plugin) this.plugins.add(verdict.plugin)
  }

  verdictOf(node: NodeInfo): Verdict | null {
    return this.verdicts.get(node) ?? this.absent
  }

  /** "0/3 nodes are available: 1 Insufficient cpu, 2 node(s) were unschedulable. …" (scheduler framework FitError). */
  message(): string {
    const start = `0/${this.all} nodes are available:`
    const reasons = this.refused ? ` ${this.refused.reasons.join(', ')}.` : this.#histogram()
    return `${start}${reasons}${this.postFilter ? ` ${this.postFilter}` : ''}`
  }

  #histogram(): string {
    const counts = new Map<string, number>()
    const count = (verdict: Verdict, times: number) => {
      for (const reason of verdict.reasons) counts.set(reason, (counts.get(reason) ?? 0) + times)
    }
    const perVerdict = new Map<Verdict, number>()
    for (const verdict of this.verdicts.values()) perVerdict.set(verdict, (perVerdict.get(verdict) ?? 0) + 1)
    for (const [verdict, times] of perVerdict) count(verdict, times)
    const rest = this.all - this.verdicts.size
    if (this.absent && rest > 0) count(this.absent, rest)
    if (counts.size === 0) return ''
    const texts = [...counts].map(([reason, times]) => `${times} ${reason}`)
    return ` ${texts.sort(byBytes).join(', ')}.`
  }
}

const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

/** What holds for the nodes that a PreFilter plugin's choice of nodes left out. */
export const leftOut = (plugins: readonly string[]): Verdict =>
  hopeless('', `node(s) didn't satisfy plugin(s) [${[...plugins].sort().join(' ')}]`)
