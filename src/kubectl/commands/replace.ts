/** `kubectl replace`: puts whole objects in the place of others; `--force` deletes and creates. */
import { ApiError } from '#api/status.ts'
import { withLastApplied } from '#client/apply.ts'
import { checkCascade, propagationOf } from '../cascade.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { dryRunOf, printDone, writeQuery } from '../dry-run.ts'
import { type Manifest, readManifests } from '../manifests.ts'
import { isRefusal, reportErrors, toldOf } from '../report.ts'
import { shownName } from '../targets.ts'
import { watchUntil } from '../watching.ts'
import { validationOf } from './apply/validation.ts'

const FORCED_WAIT_MS = 300_000

export const replace = command({
  name: 'replace',
  completes: 'files',
  async run(context) {
    const { flags } = context
    checkCascade(context)
    if (!flags.has('filename') && !flags.has('kustomize')) throw new KubectlError('must specify one of -f and -k')
    if (flags.has('raw')) {
      const [file = '', ...more] = flags.all('filename')
      if (more.length > 0) throw new KubectlError('--raw can only use a single local file or stdin')
      const body = file === '-' ? await context.io.stdin() : await context.io.read(file)
      context.io.out(await context.client.text(flags.text('raw'), 'PUT', body))
      return 0
    }
    if (flags.int('grace-period') >= 0 && !flags.is('force')) throw new KubectlError('--grace-period must have --force specified')
    if (flags.ms('timeout') !== 0 && !flags.is('force')) throw new KubectlError('--timeout must have --force specified')
    if (flags.is('force') && dryRunOf(context) !== 'none') throw new KubectlError('--dry-run can not be used when --force is set')
    const manifests = await readManifests(context)
    if (flags.is('force')) return force(context, manifests)
    return reportErrors(context, manifests, (manifest) => put(context, manifest), 'replacing')
  },
})

const prepared = ({ flags }: Context, { object }: Manifest): Manifest['object'] =>
  flags.is('save-config') ? withLastApplied(object) : object

async function put(context: Context, manifest: Manifest): Promise<void> {
  const { client, flags } = context
  const { info, namespace } = manifest
  const object = prepared(context, manifest)
  if (dryRunOf(context) === 'client') return printDone(context, info, object, 'replaced')
  const { name } = object.metadata
  if (!name) throw new KubectlError(`error when replacing ${JSON.stringify(manifest.source)}: resource name may not be empty`)
  const query = { ...writeQuery(context, 'kubectl-replace'), fieldValidation: validationOf(context) }
  // Without a version the helper takes the live one's, so that the replacement is unconditional; what is gone stays gone.
  const live = object.metadata.resourceVersion ? undefined : await client.find(info, namespace, name).catch(unlessLost)
  const version = live?.metadata.resourceVersion
  const versioned = version ? { ...object, metadata: { ...object.metadata, resourceVersion: version } } : object
  printDone(context, info, await client.update(info, namespace, name, versioned, query, flags.text('subresource')), 'replaced')
}

/** Who may not look at it may still replace it. */
function unlessLost(error: unknown): undefined {
  if (!(error instanceof ApiError)) throw error
}

async function force(context: Context, manifests: Manifest[]): Promise<number> {
  const { client, flags, io } = context
  if (manifests.length === 0) {
    io.out('No resources found\n')
    throw new KubectlError('no objects passed to replace')
  }
  const grace = flags.int('grace-period')
  const options = { propagationPolicy: propagationOf(context), ...(grace < 0 ? {} : { gracePeriodSeconds: Math.max(1, grace) }) }
  for (const { info, namespace, object, source } of manifests) {
    const { name } = object.metadata
    if (!name) throw new KubectlError(`error when deleting ${JSON.stringify(source)}: resource name may not be empty`)
    if (!(await client.find(info, namespace, name))) continue
    await client.delete(info, namespace, name, options).catch((error: unknown) => {
      throw isRefusal(error) ? toldOf(error, source, 'deleting') : error
    })
    const where = info.namespaced ? ` from ${namespace} namespace` : ''
    io.out(`${shownName(info, name).replace('/', ' "')}" deleted${where}\n`)
    const until = io.now() + (flags.ms('timeout') || FORCED_WAIT_MS)
    const outcome = await watchUntil(context, { info, namespace, name }, until, (left) => left === undefined)
    if (outcome !== 'seen') throw new KubectlError('timed out waiting for the condition')
  }
  return reportErrors(context, manifests, async (manifest) => {
    const { info, namespace } = manifest
    const { resourceVersion: _v, ...metadata } = manifest.object.metadata
    const query = { ...writeQuery(context, 'kubectl-replace'), fieldValidation: validationOf(context) }
    printDone(
      context,
      info,
      await client.create(info, namespace, { ...prepared(context, manifest), metadata }, query),
      'replaced',
    )
  })
}
