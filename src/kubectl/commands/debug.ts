/** `kubectl debug`: a container to look around in a Pod, a copy of the Pod, or a Pod on a node. */
import type { Container, Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { type Found, findObjects, resourceOf } from '../targets.ts'
import { watchUntil } from '../watching.ts'
import { attachTo } from './attach.ts'

const PROFILES = ['legacy', 'general', 'baseline', 'netadmin', 'restricted', 'sysadmin']
const SAFE = 'bcdfghjklmnpqrstvwxz2456789'

const PROBES = [
  ['keep-liveness', 'livenessProbe'],
  ['keep-readiness', 'readinessProbe'],
  ['keep-startup', 'startupProbe'],
] as const

type Draft = Container & { targetContainerName?: string; securityContext?: Record<string, unknown> }

export const debug = command({
  name: 'debug',
  dashed: true,
  completes: 'pods',
  async run(context) {
    const { args, flags } = context
    check(context)
    const targets = await findObjects(context, targetWords(args))
    for (const target of targets) {
      if (target.object.kind === 'Node') await onNode(context, target)
      else if (target.object.kind !== 'Pod')
        throw new KubectlError(`${JSON.stringify(target.object.kind)} not supported by debug`)
      else if (flags.text('copy-to')) await copy(context, target)
      else await ephemeral(context, target)
    }
  },
})

const targetWords = (args: readonly string[]): string[] =>
  args.length === 1 && !args[0]?.includes('/')
    ? ['pods', args[0] as string]
    : args.every((arg) => arg.includes('/'))
      ? [...args]
      : ['pods', ...args]

function check({ args, flags }: Context): void {
  const profile = flags.text('profile')
  if (!PROFILES.includes(profile)) throw new KubectlError(`unknown profile: ${profile}`)
  const copying = flags.text('copy-to') !== ''
  if (flags.has('set-image') && flags.has('image'))
    throw new KubectlError('may not specify --image and --set-image at the same time')
  if (!copying) {
    for (const name of ['share-processes', 'replace', 'same-node', 'set-image'])
      if (flags.has(name)) throw new KubectlError(`--${name} may only be used with --copy-to.`)
  }
  if (flags.is('tty') && !flags.is('stdin')) throw new KubectlError('-i/--stdin is required for containers with -t/--tty=true')
  if (!copying && !flags.text('image') && !args.some((arg) => arg.startsWith('node/')))
    throw new KubectlError('you must specify --image when not using --copy-to.')
  if (args.length === 0 && !flags.has('filename')) throw new KubectlError('NAME or filename is required for debug')
  if (flags.has('custom')) throw new KubectlError('--custom is not supported here; use --profile')
}

/** A name that no container of the Pod has. */
function freeName({ io }: Context, taken: readonly string[]): string {
  for (let seed = io.now(); ; seed = Math.floor(seed / 7) + 13) {
    let name = ''
    for (let i = 0, left = seed; i < 5; i++, left = Math.floor(left / SAFE.length)) name += SAFE[left % SAFE.length]
    if (!taken.includes(`debugger-${name}`)) return `debugger-${name}`
  }
}

function drafted({ flags, rest }: Context, name: string): Draft {
  const env = flags.all('env').map((pair) => ({ name: pair.split('=')[0] as string, value: pair.slice(pair.indexOf('=') + 1) }))
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
  } as unknown as Draft
}

/** What a profile allows the container. */
function permitted(container: Draft, profile: string, onNode: boolean): Draft {
  const add = (capabilities: string[]): Draft => ({
    ...container,
    securityContext: { ...container.securityContext, capabilities: { add: capabilities } },
  })
  if (profile === 'general' && !onNode) return add(['SYS_PTRACE'])
  if (profile === 'netadmin') return add(['NET_ADMIN', 'NET_RAW'])
  if (profile === 'sysadmin') return { ...container, securityContext: { privileged: true } }
  if (profile === 'restricted') {
    return {
      ...container,
      securityContext: {
        allowPrivilegeEscalation: false,
        capabilities: { drop: ['ALL'] },
        runAsNonRoot: true,
        seccompProfile: { type: 'RuntimeDefault' },
      },
    }
  }
  return container
}

const namesOf = ({ spec }: Pod): string[] =>
  [...spec.containers, ...(spec.initContainers ?? []), ...(spec.ephemeralContainers ?? [])].map(({ name }) => name)

async function ephemeral(context: Context, { info, namespace, name, object }: Found): Promise<void> {
  const { client, flags, io } = context
  const pod = object as unknown as Pod
  const asked = flags.text('container')
  const chosen = asked || freeName(context, namesOf(pod))
  if (!asked && !flags.is('quiet')) io.out(`Defaulting debug container name to ${chosen}.\n`)
  const target = flags.text('target')
  if (target && !flags.is('quiet'))
    io.out(
      `Targeting container ${JSON.stringify(target)}. If you don't see processes from this container it may be because the container runtime doesn't support this feature.\n`,
    )
  const container = permitted(
    { ...drafted(context, chosen), ...(target ? { targetContainerName: target } : {}) },
    flags.text('profile'),
    false,
  )
  const old = pod.spec.ephemeralContainers?.find((one) => one.name === chosen) as Draft | undefined
  // Without an order of its own the new one would stand in front.
  const order = [...(pod.spec.ephemeralContainers ?? []), ...(old ? [] : [container])].map((one) => ({ name: one.name }))
  const patch = {
    spec: { ephemeralContainers: [old ? again(old, container) : container], '$setElementOrder/ephemeralContainers': order },
  }
  const changed = await client.patch(info, namespace, name, 'strategic', patch, {}, 'ephemeralcontainers')
  await attachIfAsked(context, changed as unknown as Pod, chosen)
}

