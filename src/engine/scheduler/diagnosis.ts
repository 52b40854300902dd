/** Why a Pod fits nowhere: short codes per node, and the message made of them when it is read. */
import { byBytes } from '#api/text-order.ts'
import type { NodeInfo } from './node-info.ts'
import { hopeless, type Verdict } from './verdict.ts'

/** Nodes of which the order is kept in which they were turned down: what an explanation can show. */
export const SHOWN = 100

export class Diagnosis {
  /** How many nodes there are. */
  readonly all: number
  /** How many were looked at and turned down. */
  size = 0
  /** The first nodes turned down, by position. */
  readonly first: number[] = []
  /** What holds for nodes that were not looked at. */
  absent: Verdict | null = null
  /** Set when a PreFilter plugin refused the Pod outright. */
  refused: Verdict | null = null
  postFilter = ''
  /** Names of the plugins whose verdicts have to change before the Pod is worth another try. */
  readonly plugins = new Set<string>()
  /** By position: one more than the verdict's place below; 0 for nodes that were not turned down. */
  #codes: Uint16Array | null = null
  readonly #verdicts: Verdict[] = []
  readonly #counts: number[] = []
  #last = 0

  constructor(all: number) {
    this.all = all
  }

  set(position: number, verdict: Verdict): void {
    this.#codes ??= new Uint16Array(this.all)
    let code = this.#last
    if (this.#verdicts[code] !== verdict) {
      code = this.#verdicts.indexOf(verdict)
      if (code < 0) code = this.#meet(verdict)
      this.#last = code
    }
    this.#codes[position] = code + 1
    this.#counts[code] = (this.#counts[code] as number) + 1
    if (this.size < SHOWN) this.first.push(position)
    this.size += 1
  }

  #meet(verdict: Verdict): number {
    if (verdict.plugin) this.plugins.add(verdict.plugin)
    this.#counts.push(0)
    return this.#verdicts.push(verdict) - 1
  }

  verdictAt(position: number): Verdict | null {
    const code = this.#codes?.[position] ?? 0
    return code === 0 ? this.absent : (this.#verdicts[code - 1] as Verdict)
  }
  verdictOf(node: NodeInfo): Verdict | null {
    return this.verdictAt(node.position)
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
    this.#verdicts.forEach((verdict, i) => {
      count(verdict, this.#counts[i] as number)
    })
    const rest = this.all - this.size
    if (this.absent && rest > 0) count(this.absent, rest)
    if (counts.size === 0) return ''
    const texts = [...counts].map(([reason, times]) => `${times} ${reason}`)
    return ` ${texts.sort(byBytes).join(', ')}.`
  }
}

/** What holds for the nodes that a PreFilter plugin's choice of nodes left out. */
export const leftOut = (plugins: readonly string[]): Verdict =>
  hopeless('', `node(s) didn't satisfy plugin(s) [${[...plugins].sort().join(' ')}]`)
