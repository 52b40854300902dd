/** A pod's volumes: what has to be there before its containers start, and their files. */
import type { Pod, Volume } from '#api/kinds.ts'
import { ApiError } from '#api/status.ts'
import { Disk, type DiskState } from '#posix/disk.ts'
import { filesBelow, find, nodeAt } from '#posix/disk-paths.ts'
import { fnv1a } from '../sim/random.ts'
import type { Context } from './context.ts'
import { ConfigError, Configuration, type PodFacts, podField, resourceField } from './environment.ts'
import type { FileMap } from './files.ts'
import type { MountedVolume, PodRecord } from './pod-record.ts'
import { same } from './same.ts'
import { emptyVolume, imageVolume, layOut } from './volume-layout.ts'

const FIRST_RETRY_MS = 500
const CLAIM_RETRY_MS = 10_000
/** pkg/util/goroutinemap/exponentialbackoff. */
const LONGEST_RETRY_MS = 122_000

interface Item {
  key: string
  path: string
}

/** Mounts what isn't mounted yet. True when all volumes are there; else it is tried again when `ctx.part` is told `mount`. */
export function mountVolumes(record: PodRecord, ctx: Context, facts: PodFacts): boolean {
  const config = new Configuration(ctx.api, record.pod.metadata.namespace ?? '')
  let next = Number.POSITIVE_INFINITY
  for (const volume of record.pod.spec.volumes ?? []) {
    if (record.volumes[volume.name] !== undefined) continue
    const tried = record.mountTries[volume.name]
    if (tried && tried.at > ctx.world.now) {
      next = Math.min(next, tried.at)
      continue
    }
    const kept = ctx.storage?.of(ctx.nodeName, record.pod, volume)
    if (kept) {
      if ('files' in kept) record.volumes[volume.name] = { files: null, disk: null, at: ctx.world.now }
      else next = Math.min(next, waitFor(record, volume.name, kept.waits, ctx))
      continue
    }
    try {
      const files = isMade(volume) ? volumeFiles(record, volume, config, ctx, facts) : null
      record.volumes[volume.name] = { files, disk: null, at: ctx.world.now }
      delete record.mountTries[volume.name]
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const tries = (tried?.tries ?? 0) + 1
      const at = ctx.world.now + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1))
      record.mountTries[volume.name] = { tries, at }
      next = Math.min(next, at)
      ctx.event(record, 'Warning', 'FailedMount', `MountVolume.SetUp failed for volume "${volume.name}" : ${error.message}`)
    }
  }
  if (next === Number.POSITIVE_INFINITY) return true
  if (record.mountSeq === null) record.mountSeq = ctx.world.at(next, ctx.part, 'mount', record.uid)
  return false
}

/** A volume that isn't there yet is looked for every 500 ms while it is being attached; a claim that won't do is an event each time. */
function waitFor(record: PodRecord, name: string, why: string, ctx: Context): number {
  const wait = why === '' ? FIRST_RETRY_MS : ctx.jitter(CLAIM_RETRY_MS)
  const at = ctx.world.now + wait
  record.mountTries[name] = { tries: 0, at }
  if (why === '') return at
  const lists = `unmounted volumes=[${name}], unattached volumes=[], failed to process volumes=[${name}]`
  ctx.event(record, 'Warning', 'FailedMount', `Unable to attach or mount volumes: ${lists}: ${why}`)
  return at
}

/** Made from objects, which it follows. */
const isMade = (volume: Volume): boolean =>
  (volume['configMap'] ?? volume['secret'] ?? volume['downwardAPI'] ?? volume['projected']) !== undefined

/** The files of a volume as they are now; throws {@link ConfigError} when something it needs is missing. */
function volumeFiles(record: PodRecord, volume: Volume, config: Configuration, ctx: Context, facts: PodFacts): FileMap {
  const { pod } = record
  if (volume['configMap']) return configFiles(config, 'configmaps', volume['configMap'].name, volume['configMap'])
  if (volume['secret']) return configFiles(config, 'secrets', volume['secret'].secretName, volume['secret'])
  if (volume['downwardAPI']) return downward(pod, volume['downwardAPI'].items, facts)
  if (volume['projected']) {
    const files: FileMap = {}
    for (const source of volume['projected'].sources ?? []) Object.assign(files, projected(record, source, config, ctx, facts))
    return files
  }
  return {}
}

function projected(record: PodRecord, source: any, config: Configuration, ctx: Context, facts: PodFacts): FileMap {
  const { pod } = record
  if (source.configMap) return configFiles(config, 'configmaps', source.configMap.name, source.configMap)
  if (source.secret) return configFiles(config, 'secrets', source.secret.name, source.secret)
  if (source.downwardAPI) return downward(pod, source.downwardAPI.items, facts)
  if (source.serviceAccountToken)
    return { [`/${source.serviceAccountToken.path}`]: token(record, source.serviceAccountToken, ctx) }
  return {}
}

/** A token serves until four fifths of its time, or a day, are over (token_manager.go requiresRefresh). */
const TOKEN_SHARE = 0.8
const DAY_MS = 86_400_000

