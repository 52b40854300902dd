/** `kubectl apply`: by comparing three versions on the client, or `--server-side` by the server. */
import type { AnyObject } from '#api/meta.ts'
import { matches } from '#api/selector.ts'
import { parseLabelSelector } from '#api/selector-parse.ts'
import { ApiError, isConflict } from '#api/status.ts'
import { applyObject, LAST_APPLIED, patchFor, withLastApplied } from '#client/apply.ts'
import { patchSchemaOf } from '#client/patch-schema.ts'
import { type Context, command, KubectlError } from '../../command.ts'
import { dryRunOf, printDone, writeQuery } from '../../dry-run.ts'
import { type Manifest, readManifests } from '../../manifests.ts'
import { printerFor } from '../../print/output.ts'
import { recorded } from '../../record.ts'
import { isRefusal, reportErrors } from '../../report.ts'
import { watchUntil } from '../../watching.ts'
import { applySetOf, beforeApply, checkApplySet, labelled, pruneSet } from './apply-set.ts'
import { editLastApplied, setLastApplied, viewLastApplied } from './last-applied.ts'
import { keepAnnotation, migrate } from './migrate.ts'
import { checkPrune, kindsListed, propagationOf, prune } from './prune.ts'
import { validationOf } from './validation.ts'

export const apply = command({
  name: 'apply',
  completes: 'files',
  subcommands: [editLastApplied, setLastApplied, viewLastApplied],
  async run(context) {
    const { args, flags, io } = context
    if (args.length > 0)
      throw new KubectlError(`Unexpected args: [${args.join(' ')}]\nSee 'kubectl apply -h' for help and examples`)
    if (!flags.has('filename') && !flags.has('kustomize')) throw new KubectlError('must specify one of -f and -k')
    const set = await applySetOf(context)
    if (flags.is('prune')) await kindsListed(context)
    checkFlags(context)
    await checkApplySet(context, set)
    checkPrune(context)
    if (flags.text('subresource') && !flags.is('server-side'))
      throw new KubectlError('--subresource can only be specified for --server-side')
    const read = (await readManifests(context)).filter(chosen(context))
    const member = (object: AnyObject): AnyObject => (set ? labelled(set, object) : object)
    const manifests = read.map((manifest) => ({ ...manifest, object: recorded(context, member(manifest.object)) }))
    if (manifests.length === 0) throw new KubectlError('no objects passed to apply')
    if (set) await beforeApply(context, set, manifests)
    const done: AnyObject[] = []
    const visited = { uids: new Set<string>(), namespaces: new Set<string>() }
    const one = flags.is('server-side') ? onServer : onClient
    const apply = async (manifest: Manifest): Promise<void> => {
      const object = await one(context, manifest)
      done.push(object)
      if (object.metadata.uid) visited.uids.add(object.metadata.uid)
      if (manifest.namespace) visited.namespaces.add(manifest.namespace)
    }
    // What the server has applied comes back in its own words.
    const status = await reportErrors(context, manifests, apply, flags.is('server-side') ? '' : 'creating', true)
    // What is asked for in a format is printed at the end, several objects as a List.
    const printer = printerFor(flags)
    const list = { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: done } as unknown as AnyObject
    if (printer && done.length > 0 && flags.text('output') !== 'name')
      io.out(printer(done.length === 1 ? (done[0] as AnyObject) : list, ''))
    if (!flags.is('prune') || status !== 0) return status
    if (set) await pruneSet(context, set, visited.uids)
    else await prune(context, visited)
    return status
  },
})

/** Flags that do not go together, in the order in which kubectl complains. */
function checkFlags(context: Context): void {
  const { flags } = context
  const onServer = flags.is('server-side')
  if (flags.is('force-conflicts') && !onServer) throw new KubectlError('--force-conflicts only works with --server-side')
  if (onServer && dryRunOf(context) === 'client')
    throw new KubectlError("--dry-run=client doesn't work with --server-side (did you mean --dry-run=server instead?)")
  if (onServer && flags.is('force')) throw new KubectlError('--force cannot be used with --server-side')
  if (dryRunOf(context) === 'server' && flags.is('force')) throw new KubectlError('--dry-run=server cannot be used with --force')
  if (flags.is('all') && flags.text('selector')) throw new KubectlError('cannot set --all and --selector at the same time')
}

/** Prints the outcome, unless whole objects are asked for. */
function tell(context: Context, { info }: Manifest, object: AnyObject, outcome: string): AnyObject {
  const format = context.flags.text('output')
  if (format === '' || format === 'name') printDone(context, info, object, outcome)
  return object
}

/** Whether `-l` picks a manifest. */
export function chosen({ flags }: Context): (manifest: Manifest) => boolean {
  if (!flags.text('selector')) return () => true
  const selector = parseLabelSelector(flags.text('selector'))
  if (typeof selector === 'string') throw new KubectlError(selector)
  return ({ object }) => matches(selector, object.metadata?.labels)
}

