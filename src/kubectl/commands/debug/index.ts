/** `kubectl debug`: a container to look around in a Pod, a copy of the Pod, or a Pod on a node. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Dict } from '#api/patch/parts.ts'
import { type Context, command, KubectlError } from '../../command.ts'
import { podLogs } from '../../pod-logs.ts'
import { suffix } from '../../suffix.ts'
import { type Found, findObjects, resourceOf } from '../../targets.ts'
import { watchUntil } from '../../watching.ts'
import { attachTo } from '../attach.ts'
import { checkDebug } from './check.ts'
import { customized, customProfile } from './custom.ts'
import { applyProfile, containerIn, type DebugContainer, type DebugPod, PROFILES } from './profiles.ts'

export const debug = command({
  name: 'debug',
  dashed: true,
  completes: 'pods',
  async run(context) {
    const { args, flags } = context
    const profile = flags.text('profile')
    if (!PROFILES.includes(profile)) throw new KubectlError(`unknown profile: ${profile}`)
    const custom = await customProfile(context)
    checkDebug(context, custom)
    for (const target of await findObjects(context, targetWords(args), { known: true })) {
      const { kind } = target.object
      if (kind !== 'Node' && kind !== 'Pod')
        throw new KubectlError(`"${target.object.apiVersion.replace(/^(?!.*\/)/, '/')}, Kind=${kind}" not supported by debug`)
      const made =
        kind === 'Node'
          ? await onNode(context, target, custom)
          : flags.text('copy-to')
            ? await copy(context, target, custom)
            : await ephemeral(context, target, custom)
      if (made.container) await attachIfAsked(context, made.pod, made.container)
    }
  },
})

const targetWords = (args: readonly string[]): string[] =>
  args.length === 1 && !args[0]?.includes('/')
    ? ['pods', args[0] as string]
    : args.every((arg) => arg.includes('/'))
      ? [...args]
      : ['pods', ...args]

interface Made {
  pod: Pod
  /** The container to look into; empty where none was added. */
  container: string
}

/** `--container`, or a name that no container of the Pod has. */
function nameFor({ flags, io }: Context, pod: DebugPod): string {
  if (flags.text('container')) return flags.text('container')
  for (let seed = io.now(); ; seed = Math.floor(seed / 7) + 13) {
    const name = `debugger-${suffix(seed)}`
    if (containerIn(pod, name)) continue
    if (!flags.is('quiet')) io.out(`Defaulting debug container name to ${name}.\n`)
    return name
  }
}

const envOf = ({ flags }: Context): Dict[] =>
  flags
    .all('env')
    .flatMap((pair) => pair.split(/,(?=[^=,]*=)/))
    .map((pair) => ({ name: pair.split('=')[0] as string, value: pair.slice(pair.indexOf('=') + 1) }))

function drafted(context: Context, name: string): DebugContainer {
  const { flags, rest } = context
  const env = envOf(context)
  return {
    name,
    image: flags.text('image'),
    ...(rest.length > 0 ? { [flags.is('arguments-only') ? 'args' : 'command']: [...rest] } : {}),
    ...(env.length > 0 ? { env } : {}),
    ...(flags.text('image-pull-policy') ? { imagePullPolicy: flags.text('image-pull-policy') } : {}),
    terminationMessagePolicy: 'File',
    ...(flags.is('stdin') ? { stdin: true } : {}),
    ...(flags.is('tty') ? { tty: true } : {}),
    resources: {},
  }
}

async function ephemeral(context: Context, { info, namespace, name, object }: Found, custom?: Dict): Promise<Made> {
  const { client, flags } = context
  const pod = structuredClone(object) as unknown as DebugPod
  const chosen = nameFor(context, pod)
  const taken = structuredClone(containerIn(pod, chosen))
  const target = flags.text('target')
  const added = { ...drafted(context, chosen), ...(target ? { targetContainerName: target } : {}) }
  pod.spec.ephemeralContainers = [...(pod.spec.ephemeralContainers ?? []), added]
  applyProfile(flags, 'ephemeral', pod, chosen)
  const made = custom ? await customized(context, added, custom, 'ephemeralContainers') : added
  warn(context, made, pod)
  // A name that is taken: what the profile adds goes to the container that has it.
  const sent = taken ? { name: chosen, securityContext: containerIn(pod, chosen)?.securityContext } : made
  const order = [...new Set(pod.spec.ephemeralContainers.map((one) => one.name))].map((name) => ({ name }))
  const patch = { spec: { '$setElementOrder/ephemeralContainers': order, ephemeralContainers: [sent] } }
  const changed = await client.patch(info, namespace, name, 'strategic', patch, {}, 'ephemeralcontainers')
  return { pod: changed as unknown as Pod, container: chosen }
}

const NON_ROOT =
  'Warning: Non-root user is configured for the entire target Pod, and some capabilities granted by debug profile may not work. Please consider using "--custom" with a custom profile that specifies "securityContext.runAsUser: 0".\n'

/** Where a profile grants what the Pod's user cannot use. */
function warn({ io }: Context, { securityContext: own }: DebugContainer, { spec }: DebugPod): void {
  const { runAsUser } = (spec['securityContext'] ?? {}) as { runAsUser?: number }
  const { runAsUser: user, privileged, capabilities } = (own ?? {}) as Dict
  const added = (capabilities as { add?: string[] } | undefined)?.add ?? []
  if (runAsUser && user !== 0 && (privileged || added.length > 0)) io.err(NON_ROOT)
}

