/** Keeps a Pod in the zone of its volumes, for volumes that tell it by a label. */
import type { ClusterCache } from '../cache.ts'
import { claimOf, claimsOf, classNameOf, storageClassOf, volumeOf, waitsForPod } from '../claims.ts'
import { plugin, skip } from '../framework.ts'
import type { PodInfo } from '../pod-info.ts'
import { hopeless } from '../verdict.ts'

const NAME = 'VolumeZone'
const elsewhere = hopeless(NAME, 'node(s) had no available volume zone')

/** Labels that tell zone and region, each with the name it has today. */
const LABELS: Record<string, string> = {
  'topology.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'topology.kubernetes.io/region': 'topology.kubernetes.io/region',
  'failure-domain.beta.kubernetes.io/zone': 'topology.kubernetes.io/zone',
  'failure-domain.beta.kubernetes.io/region': 'topology.kubernetes.io/region',
}

type Zones = { key: string; values: string[] }[]

/** Where the Pod's bound volumes are; a text tells what is wrong with its claims. */
function zonesOf({ pod, namespace }: PodInfo, cluster: ClusterCache): Zones | string {
  const zones: Zones = []
  for (const { name } of claimsOf(pod)) {
    const claim = claimOf(cluster, namespace, name)
    if (!claim) return `persistentvolumeclaim "${name}" not found`
    const volumeName: string = claim['spec']?.volumeName ?? ''
    if (volumeName === '') {
      const className = classNameOf(claim)
      if (className === '') return 'PersistentVolumeClaim had no pv name and storageClass name'
      if (!storageClassOf(cluster, claim)) return `storageclass.storage.k8s.io "${className}" not found`
      if (waitsForPod(cluster, claim)) continue
      return 'PersistentVolume had no name'
    }
    const volume = volumeOf(cluster, volumeName)
    if (!volume) return `persistentvolume "${volumeName}" not found`
    for (const key in LABELS) {
      const value = volume.metadata.labels?.[key]
      if (value !== undefined) zones.push({ key, values: value.split('__') })
    }
  }
  return zones
}

export const volumeZone = plugin<Zones>({
  name: NAME,
  preFilter(pod, cluster) {
    if (!pod.pod.spec.volumes?.length) return skip
    const zones = zonesOf(pod, cluster)
    if (typeof zones === 'string') return { refused: hopeless(NAME, zones) }
    return zones.length === 0 ? skip : { state: zones }
  },
  filter(_pod, { labels }, zones) {
    if (!Object.keys(LABELS).some((key) => labels[key] !== undefined)) return null
    const fits = zones.every(({ key, values }) => {
      const value = labels[key] ?? labels[LABELS[key] as string]
      return value !== undefined && values.includes(value)
    })
    return fits ? null : elsewhere
  },
  retryOn: {
    'class/add': true,
    'claim/add': true,
    'claim/update': true,
    'volume/add': true,
    'volume/update': true,
    'node/add': true,
    'node/labels': true,
  },
})
