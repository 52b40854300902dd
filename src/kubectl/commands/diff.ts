/** `kubectl diff`: what applying would change, as the server sees it. */
import type { AnyObject } from '#api/meta.ts'
import { toYaml } from '#api/yaml.ts'
import { LAST_APPLIED, patchFor, withLastApplied } from '#client/apply.ts'
import { patchSchemaOf } from '#client/patch-schema.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { type Manifest, readManifests } from '../manifests.ts'
import { told } from '../told.ts'
import { unifiedDiff } from '../unified-diff.ts'
import { chosen } from './apply/index.ts'

export const diff = command({
  name: 'diff',
  completes: 'files',
  async run(context) {
    const { io } = context
    try {
      return await compare(context)
    } catch (error) {
      // One means that there are differences, so failures are one more.
      return told(error, io) + 1
    }
  },
})

async function compare(context: Context): Promise<number> {
  const { args, flags, io } = context
  if (args.length > 0) throw new KubectlError(`Unexpected args: [${args.join(' ')}]\nSee 'kubectl diff -h' for help and examples`)
  if (!flags.has('filename') && !flags.has('kustomize')) throw new KubectlError('must specify one of -f and -k')
  if (flags.has('force-conflicts') && !flags.is('server-side'))
    throw new KubectlError('--force-conflicts only works with --server-side')
  if (io.env?.('KUBECTL_EXTERNAL_DIFF'))
    throw new KubectlError('KUBECTL_EXTERNAL_DIFF is not supported here: other programs cannot be started')
  if (flags.is('prune')) throw new KubectlError('--prune is not supported here for diff')
  const pairs: { file: string; before: string; after: string }[] = []
  for (const manifest of (await readManifests(context)).filter(chosen(context))) {
    const { info, namespace, object } = manifest
    const live = await context.client.find(info, namespace, object.metadata.name)
    const merged = await mergedWith(context, manifest)
    const [before, after] =
      info.kind === 'Secret' && !info.group && !flags.is('show-secrets') ? masked(live, merged) : [live, merged]
    const keep = flags.is('show-managed-fields')
    const file = `${info.group ? `${info.group}.` : ''}${info.version}.${info.kind}.${namespace}.${object.metadata.name}`
    pairs.push({ file, before: before ? textOf(before, keep) : '', after: textOf(after as AnyObject, keep) })
  }
  const number = String(io.now() % 10_000_000_000)
  const time = new Date(io.now()).toISOString().replace('T', ' ').replace('Z', '000000 +0000')
  let different = false
  for (const { file, before, after } of pairs.sort((a, b) => (a.file < b.file ? -1 : 1))) {
    const hunks = unifiedDiff(before, after)
    if (hunks === '') continue
    different = true
    const [left, right] = [`/tmp/LIVE-${number}/${file}`, `/tmp/MERGED-${number}/${file}`]
    io.out(`diff -u -N ${left} ${right}\n--- ${left}\t${time}\n+++ ${right}\t${time}\n${hunks}`)
  }
  return different ? 1 : 0
}

async function mergedWith(context: Context, { info, namespace, object }: Manifest): Promise<AnyObject> {
  const { client, flags } = context
  const placed = namespace ? { ...object, metadata: { ...object.metadata, namespace } } : object
  if (flags.is('server-side')) {
    const query = {
      dryRun: 'All',
      fieldManager: flags.has('field-manager') ? flags.text('field-manager') : 'kubectl',
      force: String(flags.is('force-conflicts')),
    }
    return client.patch(info, namespace, object.metadata.name, 'apply', object, query)
  }
  const live = await client.find(info, namespace, object.metadata.name)
  if (!live) return client.create(info, namespace, placed, { dryRun: 'All', fieldManager: manager(context) })
  const schema = await patchSchemaOf(client, info)
  // kubectl's own annotation stays as it is: only the patch for the rest is asked about.
  const { patch } = patchFor(live, withLastApplied(placed), schema, true) as { patch: Patch }
  const { metadata: { annotations = {}, ...metadata } = {}, ...rest } = patch
  const { [LAST_APPLIED]: _last, ...others } = annotations
  const resourceVersion = live.metadata.resourceVersion
  const changed = Object.keys(others).length > 0 ? { ...metadata, annotations: others } : metadata
  if (Object.keys(rest).length + Object.keys(changed).length === 0) return live
  const asked = { ...rest, metadata: { ...changed, resourceVersion } }
  return client.patch(info, namespace, object.metadata.name, schema ? 'strategic' : 'merge', asked, {
    dryRun: 'All',
    fieldManager: manager(context),
  })
}

interface Patch {
  metadata?: { annotations?: Record<string, unknown> }
  [key: string]: unknown
}

const manager = ({ flags }: Context): string =>
  flags.has('field-manager') ? flags.text('field-manager') : 'kubectl-client-side-apply'

function textOf(object: AnyObject, keepManaged: boolean): string {
  if (keepManaged) return toYaml(object)
  const { managedFields: _managed, ...metadata } = object.metadata
  return toYaml({ ...object, metadata })
}

/** Secrets are compared without being shown. */
function masked(live: AnyObject | undefined, merged: AnyObject): [AnyObject | undefined, AnyObject] {
  const [from, to] = [(live?.['data'] ?? {}) as Record<string, string>, (merged['data'] ?? {}) as Record<string, string>]
  const hide = (own: Record<string, string>, other: Record<string, string>, changed: string): Record<string, string> =>
    Object.fromEntries(Object.keys(own).map((key) => [key, key in other && own[key] !== other[key] ? changed : '***']))
  const put = (object: AnyObject, data: Record<string, string>): AnyObject => (object['data'] ? { ...object, data } : object)
  return [live && put(live, hide(from, to, '*** (before)')), put(merged, hide(to, from, '*** (after)'))]
}
