/** `kubectl create`: objects from files, and the generators. */

import { withLastApplied } from '#client/apply.ts'
import { type Context, command, KubectlError, usageError } from '../../command.ts'
import { dryRunOf, printDone, writeQuery } from '../../dry-run.ts'
import { editObjects } from '../../editing.ts'
import { type Manifest, readManifests } from '../../manifests.ts'
import { recorded } from '../../record.ts'
import { each, reportErrors } from '../../report.ts'
import { validationOf } from '../apply/validation.ts'
import { clusterRole, clusterRoleBinding, role, roleBinding } from './access.ts'
import { configMap, namespace, secret, serviceAccount, token } from './configuration.ts'
import { ingress, podDisruptionBudget, priorityClass, quota } from './policies.ts'
import { service } from './services.ts'
import { cronJob, deployment, job } from './workloads.ts'

async function fromFile(context: Context, { info, namespace: where, object }: Manifest): Promise<void> {
  const query = { ...writeQuery(context, 'kubectl-create'), fieldValidation: validationOf(context) }
  const placed = where ? { ...object, metadata: { ...object.metadata, namespace: where } } : object
  const given = recorded(context, context.flags.is('save-config') ? withLastApplied(placed) : placed)
  const made = dryRunOf(context) === 'client' ? given : await context.client.create(info, where, given, query)
  printDone(context, info, made, 'created')
}

/** `--edit`: what is left in the editor is created; what was not changed is not. */
function edited(context: Context, { info, namespace, object }: Manifest): Promise<void> {
  const placed = namespace ? { ...object, metadata: { ...object.metadata, namespace } } : object
  const found = { info, namespace, name: object.metadata.name, object: placed }
  return editObjects(context, [found], {
    fatal: true,
    async save(_, next) {
      const given = recorded(context, context.flags.is('save-config') ? withLastApplied(next) : next)
      const query = { fieldManager: 'kubectl-create', fieldValidation: validationOf(context) }
      const where = next.metadata.namespace ?? namespace
      printDone(context, info, await context.client.create(info, info.namespaced ? where : '', given, query), 'created')
    },
  })
}

/** `--raw URI`: the file's text is posted as it is. */
async function postRaw({ client, flags, io }: Context): Promise<number> {
  const [file = '', ...more] = flags.all('filename')
  if (flags.is('edit')) throw new KubectlError('--raw and --edit are mutually exclusive')
  if (file === '' || more.length > 0) throw new KubectlError('--raw can only use a single local file or stdin')
  if (/^https?:\/\//.test(file)) throw new KubectlError('--raw cannot read from a url')
  if (flags.is('recursive')) throw new KubectlError('--raw and --recursive are mutually exclusive')
  if (flags.text('selector')) throw new KubectlError('--raw and --selector (-l) are mutually exclusive')
  if (flags.has('output')) throw new KubectlError('--raw and --output are mutually exclusive')
  const read = file === '-' ? io.stdin() : io.read(file)
  const body = await read.catch((error: unknown) => {
    throw new KubectlError(error instanceof Error ? error.message : String(error))
  })
  io.out(await client.text(flags.text('raw'), 'POST', body))
  return 0
}

export const create = command({
  name: 'create',
  completes: 'files',
  subcommands: [
    clusterRole,
    clusterRoleBinding,
    configMap,
    cronJob,
    deployment,
    ingress,
    job,
    namespace,
    podDisruptionBudget,
    priorityClass,
    quota,
    role,
    roleBinding,
    secret,
    service,
    serviceAccount,
    token,
  ],
  async run(context): Promise<number | void> {
    const { args, flags } = context
    if (!flags.has('filename') && !flags.has('kustomize') && args.length === 0)
      throw new KubectlError('must specify one of -f and -k')
    if (args.length > 0) throw usageError('create', `Unexpected args: [${args.join(' ')}]`)
    if (flags.has('raw')) return postRaw(context)
    const manifests = await readManifests(context)
    if (flags.is('edit')) return each(context, manifests, (manifest) => edited(context, manifest))
    if (manifests.length === 0) throw new KubectlError('no objects passed to create')
    return reportErrors(context, manifests, (manifest) => fromFile(context, manifest))
  },
})
