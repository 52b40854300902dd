/** A pod's volumes: what has to be there before its containers start, and their files. */
import { equal } from '#api/equal.ts'
import type { Pod, Volume } from '#api/kinds.ts'
import { Disk, type DiskState, newDisk, ROOT } from '#posix/disk.ts'
import { filesBelow, find, nodeAt } from '#posix/disk-paths.ts'
import { fnv1a } from '../sim/random.ts'
import type { Context } from './context.ts'
import { ConfigError, type PodFacts } from './environment.ts'
import type { FileMap } from './files.ts'
import { volumeDisk } from './image-base.ts'
import { isInMemory } from './memory-volumes.ts'
import type { MountedVolume, PodRecord } from './pod-record.ts'
import { emptyVolume, giveToGroup, layOut } from './volume-layout.ts'
import { isMade, type Payload, payloadOf } from './volume-payload.ts'

const FIRST_RETRY_MS = 500
const CLAIM_RETRY_MS = 10_000
/** pkg/util/goroutinemap/exponentialbackoff. */
const LONGEST_RETRY_MS = 122_000
const PATIENCE_MS = 123_000

/** Mounts what isn't mounted yet. True when all volumes are there; else it is tried again when `ctx.part` is told `mount`. */
export function mountVolumes(record: PodRecord, ctx: Context, facts: PodFacts): boolean {
  let next = Number.POSITIVE_INFINITY
  for (const volume of used(record.pod)) {
    if (record.volumes[volume.name] !== undefined) continue
    const tried = record.mountTries[volume.name]
    if (tried && tried.at > ctx.world.now) {
      next = Math.min(next, tried.at)
      continue
    }
    const kept = ctx.storage?.of(ctx.nodeName, record.pod, volume)
    if (kept && 'waits' in kept) {
      next = Math.min(next, waitFor(record, volume.name, kept.waits, ctx))
      continue
    }
    try {
      if (kept && 'fails' in kept) throw new ConfigError(kept.fails)
      if (kept?.grouped) giveToGroup(kept.files, kept.root ?? ROOT, record.pod)
      const files = isMade(volume) ? payloadOf(record, volume, ctx, facts) : null
      record.volumes[volume.name] = { files, disk: null, at: ctx.world.now }
      delete record.mountTries[volume.name]
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      const tries = (tried?.tries ?? 0) + 1
      const at = ctx.world.now + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (tries - 1))
      record.mountTries[volume.name] = { tries, at }
      next = Math.min(next, at)
      ctx.event(
        record,
        'Warning',
        'FailedMount',
        `MountVolume.SetUp failed for volume "${kept && 'fails' in kept ? kept.volume : volume.name}" : ${error.message}`,
      )
    }
  }
  if (next === Number.POSITIVE_INFINITY) return true
  next = Math.min(next, patience(record, ctx))
  if (record.mountSeq === null) record.mountSeq = ctx.world.at(next, ctx.part, 'mount', record.uid)
  return false
}

/** What no container mounts is no affair of the kubelet's (volumemanager/populator). */
function used({ spec }: Pod): Volume[] {
  const names = new Set<string>()
  const { initContainers = [], ephemeralContainers = [] } = spec
  for (const container of [...spec.containers, ...initContainers, ...ephemeralContainers] as ContainerVolumes[]) {
    for (const { name } of [...(container.volumeMounts ?? []), ...(container.volumeDevices ?? [])]) names.add(name)
  }
  return (spec.volumes ?? []).filter(({ name }) => names.has(name))
}

interface ContainerVolumes {
  volumeMounts?: { name: string }[]
  volumeDevices?: { name: string }[]
}

/** After two minutes without its volumes a sync gives up, says so, and soon begins again: when that is (WaitForAttachAndMount). */
function patience(record: PodRecord, ctx: Context): number {
  const { now } = ctx.world
  const missing = used(record.pod)
    .map(({ name }) => name)
    .filter((name) => !record.volumes[name])
  // Of claims that won't do it is told each time.
  const silent = missing.filter((name) => (record.mountTries[name]?.tries ?? 0) > 0).sort()
  record.mountSince ??= now
  if (silent.length > 0 && now >= record.mountSince + PATIENCE_MS) {
    const lists = `unmounted volumes=[${silent.join(' ')}], unattached volumes=[], failed to process volumes=[]`
    ctx.event(record, 'Warning', 'FailedMount', `Unable to attach or mount volumes: ${lists}: context deadline exceeded`)
    record.mountSince = now + ctx.jitter(CLAIM_RETRY_MS)
  }
  return Math.max(now + 1, record.mountSince + PATIENCE_MS)
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

/** A pod is looked at again after 60 to 90 s even when nothing has happened, and its volumes with it. */
const SYNC_MS = 60_000

/** When that last was: each pod has a rhythm of its own, and what changes in itself is seen to at once. */
function lastSync(record: PodRecord, now: number): number {
  const period = SYNC_MS + (fnv1a(record.uid) % (SYNC_MS / 2))
  return Math.max(now - ((now - record.startedAt) % period), record.changedAt)
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
  mounted.disk ??= volume?.['image']
    ? newDisk(volume['image'].reference)
    : emptyVolume(record.pod, mounted.at, volume && isInMemory(volume) ? 0o1777 : 0o777)
  if (!volume || !isMade(volume)) return mounted.disk
  if (lastSync(record, now) > mounted.at) refresh(record, volume, mounted, ctx, facts)
  if (mounted.files) {
    layOut(mounted.disk, mounted.files, record.pod, mounted.at, fnv1a(`${record.uid}${name}${mounted.at}`) % 1e9)
    mounted.files = null
  }
  return mounted.disk
}

function refresh(record: PodRecord, volume: Volume, mounted: MountedVolume, ctx: Context, facts: PodFacts): void {
  try {
    const files = payloadOf(record, volume, ctx, facts)
    const isSame = !mounted.files && equal(contents(files), laidOut(mounted.disk))
    if (!isSame) mounted.files = files
    mounted.at = ctx.world.now
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    mounted.at = ctx.world.now
  }
}

const contents = (files: Payload): FileMap => Object.fromEntries(Object.entries(files).map(([path, { data }]) => [path, data]))

/** Where on its disk a volume begins. */
export function rootOf(record: PodRecord, name: string, ctx: Context): number {
  const volume = record.pod.spec.volumes?.find((v) => v.name === name)
  const kept = volume ? ctx.storage?.of(ctx.nodeName, record.pod, volume) : undefined
  return kept && 'files' in kept ? (kept.root ?? ROOT) : ROOT
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
  return state ? volumeDisk(state) : null
}
