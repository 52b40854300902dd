/** `kubectl cordon`, `uncordon` and `drain`. */
import type { Node, Pod } from '#api/kinds.ts'
import { controllerOf } from '#api/meta.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import { type Command, type Context, command, KubectlError } from '../command.ts'
import { dryRunOf, WRITE_FLAGS } from '../dry-run.ts'
import { resourceOf, SELECTOR_FLAGS } from '../targets.ts'

async function nodesOf(context: Context): Promise<Node[]> {
  const { args, flags, client } = context
  const info = await resourceOf(context, 'nodes')
  const names = args.map((arg) => arg.replace(/^nodes?\//, ''))
  if (names.length === 0 && !flags.has('selector')) throw new KubectlError(`resource(s) were provided, but no name was specified`)
  if (names.length > 0) return Promise.all(names.map((name) => client.get<Node>(info, '', name)))
  return (await client.list<Node>(info, '', { labelSelector: flags.text('selector') })).items
}

async function mark(context: Context, node: Node, unschedulable: boolean): Promise<void> {
  const { client, io } = context
  const word = unschedulable ? 'cordoned' : 'uncordoned'
  const dry = dryRunOf(context)
  const suffix = dry === 'none' ? '' : dry === 'server' ? ' (server dry run)' : ' (dry run)'
  if ((node.spec.unschedulable ?? false) === unschedulable) return io.out(`node/${node.metadata.name} already ${word}${suffix}\n`)
  const info = await resourceOf(context, 'nodes')
  const query = dry === 'server' ? { dryRun: 'All' } : {}
  if (dry !== 'client') await client.patch(info, '', node.metadata.name, 'strategic', { spec: { unschedulable: unschedulable || null } }, query)
  io.out(`node/${node.metadata.name} ${word}${suffix}\n`)
}

const marking = (name: 'cordon' | 'uncordon', short: string): Command =>
  command({
    name,
    short,
    usage: `${name} NODE`,
    completes: 'nodes',
    flags: [...WRITE_FLAGS, ...SELECTOR_FLAGS],
    async run(context) {
      for (const node of await nodesOf(context)) await mark(context, node, name === 'cordon')
      return 0
    },
  })

export const cordon = marking('cordon', 'Mark node as unschedulable')
export const uncordon = marking('uncordon', 'Mark node as schedulable')

/** Eviction is refused (a budget) again and again this often until it is not. */
const RETRY_MS = 5000
const LOOK_MS = 1000

export const drain = command({
  name: 'drain',
  short: 'Drain node in preparation for maintenance',
  usage: 'drain NODE',
  completes: 'nodes',
  flags: [
    ...WRITE_FLAGS,
    ...SELECTOR_FLAGS,
    { name: 'force', type: 'bool', help: 'Continue even if there are pods that do not declare a controller.' },
    { name: 'ignore-daemonsets', type: 'bool', help: 'Ignore DaemonSet-managed pods.' },
    { name: 'delete-emptydir-data', type: 'bool', help: 'Continue even if there are pods using emptyDir.' },
    { name: 'grace-period', type: 'int', default: '-1', help: 'Period of time in seconds given to each pod to terminate gracefully.' },
    { name: 'timeout', type: 'duration', default: '0s', help: 'The length of time to wait before giving up, zero means infinite' },
    { name: 'pod-selector', type: 'string', help: 'Label selector to filter pods on the node' },
    { name: 'disable-eviction', type: 'bool', help: 'Force drain to use delete, even if eviction is supported.' },
    { name: 'skip-wait-for-delete-timeout', type: 'int', default: '0', help: 'Skip waiting for pods whose DeletionTimestamp is older than N seconds.' },
  ],
  async run(context) {
    for (const node of await nodesOf(context)) {
      await mark(context, node, true)
      await drainOne(context, node.metadata.name)
    }
    return 0
  },
})

async function drainOne(context: Context, node: string): Promise<void> {
  const { client, flags, io } = context
  const info = await resourceOf(context, 'pods')
  const { items } = await client.list<Pod>(info, '', { fieldSelector: `spec.nodeName=${node}`, labelSelector: flags.text('pod-selector') })
  const { victims, errors, warnings } = sortOut(items, flags)
  if (errors.length > 0) {
    io.out(`There are pending nodes to be drained:\n ${node}\n`)
    throw new KubectlError(`unable to drain node "${node}" due to error: ${errors.length === 1 ? errors[0] : `[${errors.join(', ')}]`}, continuing command...\n${errors.map((e) => `cannot delete ${e.replace(/^cannot delete /, '')}`).join('\n')}`, 1)
  }
  if (warnings.length > 0) io.err(`Warning: ${warnings.join('; ')}\n`)
  const dry = dryRunOf(context)
  if (dry !== 'none') {
    for (const { metadata } of victims) io.out(`evicting pod ${metadata.namespace}/${metadata.name} (${dry === 'server' ? 'server dry run' : 'dry run'})\n`)
    return io.out(`node/${node} drained (${dry === 'server' ? 'server dry run' : 'dry run'})\n`)
  }
  await Promise.all(victims.map((pod) => evict(context, pod)))
  io.out(`node/${node} drained\n`)
}

const isDone = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'
const shown = (pods: Pod[]): string => pods.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`).join(', ')

/** What goes, what stands in the way, and what is left with a warning (kubectl/pkg/drain/filters.go). */
function sortOut(pods: Pod[], flags: Context['flags']): { victims: Pod[]; errors: string[]; warnings: string[] } {
  const daemons = pods.filter((p) => controllerOf(p.metadata)?.kind === 'DaemonSet' && !isDone(p))
  const rest = pods.filter((p) => !daemons.includes(p) && p.metadata.annotations?.['kubernetes.io/config.mirror'] === undefined)
  const local = rest.filter((p) => !isDone(p) && p.spec.volumes?.some((v) => v['emptyDir']))
  const lonely = rest.filter((p) => !isDone(p) && !controllerOf(p.metadata))
  const errors: string[] = []
  const warnings: string[] = []
  const judge = (found: Pod[], allowed: boolean, refusal: string, warning: string): void => {
    if (found.length === 0) return
    if (allowed) warnings.push(`${warning}: ${shown(found)}`)
    else errors.push(`cannot delete ${refusal}: ${shown(found)}`)
  }
  judge(daemons, flags.is('ignore-daemonsets'), 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)', 'ignoring DaemonSet-managed Pods')
  if (local.length > 0 && !flags.is('delete-emptydir-data')) errors.push(`cannot delete Pods with local storage (use --delete-emptydir-data to override): ${shown(local)}`)
  judge(lonely, flags.is('force'), 'cannot delete Pods that declare no controller (use --force to override)'.replace('cannot delete ', ''), 'deleting Pods that declare no controller')
  return { victims: rest, errors, warnings }
}

async function evict(context: Context, pod: Pod): Promise<void> {
  const { client, flags, io } = context
  const info = await resourceOf(context, 'pods')
  const { namespace = '', name, uid } = pod.metadata
  const end = flags.ms('timeout') > 0 ? io.now() + flags.ms('timeout') : Number.POSITIVE_INFINITY
  const grace = flags.int('grace-period')
  io.out(`evicting pod ${namespace}/${name}\n`)
  for (;;) {
    try {
      const options = grace >= 0 ? { gracePeriodSeconds: grace } : {}
      const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions: options }
      if (flags.is('disable-eviction')) await client.delete(info, namespace, name, options)
      else await client.raw('POST', client.path(info, namespace, name, 'eviction'), body, { 'content-type': 'application/json' })
      break
    } catch (error) {
      if (isNotFound(error)) break
      if (!(error instanceof ApiError) || error.code !== 429) throw error
      io.err(`error when evicting pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)} (will retry after 5s): ${error.message}\n`)
      if (io.now() + RETRY_MS > end) throw new KubectlError('global timeout reached: ' + flags.text('timeout'))
      await io.sleep(RETRY_MS)
      io.out(`evicting pod ${namespace}/${name}\n`)
    }
  }
  for (;;) {
    const left = await client.find(info, namespace, name)
    if (!left || left.metadata.uid !== uid) break
    if (io.now() > end) throw new KubectlError('global timeout reached: ' + flags.text('timeout'))
    await io.sleep(LOOK_MS)
  }
  io.out(`pod/${name} evicted\n`)
}
