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

const IMAGE = /^[\w][\w.-]*(:\d+)?(\/[\w][\w._-]*)*(:[\w][\w.-]{0,127})?(@[A-Za-z][\w.+-]*:[0-9a-fA-F]{32 })?$/

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

const isOver = (pod: Pod | undefined): boolean =>
  pod === undefined || pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

/** Shows what the Pod prints until it ends, then its exit status. Nothing can be typed into it here. */
async function stay(context: Context, made: AnyObject): Promise<number> {
  const { client, flags, io, namespace } = context
  const info = await resourceOf(context, 'pods')
  const { metadata } = await client.create<Pod>(info, namespace, recorded(context, made) as Pod, {
    fieldManager: flags.text('field-manager') || 'kubectl-run',
  })
  const watched = { info, namespace, name: metadata.name }
  let pod: Pod | undefined
  try {
    const started = (object: AnyObject | undefined): boolean => {
      pod = object as unknown as Pod | undefined
      return isOver(pod) || pod?.status?.phase === 'Running'
    }
    const outcome = await watchUntil(context, watched, io.now() + flags.ms('pod-running-timeout'), started)
    if (outcome !== 'seen') throw new KubectlError('timed out waiting for the condition')
    if (!flags.is('quiet') && flags.is('stdin')) io.err("If you don't see a command prompt, try pressing enter.\n")
    await podLogs(context, { namespace, pod: metadata.name, container: made['spec'].containers[0].name, follow: true })
    if (flags.text('restart') === 'Always') return 0
    await watchUntil(context, watched, Number.POSITIVE_INFINITY, (object) => isOver((pod = object as unknown as Pod | undefined)))
    return exitStatus(context, pod)
  } finally {
    if (flags.is('rm')) {
      await client.delete(info, namespace, metadata.name, { propagationPolicy: 'Background' })
      if (!flags.is('quiet')) io.out(`pod "${metadata.name}" deleted from ${namespace} namespace\n`)
    }
  }
}

function exitStatus({ namespace }: Context, pod: Pod | undefined): number {
  if (!pod || pod.status?.phase === 'Succeeded') return 0
  const ended = pod.status?.containerStatuses?.[0]?.state?.terminated
  const where = `pod ${namespace}/${pod.metadata.name}`
  if (!ended || ended.exitCode === 0) throw new KubectlError(`${where} failed with unknown exit code`)
  throw new KubectlError(`${where} terminated (${ended.reason ?? ''})\n${ended.message ?? ''}`, ended.exitCode, true)
}
