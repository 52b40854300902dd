/** Waiting: until what was installed is ready, until it is gone, until a hook has done its work (helm's pkg/kube). */
import type { AnyObject } from '#api/meta.ts'
import type { Client } from '#client/client.ts'
import { HelmError, type HelmIo } from '../io.ts'
import type { Target } from './objects.ts'

const POLL_MS = 2000
/** Hooks are watched by the real helm; looking often comes to the same. */
const HOOK_POLL_MS = 250

export const DEADLINE = 'context deadline exceeded'

export interface Waiting {
  client: Client
  io: HelmIo
  timeoutMs: number
}

async function until({ io, timeoutMs }: Waiting, done: () => Promise<boolean>, pollMs = POLL_MS): Promise<void> {
  const end = io.now() + timeoutMs
  while (!(await done())) {
    if (io.signal.aborted) throw new HelmError('context canceled')
    if (io.now() + pollMs > end) {
      await io.sleep(Math.max(0, end - io.now()))
      throw new HelmError(DEADLINE)
    }
    await io.sleep(pollMs)
  }
}

/** Until every object is ready in helm's sense. `jobs`: Jobs count as well. */
export const waitReady = (waiting: Waiting, targets: readonly Target[], jobs: boolean): Promise<void> =>
  until(waiting, async () => {
    for (const target of targets) if (!(await isReady(waiting.client, target, jobs))) return false
    return true
  })

export const waitGone = (waiting: Waiting, targets: readonly Target[]): Promise<void> =>
  until(waiting, async () => {
    for (const { info, namespace, name } of targets) if (await waiting.client.find(info, namespace, name)) return false
    return true
  })

async function isReady(client: Client, target: Target, jobs: boolean): Promise<boolean> {
  const check = CHECKS[target.info.kind]
  if (!check) return true
  const object = await client.find(target.info, target.namespace, target.name)
  return object !== undefined && check(object, client, jobs)
}

type Check = (object: AnyObject, client: Client, jobs: boolean) => boolean | Promise<boolean>

const hasCondition = (object: AnyObject, type: string, status = 'True'): boolean =>
  ((object['status']?.conditions ?? []) as { type: string; status: string }[]).some((c) => c.type === type && c.status === status)
const isObserved = (object: AnyObject): boolean => (object['status']?.observedGeneration ?? 0) === object.metadata.generation

/** A number or a percentage of `whole`, rounded up. */
function scaled(value: unknown, whole: number, up: boolean): number {
  if (typeof value !== 'string') return typeof value === 'number' ? value : whole
  const part = (Number(value.replace('%', '')) * whole) / 100
  return up ? Math.ceil(part) : Math.floor(part)
}

async function podsReady(object: AnyObject, client: Client): Promise<boolean> {
  const selector = object['spec']?.selector ?? {}
  const labels = (selector.matchLabels ?? selector) as Record<string, string>
  const pods = await client.discovery.find('pods')
  if (!pods) return false
  const labelSelector = Object.entries(labels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',')
  const { items } = await client.list(pods, object.metadata.namespace ?? '', { labelSelector })
  return items.every((pod) => hasCondition(pod, 'Ready'))
}

async function deploymentReady(object: AnyObject, client: Client): Promise<boolean> {
  const { spec, metadata } = object
  if (spec.paused) return true
  if (!isObserved(object)) return false
  const sets = await client.discovery.find('replicasets.apps')
  if (!sets) return false
  const { items } = await client.list(sets, metadata.namespace ?? '')
  const own = items.filter((set) => set.metadata.ownerReferences?.some((owner) => owner.uid === metadata.uid))
  const revision = metadata.annotations?.['deployment.kubernetes.io/revision']
  const newest = own.find((set) => set.metadata.annotations?.['deployment.kubernetes.io/revision'] === revision)
  if (!newest || !isObserved(newest)) return false
  const replicas: number = spec.replicas ?? 1
  const rolling = spec.strategy?.type === 'RollingUpdate'
  const surge = scaled(spec.strategy?.rollingUpdate?.maxSurge, replicas, true)
  const fewer = rolling ? scaled(spec.strategy?.rollingUpdate?.maxUnavailable, replicas, false) || (surge === 0 ? 1 : 0) : 0
  return (newest['status']?.readyReplicas ?? 0) >= replicas - Math.min(fewer, replicas)
}

