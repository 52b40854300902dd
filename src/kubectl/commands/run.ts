/** `kubectl run`: one Pod from an image; on request a Service, and staying with it until it ends. */
import type { Pod } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Context, command, KubectlError, usageError } from '../command.ts'
import { dryRunOf } from '../dry-run.ts'
import { overridden } from '../merge.ts'
import { podLogs } from '../pod-logs.ts'
import { recorded } from '../record.ts'
import { resourceOf } from '../targets.ts'
import { labelsOf, pairsOf } from '../typed.ts'
import { watchUntil } from '../watching.ts'
import { attachTo } from './attach.ts'
import { createMade } from './create/generator.ts'

const wrong = (message: string): KubectlError => usageError('run', message)

export const run = command({
  name: 'run',
  dashed: true,
  async run(context) {
    const { args, flags } = context
    const name = args[0]
    if (name === undefined) throw wrong('NAME is required for run')
    const attach = check(context)
    const pod = await overridden(makePod(context, name), context)
    if (attach) return stay(context, pod)
    if (flags.is('expose')) {
      await createMade(context, makeService(context, name), undefined, 'kubectl-run')
      if (flags.text('output') === 'yaml') context.io.out('---\n')
    }
    await createMade(context, pod, undefined, 'kubectl-run')
    return 0
  },
})

/** distribution's reference.ReferenceRegexp: only a registry's name may have capitals. */
const LABEL = '(?:[a-zA-Z0-9]|[a-zA-Z0-9][a-zA-Z0-9-]*[a-zA-Z0-9])'
const DOMAIN = `(?:${LABEL}(?:\\.${LABEL})*|\\[[a-fA-F0-9:]+\\])(?::[0-9]+)?`
const PART = '[a-z0-9]+(?:(?:[._]|__|[-]+)[a-z0-9]+)*'
const DIGEST = '[A-Za-z][A-Za-z0-9]*(?:[-_+.][A-Za-z][A-Za-z0-9]*)*:[0-9a-fA-F]{32,}'
const IMAGE = new RegExp(`^(?:${DOMAIN}/)?${PART}(?:/${PART})*(?::\\w[\\w.-]{0,127})?(?:@${DIGEST})?$`)

/** Refuses what does not go together; true when kubectl shall stay with the Pod. */
function check(context: Context): boolean {
  const { flags } = context
  const image = flags.text('image')
  const attach = flags.has('attach') ? flags.is('attach') : flags.is('stdin')
  if (image === '') throw new KubectlError('--image is required')
  if (!IMAGE.test(image)) throw new KubectlError(`Invalid image name ${JSON.stringify(image)}: invalid reference format`)
  if (flags.is('tty') && !flags.is('stdin')) throw wrong('-i/--stdin is required for containers with -t/--tty=true')
  if (flags.is('expose') && !flags.text('port')) throw wrong('--port must be set when exposing a service')
  if (!['Always', 'OnFailure', 'Never'].includes(flags.text('restart')))
    throw wrong(`invalid restart policy: ${flags.text('restart')}`)
  if (!attach && flags.is('rm')) throw wrong('--rm should only be used for attached containers')
  if (attach && dryRunOf(context) !== 'none') {
    throw wrong("--dry-run=[server|client] can't be used with attached containers options (--attach, --stdin, or --tty)")
  }
  const policy = flags.text('image-pull-policy')
  if (policy && !['Always', 'IfNotPresent', 'Never'].includes(policy)) throw wrong(`invalid image pull policy: ${policy}`)
  return attach
}

