/** A page of `kubectl describe`: indented lines with tabs between label and value, aligned at the end; and its usual parts. */
import type { LabelSelector } from '#api/meta.ts'
import { humanDuration, parseTime } from '#api/time.ts'
import { DESCRIBE_TABS, tabbed } from '../print/tab-writer.ts'

/** What terminals would obey is shown instead (kubectl's WriteEscaped). */
const escaped = (text: string): string => text.replaceAll('\x1b', '^[').replaceAll('\r', '\\r')

export class Page {
  readonly now: number
  #text = ''
  constructor(now: number) {
    this.now = now
  }

  /** Adds text as it is, behind `level` steps of indentation. */
  put(level: number, text: string): void {
    this.#text += '  '.repeat(level) + escaped(text)
  }
  line(level: number, text: string): void {
    this.put(level, `${text}\n`)
  }
  /** `Label:⇥value`. */
  field(level: number, label: string, value: unknown): void {
    this.line(level, `${label}:\t${value}`)
  }
  /** With its tabs, as `rollout history` prints it. */
  get raw(): string {
    return this.#text
  }
  toString(): string {
    return tabbed(this.#text, DESCRIBE_TABS)
  }

  /** Name and namespace, labels and annotations: how most pages begin. */
  head({ metadata }: { metadata: { name: string; namespace?: string } & Marks }, namespace = true): void {
    this.field(0, 'Name', metadata.name)
    if (namespace) this.field(0, 'Namespace', metadata.namespace ?? '')
    this.marks(metadata)
  }
  marks({ labels, annotations }: Marks): void {
    this.pairs('Labels', labels)
    this.annotations('Annotations', annotations)
  }

  /** Each of several values in a line of its own, the label before the first. */
  several(title: string, values: readonly string[], indent = ''): void {
    this.put(0, `${indent}${title}:\t`)
    if (values.length === 0) return this.line(0, '<none>')
    values.forEach((value, i) => this.line(0, i === 0 ? value : `${indent}\t${value}`))
  }
  pairs(title: string, labels: Record<string, string> | undefined, indent = ''): void {
    const entries = Object.entries(labels ?? {}).sort(byFirst)
    this.several(
      title,
      entries.map(([key, value]) => `${key}=${value}`),
      indent,
    )
  }
  annotations(title: string, annotations: Record<string, string> | undefined): void {
    this.put(0, `${title}:\t`)
    const entries = Object.entries(annotations ?? {}).filter(
      ([key]) => key !== 'kubectl.kubernetes.io/last-applied-configuration',
    )
    if (entries.length === 0) return this.line(0, '<none>')
    entries.sort(byFirst).forEach(([key, raw], i) => {
      const value = raw.replace(/\n$/, '')
      if (i > 0) this.put(0, '\t')
      if (value.length + key.length + 2 <= MAX_ANNOTATION && !value.includes('\n')) return this.line(0, `${key}: ${value}`)
      this.line(0, `${key}:`)
      for (const line of value.split('\n')) this.line(0, `\t  ${shorten(line, MAX_ANNOTATION - 2)}`)
    })
  }

  /** Heads and rows of a small table, with a rule of dashes below the heads. */
  table(level: number, heads: readonly string[], rows: readonly (readonly unknown[])[]): void {
    this.line(level, heads.join('\t'))
    this.line(level, heads.map((head) => '-'.repeat(head.length)).join('\t'))
    for (const row of rows) this.line(level, row.join('\t'))
  }
  /** `for 3m`, since a moment. */
  since(time: string | null | undefined): string {
    const at = parseTime(time)
    return Number.isNaN(at) ? '<unknown>' : humanDuration(this.now - at)
  }
}

interface Marks {
  labels?: Record<string, string>
  annotations?: Record<string, string>
}

const MAX_ANNOTATION = 140
export const shorten = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most)}...` : text)
export const byFirst = ([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]): number =>
  a < b ? -1 : a > b ? 1 : 0

/** Go's RFC1123Z, in UTC. */
export function longTime(time: string | null | undefined): string {
  const at = parseTime(time)
  return Number.isNaN(at) ? 'Mon, 01 Jan 0001 00:00:00 +0000' : new Date(at).toUTCString().replace('GMT', '+0000')
}

export const yes = (value: boolean | undefined): string => (value ? 'True' : 'False')
export const yesOrUnset = (value: boolean | undefined): string => (value === undefined ? '<unset>' : yes(value))
export const orNone = (text: string | undefined): string => text || '<none>'
/** Go's %q of simple texts. */
export const quoted = (text: string): string => JSON.stringify(text)

/** labels.FormatLabels. */
export const mapText = (labels: Record<string, string> | undefined): string =>
  Object.entries(labels ?? {})
    .sort(byFirst)
    .map(([key, value]) => `${key}=${value}`)
    .join(',') || '<none>'

/** labels.Selector.String(): sorted by key; matchLabels as `=`. */
export function selectorText(selector: LabelSelector | null | undefined): string {
  const parts: [string, string][] = Object.entries(selector?.matchLabels ?? {}).map(([key, value]) => [key, `${key}=${value}`])
  for (const { key, operator, values = [] } of selector?.matchExpressions ?? []) {
    const list = `(${[...values].sort().join(',')})`
    const text = { In: `${key} in ${list}`, NotIn: `${key} notin ${list}`, Exists: key, DoesNotExist: `!${key}` }[operator]
    parts.push([key, text ?? key])
  }
  return parts
    .sort(byFirst)
    .map(([, text]) => text)
    .join(',')
}

/** Go's %v of a list of strings. */
export const goList = (values: readonly unknown[] | undefined): string => `[${(values ?? []).join(' ')}]`

export const controllerText = (metadata: {
  ownerReferences?: { kind: string; name: string; controller?: boolean }[]
}): string => {
  const owner = metadata.ownerReferences?.find((o) => o.controller)
  return owner ? `${owner.kind}/${owner.name}` : ''
}
