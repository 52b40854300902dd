/** `kubectl apply`: by comparing three versions on the client, or `--server-side` by the server. */
import { applyObject } from '#client/apply.ts'
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { dryRunOf, printDone, WRITE_FLAGS, writeQuery } from '../dry-run.ts'
import { type Manifest, readManifests } from '../manifests.ts'
import { printerFor } from '../print/output.ts'
import { FILE_FLAGS, SELECTOR_FLAGS } from '../targets.ts'
import { selects } from '#api/selector.ts'
import { reportErrors } from '../report.ts'

export const apply = command({
  name: 'apply',
  short: 'Apply a configuration to a resource by file name or stdin',
  usage: 'apply (-f FILENAME | -k DIRECTORY)',
  completes: 'files',
  flags: [
    ...WRITE_FLAGS,
    ...FILE_FLAGS,
    ...SELECTOR_FLAGS,
    { name: 'server-side', type: 'bool', help: 'If true, apply runs in the server instead of the client.' },
    { name: 'force-conflicts', type: 'bool', help: 'If true, server-side apply will force the changes against conflicts.' },
    { name: 'overwrite', type: 'bool', default: 'true', help: 'Automatically resolve conflicts between the modified and live configuration.' },
    { name: 'validate', type: 'optional', default: 'strict', alone: 'strict', help: 'Must be one of: strict (or true), warn, ignore (or false).' },
    { name: 'wait', type: 'bool', help: 'If true, wait for resources to be gone before returning.' },
  ],
  async run(context) {
    if (context.flags.has('kustomize')) throw new KubectlError('kustomizations (-k) are not supported here yet')
    if (!context.flags.has('filename')) throw new KubectlError('must specify one of -f and -k')
    if (context.flags.has('force-conflicts') && !context.flags.is('server-side')) throw new KubectlError('--force-conflicts only works with --server-side')
    const manifests = (await readManifests(context)).filter(({ object }) => chosen(context, object))
    if (manifests.length === 0) throw new KubectlError('no objects passed to apply')
    return reportErrors(context, manifests, (manifest) => (context.flags.is('server-side') ? onServer(context, manifest) : onClient(context, manifest)))
  },
})

const chosen = ({ flags }: Context, object: AnyObject): boolean => {
  if (!flags.has('selector')) return true
  const pairs = flags.text('selector').split(',').map((p) => p.split(/==?/) as [string, string])
  return selects({ matchLabels: Object.fromEntries(pairs) }, object.metadata.labels)
}

export function validationOf({ flags }: Context): 'Strict' | 'Warn' | 'Ignore' {
  const value = flags.text('validate')
  if (value === 'strict' || value === 'true') return 'Strict'
  if (value === 'warn') return 'Warn'
  if (value === 'ignore' || value === 'false') return 'Ignore'
  throw new KubectlError(`invalid - validate option "${value}"; must be one of: strict (or true), warn, ignore (or false)`)
}

async function onClient(context: Context, { info, namespace, object }: Manifest): Promise<void> {
  const { client, io, flags } = context
  const placed = namespace ? { ...object, metadata: { ...object.metadata, namespace } } : object
  const dry = dryRunOf(context)
  if (dry === 'client') {
    const live = await client.find(info, namespace, object.metadata.name)
    return printDone(context, info, live ?? placed, live ? 'configured' : 'created')
  }
  const applied = await asKubectlError(() => applyObject(client, info, placed, {
    dryRun: dry === 'server',
    validation: validationOf(context),
    manager: flags.text('field-manager') || 'kubectl-client-side-apply',
    overwrite: flags.is('overwrite'),
    onWarning: (text) => io.err(`Warning: ${text}\n`),
    sleep: (ms) => io.sleep(ms),
  }))
  printDone(context, info, applied.object, printerFor(flags) ? '' : applied.outcome)
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

async function onServer(context: Context, { info, namespace, object }: Manifest): Promise<void> {
  const { client, flags } = context
  const query = { ...writeQuery(context, 'kubectl'), fieldValidation: validationOf(context), force: String(flags.is('force-conflicts')) }
  const applied = await client.patch(info, namespace, object.metadata.name, 'apply', object, query)
  printDone(context, info, applied, 'serverside-applied')
}
