/** What a pod looks like: one of four colour families, a fill, a glyph, and the words for it (the shape carries the state, not the hue). */
import type { ContainerStatus, Node, Pod } from '#api/kinds.ts'

export type Family = 'good' | 'waiting' | 'bad' | 'done'
export type Fill = 'solid' | 'half' | 'hollow' | 'ring' | 'hatch'
export type Glyph = 'none' | 'cross' | 'loop' | 'pull' | 'burst' | 'exit' | 'tick' | 'unknown'

export interface Look {
  family: Family
  fill: Fill
  glyph: Glyph
  /** As `kubectl get pods` says it in STATUS, or nearly. */
  word: string
  /** Restarts of all containers together. */
  restarts: number
}

const PULL = new Set(['ErrImagePull', 'ImagePullBackOff', 'InvalidImageName', 'ErrImageNeverPull', 'RegistryUnavailable'])
const looks = new WeakMap<Pod, Look>()

/** Remembered per object, for objects are immutable. */
export function lookOf(pod: Pod): Look {
  const known = looks.get(pod)
  if (known) return known
  const look = compute(pod)
  looks.set(pod, look)
  return look
}

function compute(pod: Pod): Look {
  const statuses = [...(pod.status?.initContainerStatuses ?? []), ...(pod.status?.containerStatuses ?? [])]
  const restarts = (pod.status?.containerStatuses ?? []).reduce((sum, c) => sum + c.restartCount, 0)
  const alive = living(pod, statuses)
  if (!pod.metadata.deletionTimestamp) return { ...alive, restarts }
  const lost = pod.status?.reason === 'NodeLost'
  return {
    // Its containers may have ended already, with phase Succeeded: it still goes as what it was.
    family: alive.family === 'done' ? 'good' : alive.family,
    fill: 'hatch',
    glyph: lost ? 'unknown' : 'none',
    word: lost ? 'Unknown' : 'Terminating',
    restarts,
  }
}

type Bare = Omit<Look, 'restarts'>
const bad = (glyph: Glyph, word: string): Bare => ({ family: 'bad', fill: 'solid', glyph, word })
const waiting = (fill: Fill, word: string): Bare => ({ family: 'waiting', fill, glyph: 'none', word })

function living(pod: Pod, statuses: ContainerStatus[]): Bare {
  const { status } = pod
  if (status?.reason === 'Evicted') return bad('exit', 'Evicted')
  if (status?.phase === 'Succeeded') return { family: 'done', fill: 'hollow', glyph: 'tick', word: 'Completed' }
  if (status?.phase === 'Unknown') return { family: 'done', fill: 'hatch', glyph: 'unknown', word: 'Unknown' }
  const trouble = statuses.map(troubleOf).find((t) => t !== undefined)
  if (status?.phase === 'Failed') return trouble ?? bad('cross', status.reason ?? 'Error')
  if (!pod.spec.nodeName) return waiting('hollow', pod.spec.schedulingGates?.length ? 'SchedulingGated' : 'Pending')
  if (trouble) return trouble
  if (status?.phase !== 'Running') return waiting('ring', waitingWord(pod, statuses))
  const ready = status.conditions?.some((c) => c.type === 'Ready' && c.status === 'True')
  return { family: 'good', fill: ready ? 'solid' : 'half', glyph: 'none', word: ready ? 'Running' : 'Running, not ready' }
}

/** Whether a container is in trouble, and which kind: its current state first, then why it is waiting. */
function troubleOf({ state, lastState }: ContainerStatus): Bare | undefined {
  const why = state?.waiting?.reason
  if (why && PULL.has(why)) return bad('pull', why)
  if (why === 'CrashLoopBackOff')
    return lastState?.terminated?.reason === 'OOMKilled' ? bad('burst', 'CrashLoopBackOff (OOMKilled)') : bad('loop', why)
  if (why?.startsWith('Create') || why === 'RunContainerError' || why === 'PostStartHookError') return bad('cross', why)
  const end = state?.terminated
  if (end?.reason === 'OOMKilled') return bad('burst', 'OOMKilled')
  if (end && end.exitCode !== 0) return bad('cross', end.reason ?? 'Error')
  return undefined
}

function waitingWord(pod: Pod, statuses: ContainerStatus[]): string {
  const init = pod.status?.initContainerStatuses ?? []
  const left = init.findIndex((c) => !c.state?.terminated && !c.ready)
  if (init.length > 0 && left >= 0) return `Init:${left}/${init.length}`
  return statuses.map((c) => c.state?.waiting?.reason).find((reason) => reason) ?? pod.status?.phase ?? 'Pending'
}

export interface NodeLook {
  family: Family
  word: string
  ready: boolean
  cordoned: boolean
}

export function nodeLook(node: Node): NodeLook {
  const ready = node.status?.conditions?.find((c) => c.type === 'Ready')
  const cordoned = node.spec.unschedulable === true
  if (ready?.status === 'True') return { family: 'good', word: 'Ready', ready: true, cordoned }
  if (ready?.status === 'Unknown') return { family: 'bad', word: 'NotReady', ready: false, cordoned }
  return { family: ready ? 'bad' : 'waiting', word: 'NotReady', ready: false, cordoned }
}

/** `web-7d4f9c-x2k8p` as `x2k8p`: the part that tells one pod of a family from the next. */
export function suffixOf(name: string): string {
  const cut = name.lastIndexOf('-')
  const tail = name.slice(cut + 1)
  return cut > 0 && tail.length <= 10 ? tail : name.slice(-8)
}

/** `web-7d4f9c6b8-x2k8p` as `web-…x2k8p`. */
export function shortName(name: string): string {
  const parts = /^(.+)-[a-z0-9]{6,10}-([a-z0-9]{5})$/.exec(name)
  return parts ? `${parts[1]}-…${parts[2]}` : name
}
