/** `kubectl logs`: of a container, of all of a Pod, of many Pods. */
import type { Pod } from '#api/kinds.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import { type Context, command, KubectlError, usageError } from '../command.ts'
import { containerOf, mostToldFirst, podSelectorOf } from '../pod-choice.ts'
import { podLogs } from '../pod-logs.ts'
import { findObjects, resourceOf } from '../targets.ts'

const USAGE =
  "expected 'logs [-f] [-p] (POD | TYPE/NAME) [-c CONTAINER]'.\nPOD or TYPE/NAME is a required argument for the logs command"

export const logs = command({
  name: 'logs',
  completes: 'pods',
  async run(context) {
    const { flags } = context
    const asked = check(context)
    const { pods, all } = await podsFor(context)
    checkRange(context)
    const sources = pods.flatMap((pod) => containersOf(context, pod, asked, all).map((container) => ({ pod, container })))
    const most = flags.int('max-log-requests')
    if (flags.is('follow') && sources.length > 1 && sources.length > most) {
      throw new KubectlError(
        `you are attempting to follow ${sources.length} log streams, but maximum allowed concurrency is ${most}, use --max-log-requests to increase the limit`,
      )
    }
    const show = ({ pod, container }: (typeof sources)[0]) => showOne(context, pod, container)
    if (flags.is('follow') && sources.length > 1) await Promise.all(sources.map(show))
    else for (const source of sources) await show(source)
    return 0
  },
})

/** Refuses what does not go together; the container that is asked for, or nothing. */
function check({ args, flags }: Context): string {
  if (args.length > 2 || (args.length === 0 && !flags.has('selector'))) throw usageError('logs', USAGE)
  if (args.length === 1 && flags.has('selector')) throw usageError('logs', 'only a selector (-l) or a POD name is allowed')
  const asked = args[1] ?? flags.text('container')
  if (flags.is('all-containers') && asked)
    throw new KubectlError(`--all-containers=true should not be specified with container name ${asked}`)
  if (args.length === 2 && flags.has('container'))
    throw new KubectlError('only one of -c or an inline [CONTAINER] arg is allowed')
  return asked
}

const RFC3339 = [
  ['2006', /^\d{4}/],
  ['-', /^-/],
  ['01', /^\d{2}/],
  ['-', /^-/],
  ['02', /^\d{2}/],
  ['T', /^T/],
  ['15', /^\d{2}/],
  [':', /^:/],
  ['04', /^\d{2}/],
  [':', /^:/],
  ['05', /^\d{2}(\.\d+)?/],
  ['Z07:00', /^(Z|[+-]\d\d:\d\d)/],
] as const

/** Go's time.Parse stops at the first part that does not fit. */
function checkTime(text: string): void {
  if (text === '') return
  let rest = text
  for (const [part, shape] of RFC3339) {
    const found = shape.exec(rest)
    if (!found) {
      const why = `cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(part)}`
      throw new KubectlError(`parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": ${why}`)
    }
    rest = rest.slice(found[0].length)
  }
  if (rest !== '') throw new KubectlError(`parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}`)
}

/** Looked at when the Pods are found, as the real one does. */
function checkRange({ flags }: Context): void {
  if (flags.has('since-time') && flags.ms('since') !== 0)
    throw new KubectlError('at most one of `sinceTime` or `sinceSeconds` may be specified')
  checkTime(flags.text('since-time'))
  if (flags.int('limit-bytes') < 0) throw new KubectlError('--limit-bytes must be greater than 0')
  if (flags.ms('since') < 0) throw new KubectlError('--since must be greater than 0')
  if (flags.int('tail') < -1) throw new KubectlError('--tail must be greater than or equal to -1')
}

async function podsFor(context: Context): Promise<{ pods: Pod[]; all: boolean }> {
  const { args, client, flags, io, namespace } = context
  const info = await resourceOf(context, 'pods')
  const all = flags.is('all-pods')
  if (flags.has('selector')) {
    const { items } = await client.list<Pod>(info, namespace, { labelSelector: flags.text('selector') })
    if (items.length === 0) io.err(`No resources found in ${namespace} namespace.\n`)
    return { pods: items, all }
  }
  const word = args[0] as string
  const [found] = await findObjects(context, word.includes('/') ? [word] : ['pods', word], { known: true }).catch(
    (error: unknown) => {
      if (isNotFound(error))
        throw new KubectlError(`error from server (NotFound): ${error.message} in namespace ${JSON.stringify(namespace)}`)
      throw error
    },
  )
  if (!found) throw new KubectlError('expected a resource')
  if (found.object.kind === 'Pod') return { pods: [found.object as unknown as Pod], all }
  const { items } = await client.list<Pod>(info, found.namespace, {
    labelSelector: podSelectorOf(found.object, 'get the logs from'),
  })
  const sorted = [...items].sort(mostToldFirst)
  const [first] = sorted
  if (!first) throw new KubectlError('timed out waiting for the condition')
  if (sorted.length > 1 && !all) io.err(`Found ${sorted.length} pods, using pod/${first.metadata.name}\n`)
  return { pods: all ? sorted : [first], all }
}

function containersOf(context: Context, pod: Pod, asked: string, quiet: boolean): string[] {
  const { containers, initContainers = [], ephemeralContainers = [] } = pod.spec
  if (context.flags.is('all-containers')) return [...initContainers, ...containers, ...ephemeralContainers].map((c) => c.name)
  return [containerOf(context, pod, asked, quiet).name]
}

async function showOne(context: Context, pod: Pod, container: string): Promise<void> {
  const { flags, io } = context
  const tail = flags.has('tail') ? flags.int('tail') : flags.has('selector') ? 10 : -1
  const query = {
    tailLines: tail < 0 ? undefined : String(tail),
    previous: flags.is('previous') ? 'true' : undefined,
    timestamps: flags.is('timestamps') ? 'true' : undefined,
    limitBytes: flags.int('limit-bytes') > 0 ? flags.text('limit-bytes') : undefined,
    sinceSeconds: flags.ms('since') > 0 ? String(Math.max(1, Math.round(flags.ms('since') / 1000))) : undefined,
    sinceTime: flags.text('since-time') || undefined,
    insecureSkipTLSVerifyBackend: flags.is('insecure-skip-tls-verify-backend') ? 'true' : undefined,
  }
  const { name, namespace = '' } = pod.metadata
  const prefix = flags.is('prefix') || flags.is('all-pods') ? `[pod/${name}/${container}] ` : ''
  try {
    await podLogs(context, { namespace, pod: name, container, follow: flags.is('follow'), prefix, query })
  } catch (error) {
    if (!flags.is('ignore-errors') || !(error instanceof ApiError)) throw error
    io.out(`error: ${error.message}\n`)
  }
}
