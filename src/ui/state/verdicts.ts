/** Why a pod waits, machine by machine, and the smallest change that would end it. */
import type { Node, Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { parseQuantity } from '#api/quantity.ts'
import type { Explanation } from '#api/request.ts'
import { t, type Word } from '../words/index.ts'
import type { Scene } from './scene.ts'

export interface NodeWord {
  /** What stands in the machine's card: `no: 0.4 CPU short`. */
  short: string
  /** Kubernetes' own words, with the plugin that said them. */
  long: string
}

export interface Verdict {
  pod: string
  byNode: ReadonlyMap<string, NodeWord>
  /** Smallest change first. */
  fixes: readonly Fix[]
}

export interface Fix {
  text: string
  /** What one would type; absent where it is about the manifest. */
  command?: string
  action?: 'add-node' | 'uncordon'
  node?: string
}

const amount = (value: string | number | undefined): number =>
  value === undefined ? 0 : Number(parseQuantity(value)?.nano ?? 0n) / 1e9

/** What a pod asks for: the sum of its containers, or its largest init container where that is more. */
export function requestOf(pod: Pod, what: string): number {
  const of = (c: { resources?: { requests?: Record<string, string | number> } }): number => amount(c.resources?.requests?.[what])
  const sum = pod.spec.containers.reduce((total, c) => total + of(c), 0)
  return Math.max(sum, ...(pod.spec.initContainers ?? []).map(of))
}

const isOver = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

function freeOn(scene: Scene, node: Node, what: string): number {
  const taken = scene.podsOn(node.metadata.name).reduce((sum, pod) => sum + (isOver(pod) ? 0 : requestOf(pod, what)), 0)
  return amount(node.status?.allocatable?.[what]) - taken
}

const trim = (n: number): string => String(Number(n.toFixed(n < 1 ? 2 : 1)))
/** `0.4 CPU`, `256 MiB`. */
export function sizeText(what: string, n: number): string {
  if (what === 'cpu') return `${trim(n)} CPU`
  if (what !== 'memory' && !what.startsWith('ephemeral')) return `${trim(n)} ${what}`
  return n >= 2 ** 30 ? `${trim(n / 2 ** 30)} GiB` : `${Math.ceil(n / 2 ** 20)} MiB`
}

const SHORT: [RegExp, Word][] = [
  [/were unschedulable/, 'cordoned'],
  [/untolerated taint \{([^:}]+)/, 'taint $1'],
  [/untolerated taint/, 'its taints keep it off'],
  [/node affinity\/selector/, 'labels do not match'],
  [/free ports/, 'port is taken'],
  [/Too many pods/, 'no seat left'],
  [/topology spread/, 'would be uneven'],
  [/anti-affinity/, 'keeps away from others'],
  [/pod affinity/, 'its company is elsewhere'],
  [/volume node affinity|available persistent volumes/, 'its volume is elsewhere'],
]

function wordFor(scene: Scene, pod: Pod, node: Node, plugin: string, reasons: readonly string[]): NodeWord {
  const shorts = reasons.map((reason) => {
    const what = /^Insufficient (.+)$/.exec(reason)?.[1]
    if (what) return t('{size} short', { size: sizeText(what, requestOf(pod, what) - Math.max(0, freeOn(scene, node, what))) })
    const known = SHORT.find(([pattern]) => pattern.test(reason))
    return known ? reason.replace(new RegExp(`^.*?${known[0].source}.*$`), t(known[1])) : reason.replace(/^node\(s\) /, '')
  })
  return {
    short: t('no: {reasons}', { reasons: shorts.join(', ') }),
    long: `${plugin ? `${plugin}: ` : ''}${reasons.join(', ')}`,
  }
}

/** Where nobody can be asked (a real cluster): what can be told from the objects alone. */
function guess(scene: Scene, pod: Pod, node: Node): string[] {
  if (node.spec.unschedulable) return ['node(s) were unschedulable']
  const taint = node.spec.taints?.find(
    (t) => t.effect !== 'PreferNoSchedule' && !pod.spec.tolerations?.some((o) => !o.key || o.key === t.key),
  )
  if (taint) return [`node(s) had untolerated taint {${taint.key}: ${taint.value ?? ''}}`]
  const wanted = Object.entries(pod.spec.nodeSelector ?? {})
  if (wanted.some(([key, value]) => node.metadata.labels?.[key] !== value))
    return ["node(s) didn't match Pod's node affinity/selector"]
  const asked = new Set(pod.spec.containers.flatMap((c) => Object.keys(c.resources?.requests ?? {})))
  return [...asked].filter((what) => requestOf(pod, what) > freeOn(scene, node, what)).map((what) => `Insufficient ${what}`)
}

export function verdictOn(scene: Scene, pod: Pod, explanation: Explanation | null): Verdict {
  const said = new Map(explanation?.nodes.map((n) => [n.node, n.rejected]) ?? [])
  const byNode = new Map<string, NodeWord>()
  const reasons = new Map<string, readonly string[]>()
  for (const node of scene.nodes()) {
    const { name } = node.metadata
    const rejected = said.get(name)
    const why = rejected?.reasons ?? (explanation ? [] : guess(scene, pod, node))
    if (why.length === 0) continue
    reasons.set(name, why)
    byNode.set(name, wordFor(scene, pod, node, rejected?.plugin ?? '', why))
  }
  return { pod: keyOf(pod.metadata), byNode, fixes: fixesFor(scene, pod, reasons) }
}

/** The smallest change for each kind of obstacle; the node that is nearest to fitting counts. */
function fixesFor(scene: Scene, pod: Pod, reasons: ReadonlyMap<string, readonly string[]>): Fix[] {
  const fixes: Fix[] = []
  const nodes = scene.nodes().filter((node) => reasons.has(node.metadata.name))
  const only = (pattern: RegExp): Node[] => nodes.filter((n) => reasons.get(n.metadata.name)?.every((r) => pattern.test(r)))
  const cordoned = only(/were unschedulable/)[0]?.metadata.name
  if (cordoned)
    fixes.push({
      text: t('Uncordon {cordoned}', { cordoned }),
      command: `kubectl uncordon ${cordoned}`,
      action: 'uncordon',
      node: cordoned,
    })
  const nearest = nearestFit(scene, pod, only(/^Insufficient /))
  if (nearest) fixes.push({ text: nearest })
  const tainted = only(/untolerated taint/)[0]
  const taint = tainted?.spec.taints?.find((t) => t.effect !== 'PreferNoSchedule')
  if (tainted && taint)
    fixes.push({
      text: t('Tolerate the taint {key} of {name}, or take it away', { key: taint.key, name: tainted.metadata.name }),
    })
  const selector = Object.entries(pod.spec.nodeSelector ?? {})[0]
  const other = only(/node affinity\/selector/)[0]
  if (selector && other)
    fixes.push({
      text: t('Label {name} with {label}', { name: other.metadata.name, label: selector.join('=') }),
      command: `kubectl label node ${other.metadata.name} ${selector.join('=')}`,
    })
  return fixes
}

function nearestFit(scene: Scene, pod: Pod, nodes: Node[]): string | null {
  const gaps = nodes.map((node) => {
    const short = ['cpu', 'memory']
      .map((what) => ({ what, need: requestOf(pod, what), gap: requestOf(pod, what) - Math.max(0, freeOn(scene, node, what)) }))
      .filter(({ gap }) => gap > 0)
    return { node: node.metadata.name, short, share: short.reduce((sum, { gap, need }) => sum + gap / need, 0) }
  })
  const best = gaps.filter(({ short }) => short.length > 0).sort((a, b) => a.share - b.share)[0]
  if (!best) return null
  const less = best.short.map(({ what, gap }) => sizeText(what, gap)).join(t(' and '))
  const [first] = best.short
  const whole = best.short.length === 1 && first && first.gap >= first.need
  const { node } = best
  return whole
    ? t('Free {less} on {node}', { less, node })
    : t('Ask for {less} less, or free that much on {node}', { less, node })
}
