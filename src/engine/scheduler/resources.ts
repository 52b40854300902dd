/** What a Pod asks for, as plain integers, parsed once for all lists that are alike (component-helpers resource.PodRequests). */
import type { Container, Pod, ResourceList } from '#api/kinds.ts'
import { milliOf, wholeOf } from '#api/quantity.ts'

/** CPU in thousandths, the rest in bytes or counts; `scalars` are extended resources and huge pages. */
export interface Amounts {
  readonly cpu: number
  readonly memory: number
  readonly ephemeral: number
  readonly scalars: Readonly<Record<string, number>> | null
}

/** A Pod's requests, and the same with a floor under containers that name no CPU or memory, used for scoring. */
export interface Requests extends Amounts {
  readonly nonZeroCpu: number
  readonly nonZeroMemory: number
}

/** Asked for in scoring by a container that asks for nothing (scheduler/util DefaultMilliCPURequest, DefaultMemoryRequest). */
const DEFAULT_MILLI_CPU = 100
const DEFAULT_MEMORY = 200 * 1024 * 1024

export const isScalar = (name: string): boolean =>
  name.includes('/') || name.startsWith('hugepages-') || name.startsWith('attachable-volumes-')

/** Lists remembered; beyond, all are read anew. */
const KNOWN = 2000

const NOTHING: Requests = { cpu: 0, memory: 0, ephemeral: 0, scalars: null, nonZeroCpu: 0, nonZeroMemory: 0 }
const MISSING: Requests = { ...NOTHING, nonZeroCpu: DEFAULT_MILLI_CPU, nonZeroMemory: DEFAULT_MEMORY }

const parsed = new Map<string, Requests>()

/** One container's requests: one object for all lists that say the same, so that a Pod costs none of its own. */
export function amountsOf(list: ResourceList | undefined): Requests {
  if (!list) return MISSING
  let key = ''
  for (const name in list) key += `${name}=${list[name]};`
  let amounts = parsed.get(key)
  if (!amounts) {
    amounts = parse(list)
    if (parsed.size >= KNOWN) parsed.clear()
    parsed.set(key, amounts)
  }
  return amounts
}

function parse(list: ResourceList): Requests {
  let scalars: Record<string, number> | null = null
  for (const name in list) {
    if (!isScalar(name)) continue
    scalars ??= {}
    scalars[name] = wholeOf(list[name])
  }
  const cpu = milliOf(list.cpu)
  const memory = wholeOf(list.memory)
  return {
    cpu,
    memory,
    ephemeral: wholeOf(list['ephemeral-storage']),
    scalars,
    nonZeroCpu: list.cpu === undefined ? DEFAULT_MILLI_CPU : cpu,
    nonZeroMemory: list.memory === undefined ? DEFAULT_MEMORY : memory,
  }
}

type Join = (a: number, b: number) => number
const add: Join = (a, b) => a + b
const larger: Join = (a, b) => Math.max(a, b)

function joinScalars(a: Amounts['scalars'], b: Amounts['scalars'], join: Join): Amounts['scalars'] {
  if (!b) return a
  if (!a) return b
  const joined: Record<string, number> = { ...a }
  for (const name in b) joined[name] = join(joined[name] ?? 0, b[name] as number)
  return joined
}

const combine = (a: Requests, b: Requests, join: Join): Requests => ({
  cpu: join(a.cpu, b.cpu),
  memory: join(a.memory, b.memory),
  ephemeral: join(a.ephemeral, b.ephemeral),
  scalars: joinScalars(a.scalars, b.scalars, join),
  nonZeroCpu: join(a.nonZeroCpu, b.nonZeroCpu),
  nonZeroMemory: join(a.nonZeroMemory, b.nonZeroMemory),
})

/**
 * The requests the scheduler counts for a Pod: containers and sidecars run together, init containers one after another,
 * pod-level requests replace the sums, overhead comes on top. For a running Pod under resize, the largest of what the
 * spec asks, the kubelet has allocated and the runtime has enacted.
 */
export function requestsOf(pod: Pod): Requests {
  const { spec } = pod
  const first = spec.containers[0]
  const plain = !spec.initContainers?.length && !spec.overhead && !spec.resources?.requests
  if (plain && first && spec.containers.length === 1) return containerRequests(pod, first)
  let sum = NOTHING
  for (const container of spec.containers) sum = combine(sum, containerRequests(pod, container), add)
  sum = withInitContainers(pod, sum)
  if (spec.resources?.requests) sum = withPodLevel(sum, spec.resources.requests)
  if (spec.overhead) {
    const overhead = amountsOf(spec.overhead)
    sum = combine(sum, { ...overhead, nonZeroCpu: overhead.cpu, nonZeroMemory: overhead.memory }, add)
  }
  return sum
}

function withInitContainers(pod: Pod, containers: Requests): Requests {
  let sum = containers
  let sidecars = NOTHING
  let peak = NOTHING
  for (const container of pod.spec.initContainers ?? []) {
    const own = containerRequests(pod, container)
    if (container.restartPolicy === 'Always') {
      sum = combine(sum, own, add)
      sidecars = combine(sidecars, own, add)
      peak = combine(peak, sidecars, larger)
    } else peak = combine(peak, combine(own, sidecars, add), larger)
  }
  return combine(sum, peak, larger)
}

function withPodLevel(sum: Requests, list: ResourceList): Requests {
  const own = amountsOf(list)
  const huge = Object.entries(own.scalars ?? {}).filter(([name]) => name.startsWith('hugepages-'))
  return {
    ...sum,
    ...(list.cpu === undefined ? {} : { cpu: own.cpu, nonZeroCpu: own.cpu }),
    ...(list.memory === undefined ? {} : { memory: own.memory, nonZeroMemory: own.memory }),
    scalars: huge.length > 0 ? { ...sum.scalars, ...Object.fromEntries(huge) } : sum.scalars,
  }
}

function containerRequests(pod: Pod, container: Container): Requests {
  const asked = amountsOf(container.resources?.requests)
  const statuses = container.restartPolicy === 'Always' ? pod.status?.initContainerStatuses : pod.status?.containerStatuses
  if (!statuses) return asked
  const status = statuses.find((s) => s.name === container.name)
  if (!status?.resources) return asked
  const enacted = amountsOf(status.resources.requests)
  const allocated = amountsOf(status.allocatedResources)
  const inPlace = atLeast(enacted, allocated)
  const resize = pod.status?.conditions?.find((c) => c.type === 'PodResizePending')
  return resize?.reason === 'Infeasible' ? inPlace : atLeast(asked, inPlace)
}

/** The larger of both, and `a` itself when nothing of `b` is larger: no new object for Pods that are not being resized. */
function atLeast(a: Requests, b: Requests): Requests {
  const covered = a.cpu >= b.cpu && a.memory >= b.memory && a.ephemeral >= b.ephemeral
  if (covered && !b.scalars) return a
  const most = combine(a, { ...b, nonZeroCpu: b.cpu, nonZeroMemory: b.memory }, larger)
  return sameAmounts(most, a) ? a : most
}

export function sameAmounts(a: Requests, b: Requests): boolean {
  if (a === b) return true
  if (a.cpu !== b.cpu || a.memory !== b.memory || a.ephemeral !== b.ephemeral) return false
  if (a.nonZeroCpu !== b.nonZeroCpu || a.nonZeroMemory !== b.nonZeroMemory) return false
  const names = new Set([...Object.keys(a.scalars ?? {}), ...Object.keys(b.scalars ?? {})])
  for (const name of names) if ((a.scalars?.[name] ?? 0) !== (b.scalars?.[name] ?? 0)) return false
  return true
}
