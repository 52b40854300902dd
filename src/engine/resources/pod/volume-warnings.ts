/** Warnings about volumes: plugins of the past, and files that would cover each other. */
import type { Volume } from '#api/kinds.ts'
import { canonicalQuantity } from '#api/quantity.ts'
import { nanoOf } from './checks.ts'

type Say = (text: string) => void
type Any = Record<string, any>

/** In Kubernetes' order; those before and those after the check of claim templates. */
const OLD: [source: string, shown: string, message: string][] = [
  ['photonPersistentDisk', 'photonPersistentDisk', 'deprecated in v1.11, non-functional in v1.16+'],
  ['gitRepo', 'gitRepo', 'deprecated in v1.11, and disabled by default in v1.33+'],
  ['scaleIO', 'scaleIO', 'deprecated in v1.16, non-functional in v1.22+'],
  ['flocker', 'flocker', 'deprecated in v1.22, non-functional in v1.25+'],
  ['storageos', 'storageOS', 'deprecated in v1.22, non-functional in v1.25+'],
  ['quobyte', 'quobyte', 'deprecated in v1.22, non-functional in v1.25+'],
  ['glusterfs', 'glusterfs', 'deprecated in v1.25, non-functional in v1.26+'],
  ['cephfs', 'cephfs', 'deprecated in v1.28, non-functional in v1.31+'],
  ['rbd', 'rbd', 'deprecated in v1.28, non-functional in v1.31+'],
]

interface Place {
  path: string
  source: string
}

const shown = ({ path, source }: Place): string => (source ? `"${path}" (${source})` : `"${path}"`)

/** A file at `a` and one at `b` get in each other's way. */
const collide = (a: string, b: string): boolean => `${a}/`.startsWith(`${b}/`) || `${b}/`.startsWith(`${a}/`)

function overlaps(places: Place[]): string[] {
  const found: string[] = []
  for (const [i, given] of places.entries()) {
    const place = { ...given, path: given.path.replace(/\/+$/, '') }
    places[i] = place
    if (place.path === '') continue
    for (const other of places.slice(0, i)) {
      if (other.path !== '' && collide(other.path, place.path)) found.push(`${shown(place)} with ${shown(other)}`)
    }
  }
  return found
}

const placesOf = (items: Any[] | undefined, source: string): Place[] => (items ?? []).map(({ path = '' }) => ({ path, source }))

function projectedPlaces(say: Say, volume: Volume): Place[] {
  return ((volume['projected'].sources ?? []) as Any[]).flatMap((source) => {
    const { configMap, secret, downwardAPI, serviceAccountToken } = source
    if (Object.keys(source).length === 0) say(`volume "${volume.name}" (Projected) has no sources provided`)
    if (configMap?.items) return placesOf(configMap.items, `ConfigMap "${configMap.name ?? ''}"`)
    if (secret?.items) return placesOf(secret.items, `Secret "${secret.name ?? ''}"`)
    if (downwardAPI?.items) return placesOf(downwardAPI.items, 'DownwardAPI')
    return serviceAccountToken ? [{ path: serviceAccountToken.path ?? '', source: 'ServiceAccountToken' }] : []
  })
}

function virtualPaths(say: Say, volume: Volume): void {
  const { configMap, secret, downwardAPI, projected } = volume as Any
  const tell = (what: string, places: Place[]) => {
    for (const text of overlaps(places)) say(`volume "${volume.name}" (${what}): overlapping paths: ${text}`)
  }
  if (configMap?.items) tell(`ConfigMap "${configMap.name ?? ''}"`, placesOf(configMap.items, ''))
  if (secret?.items) tell(`Secret "${secret.secretName ?? ''}"`, placesOf(secret.items, ''))
  if (downwardAPI?.items) tell('DownwardAPI', placesOf(downwardAPI.items, ''))
  if (projected) tell('Projected', projectedPlaces(say, volume))
}

/** A claim template's oddities (pkg/api/persistentvolumeclaim). */
function claim(say: Say, path: string, { resources }: Any): void {
  for (const list of ['requests', 'limits']) {
    const value = resources?.[list]?.storage as string | undefined
    if (value === undefined || nanoOf(value) % 1_000_000_000n === 0n) continue
    say(`${path}.resources.${list}[storage]: fractional byte value "${canonicalQuantity(value)}" is invalid, must be an integer`)
  }
}

export function volumeWarnings(say: Say, path: string, volumes: Volume[]): void {
  for (const [i, volume] of volumes.entries()) {
    for (const [source, field, message] of OLD) {
      if (source === 'cephfs' && volume['ephemeral']?.volumeClaimTemplate) {
        claim(say, `${path}[${i}].ephemeral.volumeClaimTemplate.spec`, volume['ephemeral'].volumeClaimTemplate.spec ?? {})
      }
      if (volume[source] !== undefined) say(`${path}[${i}].${field}: ${message}`)
    }
  }
  for (const volume of volumes) virtualPaths(say, volume)
}
