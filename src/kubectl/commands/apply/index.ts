/** `kubectl apply`: by comparing three versions on the client, or `--server-side` by the server. */
import { goJson } from '#api/go-json.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Dict } from '#api/patch/parts.ts'
import { matches } from '#api/selector.ts'
import { parseLabelSelector } from '#api/selector-parse.ts'
import { ApiError, isConflict } from '#api/status.ts'
import { applyObject, LAST_APPLIED, missingAnnotation, patchFor, withLastApplied } from '#client/apply.ts'
import { patchSchemaOf } from '#client/patch-schema.ts'
import { checkCascade, propagationOf } from '../../cascade.ts'
import { validates } from '../../client-validation.ts'
import { type Context, command, KubectlError } from '../../command.ts'
import { dryRunOf, printDone, writeQuery } from '../../dry-run.ts'
import { Unreachable } from '../../error.ts'
import { type Manifest, readManifests } from '../../manifests.ts'
import { patchedHere } from '../../patched.ts'
import { printerFor } from '../../print/output.ts'
import { sortedKeys } from '../../print/sorted.ts'
import { recorded } from '../../record.ts'
import { asWorded, isRefusal, reportErrors } from '../../report.ts'
import { ordered } from '../../typed.ts'
import { watchUntil } from '../../watching.ts'
import { applySetOf, beforeApply, checkApplySet, labelled, pruneSet } from './apply-set.ts'
import { editLastApplied, setLastApplied, viewLastApplied } from './last-applied.ts'
import { keepAnnotation, migrate } from './migrate.ts'
import { checkPrune, kindsListed, prune } from './prune.ts'
import { validationOf } from './validation.ts'

export const apply = command({
  name: 'apply',
  completes: 'files',
  subcommands: [editLastApplied, setLastApplied, viewLastApplied],
  async run(context) {
    const { args, flags, io } = context
    if (args.length > 0)
      throw new KubectlError(`Unexpected args: [${args.join(' ')}]\nSee 'kubectl apply -h' for help and examples`)
    checkCascade(context)
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
    const list = ordered({ kind: 'List', apiVersion: 'v1', metadata: {}, items: done } as unknown as AnyObject)
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
    worded: (error: unknown, patch?: Dict) => inWords(context, manifest, error, patch),
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
function checkName(manifest: Manifest): void {
  const { name, generateName } = manifest.object.metadata ?? {}
  if (name) return
  if (generateName) throw new KubectlError(`from ${generateName}: cannot use generate name with apply`)
  throw new KubectlError(retrieving(manifest, 'resource name may not be empty'))
}

/** Which object it is about, as kubectl's errors say it. */
function namedWhole({ info, namespace, object }: Manifest): string {
  const at = `${info.group}/${info.version}`
  const name = object.metadata?.name ?? ''
  return `Resource: "${at}, Resource=${info.plural}", GroupVersionKind: "${at}, Kind=${info.kind}"\nName: ${JSON.stringify(name)}, Namespace: "${namespace}"`
}

const retrieving = (manifest: Manifest, why: string): string =>
  `error when retrieving current configuration of:\n${namedWhole(manifest)}\nfrom server for: ${JSON.stringify(manifest.source)}: ${why}`

/** What was refused, with what was asked: the live object, or a patch of it. */
function inWords(context: Context, manifest: Manifest, error: unknown, patch?: Dict): unknown {
  if (!(error instanceof ApiError) && !(error instanceof Unreachable)) return error
  // Before that it could not be asked what it validates.
  if (error instanceof Unreachable && validates(context)) return error
  const why = error instanceof ApiError ? error.message : error.dialled()
  if (!patch) return asWorded(error, retrieving(manifest, why))
  const source = JSON.stringify(manifest.source)
  return asWorded(
    error,
    `error when applying patch:\n${goJson(sortedKeys(patch))}\nto:\n${namedWhole(manifest)}\nfor: ${source}: error when patching ${source}: ${why}`,
  )
}

/** The client's own dry run compares, but asks nobody to change anything. */
async function dryRun(context: Context, manifest: Manifest, placed: AnyObject): Promise<AnyObject> {
  const { client, flags, io } = context
  const { info, namespace } = manifest
  const modified = withLastApplied(placed)
  const live = await client.find(info, namespace, placed.metadata.name).catch((error: unknown) => {
    throw inWords(context, manifest, error)
  })
  if (!live) return tell(context, manifest, modified, 'created')
  if (live.metadata.annotations?.[LAST_APPLIED] === undefined)
    io.err(`Warning: ${missingAnnotation(info, placed.metadata.name)}\n`)
  const schema = await patchSchemaOf(client, info)
  const { patch } = await asKubectlError(async () => patchFor(live, modified, schema, flags.is('overwrite')))
  if (Object.keys(patch).length === 0) return tell(context, manifest, live, 'unchanged')
  return tell(context, manifest, patchedHere(live, patch, schema), 'configured')
}

/** What cannot be applied at all is told in the client's own words. */
async function asKubectlError<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (isRefusal(error) || !(error instanceof Error)) throw error
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
