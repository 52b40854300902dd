/** What must hold of volumes, attachments, balancers and autoscalers: always, and after a calm. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Cluster } from '../cluster.ts'

const CLAIMS = 'persistentvolumeclaims'
const VOLUMES = 'persistentvolumes'

const all = <T = AnyObject>(cluster: Cluster, resource: string): T[] => cluster.server.readAll(resource) as T[]

/** At every moment: one volume for one claim, one disk on one machine, one address for one Service. */
export function outsideInvariants(cluster: Cluster): string[] {
  return [...oneClaimPerVolume(cluster), ...oneNodePerDisk(cluster), ...oneServicePerAddress(cluster)]
}

function twice(what: string, names: readonly string[]): string[] {
  const seen = new Set<string>()
  return names.flatMap((name) => {
    if (seen.has(name)) return [`${what} ${name} twice`]
    seen.add(name)
    return []
  })
}

function oneClaimPerVolume(cluster: Cluster): string[] {
  const bound = all(cluster, CLAIMS).filter(({ spec, status }) => spec.volumeName && status?.phase === 'Bound')
  return twice(
    'two claims have the volume',
    bound.map(({ spec }) => spec.volumeName as string),
  )
}

function oneNodePerDisk(cluster: Cluster): string[] {
  const attached = all(cluster, 'volumeattachments.storage.k8s.io').filter(({ status }) => status?.attached)
  return twice(
    'two machines have the disk',
    attached.map(({ spec }) => spec.source.persistentVolumeName as string),
  )
}

function oneServicePerAddress(cluster: Cluster): string[] {
  const ips = all(cluster, 'services').flatMap(({ status }) => status?.loadBalancer?.ingress ?? []) as { ip: string }[]
  return twice(
    'two services have the address',
    ips.map(({ ip }) => ip),
  )
}

/** After a long calm. */
export function outsidePromises(cluster: Cluster): string[] {
  return [...claims(cluster), ...attachments(cluster), ...balancers(cluster), ...autoscalers(cluster)]
}

const isUsed = (claim: AnyObject, pods: readonly Pod[]): boolean =>
  pods.some(({ spec, status }) => {
    const volumes = (spec.volumes ?? []) as { persistentVolumeClaim?: { claimName: string } }[]
    const uses = volumes.some((volume) => volume.persistentVolumeClaim?.claimName === claim.metadata.name)
    return uses && spec.nodeName && status?.phase === 'Running'
  })

function claims(cluster: Cluster): string[] {
  const pods = all<Pod>(cluster, 'pods')
  const problems: string[] = []
  for (const claim of all(cluster, CLAIMS)) {
    const { name, deletionTimestamp, uid } = claim.metadata
    const used = isUsed(claim, pods)
    if (deletionTimestamp && !used) problems.push(`claim ${name} is used by nobody, and still there`)
    if (claim['status']?.phase === 'Lost') problems.push(`claim ${name} is lost`)
    if (used && claim['status']?.phase !== 'Bound') problems.push(`claim ${name} is used, but not bound`)
    const volume = claim['spec'].volumeName ? cluster.server.read(VOLUMES, '', claim['spec'].volumeName) : undefined
    if (volume && volume['spec'].claimRef?.uid !== uid) problems.push(`claim ${name} has a volume of somebody else`)
    const size = claim['spec'].resources.requests.storage
    const grows = claim['spec'].storageClassName === 'disk'
    if (used && grows && claim['status'].capacity?.storage !== size && !smaller(size, claim['status'].capacity?.storage)) {
      problems.push(`claim ${name} asks for ${size} and has ${claim['status'].capacity?.storage}`)
    }
  }
  const owners = new Set(all(cluster, CLAIMS).map(({ metadata }) => metadata.uid))
  for (const { metadata, spec } of all(cluster, VOLUMES)) {
    if (spec.claimRef?.uid && !owners.has(spec.claimRef.uid)) problems.push(`volume ${metadata.name} was not reclaimed`)
  }
  return problems
}

const smaller = (a: string, b = '0'): boolean => Number.parseInt(a, 10) <= Number.parseInt(b, 10)

function attachments(cluster: Cluster): string[] {
  const pods = all<Pod>(cluster, 'pods')
  return all(cluster, 'volumeattachments.storage.k8s.io').flatMap(({ metadata, spec }) => {
    const volume = cluster.server.read(VOLUMES, '', spec.source.persistentVolumeName)
    const claim = volume?.['spec'].claimRef?.name
    const here = pods.some((pod) => {
      const volumes = (pod.spec.volumes ?? []) as { persistentVolumeClaim?: { claimName: string } }[]
      return pod.spec.nodeName === spec.nodeName && volumes.some((each) => each.persistentVolumeClaim?.claimName === claim)
    })
    return here ? [] : [`${metadata.name} attaches a disk to ${spec.nodeName} for nobody`]
  })
}

function balancers(cluster: Cluster): string[] {
  return all(cluster, 'services').flatMap(({ metadata, spec, status }) => {
    if (metadata.deletionTimestamp) return [`service ${metadata.name} does not go`]
    const has = (status?.loadBalancer?.ingress ?? []).length > 0
    return has === (spec.type === 'LoadBalancer')
      ? []
      : [`service ${metadata.name} is ${spec.type} and ${has ? 'has an' : 'has no'} address`]
  })
}

function autoscalers(cluster: Cluster): string[] {
  return all(cluster, 'horizontalpodautoscalers.autoscaling').flatMap(({ metadata, spec }) => {
    const target = cluster.server.read('deployments.apps', 'default', spec.scaleTargetRef.name)
    const replicas = target?.['spec'].replicas ?? 0
    const within = replicas === 0 || (replicas >= (spec.minReplicas ?? 1) && replicas <= spec.maxReplicas)
    return !target || within ? [] : [`${metadata.name} has ${replicas} replicas, outside of its bounds`]
  })
}
