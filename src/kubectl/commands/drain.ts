/** `kubectl drain`: cordons Nodes, then evicts their Pods and waits until they are gone. */

import type { Pod } from '#api/kinds.ts'
import { controllerOf } from '#api/meta.ts'
import { parseLabelSelector } from '#api/selector-parse.ts'
import { asOne } from '#api/several-errors.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import { parseTime } from '#api/time.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { dryRunOf } from '../dry-run.ts'
import { resourceOf } from '../targets.ts'
import { mark, nodesOf } from './cordon.ts'

/** An eviction that a budget refuses is tried again after this long. */
const RETRY_MS = 5000
const LOOK_MS = 1000

export const drain = command({
  name: 'drain',
  completes: 'nodes',
  async run(context) {
    const { io, flags } = context
    if (typeof parseLabelSelector(flags.text('pod-selector')) === 'string')
      throw new KubectlError('--pod-selector=<pod_selector> must be a valid label selector')
    const nodes = await nodesOf(context)
    for (const node of nodes) await mark(context, node, true)
    const fatal: string[][] = []
    const pending: string[] = []
    for (const { metadata } of nodes) {
      const errors = await drainOne(context, metadata.name)
      if (errors.length === 0) {
        io.out(`node/${metadata.name} drained${suffixOf(context)}\n`)
        continue
      }
      io.err(
        `error: unable to drain node ${JSON.stringify(metadata.name)} due to error: ${asOne(errors)}, continuing command...\n`,
      )
      fatal.push(errors)
      pending.push(metadata.name)
    }
    if (pending.length === 0) return 0
    io.err(`There are pending nodes to be drained:\n${pending.map((name) => ` ${name}\n`).join('')}`)
    // Errors within errors are printed bare, each in its line.
    const lines = fatal.length === 1 ? (fatal[0] as string[]) : fatal.map(asOne)
    io.err(lines.map((line) => `${line}\n`).join(''))
    return 1
  },
})

export function suffixOf(context: Context): string {
  const dry = dryRunOf(context)
  return dry === 'none' ? '' : dry === 'server' ? ' (server dry run)' : ' (dry run)'
}

/** What kept it from being drained; nothing when it is. */
async function drainOne(context: Context, node: string): Promise<string[]> {
  const { client, flags, io } = context
  const info = await resourceOf(context, 'pods')
  const { items } = await client.list<Pod>(info, '', {
    fieldSelector: `spec.nodeName=${node}`,
    labelSelector: flags.text('pod-selector'),
  })
  const verdicts = await Promise.all(items.map(async (pod) => ({ pod, verdict: await judge(context, pod) })))
  const grouped = (kind: 'error' | 'warning'): string[] => {
    const groups = new Map<string, string[]>()
    for (const { pod, verdict } of verdicts) {
      const text = verdict[kind]
      if (text) groups.set(text, [...(groups.get(text) ?? []), `${pod.metadata.namespace}/${pod.metadata.name}`])
    }
    return [...groups].map(([text, pods]) => `${text}: ${pods.join(', ')}`)
  }
  const errors = grouped('error').map((text) => `cannot delete ${text}`)
  if (errors.length > 0) return errors
  const warnings = grouped('warning')
  if (warnings.length > 0) io.err(`Warning: ${warnings.join('; ')}\n`)
  const victims = verdicts.filter(({ verdict }) => verdict.goes).map(({ pod }) => pod)
  if (dryRunOf(context) === 'client') {
    for (const { metadata } of victims) io.out(`evicting pod ${metadata.namespace}/${metadata.name} (dry run)\n`)
    return []
  }
  const results = await Promise.allSettled(victims.map((pod) => evict(context, pod)))
  const failures = results.flatMap((result) => (result.status === 'rejected' ? [messageOf(result.reason)] : []))
  if (failures.length > 0) await tellPending(context, node, failures)
  return failures
}

/** Which Pods are still there when something went wrong. */
async function tellPending({ client, flags, io }: Context, node: string, failures: readonly string[]): Promise<void> {
  const info = await client.discovery.find('pods')
  if (!info) return
  const { items } = await client.list<Pod>(info, '', {
    fieldSelector: `spec.nodeName=${node}`,
    labelSelector: flags.text('pod-selector'),
  })
  if (items.length === 0) return
  io.err(`There are pending pods in node ${JSON.stringify(node)} when an error occurred: ${asOne(failures)}\n`)
  for (const { metadata } of items) io.err(`pod/${metadata.name}\n`)
}

function messageOf(error: unknown): string {
  if (error instanceof ApiError || error instanceof KubectlError) return error.message
  throw error
}

interface Verdict {
  goes: boolean
  error?: string
  warning?: string
}

const isDone = (pod: Pod): boolean => pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed'

/** Whether nobody needs to wait for it any longer (`--skip-wait-for-delete-timeout`). */
function isLongDeleted({ flags, io }: Pick<Context, 'flags' | 'io'>, { metadata }: Pick<Pod, 'metadata'>): boolean {
  const skip = flags.int('skip-wait-for-delete-timeout')
  return skip > 0 && Math.trunc((io.now() - parseTime(metadata.deletionTimestamp)) / 1000) > skip
}

