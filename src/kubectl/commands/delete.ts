/** `kubectl delete`: by name, selector or file; waits until the objects are gone. */

import type { AnyObject } from '#api/meta.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { checkCascade, propagationOf } from '../cascade.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { dryRunOf } from '../dry-run.ts'
import { readManifests } from '../manifests.ts'
import { isRefusal, oneOfSeveral, tell, toldOf } from '../report.ts'
import { NOTHING_GIVEN, namespaceFor, selecting, shownName, targetsOf } from '../targets.ts'
import { watchUntil } from '../watching.ts'

interface Victim {
  info: ResourceInfo
  namespace: string
  name: string
  /** The file that names it. */
  source?: string
  /** The uid of what was deleted. */
  uid?: string
}

export const remove = command({
  name: 'delete',
  completes: 'resources',
  async run(context) {
    const { io, flags } = context
    checkCascade(context)
    checkDelete(context)
    if (flags.has('raw')) return deleteRaw(context)
    const grace = graceOf(context)
    if (flags.is('force') && grace === 0) {
      io.err(
        'Warning: Immediate deletion does not wait for confirmation that the running resource has been terminated. The resource may continue to run on the cluster indefinitely.\n',
      )
    }
    const refused: Error[] = []
    const gone: Victim[] = []
    let passed = 0
    const victims = await victimsOf(context)
    if (victims.length === 0) io.out('No resources found\n')
    else if (flags.is('interactive') && !(await confirmed(context, victims))) {
      io.out('deletion is cancelled\n')
      return 0
    }
    if (context.explicitNamespace && !flags.is('all-namespaces') && victims.some(({ info }) => !info.namespaced))
      io.err('Warning: deleting cluster-scoped resources, not scoped to the provided namespace\n')
    for (const victim of victims) {
      try {
        gone.push({ ...victim, uid: await deleteOne(context, victim, grace) })
      } catch (error) {
        if (!isRefusal(error)) throw error
        if (error instanceof ApiError && isNotFound(error) && flags.is('ignore-not-found')) passed += 1
        else refused.push(toldOf(error, victim.source, 'deleting'))
      }
    }
    tell(context, refused)
    // What was passed over makes several errors of one, which are told without `error: `.
    if (passed > 0 && context.late.length === 1) context.late.splice(0, 1, ...context.late.map(oneOfSeveral))
    if (flags.is('wait') && dryRunOf(context) === 'none') await waitFor(context, gone)
    return refused.length > 0 ? 1 : 0
  },
})

async function confirmed({ io }: Context, victims: readonly Victim[]): Promise<boolean> {
  io.out(`You are about to delete the following ${victims.length} resource(s):\n`)
  for (const { info, name } of victims) io.out(`${shownName(info, name)}\n`)
  io.out('Do you want to continue? (y/N): ')
  const [answer = ''] = (await io.stdin()).split('\n')
  return answer.trim().toLowerCase() === 'y'
}

/** `--raw`: a DELETE of any path. */
async function deleteRaw({ client, flags, io }: Context): Promise<number> {
  if (flags.has('filename') && flags.text('filename') !== '-')
    throw new KubectlError('--raw can only use a single local file or stdin')
  io.out(await client.text(flags.text('raw'), 'DELETE'))
  return 0
}

function checkDelete({ flags }: Context): void {
  const output = flags.text('output')
  if (output !== '' && output !== 'name')
    throw new KubectlError(`unexpected -o output mode: ${output}. We only support '-o name'`)
  if (flags.is('all') && (flags.text('selector') || flags.text('field-selector')))
    throw new KubectlError("setting 'all' parameter but found a non empty selector.")
  if (flags.has('raw') && flags.is('interactive')) throw new KubectlError('--interactive can not be used with --raw')
}

function graceOf({ flags }: Context): number | undefined {
  const asked = flags.int('grace-period')
  if (flags.is('now')) {
    if (asked !== -1) throw new KubectlError('--now and --grace-period cannot be specified together')
    return 1
  }
  if (flags.is('force') && asked > 0)
    throw new KubectlError('--force and --grace-period greater than 0 cannot be specified together')
  if (flags.is('force') && asked < 0) return 0
  if (asked === 0 && !flags.is('force')) return 1
  return asked < 0 ? undefined : asked
}

async function victimsOf(context: Context): Promise<Victim[]> {
  const { flags, client } = context
  if (flags.has('filename') || flags.has('kustomize'))
    return (await readManifests(context)).map(({ info, namespace, object, source }) => ({
      info,
      namespace,
      name: object.metadata?.name ?? '',
      source,
    }))
  const targets = await targetsOf(context)
  if (targets.length === 0) throw new KubectlError(NOTHING_GIVEN)
  const victims: Victim[] = []
  for (const { info, names } of targets) {
    const namespace = namespaceFor(context, info)
    for (const name of names) victims.push({ info, namespace, name })
    if (names.length > 0) continue
    if (!flags.is('all') && !flags.has('selector') && !flags.has('field-selector'))
      throw new KubectlError('resource(s) were provided, but no name was specified')
    const { items } = await selecting(context, info, () =>
      client.list(info, namespace, {
        labelSelector: flags.text('selector'),
        fieldSelector: flags.text('field-selector'),
      }),
    )
    for (const { metadata } of items) victims.push({ info, namespace: metadata.namespace ?? '', name: metadata.name })
  }
  return victims
}

async function deleteOne(context: Context, victim: Victim, grace: number | undefined): Promise<string> {
  const { info, namespace, name, source } = victim
  const { client, flags, io } = context
  if (!name) throw new KubectlError(`error when deleting ${JSON.stringify(source)}: resource name may not be empty`)
  const dry = dryRunOf(context)
  const options = {
    ...(grace === undefined ? {} : { gracePeriodSeconds: grace }),
    propagationPolicy: propagationOf(context),
    // In the body: beside one, the server does not look at the query.
    ...(dry === 'server' ? { dryRun: ['All'] } : {}),
  }
  // A client's dry run asks nobody, not even whether there is such an object.
  const answer: Partial<AnyObject> = dry === 'client' ? {} : await client.delete(info, namespace, name, options)
  const uid = String(answer.metadata?.uid ?? answer['details']?.uid ?? '')
  if (flags.text('output') === 'name') {
    io.out(`${shownName(info, name)}\n`)
    return uid
  }
  const kind = info.kind.toLowerCase() + (info.group ? `.${info.group}` : '')
  const word = flags.is('force') && grace === 0 ? 'force deleted' : 'deleted'
  const dryWord = dry === 'none' ? '' : dry === 'server' ? ' (server dry run)' : ' (dry run)'
  io.out(`${kind} "${name}" ${word}${info.namespaced ? ` from ${namespace} namespace` : ''}${dryWord}\n`)
  return uid
}

const WEEK_MS = 168 * 3_600_000

/** Waits for each object to go, or until its name belongs to another. */
async function waitFor(context: Context, victims: Victim[]): Promise<void> {
  const { flags, io } = context
  const until = io.now() + (flags.ms('timeout') || WEEK_MS)
  for (const victim of victims) {
    const { info, namespace, name, uid = '' } = victim
    const left = await context.client.find(info, namespace, name)
    if (!left || (uid !== '' && left.metadata.uid !== uid)) continue
    const outcome = await watchUntil(
      context,
      victim,
      until,
      (left) => left === undefined || (uid !== '' && left.metadata.uid !== uid),
    )
    if (outcome === 'late') throw new KubectlError(`timed out waiting for the condition on ${info.plural}/${name}`)
  }
}
