/** `kubectl apply --prune`: removes what was applied once, fits the selector, and is not in the manifests any more. */
import type { AnyObject } from '#api/meta.ts'
import { LAST_APPLIED } from '#client/apply.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { propagationOf } from '../../cascade.ts'
import { type Context, KubectlError } from '../../command.ts'
import { dryRunOf, printDone } from '../../dry-run.ts'
import { logHead } from '../../klog.ts'

/** Kinds that are looked through when no allowlist says else (kubectl/pkg/util/prune). */
const DEFAULT = [
  'core/v1/ConfigMap',
  'core/v1/Endpoints',
  'core/v1/Namespace',
  'core/v1/PersistentVolumeClaim',
  'core/v1/PersistentVolume',
  'core/v1/Pod',
  'core/v1/ReplicationController',
  'core/v1/Secret',
  'core/v1/Service',
  'batch/v1/Job',
  'batch/v1/CronJob',
  'networking.k8s.io/v1/Ingress',
  'apps/v1/DaemonSet',
  'apps/v1/Deployment',
  'apps/v1/ReplicaSet',
  'apps/v1/StatefulSet',
]

export function checkPrune({ flags }: Context): void {
  if (!flags.is('prune')) return
  if (flags.is('force')) throw new KubectlError('--force cannot be used with --prune')
  if (flags.text('applyset')) {
    for (const name of ['all', 'selector', 'prune-allowlist'])
      if (flags.asks(name)) throw new KubectlError(`--${name} is incompatible with --applyset`)
    return
  }
  if (!flags.is('all') && !flags.text('selector')) {
    throw new KubectlError(
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    )
  }
  if (flags.is('server-side'))
    throw new KubectlError("--prune is in alpha and doesn't currently work on objects created by server-side apply")
}

export async function prune(context: Context, visited: Visited): Promise<void> {
  const kinds = await kindsOf(context)
  for await (const { info, object } of left(context, visited, kinds)) await pruneOne(context, info, object)
}

/** The uids of what has just been applied, and the namespaces it went to. */
export interface Visited {
  uids: Set<string>
  namespaces: Set<string>
}

/** What was applied once and is not among the visited: by namespace, kinds in their order, then what has none. */
export async function* left(
  context: Context,
  { uids, namespaces }: Visited,
  kinds: readonly ResourceInfo[],
): AsyncIterable<Left> {
  const { client, flags } = context
  const places = [
    ...[...namespaces].flatMap((namespace) => kinds.filter((info) => info.namespaced).map((info) => ({ info, namespace }))),
    ...kinds.filter((info) => !info.namespaced).map((info) => ({ info, namespace: '' })),
  ]
  for (const { info, namespace } of places) {
    const { items } = await client.list(info, namespace, { labelSelector: flags.text('selector') })
    for (const object of items)
      if (object.metadata.annotations?.[LAST_APPLIED] !== undefined && !uids.has(object.metadata.uid ?? ''))
        yield { info, object }
  }
}

export interface Left {
  info: ResourceInfo
  object: AnyObject
}

const NOT_FOR_LONG =
  'Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.'

/** The kinds of `--prune-allowlist`. */
export async function kindsListed({ client, flags }: Context): Promise<ResourceInfo[]> {
  const kinds: ResourceInfo[] = []
  for (const text of flags.all('prune-allowlist')) {
    const [group = '', version = '', kind = '', ...more] = text.split('/')
    if (!kind || more.length > 0)
      throw new KubectlError(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`)
    const apiVersion = group === 'core' || group === '' ? version : `${group}/${version}`
    const info = await client.discovery.byKind(apiVersion, kind)
    if (!info) throw new KubectlError(`no matches for kind "${kind}" in version "${apiVersion}"`)
    kinds.push(info)
  }
  return kinds
}

/** What is looked through: the kinds listed, or those that kubectl knows. */
export async function kindsOf(context: Context): Promise<ResourceInfo[]> {
  const listed = await kindsListed(context)
  if (listed.length > 0) return listed
  const { client, io } = context
  io.err(`${logHead('W', 'prune.go:71', io.now())} ${NOT_FOR_LONG}\n`)
  const found = await Promise.all(
    DEFAULT.map((text) => {
      const [group = '', version = '', kind = ''] = text.split('/')
      return client.discovery.byKind(group === 'core' ? version : `${group}/${version}`, kind)
    }),
  )
  return found.filter((info) => info !== undefined)
}

/** Deletes one, and says so. */
export async function pruneOne(context: Context, info: ResourceInfo, object: AnyObject): Promise<void> {
  const { client, flags } = context
  const { name, namespace = '' } = object.metadata
  const dry = dryRunOf(context)
  const grace = flags.int('grace-period')
  const options = {
    ...(grace >= 0 ? { gracePeriodSeconds: grace } : {}),
    propagationPolicy: propagationOf(context),
    ...(dry === 'server' ? { dryRun: ['All'] } : {}),
  }
  if (dry !== 'client') await client.delete(info, namespace, name, options)
  printDone(context, info, object, 'pruned')
}
