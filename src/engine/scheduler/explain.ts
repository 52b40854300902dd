/** Why a Pod is where it is: every plugin's last word on every node, kept as short texts and read out on demand. */
import type { Explanation, NodeVerdict } from '#api/request.ts'
import type { Decision } from './cycle.ts'
import { SHOWN } from './diagnosis.ts'
import type { NodeInfo } from './node-info.ts'
import type { Scores } from './scoring.ts'
import type { Verdict } from './verdict.ts'

interface Entry {
  at: number
  node: string
  message: string
  nominated: string
  /** Which nodes: a character for each, its code the place in the list of names. Those that fit come first. */
  nodes: string
  fitting: number
  /** For each of the others a character: the place of its verdict. */
  codes: string
  verdicts: readonly Verdict[]
  columns: readonly ShownColumn[]
  /** Node by node a character for each plugin whose scores differ: the normalised score. */
  scores: string
  unseen: number
}

interface ShownColumn {
  plugin: string
  weight: number
  /** The same score for all nodes; -1 when they differ. */
  flat: number
}

/** Pods remembered: enough for every cluster that fits on a screen. */
const PODS = 512
/** Names of nodes remembered; beyond, all is forgotten: a text has no character for more. */
const NAMES = 60_000

const text = (codes: readonly number[]): string => String.fromCharCode.apply(null, codes as number[])

export class Explanations {
  #entries = new Map<string, Entry>()
  #names: string[] = []
  #numbers = new Map<string, number>()
  /** What the last Pod's entry is made of: the next one often has the same. */
  #nodes = ''
  #columns: readonly ShownColumn[] = []

  record(key: string, at: number, decision: Decision, message = ''): void {
    const { node, candidates, diagnosis, scores, postFilter } = decision
    const { count, rows, nodes } = candidates
    if (this.#names.length + SHOWN > NAMES) this.#clear()
    const fitting = Math.min(count, SHOWN)
    const turnedDown = Math.min(diagnosis.first.length, SHOWN - fitting)
    const shown = new Array<number>(fitting + turnedDown)
    for (let i = 0; i < fitting; i++) shown[i] = this.#number(nodes[rows[i] as number] as NodeInfo)
    const verdicts: Verdict[] = []
    const codes = new Array<number>(turnedDown)
    for (let i = 0; i < turnedDown; i++) {
      const position = diagnosis.first[i] as number
      shown[fitting + i] = this.#number(nodes[position] as NodeInfo)
      codes[i] = placeOf(diagnosis.verdictAt(position) as Verdict, verdicts)
    }
    const list = text(shown)
    if (list !== this.#nodes) this.#nodes = list
    const entry: Entry = {
      at,
      node: node?.name ?? '',
      message,
      nominated: postFilter?.nominated ?? '',
      nodes: this.#nodes,
      fitting,
      codes: text(codes),
      verdicts: verdicts.length === 0 ? NO_VERDICTS : verdicts,
      columns: scores ? this.#shownColumns(scores) : NO_COLUMNS,
      scores: scores ? scoresOf(scores, fitting) : '',
      unseen: diagnosis.absent ? 0 : nodes.length - count - diagnosis.size,
    }
    this.#entries.delete(key)
    this.#entries.set(key, entry)
    if (this.#entries.size > PODS) this.#entries.delete(this.#entries.keys().next().value as string)
  }

  #number(node: NodeInfo): number {
    const { name } = node
    if (this.#names[node.shownAs] === name) return node.shownAs
    let number = this.#numbers.get(name)
    if (number === undefined) {
      number = this.#names.push(name) - 1
      this.#numbers.set(name, number)
    }
    node.shownAs = number
    return number
  }

  #clear(): void {
    this.#entries.clear()
    this.#names = []
    this.#numbers.clear()
  }

  #shownColumns({ columns }: Scores): readonly ShownColumn[] {
    const same = columns.length === this.#columns.length && this.#columns.every((shown, i) => isLike(shown, columns[i]))
    if (!same) {
      this.#columns = columns.map((column) => ({
        plugin: column.plugin.name,
        weight: column.plugin.weight ?? 0,
        flat: flatOf(column),
      }))
    }
    return this.#columns
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
      nodes: Array.from({ length: entry.nodes.length }, (_, i) =>
        nodeVerdict(entry, this.#names[entry.nodes.charCodeAt(i)] as string, i),
      ),
      unseen,
    }
  }

  save(): unknown {
    return { names: this.#names, entries: [...this.#entries] }
  }
  load(saved: any): void {
    this.#entries = new Map(saved.entries)
    this.#names = [...saved.names]
    this.#numbers = new Map(this.#names.map((name, i) => [name, i]))
  }
}

type Column = Scores['columns'][number]

const NO_COLUMNS: readonly ShownColumn[] = []
const NO_VERDICTS: readonly Verdict[] = []
const DIFFERENT = -1

const flatOf = ({ raw, own, flat }: Column): number => (raw || own ? DIFFERENT : flat)

const isLike = (shown: ShownColumn, column: Column | undefined): boolean =>
  column !== undefined && shown.plugin === column.plugin.name && shown.flat === flatOf(column)

function placeOf(verdict: Verdict, verdicts: Verdict[]): number {
  const place = verdicts.indexOf(verdict)
  return place >= 0 ? place : verdicts.push(verdict) - 1
}

function scoresOf(scores: Scores, count: number): string {
  const different: number[] = []
  scores.columns.forEach((column, i) => {
    if (flatOf(column) === DIFFERENT) different.push(i)
  })
  const width = different.length
  const codes = new Array<number>(count * width)
  for (let j = 0; j < width; j++) {
    const column = different[j] as number
    for (let i = 0, at = j; i < count; i++, at += width) codes[at] = scores.of(column, i)
  }
  return text(codes)
}

function nodeVerdict(entry: Entry, node: string, i: number): NodeVerdict {
  const { fitting, columns, scores } = entry
  if (i >= fitting) {
    const { plugin, reasons, kind } = entry.verdicts[entry.codes.charCodeAt(i - fitting)] as Verdict
    return { node, rejected: { plugin, reasons: [...reasons], preemptionMayHelp: kind === 'Unschedulable' } }
  }
  if (columns.length === 0) return { node }
  let at = i * (scores.length / fitting)
  const row: Record<string, number> = {}
  let total = 0
  for (const { plugin, weight, flat } of columns) {
    row[plugin] = weight * (flat === DIFFERENT ? scores.charCodeAt(at++) : flat)
    total += row[plugin] as number
  }
  return { node, scores: row, total }
}