async function copy(context: Context, { info, namespace, object }: Found, custom?: Dict): Promise<Made> {
  const { client, flags } = context
  const { labels, annotations } = object.metadata
  const metadata = {
    name: flags.text('copy-to'),
    namespace,
    ...(labels ? { labels } : {}),
    ...(annotations ? { annotations } : {}),
  }
  const spec = structuredClone(object['spec']) as DebugPod['spec']
  delete spec.ephemeralContainers
  if (flags.has('share-processes')) spec['shareProcessNamespace'] = flags.is('share-processes')
  if (!flags.is('same-node')) delete spec['nodeName']
  setImages(context, spec.containers)
  const pod: DebugPod = { apiVersion: 'v1', kind: 'Pod', metadata, spec }
  const container = await copiedContainer(context, pod, custom)
  const created = await client.create(info, namespace, pod)
  if (flags.is('replace')) await client.delete(info, namespace, object.metadata.name, { gracePeriodSeconds: 0 })
  return { pod: created as unknown as Pod, container }
}

function setImages({ flags }: Context, containers: readonly DebugContainer[]): void {
  const images = new Map(
    flags
      .all('set-image')
      .flatMap((pairs) => pairs.split(','))
      .map((pair) => [pair.split('=')[0] as string, pair.slice(pair.indexOf('=') + 1)]),
  )
  for (const one of containers) one.image = images.get(one.name) ?? images.get('*') ?? (one.image as string)
}

/** The copy's container to look into: one that it has, changed, or one more. Empty where only images change. */
async function copiedContainer(context: Context, pod: DebugPod, custom?: Dict): Promise<string> {
  const { flags, rest } = context
  let own = containerIn(pod, flags.text('container'))
  if (!own) {
    if (!flags.text('image')) {
      if (flags.has('set-image')) return ''
      throw new KubectlError('you must specify image when creating new container')
    }
    own = { name: nameFor(context, pod), terminationMessagePolicy: 'File' }
    pod.spec.containers.push(own)
  }
  const env = envOf(context)
  if (rest.length > 0 && flags.is('arguments-only')) own['args'] = [...rest]
  else if (rest.length > 0) {
    own['command'] = [...rest]
    delete own['args']
  }
  if (env.length > 0) own['env'] = env
  if (flags.text('image')) own.image = flags.text('image')
  if (flags.text('image-pull-policy')) own['imagePullPolicy'] = flags.text('image-pull-policy')
  own['stdin'] = flags.is('stdin')
  own['tty'] = flags.is('tty')
  applyProfile(flags, 'copy', pod, own.name)
  if (custom) {
    const { name } = own
    const at = pod.spec.containers.findIndex((one) => one.name === name)
    if (at < 0) throw new KubectlError(`unable to find the ${name} container in the pod ${pod.metadata.name}`)
    own = await customized(context, pod.spec.containers[at] as DebugContainer, custom, 'containers')
    pod.spec.containers[at] = own
  }
  warn(context, own, pod)
  return own.name
}

async function onNode(context: Context, { name }: Found, custom?: Dict): Promise<Made> {
  const { client, flags, io, namespace } = context
  const container = drafted(context, flags.text('container') || 'debugger')
  const podName = `node-debugger-${name}-${suffix(io.now())}`
  if (!flags.is('quiet')) io.out(`Creating debugging pod ${podName} with container ${container.name} on node ${name}.\n`)
  const pod: DebugPod = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: podName, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
    spec: { containers: [container], nodeName: name, restartPolicy: 'Never', tolerations: [{ operator: 'Exists' }] },
  }
  applyProfile(flags, 'node', pod, container.name)
  if (custom) pod.spec.containers = [await customized(context, container, custom, 'containers')]
  const created = await client.create(await resourceOf(context, 'pods'), namespace, pod)
  return { pod: created as unknown as Pod, container: container.name }
}

interface ContainerState {
  name: string
  state?: { running?: object; terminated?: object; waiting?: { message?: string } }
}

function stateOf({ status }: Pod, container: string): ContainerState['state'] {
  const { initContainerStatuses = [], containerStatuses = [], ephemeralContainerStatuses = [] } = status ?? {}
  const all = [...initContainerStatuses, ...containerStatuses, ...ephemeralContainerStatuses] as ContainerState[]
  return all.find((one) => one.name === container)?.state
}

/** Waits for the container and goes to it; of one that has ended already, its log is shown. */
async function attachIfAsked(context: Context, pod: Pod, container: string): Promise<void> {
  const { flags, io } = context
  if (!(flags.has('attach') ? flags.is('attach') : flags.is('stdin'))) return
  const info = await resourceOf(context, 'pods')
  const { name, namespace = '' } = pod.metadata
  let running: Pod | AnyObject | undefined = pod
  await watchUntil(context, { info, namespace, name }, Number.POSITIVE_INFINITY, (object) => {
    running = object
    if (!object) return true
    const state = stateOf(object as unknown as Pod, container)
    if (state?.running || state?.terminated) return true
    if (state?.waiting?.message && !flags.is('quiet')) io.err(`Warning: container ${container}: ${state.waiting.message}\n`)
    return false
  })
  if (!running) throw new KubectlError('Error from server (NotFound): pods "" not found', 1, true)
  if (io.signal.aborted) return
  if (stateOf(running as Pod, container)?.terminated) return podLogs(context, { namespace, pod: name, container })
  await attachTo(context, running as Pod, { container, stdin: flags.is('stdin'), tty: flags.is('tty') })
}
