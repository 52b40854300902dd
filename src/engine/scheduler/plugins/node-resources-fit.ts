/** Keeps a Pod off nodes without the room it asks for, and prefers the emptier ones (strategy LeastAllocated). */
import type { Node, Pod } from '#api/kinds.ts'
import { MAX_SCORE, plugin, ready } from '../framework.ts'
import { NodeInfo } from '../node-info.ts'
import type { PodInfo } from '../pod-info.ts'
import { type Requests, requestsOf } from '../resources.ts'
import { hopeless, unschedulable, type Verdict } from '../verdict.ts'

const NAME = 'NodeResourcesFit'

const TOO_MANY_PODS = 1
const CPU = 2
const MEMORY = 4
const EPHEMERAL = 8
/** More than the whole node has: no preemption could help. */
const BEYOND = 16

const TEXTS: readonly [bit: number, text: string][] = [
  [TOO_MANY_PODS, 'Too many pods'],
  [CPU, 'Insufficient cpu'],
  [MEMORY, 'Insufficient memory'],
  [EPHEMERAL, 'Insufficient ephemeral-storage'],
]

const known = new Map<string, Verdict>()

/** One object for each combination that occurs: verdicts are told apart by identity. */
function verdictFor(lacks: number, scalars: readonly string[]): Verdict {
  const key = `${lacks} ${scalars.join(' ')}`
  let verdict = known.get(key)
  if (!verdict) known.set(key, (verdict = newVerdict(lacks, scalars)))
  return verdict
}

const newVerdict = (lacks: number, scalars: readonly string[]): Verdict => {
  const reasons = TEXTS.filter(([bit]) => lacks & bit).map(([, text]) => text)
  reasons.push(...scalars.map((name) => `Insufficient ${name}`))
  return lacks & BEYOND ? hopeless(NAME, ...reasons) : unschedulable(NAME, ...reasons)
}

/** One verdict per combination of what is lacking, made once. */
const common: readonly Verdict[] = Array.from({ length: 32 }, (_, lacks) => newVerdict(lacks, []))

function lacking(asks: Requests, node: NodeInfo, pods: number): Verdict | null {
  let lacks = pods + 1 > node.podLimit ? TOO_MANY_PODS : 0
  if (asks.cpu > 0 && asks.cpu > node.cpu - node.usedCpu) lacks |= asks.cpu > node.cpu ? CPU | BEYOND : CPU
  if (asks.memory > 0 && asks.memory > node.memory - node.usedMemory) {
    lacks |= asks.memory > node.memory ? MEMORY | BEYOND : MEMORY
  }
  if (asks.ephemeral > 0 && asks.ephemeral > node.ephemeral - node.usedEphemeral) {
    lacks |= asks.ephemeral > node.ephemeral ? EPHEMERAL | BEYOND : EPHEMERAL
  }
  if (asks.scalars) return lackingScalars(asks.scalars, node, lacks)
  return lacks === 0 ? null : (common[lacks] as Verdict)
}

function lackingScalars(asks: Readonly<Record<string, number>>, node: NodeInfo, lacks: number): Verdict | null {
  const short: string[] = []
  for (const name in asks) {
    const wanted = asks[name] as number
    const room = node.scalars?.[name] ?? 0
    if (wanted === 0 || wanted <= room - (node.usedScalars?.[name] ?? 0)) continue
    short.push(name)
    if (wanted > room) lacks |= BEYOND
  }
  if (short.length > 0) return verdictFor(lacks, short)
  return lacks === 0 ? null : (common[lacks] as Verdict)
}

const least = (used: number, room: number): number => (used > room ? 0 : Math.trunc(((room - used) * MAX_SCORE) / room))

function roomOf(node: Node): NodeInfo {
  const info = new NodeInfo(node.metadata.name)
  info.setNode(node)
  return info
}

/** Whether the node, if it were empty, would hold the Pod, and has more of something the Pod asks for than before. */
function moreRoom(pod: Pod, old: Node | null, next: Node): boolean {
  const asks = requestsOf(pod)
  const after = roomOf(next)
  if (lacking(asks, after, 0)) return false
  if (!old) return true
  const before = roomOf(old)
  if (after.podLimit > before.podLimit) return true
  if (asks.cpu > 0 && after.cpu > before.cpu) return true
  if (asks.memory > 0 && after.memory > before.memory) return true
  if (asks.ephemeral > 0 && after.ephemeral > before.ephemeral) return true
  return Object.keys(asks.scalars ?? {}).some((name) => (after.scalars?.[name] ?? 0) > (before.scalars?.[name] ?? 0))
}

/** The Pod itself asks for less, or one with a node freed something that it asks for. */
function freed(pod: Pod, old: Pod, next: Pod): boolean {
  if (next.metadata.uid === pod.metadata.uid) return true
  if (!next.spec.nodeName) return false
  const [asks, before, after] = [requestsOf(pod), requestsOf(old), requestsOf(next)]
  if (asks.cpu > 0 && before.cpu > after.cpu) return true
  if (asks.memory > 0 && before.memory > after.memory) return true
  return asks.ephemeral > 0 && before.ephemeral > after.ephemeral
}

export const nodeResourcesFit = plugin({
  name: NAME,
  weight: 1,
  local: true,
  preFilter: () => ready,
  filter: ({ requests }: PodInfo, node) => lacking(requests, node, node.pods.length),
  score({ shape: { ofContainers: requests } }, node) {
    let sum = 0
    let weights = 0
    if (node.cpu > 0) {
      sum += least(node.nonZeroCpu + requests.nonZeroCpu, node.cpu)
      weights += 1
    }
    if (node.memory > 0) {
      sum += least(node.nonZeroMemory + requests.nonZeroMemory, node.memory)
      weights += 1
    }
    return weights === 0 ? 0 : Math.trunc(sum / weights)
  },
  retryOn: {
    'node/add': moreRoom,
    'node/allocatable': moreRoom,
    'pod/delete': true,
    'pod/scale-down': freed,
  },
})