/** A name that is taken: what the profile adds goes to the container that has it. */
function again({ name, securityContext }: Draft, { securityContext: more }: Draft): object {
  const added = (context: Draft['securityContext']): string[] =>
    (context?.['capabilities'] as { add?: string[] } | undefined)?.add ?? []
  return { name, securityContext: { capabilities: { add: [...added(securityContext), ...added(more)] } } }
}

async function copy(context: Context, { info, namespace, object }: Found): Promise<void> {
  const { client, flags, io, rest } = context
  const pod = object as unknown as Pod
  // With nothing but other images it is a plain copy; else the profile leaves out what would tell it from its original.
  const plain = !flags.text('image') && !flags.text('container')
  const keep = (name: string): boolean => plain || flags.is(name)
  const metadata = {
    name: flags.text('copy-to'),
    namespace,
    ...(keep('keep-labels') ? { labels: pod.metadata.labels } : {}),
    ...(keep('keep-annotations') ? { annotations: pod.metadata.annotations } : {}),
  }
  const spec = JSON.parse(JSON.stringify(pod.spec)) as Pod['spec'] & Record<string, unknown>
  if (!flags.is('same-node')) delete spec.nodeName
  delete spec.ephemeralContainers
  if (flags.has('share-processes') ? flags.is('share-processes') : flags.text('image') !== '')
    spec['shareProcessNamespace'] = true
  for (const [flag, probe] of PROBES)
    if (!keep(flag)) for (const one of spec.containers) delete (one as unknown as Record<string, unknown>)[probe]
  if (!flags.is('keep-init-containers')) delete spec.initContainers
  for (const pair of flags.all('set-image')) {
    const [which = '', image = ''] = pair.split('=')
    for (const one of spec.containers) if (which === '*' || one.name === which) one.image = image
  }
  const asked = flags.text('container')
  const own = spec.containers.find(({ name }) => name === asked)
  let chosen = asked
  if (own) {
    if (flags.text('image')) own.image = flags.text('image')
    if (rest.length > 0 && flags.is('arguments-only')) own.args = [...rest]
    else if (rest.length > 0) {
      own.command = [...rest]
      delete own.args
    }
    for (const probe of ['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle'] as const)
      delete (own as unknown as Record<string, unknown>)[probe]
    Object.assign(
      own,
      permitted(
        { ...(flags.is('stdin') ? { stdin: true } : {}), ...(flags.is('tty') ? { tty: true } : {}) } as Draft,
        flags.text('profile'),
        false,
      ),
    )
  } else if (flags.text('image')) {
    chosen = asked || freeName(context, namesOf(pod))
    if (!asked && !flags.is('quiet')) io.out(`Defaulting debug container name to ${chosen}.\n`)
    spec.containers.push(permitted(drafted(context, chosen), flags.text('profile'), false) as Container)
  }
  const made = { apiVersion: 'v1', kind: 'Pod', metadata, spec } as unknown as AnyObject
  const created = await client.create(info, namespace, made)
  if (flags.is('replace')) await client.delete(info, namespace, pod.metadata.name)
  await attachIfAsked(context, created as unknown as Pod, chosen || (spec.containers[0]?.name ?? ''))
}

async function onNode(context: Context, { name }: Found): Promise<void> {
  const { client, flags, io, namespace } = context
  if (!flags.text('image')) throw new KubectlError('you must specify --image when not using --copy-to.')
  const profile = flags.text('profile')
  const container = permitted({ ...drafted(context, flags.text('container') || 'debugger') }, profile, true)
  const host = profile === 'restricted' || profile === 'baseline' ? {} : { hostNetwork: true, hostPID: true, hostIPC: true }
  const root =
    profile === 'restricted' || profile === 'baseline' ? {} : { volumes: [{ name: 'host-root', hostPath: { path: '/' } }] }
  const mounted = 'volumes' in root ? { ...container, volumeMounts: [{ name: 'host-root', mountPath: '/host' }] } : container
  const pod = `node-debugger-${name}-${freeName(context, []).slice('debugger-'.length)}`
  if (!flags.is('quiet')) io.out(`Creating debugging pod ${pod} with container ${container.name} on node ${name}.\n`)
  const made = {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: pod, labels: { 'app.kubernetes.io/managed-by': 'kubectl-debug' } },
    spec: {
      containers: [mounted],
      nodeName: name,
      restartPolicy: 'Never',
      tolerations: [{ operator: 'Exists' }],
      ...host,
      ...root,
    },
  }
  const created = await client.create(await resourceOf(context, 'pods'), namespace, made)
  await attachIfAsked(context, created as unknown as Pod, container.name)
}

async function attachIfAsked(context: Context, pod: Pod, container: string): Promise<void> {
  const { flags } = context
  const attaches = flags.has('attach') ? flags.is('attach') : flags.is('stdin')
  if (!attaches) return
  const info = await resourceOf(context, 'pods')
  const { name, namespace = '' } = pod.metadata
  let running = pod
  await watchUntil(context, { info, namespace, name }, Number.POSITIVE_INFINITY, (object) => {
    if (!object) return true
    running = object as unknown as Pod
    const { containerStatuses = [], ephemeralContainerStatuses = [] } = running.status ?? {}
    const state = [...containerStatuses, ...ephemeralContainerStatuses].find((one) => one.name === container)?.state
    return state?.running !== undefined || state?.terminated !== undefined
  })
  await attachTo(context, running, { container, stdin: flags.is('stdin'), tty: flags.is('tty') })
}
