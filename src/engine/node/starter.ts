/** Starting one container: image, configuration, creation, start, postStart hook (kuberuntime_container.go startContainer). */
import { writeDuration } from '#api/go-duration.ts'
import type { Container, Pod, Volume } from '#api/kinds.ts'
import { milliOf, wholeOf } from '#api/quantity.ts'
import type { Access } from '../machinery/registries.ts'
import type { ContainerState } from './container.ts'
import type { Context } from './context.ts'
import { readFrom, subPathRoot } from './disk-places.ts'
import { ConfigError, Configuration, environment, expand, type PodFacts } from './environment.ts'
import type { Mount } from './files.ts'
import { groupMount, seesManifests } from './group-mount.ts'
import { type HookEnd, runHook } from './hooks.ts'
import { identityOf } from './identity.ts'
import { type ImageName, parseImageName } from './image-name.ts'
import { imageFor } from './images/known.ts'
import { hostnameOf } from './managed-files.ts'
import { memoryVolumes } from './memory-volumes.ts'
import { oomScoreAdjust } from './oom-score.ts'
import { type Busy, containerSpec, type PodRecord, podName, type Reason } from './pod-record.ts'
import { commandLine } from './programs/command-line.ts'
import { loginsFor, missingSecrets, pullSecrets } from './pull-secrets.ts'
import type { PullEnd, Puller } from './puller.ts'
import { allocatedOf, allocatedPod, grantedOf } from './resizing.ts'
import { isMade } from './volume-payload.ts'
import { diskOf, rootOf } from './volumes.ts'

/** How a start goes on: finished (with what went wrong, or null), or it waits for a pull or a hook. */
export type StartStep = { done: Reason | null; retryAt?: number } | 'wait'

const FIRST_BACKOFF_MS = 10_000
const LONGEST_BACKOFF_MS = 300_000

/** Pulls are told of to the millisecond. */
const took = (ms: number): string => writeDuration(Math.round(ms))

export class Starter {
  readonly #ctx: Context
  readonly #puller: Puller
  readonly #facts: (record: PodRecord) => PodFacts

  constructor(ctx: Context, puller: Puller, facts: (record: PodRecord) => PodFacts) {
    this.#ctx = ctx
    this.#puller = puller
    this.#facts = facts
  }

  begin(record: PodRecord, busy: Busy, name: string): StartStep {
    const container = containerSpec(record.pod, name)
    if (!container) return { done: null }
    const held = this.#backOff(record, busy, container)
    if (held) return held
    this.#ctx.tally.add('start', record.slots[name]?.kind)
    return this.#ensureVolumes(record, container)
  }

  /** Images that are mounted come before the container's own. */
  #ensureVolumes(record: PodRecord, container: Container): StartStep {
    const had = record.busy?.volumes ?? []
    for (const { reference, pullPolicy } of imagesMounted(record.pod, container)) {
      if (had.includes(reference)) continue
      const parsed = parseImageName(reference)
      if (typeof parsed !== 'string' && pullPolicy !== 'Always' && this.#has(record, parsed)) continue
      return this.#pull(record, reference, container.name)
    }
    return this.#ensureImage(record, container)
  }