function makePod({ flags, args, rest }: Context, name: string): AnyObject {
  const words = [...args.slice(1), ...rest]
  const env = flags.all('env').map((text) => {
    const cut = text.indexOf('=')
    if (cut < 1) throw new KubectlError(`invalid env: ${text}`)
    return { name: text.slice(0, cut), value: text.slice(cut + 1) }
  })
  const port = flags.text('port')
  if (port && !/^\d+$/.test(port)) throw new KubectlError(`strconv.Atoi: parsing ${JSON.stringify(port)}: invalid syntax`)
  const stdin = flags.is('stdin')
  const annotations = pairsOf(flags.all('annotations').join(','))
  return {
    kind: 'Pod',
    apiVersion: 'v1',
    metadata: {
      name,
      labels: flags.text('labels') ? labelsOf(flags.text('labels')) : { run: name },
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    spec: {
      containers: [
        {
          name,
          image: flags.text('image'),
          ...(words.length > 0 ? { [flags.is('command') ? 'command' : 'args']: words } : {}),
          ...(port ? { ports: [{ containerPort: Number(port) }] } : {}),
          ...(env.length > 0 ? { env } : {}),
          resources: {},
          ...(flags.text('image-pull-policy') ? { imagePullPolicy: flags.text('image-pull-policy') } : {}),
          ...(flags.is('privileged') ? { securityContext: { privileged: true } } : {}),
          ...(stdin ? { stdin: true, ...(flags.is('leave-stdin-open') ? {} : { stdinOnce: true }) } : {}),
          ...(flags.is('tty') ? { tty: true } : {}),
        },
      ],
      restartPolicy: flags.text('restart'),
      dnsPolicy: 'ClusterFirst',
    },
    status: {},
  }
}

function makeService({ flags }: Context, name: string): AnyObject {
  const port = Number(flags.text('port'))
  const labels = flags.text('labels') ? pairsOf(flags.text('labels')) : { run: name }
  return {
    kind: 'Service',
    apiVersion: 'v1',
    metadata: { name, ...(flags.text('labels') ? { labels } : {}) },
    spec: { ports: [{ protocol: 'TCP', port, targetPort: port }], selector: labels },
    status: { loadBalancer: {} },
  }
}

const isOver = ({ status }: Pod): boolean => status?.phase === 'Succeeded' || status?.phase === 'Failed'

/** Attached to the Pod until it, or the user, ends; then its exit status, where nobody starts it again. */
async function stay(context: Context, made: AnyObject): Promise<number> {
  const { client, flags, io, namespace } = context
  const info = await resourceOf(context, 'pods')
  const { metadata } = await client.create<Pod>(info, namespace, recorded(context, made) as Pod, {
    fieldManager: flags.text('field-manager') || 'kubectl-run',
  })
  const reached = async (wanted: (pod: Pod) => boolean): Promise<Pod> => {
    let pod: Pod | undefined
    const watched = { info, namespace, name: metadata.name }
    const outcome = await watchUntil(context, watched, io.now() + flags.ms('pod-running-timeout'), (object) => {
      const now = object as unknown as Pod | undefined
      if (!now && pod) throw new KubectlError(`pods ${JSON.stringify(metadata.name)} not found`)
      pod = now
      return now !== undefined && wanted(now)
    })
    if (outcome !== 'seen' || !pod) throw new KubectlError('timed out waiting for the condition')
    return pod
  }
  try {
    await meet(context, await reached((pod) => isOver(pod) || isRunningAndReady(pod)))
    const restart = flags.text('restart')
    if (flags.is('leave-stdin-open') || restart === 'Always') return 0
    return exitStatus(
      context,
      await reached((pod) => (restart === 'OnFailure' ? pod.status?.phase === 'Succeeded' : isOver(pod))),
    )
  } finally {
    if (flags.is('rm')) {
      await client.delete(info, namespace, metadata.name, { propagationPolicy: 'Background' })
      if (!flags.is('quiet')) io.out(`pod "${metadata.name}" deleted from ${namespace} namespace\n`)
    }
  }
}

const isRunningAndReady = ({ status }: Pod): boolean =>
  status?.phase === 'Running' && status.conditions?.find(({ type }) => type === 'Ready')?.status === 'True'

/** What was printed before, then the session itself; of a Pod that has ended, its log. */
async function meet(context: Context, pod: Pod): Promise<void> {
  const { flags, io, namespace } = context
  const { name } = pod.metadata
  const log = { namespace, pod: name, container: pod.spec.containers[0]?.name ?? '' }
  if (isOver(pod)) return podLogs(context, { ...log, follow: true })
  await podLogs(context, log)
  try {
    await attachTo(context, pod, { container: '', stdin: flags.is('stdin'), tty: flags.is('tty') })
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error)
    io.err(`warning: couldn't attach to pod/${name}, falling back to streaming logs: ${why}\n`)
    await podLogs(context, { ...log, follow: true })
  }
}

function exitStatus({ namespace }: Context, pod: Pod): number {
  if (pod.status?.phase === 'Succeeded') return 0
  const ended = pod.status?.containerStatuses?.[0]?.state?.terminated
  const where = `pod ${namespace}/${pod.metadata.name}`
  if (!ended || ended.exitCode === 0) throw new KubectlError(`${where} failed with unknown exit code`)
  throw new KubectlError(`${where} terminated (${ended.reason ?? ''})\n${ended.message ?? ''}`, ended.exitCode, true)
}
