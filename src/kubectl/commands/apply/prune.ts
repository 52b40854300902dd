/** `kubectl apply --prune`: removes what was applied once, fits the selector, and is not in the manifests any more. */
import { LAST_APPLIED } from '#client/apply.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { type Context, KubectlError } from '../../command.ts'
import { dryRunOf, logHead, printDone } from '../../dry-run.ts'

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
  if (!flags.is('all') && !flags.text('selector')) {
    throw new KubectlError(
      'all resources selected for prune without explicitly passing --all. To prune all resources, pass the --all flag. If you did not mean to prune all resources, specify a label selector',
    )
  }
  if (flags.is('server-side'))
    throw new KubectlError("--prune is in alpha and doesn't currently work on objects created by server-side apply")
}

/** `visited`: the uids of what has just been applied, and the namespaces it went to. */
export async function prune(context: Context, visited: { uids: Set<string>; namespaces: Set<string> }): Promise<void> {
  const kinds = await kindsOf(context)
  const ordered = [...kinds.filter((info) => info.namespaced), ...kinds.filter((info) => !info.namespaced)]
  for (const info of ordered) {
    for (const namespace of info.namespaced ? visited.namespaces : ['']) await pruneKind(context, info, namespace, visited.uids)
  }
}

const NOT_FOR_LONG =
  'Deprecated: kubectl apply will no longer prune non-namespaced resources by default when used with the --namespace flag in a future release. To preserve the current behaviour, list the resources you want to target explicitly in the --prune-allowlist flag.'

async function kindsOf({ client, flags, io }: Context): Promise<ResourceInfo[]> {
  const listed = flags.all('prune-allowlist')
  if (listed.length === 0) io.err(`${logHead('W', 'prune.go:71', io.now())} ${NOT_FOR_LONG}\n`)
  const kinds: ResourceInfo[] = []
  for (const text of listed.length > 0 ? listed : DEFAULT) {
    const [group = '', version = '', kind = '', ...more] = text.split('/')
    if (!kind || more.length > 0)
      throw new KubectlError(`invalid GroupVersionKind format: ${text}, please follow <group/version/kind>`)
    const info = await client.discovery.byKind(group === 'core' ? version : `${group}/${version}`, kind)
    if (!info && listed.length > 0)
      throw new KubectlError(`no matches for kind "${kind}" in version "${group === 'core' ? version : `${group}/${version}`}"`)
    if (info) kinds.push(info)
  }
  return kinds
}

async function pruneKind(context: Context, info: ResourceInfo, namespace: string, uids: Set<string>): Promise<void> {
  const { client, flags } = context
  const { items } = await client.list(info, namespace, { labelSelector: flags.text('selector') })
  for (const object of items) {
    const { name, uid = '', annotations } = object.metadata
    if (annotations?.[LAST_APPLIED] === undefined || uids.has(uid)) continue
    const dry = dryRunOf(context)
    const query = dry === 'server' ? { dryRun: 'All' } : {}
    if (dry !== 'client') await client.delete(info, namespace, name, { propagationPolicy: 'Background' }, query)
    printDone(context, info, object, 'pruned')
  }
}