function statefulSetReady(object: AnyObject): boolean {
  const { spec, status = {} } = object
  if (!isObserved(object)) return false
  if (spec.updateStrategy?.type !== 'RollingUpdate') return true
  const partition = spec.updateStrategy.rollingUpdate?.partition ?? 0
  const replicas = spec.replicas ?? 1
  if ((status.updatedReplicas ?? 0) < replicas - partition || (status.readyReplicas ?? 0) !== replicas) return false
  return partition !== 0 || status.currentRevision === status.updateRevision
}

function daemonSetReady(object: AnyObject): boolean {
  const { spec, status = {} } = object
  if (!isObserved(object)) return false
  if (spec.updateStrategy?.type !== 'RollingUpdate') return true
  const wanted = status.desiredNumberScheduled ?? 0
  if ((status.updatedNumberScheduled ?? 0) !== wanted) return false
  return (status.numberReady ?? 0) >= wanted - scaled(spec.updateStrategy.rollingUpdate?.maxUnavailable, wanted, true)
}

function serviceReady({ spec, status }: AnyObject): boolean {
  if (spec.type === 'ExternalName') return true
  if (!spec.clusterIP) return false
  return spec.type !== 'LoadBalancer' || (spec.externalIPs?.length ?? 0) > 0 || status?.loadBalancer?.ingress !== undefined
}

function jobReady({ spec, status = {}, metadata }: AnyObject): boolean {
  if ((status.failed ?? 0) > (spec.backoffLimit ?? 6))
    throw new HelmError(`job is failed: ${metadata.namespace}/${metadata.name}`)
  return spec.completions === undefined || (status.succeeded ?? 0) >= spec.completions
}

const CHECKS: Record<string, Check> = {
  Pod: (object) => hasCondition(object, 'Ready'),
  Job: (object, _client, jobs) => !jobs || jobReady(object),
  Deployment: deploymentReady,
  PersistentVolumeClaim: (object) => object['status']?.phase === 'Bound',
  Service: serviceReady,
  DaemonSet: daemonSetReady,
  StatefulSet: statefulSetReady,
  CustomResourceDefinition: (object) => hasCondition(object, 'Established') || hasCondition(object, 'NamesAccepted', 'False'),
  ReplicationController: async (object, client) => isObserved(object) && (await podsReady(object, client)),
  ReplicaSet: async (object, client) => isObserved(object) && (await podsReady(object, client)),
}

/** Until a hook's Jobs and Pods have ended well; throws when one ends badly. */
export async function waitDone(waiting: Waiting, targets: readonly Target[]): Promise<void> {
  for (const { info, namespace, name } of targets) {
    if (info.kind !== 'Job' && info.kind !== 'Pod') continue
    const done = async (): Promise<boolean> => {
      const object = await waiting.client.find(info, namespace, name)
      // Gone: whoever deleted it knows why.
      if (!object) return true
      return info.kind === 'Job' ? jobDone(object) : podDone(object)
    }
    try {
      await until(waiting, done, HOOK_POLL_MS)
    } catch (error) {
      throw (error as Error).message === DEADLINE ? new HelmError('timed out waiting for the condition') : error
    }
  }
}

function jobDone(object: AnyObject): boolean {
  if (hasCondition(object, 'Complete')) return true
  const failed = ((object['status']?.conditions ?? []) as { type: string; status: string; reason?: string }[]).find(
    (c) => c.type === 'Failed' && c.status === 'True',
  )
  if (failed) throw new HelmError(`1 error occurred:\n\t* job ${object.metadata.name} failed: ${failed.reason}\n\n`)
  return false
}

function podDone({ status, metadata }: AnyObject): boolean {
  if (status?.phase === 'Failed') throw new HelmError(`1 error occurred:\n\t* pod ${metadata.name} failed\n\n`)
  return status?.phase === 'Succeeded'
}