  /** Restarts wait 10 s, 20 s … 5 min after the end of the last run; ten quiet minutes forgive (doBackOff). */
  #backOff(record: PodRecord, busy: Busy, { name, image = '' }: Container): StartStep | null {
    const ended = busy.ended[name]
    if (ended === undefined) return null
    const now = this.#ctx.world.now
    const last = record.crash[name]
    // Another image is another container: it has not failed yet.
    const known = last?.image === image ? last : undefined
    const forgiven = known !== undefined && ended - known.lastUpdate > 2 * LONGEST_BACKOFF_MS
    if (known && !forgiven && now - ended < known.delayMs) {
      const pod = podName(record.pod)
      this.#ctx.event(record, 'Warning', 'BackOff', `Back-off restarting failed container ${name} in pod ${pod}`, name)
      const message = `back-off ${writeDuration(known.delayMs)} restarting failed container=${name} pod=${pod}`
      return { done: { reason: 'CrashLoopBackOff', message }, retryAt: ended + known.delayMs }
    }
    record.crash[name] = {
      delayMs: known && !forgiven ? Math.min(LONGEST_BACKOFF_MS, known.delayMs * 2) : FIRST_BACKOFF_MS,
      lastUpdate: now,
      image,
    }
    return null
  }

  #failed(record: PodRecord, name: string, reason: string, message: string, said = message): StartStep {
    this.#ctx.event(record, 'Warning', 'Failed', `Error: ${said}`, name)
    return this.#counted(record, name, { reason, message })
  }

  #counted(record: PodRecord, name: string, done: Reason): StartStep {
    this.#ctx.tally.add('fail', record.slots[name]?.kind, done.reason)
    return { done }
  }

  #ensureImage(record: PodRecord, container: Container): StartStep {
    const { name, image = '', imagePullPolicy: policy } = container
    const parsed = parseImageName(image)
    if (typeof parsed === 'string') {
      const message = `Failed to apply default image tag "${image}": couldn't parse image name "${image}": ${parsed}`
      this.#ctx.event(record, 'Warning', 'InspectFailed', message, name)
      return this.#failed(record, name, 'InvalidImageName', message, 'InvalidImageName')
    }
    if (policy !== 'Always' && this.#has(record, parsed)) {
      this.#ctx.event(
        record,
        'Normal',
        'Pulled',
        `Container image "${image}" already present on machine and can be accessed by the pod`,
        name,
      )
      return this.#create(record, container, parsed)
    }
    if (policy === 'Never') {
      const message = `Container image "${image}" is not present with pull policy of Never`
      this.#ctx.event(record, 'Warning', 'ErrImageNeverPull', message, name)
      return this.#failed(record, name, 'ErrImageNeverPull', message, 'ErrImageNeverPull')
    }
    return this.#pull(record, image, name)
  }

  #pull(record: PodRecord, image: string, name: string): StartStep {
    const back = record.pulls[image]
    if (back && this.#ctx.world.now - back.lastUpdate < back.delayMs) {
      this.#ctx.event(record, 'Normal', 'BackOff', `Back-off pulling image "${image}"`, name)
      return this.#failed(
        record,
        name,
        'ImagePullBackOff',
        `Back-off pulling image "${image}": ErrImagePull: ${back.message}`,
        'ImagePullBackOff',
      )
    }
    this.#ctx.event(record, 'Normal', 'Pulling', `Pulling image "${image}"`, name)
    const parsed = parseImageName(image)
    this.#puller.ask(image, record.uid, name, typeof parsed === 'string' ? 'all' : this.#access(record, parsed))
    return 'wait'
  }

  #has(record: PodRecord, name: ImageName): boolean {
    return this.#puller.has(name.full, this.#access(record, name))
  }
  #access({ pod }: PodRecord, name: ImageName): Access {
    const { entries } = pullSecrets(this.#ctx, pod)
    return this.#ctx.registries.admits(name.registry, loginsFor(name, entries))
  }
  /** Looked for at each sync. */
  secrets(record: PodRecord): void {
    const { missing } = pullSecrets(this.#ctx, record.pod)
    if (missing.length === 0) return
    const { reason, message } = missingSecrets(missing)
    this.#ctx.event(record, 'Warning', reason, message)
  }

  /** The pull that a start waited for is over. */
  pulled(record: PodRecord, end: PullEnd): StartStep {
    const container = containerSpec(record.pod, end.container)
    if (!container) return { done: null }
    const now = this.#ctx.world.now
    if (end.error) {
      this.#ctx.event(record, 'Warning', 'Failed', `Failed to pull image "${end.image}": ${end.error}`, end.container)
      const known = record.pulls[end.image]
      const forgiven = known !== undefined && now - known.lastUpdate > 2 * LONGEST_BACKOFF_MS
      const delayMs = known && !forgiven ? Math.min(LONGEST_BACKOFF_MS, known.delayMs * 2) : FIRST_BACKOFF_MS
      record.pulls[end.image] = { delayMs, lastUpdate: now, message: end.error }
      return this.#failed(record, end.container, 'ErrImagePull', end.error, 'ErrImagePull')
    }
    const times = `${took(now - end.began)} (${took(now - end.asked)} including waiting)`
    this.#ctx.event(
      record,
      'Normal',
      'Pulled',
      `Successfully pulled image "${end.image}" in ${times}. Image size: ${end.sizeBytes} bytes.`,
      end.container,
    )
    const parsed = parseImageName(end.image)
    if (end.image !== container.image) {
      if (record.busy) record.busy.volumes = [...(record.busy.volumes ?? []), end.image]
      return this.#ensureVolumes(record, container)
    }
    return typeof parsed === 'string' ? { done: null } : this.#create(record, container, parsed)
  }

  #create(record: PodRecord, container: Container, image: ImageName): StartStep {
    const { name } = container
    let state: ContainerState
    try {
      state = this.#ctx.runtime.create(this.#spec(record, container, image))
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error
      return this.#failed(record, name, 'CreateContainerConfigError', error.message)
    }
    const slot = record.slots[name]
    if (!slot) return { done: null }
    // Of the dead ones only the newest is kept.
    if (slot.current !== null) {
      this.#ctx.runtime.remove(slot.previous)
      slot.previous = slot.current
    }
    slot.current = state.id
    record.images[name] = container.image ?? ''
    this.#ctx.event(record, 'Normal', 'Created', 'Container created', name)
    const error = this.#ctx.runtime.start(state)
    if (error) return this.#failed(record, name, 'RunContainerError', error)
    this.#ctx.event(record, 'Normal', 'Started', 'Container started', name)
    const hook = container.lifecycle?.postStart
    if (!hook) return { done: null }
    const ran = runHook(this.#ctx, record, container, state, hook, 'post-start')
    return ran === 'wait' ? 'wait' : this.hookDone(record, name, ran)
  }

  /** The postStart hook is over; a failed one takes the container with it (`wait`: until it is dead). */
  hookDone(record: PodRecord, name: string, end: HookEnd): StartStep {
    if (end.ok) return { done: null }
    this.#ctx.event(record, 'Warning', 'FailedPostStartHook', 'PostStartHook failed', name)
    record.reasons[name] = { reason: 'PostStartHookError', message: end.message }
    return this.#counted(record, name, record.reasons[name])
  }

  #spec(record: PodRecord, container: Container, image: ImageName) {
    const { pod } = record
    const { runtime, network } = this.#ctx
    const facts = this.#facts(record)
    const config = new Configuration(this.#ctx.api, pod.metadata.namespace ?? '')
    const services = pod.spec.enableServiceLinks === false ? {} : network.serviceEnv(pod.metadata.namespace ?? '')
    const declared = imageFor(image)
    const file = (volume: string, path: string) => readFrom(diskOf(record, volume, this.#ctx, facts), path)
    const env = environment(pod, container, config, facts, services, file)
    const before = runtime.get(record.slots[container.name]?.current)
    const granted = grantedOf(record, container)
    if (record.resizing) record.resizing.actuated[container.name] = granted
    const allocated = allocatedOf(record, container)
    const limit = granted.limits?.['memory']
    const cpu = granted.limits?.['cpu']
    return {
      id: runtime.newId(),
      podUid: record.uid,
      pidSpace: pod.spec.shareProcessNamespace ? record.uid : this.#target(record, container),
      name: container.name,
      image: image.full,
      imageId: this.#puller.digest(image),
      attempt: before ? before.attempt + 1 : (record.slots[container.name]?.attempts ?? 0),
      argv: commandLine(declared, container.command, container.args).map((word) => expand(word, env)),
      env: {
        PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
        HOSTNAME: hostnameOf(pod, this.#ctx.nodeName),
        HOME: '/root',
        ...declared.env,
        ...env,
      },
      hostname: hostnameOf(pod, this.#ctx.nodeName),
      podIp: record.sandbox?.ip ?? '',
      ports: (container.ports ?? []).filter((p) => (p.protocol ?? 'TCP') === 'TCP').map((p) => p.containerPort),
      memoryLimitMi: limit === undefined ? 0 : wholeOf(limit) / 1_048_576,
      ...(cpu === undefined ? {} : { cpuMost: milliOf(cpu) }),
      oomScoreAdj: oomScoreAdjust(allocatedPod(record), { ...container, resources: allocated }, facts.memory),
      messagePath: container.terminationMessagePath ?? '/dev/termination-log',
      messagePolicy: container.terminationMessagePolicy ?? 'File',
      ...identityOf(pod, container, declared),
      cwd: container.workingDir || declared.cwd || '/',
      memoryVolumes: memoryVolumes(pod, facts.allocatable['memory']),
      stdin: container.stdin ?? false,
      stdinOnce: container.stdinOnce ?? false,
      tty: container.tty ?? false,
      mounts: this.#mounts(record, container, env),
      readOnlyRoot: (container.securityContext as Record<string, unknown> | undefined)?.['readOnlyRootFilesystem'] === true,
    }
  }

  /** The running container beside which this one was asked for (kubectl debug --target). */
  #target({ slots }: PodRecord, { targetContainerName = '' }: Container & { targetContainerName?: string }): string | undefined {
    return slots[targetContainerName]?.current ?? undefined
  }

  /** How the container sees the pod's volumes; a part of one is looked up now, and stays what it is (makeMounts). */
  #mounts(record: PodRecord, container: Container, env: Record<string, string>): Mount[] {
    const devices: { name: string; devicePath: string }[] = (container as Record<string, any>)['volumeDevices'] ?? []
    type Use = NonNullable<Container['volumeMounts']>[number]
    const uses: Use[] = [...(container.volumeMounts ?? []), ...devices.map((one) => ({ ...one, mountPath: one.devicePath }))]
    return uses.flatMap((mount): Mount[] => {
      const volume = record.pod.spec.volumes?.find((v) => v.name === mount.name)
      const fixed = volume !== undefined && isFixed(volume)
      const readOnly = (mount.readOnly ?? false) || fixed
      const path = mount.mountPath.replace(/(.)\/$/, '$1')
      const subPath = subPathOf(mount, env)
      const top = rootOf(record, mount.name, this.#ctx)
      const shown = groupMount(volume, path, subPath)
      const groups = shown ? [{ volume: mount.name, readOnly, root: top, ...shown }] : []
      if (shown?.path === path) return groups
      const more = {
        ...('devicePath' in mount ? { device: true as const } : {}),
        ...(!readOnly && seesManifests(volume) ? { manifests: true as const } : {}),
      }
      if (subPath === '') return [{ path, volume: mount.name, readOnly, root: top, ...more }, ...groups]
      const disk = diskOf(record, mount.name, this.#ctx, this.#facts(record))
      const root = subPathRoot(disk, subPath, this.#ctx.world.now, top)
      if (root !== undefined) return [{ path, volume: mount.name, readOnly, root, ...more }, ...groups]
      throw new ConfigError(`failed to create subPath directory for volumeMount "${mount.name}" of container "${container.name}"`)
    })
  }
}

/** Nobody may write to it, whatever the mount says. */
const isFixed = (volume: Volume): boolean =>
  isMade(volume) ||
  volume['image'] !== undefined ||
  ['persistentVolumeClaim', 'nfs', 'csi'].some((source) => (volume[source] as { readOnly?: boolean } | undefined)?.readOnly)

function subPathOf(
  { subPath = '', subPathExpr }: { subPath?: string; subPathExpr?: string },
  env: Record<string, string>,
): string {
  let path = subPath
  if (subPathExpr) {
    path = subPathExpr.replace(/\$(?:\$|\(([^()]*)\))/g, (_, name?: string) => {
      if (name === undefined) return '$'
      const value = env[name]
      if (value === undefined) throw new ConfigError(`missing value for ${JSON.stringify(name)}`)
      return value
    })
  }
  if (path.startsWith('/')) throw new ConfigError(`error SubPath \`${path}\` must not be an absolute path`)
  if (path.split('/').includes('..')) throw new ConfigError(`unable to provision SubPath \`${path}\`: must not contain '..'`)
  return path
}

interface MountedImage {
  reference: string
  pullPolicy?: string
}

/** The images that a container mounts as volumes, each once. */
function imagesMounted(pod: Pod, container: Container): MountedImage[] {
  const names = new Set((container.volumeMounts ?? []).map(({ name }) => name))
  return (pod.spec.volumes ?? []).flatMap((volume) => {
    const image = volume['image'] as MountedImage | undefined
    return image?.reference && names.has(volume.name) ? [image] : []
  })
}
