/** What the container runtime of a machine holds, as crictl lists it: sandboxes, containers, images; from what the API server knows of it. */
import type { ContainerStatus, Node, Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { parseTime } from '#api/time.ts'

export interface Sandbox {
  /** `namespace/name` of its Pod. */
  pod: string
  state: 'Ready' | 'NotReady'
  /** ms since 1970. */
  created: number
  ip: string
}

export interface HeldContainer {
  /** As crictl shortens it. */
  id: string
  image: string
  state: 'Running' | 'Exited'
  /** What it ended with. */
  exitCode: number | undefined
  name: string
  attempt: number
  pod: string
  created: number
}

export interface HeldImage {
  name: string
  tag: string
  bytes: number
}

const SHORT = 13
const shortId = (id = ''): string => id.replace(/^[a-z-]+:\/\//, '').slice(0, SHORT)

/** Newest first, as crictl has it. */
export function sandboxesOf(pods: readonly Pod[]): Sandbox[] {
  return pods
    .flatMap((pod): Sandbox[] => {
      const { status, metadata } = pod
      const network = status?.conditions?.find(({ type }) => type === 'PodReadyToStartContainers')
      const had = containersIn(pod).length > 0
      if (network?.status !== 'True' && !had) return []
      const created = parseTime(status?.startTime ?? metadata.creationTimestamp ?? '')
      const state = network?.status === 'True' ? 'Ready' : 'NotReady'
      return [{ pod: keyOf(metadata), state, created, ip: status?.podIP ?? '' }]
    })
    .sort((a, b) => b.created - a.created || a.pod.localeCompare(b.pod))
}

export const containersOf = (pods: readonly Pod[]): HeldContainer[] =>
  pods.flatMap(containersIn).sort((a, b) => b.created - a.created || a.pod.localeCompare(b.pod) || b.attempt - a.attempt)

function containersIn(pod: Pod): HeldContainer[] {
  const { status, metadata } = pod
  const all = [
    ...(status?.containerStatuses ?? []),
    ...(status?.initContainerStatuses ?? []),
    ...(status?.ephemeralContainerStatuses ?? []),
  ]
  return all.flatMap((each) => livesOf(each, keyOf(metadata)))
}

/** The container that is there now, and the one before it, which the kubelet keeps for its logs. */
function livesOf(
  { name, image, containerID, restartCount = 0, state, lastState }: ContainerStatus,
  pod: string,
): HeldContainer[] {
  const { running, terminated } = state ?? {}
  const before = lastState?.terminated
  const common = { image: shortImage(image ?? ''), name, pod }
  const found: HeldContainer[] = []
  if (running && containerID)
    found.push({
      ...common,
      id: shortId(containerID),
      state: 'Running',
      exitCode: undefined,
      attempt: restartCount,
      created: parseTime(running.startedAt ?? ''),
    })
  const ended = (end: NonNullable<typeof before>, attempt: number): void => {
    const id = shortId(end.containerID)
    if (id === '' || found.some((other) => other.id === id)) return
    found.push({ ...common, id, state: 'Exited', exitCode: end.exitCode, attempt, created: parseTime(end.startedAt ?? '') })
  }
  if (terminated) ended(terminated, restartCount)
  // While nothing runs and a start is waited for, the last one is the newest there is.
  if (before) ended(before, running || terminated ? restartCount - 1 : restartCount)
  return found
}

/** Largest first, as a kubelet tells them: up to fifty. */
export const imagesOf = (node: Node): HeldImage[] =>
  ((node.status as { images?: { names?: string[]; sizeBytes?: number }[] } | undefined)?.images ?? []).map(
    ({ names = [], sizeBytes = 0 }) => {
      const [first = '<none>'] = names
      const tagged = names.find((name) => !name.includes('@')) ?? first
      const cut = tagged.includes('@') ? -1 : tagged.lastIndexOf(':')
      return cut > tagged.lastIndexOf('/')
        ? { name: tagged.slice(0, cut), tag: tagged.slice(cut + 1), bytes: sizeBytes }
        : { name: tagged.split('@')[0] ?? '', tag: '<none>', bytes: sizeBytes }
    },
  )

const shortImage = (image: string): string => image.replace(/^docker\.io\/(?:library\/)?/, '').replace(/^registry\.k8s\.io\//, '')
