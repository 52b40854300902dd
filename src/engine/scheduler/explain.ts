/** Why a Pod is where it is: every plugin's last word on every node, kept as short codes and read out on demand. */
import type { Explanation, NodeVerdict } from '#api/request.ts'
import type { Decision } from './cycle.ts'
import type { NodeInfo } from './node-info.ts'
import type { Verdict, VerdictKind } from './verdict.ts'

interface Entry {
  at: number
  node: string
  message: string
  nominated: string
  nodes: string[]
  /** Per node an index into `verdicts`, or -1. */
  codes: number[]
  verdicts: { plugin: string; kind: VerdictKind; reasons: readonly string[] }[]
  plugins: string[]
  /** One column per plugin with a row per fitting node; empty when nothing was scored. */
  scores: (Float64Array | readonly number[])[]
  unseen: number
}

/** Pods and nodes per Pod remembered: enough for every cluster that fits on a screen. */
const PODS = 512
const NODES = 100

export class Explanations {
  #entries = new Map<string, Entry>()

  record(key: string, at: number, decision: Decision, total: number, message = ''): void {
    const { node, feasible, diagnosis, scores, postFilter } = decision
    const entry: Entry = {
      at,
      node: node?.name ?? '',
      message,
      nominated: postFilter?.nominated ?? '',
      nodes: [],
      codes: [],
      verdicts: [],
      plugins: [...(scores?.plugins ?? [])],
      scores: scores?.columns.map((column) => column.slice(0, NODES)) ?? [],
      unseen: diagnosis.absent ? 0 : total - feasible.length - diagnosis.verdicts.size,
    }
    for (const info of feasible.slice(0, NODES)) {
      entry.nodes.push(info.name)
      entry.codes.push(-1)
    }
    addRejected(entry, diagnosis.verdicts)
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size > PODS) this.#entries.delete(this.#entries.keys().next().value as string)
  }

  forget(key: string): void {
    this.#entries.delete(key)
  }

  explain(key: string): Explanation | undefined {
    const entry = this.#entries.get(key)
    if (!entry) return undefined
    const { at, node, message, nominated, unseen } = entry
    return {
      pod: key,
      at,
      ...(node ? { node } : {}),
      ...(message ? { message } : {}),
      ...(nominated ? { nominated } : {}),
      nodes: entry.nodes.map((name, i) => nodeVerdict(entry, name, i)),
      unseen,
    }
  }

  save(): unknown {
    return [...this.#entries].map(([key, entry]) => [key, { ...entry, scores: entry.scores.map((column) => [...column]) }])
  }
  load(saved: any): void {
    this.#entries = new Map(saved)
  }
}

function addRejected(entry: Entry, verdicts: ReadonlyMap<NodeInfo, Verdict>): void {
  const codes = new Map<Verdict, number>()
  for (const [info, verdict] of verdicts) {
    if (entry.nodes.length >= NODES) return
    let code = codes.get(verdict)
    if (code === undefined) {
      code = entry.verdicts.length
      codes.set(verdict, code)
      entry.verdicts.push(verdict)
    }
    entry.nodes.push(info.name)
    entry.codes.push(code)
  }
}

function nodeVerdict(entry: Entry, node: string, i: number): NodeVerdict {
  const verdict = entry.verdicts[entry.codes[i] as number]
  if (verdict) {
    const { plugin, reasons, kind } = verdict
    return { node, rejected: { plugin, reasons: [...reasons], preemptionMayHelp: kind === 'Unschedulable' } }
  }
  if (entry.scores.length === 0) return { node }
  const row = entry.scores.map((column) => column[i] as number)
  const scores = Object.fromEntries(entry.plugins.map((plugin, p) => [plugin, row[p] as number]))
  return { node, scores, total: row.reduce((sum, score) => sum + score, 0) }
}