/** The filters of kubectl/pkg/drain in their order: the first that keeps a Pod decides, of warnings the last is kept. */
async function judge({ client, flags, io }: Context, pod: Pod): Promise<Verdict> {
  if (isLongDeleted({ flags, io }, pod)) return { goes: false }
  const owner = controllerOf(pod.metadata)
  const force = flags.is('force')
  let orphan: string | undefined
  if (owner?.kind === 'DaemonSet' && !isDone(pod)) {
    const info = await client.discovery.find('daemonsets.apps')
    const set = info && (await client.find(info, pod.metadata.namespace ?? '', owner.name))
    if (!set) {
      orphan = `daemonsets.apps "${owner.name}" not found`
      if (!force) return { goes: false, error: orphan }
    } else if (flags.is('ignore-daemonsets')) return { goes: false, warning: 'ignoring DaemonSet-managed Pods' }
    else return { goes: false, error: 'DaemonSet-managed Pods (use --ignore-daemonsets to ignore)' }
  }
  if (pod.metadata.annotations?.['kubernetes.io/config.mirror'] !== undefined) return { goes: false }
  if (!isDone(pod) && pod.spec.volumes?.some((v) => v['emptyDir']) && !flags.is('delete-emptydir-data')) {
    return { goes: false, error: 'Pods with local storage (use --delete-emptydir-data to override)' }
  }
  if (isDone(pod) || owner) return { goes: true }
  if (force) return { goes: true, warning: 'deleting Pods that declare no controller' }
  return { goes: false, error: 'Pods that declare no controller (use --force to override)' }
}

async function evict(context: Context, pod: Pod): Promise<void> {
  const { flags, io } = context
  const { namespace = '', name } = pod.metadata
  const limit = flags.ms('timeout')
  const end = limit > 0 ? io.now() + limit : Number.POSITIVE_INFINITY
  const where = `pods/${JSON.stringify(name)} -n ${JSON.stringify(namespace)}`
  for (;;) {
    if (!flags.is('disable-eviction')) io.out(`evicting pod ${namespace}/${name}${suffixOf(context)}\n`)
    if (io.now() >= end) throw new KubectlError(`error when evicting ${where}: global timeout reached: ${flags.text('timeout')}`)
    try {
      await request(context, pod)
      break
    } catch (error) {
      if (isNotFound(error)) return
      if (!(error instanceof ApiError)) throw error
      const ending = error.code === 403 && error.status.details?.causes?.some((c) => c.reason === 'NamespaceTerminating')
      if (ending && pod.metadata.deletionTimestamp) break
      if (error.code !== 429 && !ending) throw new KubectlError(`error when evicting ${where}: ${error.message}`)
      const what = ending ? `pod ${JSON.stringify(name)} from terminating namespace ${JSON.stringify(namespace)}` : where
      io.err(`error when evicting ${what} (will retry after 5s): ${error.message}\n`)
      await io.sleep(RETRY_MS)
    }
  }
  if (dryRunOf(context) === 'server') return
  if (!(await untilGone(context, pod, end))) return
  io.out(`pod/${name} ${flags.is('disable-eviction') ? 'deleted' : 'evicted'}\n`)
}

async function request(context: Context, pod: Pod): Promise<void> {
  const { client, flags } = context
  const info = await resourceOf(context, 'pods')
  const { namespace = '', name } = pod.metadata
  const grace = flags.int('grace-period')
  const options = {
    ...(grace >= 0 ? { gracePeriodSeconds: grace } : {}),
    ...(dryRunOf(context) === 'server' ? { dryRun: ['All'] } : {}),
  }
  if (flags.is('disable-eviction')) await client.delete(info, namespace, name, options)
  else {
    const body = { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name, namespace }, deleteOptions: options }
    await client.raw('POST', client.path(info, namespace, name, 'eviction'), body, { 'content-type': 'application/json' })
  }
}

/** False when it is not waited for. */
async function untilGone(context: Context, pod: Pod, end: number): Promise<boolean> {
  const { client, flags, io } = context
  const info = await resourceOf(context, 'pods')
  const { namespace = '', name, uid } = pod.metadata
  for (;;) {
    const left = await client.find(info, namespace, name)
    if (!left || left.metadata.uid !== uid) return true
    if (isLongDeleted(context, left as Pod)) {
      const skip = flags.int('skip-wait-for-delete-timeout')
      io.out(`pod ${JSON.stringify(name)} has DeletionTimestamp older than ${skip} seconds, skipping\n`)
      return false
    }
    if (io.now() >= end) {
      throw new KubectlError(
        `error when waiting for pod ${JSON.stringify(name)} in namespace ${JSON.stringify(namespace)} to terminate: global timeout reached: ${flags.text('timeout')}`,
      )
    }
    await io.sleep(LOOK_MS)
  }
}
