/** What Go prints of its structs though it is empty: objects that kubectl has read into them show it. */
import type { AnyObject } from '#api/meta.ts'

const COUNTS = ['currentNumberScheduled', 'desiredNumberScheduled', 'numberMisscheduled', 'numberReady']
const zeros = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, 0]))

/** By kind: what stands in its spec, and its status. */
const EMPTY: Record<string, { spec?: object; status?: object }> = {
  Pod: { status: {} },
  ReplicationController: { status: { replicas: 0 } },
  Service: { status: { loadBalancer: {} } },
  'Deployment.apps': { spec: { strategy: {} }, status: {} },
  'ReplicaSet.apps': { status: { replicas: 0 } },
  'DaemonSet.apps': { spec: { updateStrategy: {} }, status: zeros(COUNTS) },
  'StatefulSet.apps': { spec: { updateStrategy: {} }, status: { replicas: 0, availableReplicas: 0 } },
  'Job.batch': { status: {} },
  'CronJob.batch': { status: {} },
}

/** The object with its empty structs. */
export function withZeros(object: AnyObject): AnyObject {
  const group = object.apiVersion.includes('/') ? `.${object.apiVersion.split('/')[0]}` : ''
  const empty = EMPTY[`${object.kind}${group}`]
  if (!empty) return object
  const { spec, status, ...rest } = object as AnyObject & { spec?: object; status?: object }
  return {
    ...rest,
    spec: { ...empty.spec, ...inner(object.kind, spec ?? {}) },
    status: { ...empty.status, ...status },
  } as AnyObject
}

type Fields = Record<string, any>

function inner(kind: string, spec: Fields): Fields {
  if (kind === 'Pod') return podSpec(spec)
  if (kind === 'Service') return { ...spec, ...(spec['ports'] ? { ports: spec['ports'].map(port) } : {}) }
  if (kind === 'CronJob') {
    const { metadata = {}, spec: job = {}, ...more } = spec['jobTemplate'] ?? {}
    return { ...spec, jobTemplate: { ...more, metadata, spec: inner('Job', job) } }
  }
  const { metadata = {}, spec: pod = {}, ...more } = spec['template'] ?? {}
  const claims = spec['volumeClaimTemplates']?.map(claim)
  return {
    ...spec,
    template: { ...more, metadata, spec: podSpec(pod) },
    ...(claims ? { volumeClaimTemplates: claims } : {}),
  }
}

const port = (given: Fields): Fields => ({ targetPort: 0, ...given })
const claim = (given: Fields): Fields => ({ ...given, spec: { resources: {}, ...given['spec'] }, status: { ...given['status'] } })
const container = (given: Fields): Fields => ({ resources: {}, ...given })

function podSpec(spec: Fields): Fields {
  const filled: Fields = { ...spec }
  for (const list of ['containers', 'initContainers', 'ephemeralContainers'])
    if (Array.isArray(spec[list])) filled[list] = spec[list].map(container)
  return filled
}