function token(record: PodRecord, source: TokenSource, ctx: Context): string {
  const { now } = ctx.world
  const key = `${source.audience ?? ''} ${source.expirationSeconds ?? 3600}`
  const known = record.accountTokens[key]
  if (known && now < known.until) return known.token
  const token = newToken(record.pod, source, ctx)
  record.accountTokens[key] = { token, until: now + Math.min(DAY_MS, TOKEN_SHARE * 1000 * (source.expirationSeconds ?? 3600)) }
  return token
}

interface TokenSource {
  audience?: string
  expirationSeconds?: number
}

function newToken(pod: Pod, source: TokenSource, ctx: Context): string {
  const { namespace = '', name, uid } = pod.metadata
  const account = pod.spec.serviceAccountName ?? 'default'
  const body = {
    apiVersion: 'authentication.k8s.io/v1',
    kind: 'TokenRequest',
    metadata: {},
    spec: {
      audiences: source.audience ? [source.audience] : [],
      expirationSeconds: source.expirationSeconds ?? 3600,
      boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name, uid },
    },
  }
  try {
    const answer = ctx.api.post('serviceaccounts', namespace, account, 'token', body, {
      because: `${name} needs to speak to the API`,
    }) as any
    return answer?.status?.token ?? ''
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw new ConfigError(`failed to fetch token: ${error.message}`)
  }
}

/** All keys, or the items asked for at their paths. */
function configFiles(
  config: Configuration,
  kind: 'configmaps' | 'secrets',
  name: string,
  source: { items?: Item[]; optional?: boolean },
): FileMap {
  const data = config.data(kind, name, source.optional) ?? {}
  const files: FileMap = {}
  if (!source.items) {
    for (const [key, value] of Object.entries(data)) files[`/${key}`] = value
    return files
  }
  for (const { key, path } of source.items) {
    const value = data[key]
    if (value !== undefined) files[`/${path}`] = value
    else if (!source.optional)
      throw new ConfigError(`references non-existent ${kind === 'configmaps' ? 'config' : 'secret'} key: ${key}`)
  }
  return files
}

function downward(pod: Pod, items: any[] | undefined, facts: PodFacts): FileMap {
  const files: FileMap = {}
  for (const item of items ?? []) {
    const [container] = pod.spec.containers
    if (item.fieldRef) files[`/${item.path}`] = podField(pod, item.fieldRef.fieldPath, facts)
    else if (item.resourceFieldRef && container)
      files[`/${item.path}`] = resourceField(pod, container, item.resourceFieldRef, facts)
  }
  return files
}

/** A pod is looked at again after 60 to 90 s even when nothing has happened, and its volumes with it. */
const SYNC_MS = 60_000

/** When that last was: each pod has a rhythm of its own. */
function lastSync(record: PodRecord, now: number): number {
  const period = SYNC_MS + (fnv1a(record.uid) % (SYNC_MS / 2))
  return now - ((now - record.startedAt) % period)
}

/**
 * A mounted volume. What is made from objects is laid out when somebody looks, and follows them from one of the
 * pod's syncs to the next; what was deleted stays as it was.
 */
export function diskOf(record: PodRecord, name: string, ctx: Context, facts: PodFacts): DiskState {
  const { now } = ctx.world
  const volume = record.pod.spec.volumes?.find((v) => v.name === name)
  const kept = volume ? ctx.storage?.of(ctx.nodeName, record.pod, volume) : undefined
  if (kept && 'files' in kept) return kept.files
  const mounted = (record.volumes[name] ??= { files: null, disk: null, at: now })
  mounted.disk ??= volume?.['image'] ? imageVolume(volume['image'].reference, mounted.at) : emptyVolume(record.pod, mounted.at)
  if (!volume || !isMade(volume)) return mounted.disk
  if (lastSync(record, now) > mounted.at) refresh(record, volume, mounted, ctx, facts)
  if (mounted.files) {
    layOut(mounted.disk, mounted.files, volume, record.pod, mounted.at, fnv1a(`${record.uid}${name}${mounted.at}`) % 1e9)
    mounted.files = null
  }
  return mounted.disk
}

function refresh(record: PodRecord, volume: Volume, mounted: MountedVolume, ctx: Context, facts: PodFacts): void {
  try {
    const config = new Configuration(ctx.api, record.pod.metadata.namespace ?? '')
    const files = volumeFiles(record, volume, config, ctx, facts)
    const isSame = !mounted.files && same(files, laidOut(mounted.disk))
    if (!isSame) mounted.files = files
    mounted.at = ctx.world.now
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    mounted.at = ctx.world.now
  }
}

/** What was laid out last, as path → content. */
function laidOut(state: DiskState | null): FileMap {
  const files: FileMap = {}
  if (!state) return files
  const disk = new Disk(state)
  const data = nodeAt(disk, '/..data')
  const ino = data?.k === 'l' ? find(disk, data.target) : undefined
  for (const [path, node] of ino === undefined ? [] : filesBelow(disk, ino)) if (node.k === 'f') files[path] = node.data
  return files
}

/** The disk of a volume that lives and dies with its pod, once somebody has looked. */
export function laidDisk(record: PodRecord, name: string): Disk | null {
  const state = record.volumes[name]?.disk
  return state ? new Disk(state) : null
}
