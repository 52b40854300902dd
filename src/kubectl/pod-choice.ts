/** Which Pod and which container a command means that wants to get into one. */
import type { Container, Pod } from '#api/kinds.ts'
import type { AnyObject, LabelSelector } from '#api/meta.ts'
import { parseTime } from '#api/time.ts'
import { type Context, KubectlError } from './command.ts'
import { selectorText } from './describe/page.ts'
import { resourceOf } from './targets.ts'

const DEFAULT = 'kubectl.kubernetes.io/default-container'
const LOOK_MS = 500

/** `web, helper (init)`: all containers, as error messages list them. */
export function allNames({ spec }: Pod): string {
  const { containers, initContainers = [], ephemeralContainers = [] } = spec
  return [
    ...containers.map((c) => c.name),
    ...ephemeralContainers.map((c) => `${c.name} (ephem)`),
    ...initContainers.map((c) => `${c.name} (init)`),
  ].join(', ')
}

export const allContainers = ({ spec }: Pod): Container[] => [
  ...spec.containers,
  ...(spec.initContainers ?? []),
  ...(spec.ephemeralContainers ?? []),
]

/** The container that is asked for, or the Pod's default one, which is told unless `quiet`. */
export function containerOf({ io }: Context, pod: Pod, asked: string, quiet: boolean, refusal = ''): Container {
  const every = allContainers(pod)
  if (asked) {
    const found = every.find((c) => c.name === asked)
    if (!found)
      throw new KubectlError(`${refusal}container ${asked} is not valid for pod ${pod.metadata.name} out of: ${allNames(pod)}`)
    return found
  }
  const preset = pod.metadata.annotations?.[DEFAULT]
  const found = preset ? every.find((c) => c.name === preset) : undefined
  if (found) return found
  if (preset) io.err(`Default container name ${JSON.stringify(preset)} not found in pod ${pod.metadata.name}\n`)
  const first = pod.spec.containers[0] as Container
  if (every.length > 1 && !quiet) io.err(`Defaulted container ${JSON.stringify(first.name)} out of: ${allNames(pod)}\n`)
  return first
}

const PICKS = ['Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'Service', 'ReplicationController']

/** The selector by which an object picks its Pods; `what` is what it is wanted for ("attach to"). */
export function podSelectorOf({ kind, spec, apiVersion, metadata }: AnyObject, what: string): string {
  const type = `*${apiVersion.split('/').at(-1)}.${kind}`
  const refuse = (why: string) => new KubectlError(`cannot ${what} ${type}: ${why}`)
  if (!PICKS.includes(kind)) throw refuse(`selector for ${type} not implemented`)
  const selector = (spec?.selector ?? {}) as LabelSelector | Record<string, string>
  if (kind === 'Service' && Object.keys(selector).length === 0)
    throw refuse(`invalid service '${metadata.name}': Service is defined without a selector`)
  const isMap = kind === 'Service' || kind === 'ReplicationController'
  return selectorText(isMap ? { matchLabels: selector as Record<string, string> } : (selector as LabelSelector))
}

/** The Pod itself, or the best of those that the object picks, waited for if there is none yet. */
export async function attachablePod(context: Context, object: AnyObject, timeoutMs: number): Promise<Pod> {
  if (object.kind === 'Pod') return object as unknown as Pod
  const labelSelector = podSelectorOf(object, 'attach to')
  const { client, io } = context
  const info = await resourceOf(context, 'pods')
  for (const end = io.now() + timeoutMs; ; ) {
    const { items } = await client.list<Pod>(info, object.metadata.namespace ?? '', { labelSelector })
    const [first] = items.sort(mostActiveFirst)
    if (first) return first
    if (io.now() >= end || io.signal.aborted) throw new KubectlError('timed out waiting for the condition')
    await io.sleep(LOOK_MS)
  }
}

const PHASES = ['Running', 'Unknown', 'Pending']
const ready = (pod: Pod) => pod.status?.conditions?.find((c) => c.type === 'Ready')
const isReady = (pod: Pod): boolean => ready(pod)?.status === 'True'
const restarts = (pod: Pod): number => Math.max(0, ...(pod.status?.containerStatuses ?? []).map((s) => s.restartCount))

/** What both of podutils' orders look at first: assigned, running, ready, longest ready. */
function readyFirst(a: Pod, b: Pod): number {
  const phase = (pod: Pod): number => Math.max(0, PHASES.indexOf(pod.status?.phase ?? ''))
  const since = (pod: Pod): number => (isReady(pod) ? parseTime(ready(pod)?.lastTransitionTime) : 0)
  return (
    Number(!a.spec.nodeName) - Number(!b.spec.nodeName) ||
    phase(a) - phase(b) ||
    Number(isReady(b)) - Number(isReady(a)) ||
    since(a) - since(b)
  )
}

const oldestFirst = (a: Pod, b: Pod): number => parseTime(a.metadata.creationTimestamp) - parseTime(b.metadata.creationTimestamp)

/** podutils.ByLogging: of equally ready ones the one that restarted most. */
export const mostToldFirst = (a: Pod, b: Pod): number => readyFirst(a, b) || restarts(b) - restarts(a) || oldestFirst(a, b)

/** podutils.ActivePods, from its end: not being deleted, ready, fewest restarts. */
const mostActiveFirst = (a: Pod, b: Pod): number =>
  Number(!!a.metadata.deletionTimestamp) - Number(!!b.metadata.deletionTimestamp) ||
  readyFirst(a, b) ||
  restarts(a) - restarts(b) ||
  oldestFirst(a, b)