async function onClient(context: Context, manifest: Manifest): Promise<AnyObject> {
  const { client, io, flags } = context
  const { info, namespace, object } = manifest
  checkName(manifest)
  const placed = namespace ? { ...object, metadata: { ...object.metadata, namespace } } : object
  if (dryRunOf(context) === 'client') return dryRun(context, manifest, placed)
  const options = {
    dryRun: dryRunOf(context) === 'server',
    validation: validationOf(context),
    manager: flags.text('field-manager') || 'kubectl-client-side-apply',
    overwrite: flags.is('overwrite'),
    onWarning: (text: string) => io.err(`Warning: ${text}\n`),
    sleep: (ms: number) => io.sleep(ms),
  }
  try {
    const applied = await asKubectlError(() => applyObject(client, info, placed, options))
    return tell(context, manifest, applied.object, applied.outcome)
  } catch (error) {
    const again = flags.is('force') && (isConflict(error) || (error instanceof ApiError && error.reason === 'Invalid'))
    const live = again ? await client.find(info, namespace, placed.metadata.name) : undefined
    if (!live) throw error
    return tell(context, manifest, await recreated(context, manifest, live, placed), 'configured')
  }
}

const FORCED_WAIT_MS = 300_000

/** `--force`: what cannot be changed is deleted and made anew; when that fails, what was there comes back. */
async function recreated(
  context: Context,
  { info, namespace }: Manifest,
  live: AnyObject,
  placed: AnyObject,
): Promise<AnyObject> {
  const { client, flags, io } = context
  const { name } = placed.metadata
  const grace = flags.int('grace-period')
  const options = { propagationPolicy: propagationOf(context), ...(grace >= 0 ? { gracePeriodSeconds: grace } : {}) }
  await client.delete(info, namespace, name, options)
  const until = io.now() + (flags.ms('timeout') || FORCED_WAIT_MS)
  const outcome = await watchUntil(context, { info, namespace, name }, until, (left) => left === undefined)
  if (outcome !== 'seen') throw new KubectlError('timed out waiting for the condition')
  const query = { fieldManager: flags.text('field-manager') || 'kubectl-client-side-apply' }
  try {
    return await client.create(info, namespace, withLastApplied(placed), query)
  } catch (error) {
    const { resourceVersion: _v, uid: _u, ...metadata } = live.metadata
    await client.create(info, namespace, { ...live, metadata }, query)
    throw error
  }
}

/** Without a name there is nothing to compare with. */
function checkName({ info, namespace, object, source }: Manifest): void {
  const { name, generateName } = object.metadata ?? {}
  if (name) return
  if (generateName) throw new KubectlError(`from ${generateName}: cannot use generate name with apply`)
  const at = `${info.group}/${info.version}`
  throw new KubectlError(
    `error when retrieving current configuration of:\nResource: "${at}, Resource=${info.plural}", GroupVersionKind: "${at}, Kind=${info.kind}"\nName: "", Namespace: "${namespace}"\nfrom server for: ${JSON.stringify(source)}: resource name may not be empty`,
  )
}

/** The client's own dry run compares, but asks nobody to change anything. */
async function dryRun(context: Context, manifest: Manifest, placed: AnyObject): Promise<AnyObject> {
  const { client, flags } = context
  const { info, namespace } = manifest
  const modified = withLastApplied(placed)
  const live = await client.find(info, namespace, placed.metadata.name)
  if (!live) return tell(context, manifest, placed, 'created')
  const schema = await patchSchemaOf(client, info)
  const { patch } = await asKubectlError(async () => patchFor(live, modified, schema, flags.is('overwrite')))
  const missing = live.metadata.annotations?.[LAST_APPLIED] === undefined
  return tell(context, manifest, live, Object.keys(patch).length === 0 && !missing ? 'unchanged' : 'configured')
}

/** What cannot be applied at all is told in the client's own words. */
async function asKubectlError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof ApiError || !(error instanceof Error)) throw error
    throw new KubectlError(error.message)
  }
}

const CONFLICT = `Please review the fields above--they currently have other managers. Here
are the ways you can resolve this warning:
* If you intend to manage all of these fields, please re-run the apply
  command with the \`--force-conflicts\` flag.
* If you do not intend to manage all of the fields, please edit your
  manifest to remove references to the fields that should keep their
  current managers.
* You may co-own fields by updating your manifest to match the existing
  value; in this case, you'll become the manager if the other manager(s)
  stop managing the field (remove it from their configuration).
See https://kubernetes.io/docs/reference/using-api/server-side-apply/#conflicts`

/** What goes wrong with it leaves the object applied: a warning. */
async function migrated(context: Context, info: Manifest['info'], applied: AnyObject, manager: string): Promise<boolean> {
  if (dryRunOf(context) !== 'none') return false
  try {
    await keepAnnotation(context, info, applied, manager)
    return await migrate(context, info, applied, manager)
  } catch (error) {
    if (!isRefusal(error)) throw error
    context.io.err(
      `Warning: server rejected managed fields migration to Server-Side Apply. This is non-fatal and will be retried next time you apply. Error: ${error.message}\n`,
    )
    return false
  }
}

async function onServer(context: Context, manifest: Manifest): Promise<AnyObject> {
  const { client, flags } = context
  const { info, namespace, object } = manifest
  const query = {
    ...writeQuery(context, 'kubectl'),
    fieldValidation: validationOf(context),
    force: String(flags.is('force-conflicts')),
  }
  if (!object.metadata?.name && object.metadata?.generateName) checkName(manifest)
  try {
    const manager = flags.has('field-manager') ? flags.text('field-manager') : 'kubectl'
    const placed = namespace ? { ...object, metadata: { ...object.metadata, namespace } } : object
    const send = () => client.patch(info, namespace, object.metadata.name, 'apply', placed, query, flags.text('subresource'))
    let applied = await send()
    if (await migrated(context, info, applied, manager)) applied = await send()
    return tell(context, manifest, applied, 'serverside-applied')
  } catch (error) {
    throw isConflict(error) ? new KubectlError(`${error.message}\n${CONFLICT}`) : error
  }
}
