/** `kubectl diff`: what applying would change, as the server sees it. */
import type { AnyObject } from '#api/meta.ts'
import { toYaml } from '#api/yaml.ts'
import { LAST_APPLIED, patchFor, withLastApplied } from '#client/apply.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { patchSchemaOf } from '#client/patch-schema.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { listOf, type Manifest, readInOrder } from '../manifests.ts'
import { isRefusal, together, toldOf } from '../report.ts'
import { told } from '../told.ts'
import { unifiedDiff } from '../unified-diff.ts'
import { chosen } from './apply/index.ts'
import { kindsListed, kindsOf, left } from './apply/prune.ts'

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
  const { args, flags } = context
  if (args.length > 0) throw new KubectlError(`Unexpected args: [${args.join(' ')}]\nSee 'kubectl diff -h' for help and examples`)
  if (!flags.has('filename') && !flags.has('kustomize')) throw new KubectlError('must specify one of -f and -k')
  if (flags.has('force-conflicts') && !flags.is('server-side'))
    throw new KubectlError('--force-conflicts only works with --server-side')
  if (flags.is('prune')) await kindsListed(context)
  const pairs: Pair[] = []
  const visited = { uids: new Set<string>(), namespaces: new Set<string>() }
  const wanted = chosen(context)
  await eachFile(context, async (manifest) => {
    if (!wanted(manifest)) return
    const { info, namespace, object } = manifest
    const live = await context.client.find(info, namespace, object.metadata.name)
    if (live?.metadata.uid) visited.uids.add(live.metadata.uid)
    if (namespace) visited.namespaces.add(namespace)
    const merged = await mergedWith(context, manifest)
    const [before, after] =
      info.kind === 'Secret' && !info.group && !flags.is('show-secrets') ? masked(live, merged) : [live, merged]
    const keep = flags.is('show-managed-fields')
    const file = fileOf(info, namespace, object.metadata.name)
    pairs.push({ file, before: before ? textOf(before, keep) : '', after: textOf(after as AnyObject, keep) })
  })
  // What would be pruned stands in the old folder only.
  if (flags.is('prune'))
    for await (const { info, object } of left(context, visited, await kindsOf(context))) {
      const { namespace = '', name } = object.metadata
      pairs.push({ file: fileOf(info, namespace, name), before: textOf(object, true), after: '', gone: true })
    }
  return shown(
    context,
    pairs.sort((a, b) => (a.file < b.file ? -1 : 1)),
  )
}

/**
 * All files are looked at, each up to its first error, but Lists as a whole; only what went wrong first of all is told
 * (cli-runtime's VisitorList and FlattenListVisitor).
 */
async function eachFile(context: Context, look: (manifest: Manifest) => Promise<void>): Promise<void> {
  const first: Error[] = []
  let list: object | undefined
  const failed = new Map<string, object | undefined>()
  for (const read of await readInOrder(context)) {
    const own = listOf(read)
    try {
      if (read instanceof KubectlError) throw read
      if (!failed.has(read.source) || (own && failed.get(read.source) === own)) await look(read)
    } catch (error) {
      if (!isRefusal(error)) throw error
      if (first.length === 0) list = own
      if (first.length === 0 || (own && list === own)) first.push(error)
      if (!(read instanceof KubectlError)) failed.set(read.source, own)
    }
  }
  if (first.length > 0) throw together(first)
}

interface Pair {
  file: string
  before: string
  after: string
  /** It has no file in the new folder. */
  gone?: boolean
}

const fileOf = ({ group, version, kind }: ResourceInfo, namespace: string, name: string): string =>
  `${group ? `${group}.` : ''}${version}.${kind}.${namespace}.${name}`

const NEVER = '1970-01-01 00:00:00.000000000 +0000'

/** As `diff -u -N` shows two folders; or as another program does that is asked for. */
async function shown(context: Context, pairs: readonly Pair[]): Promise<number> {
  const { io } = context
  const number = String(io.now() % 10_000_000_000)
  const [from, to] = [`/tmp/LIVE-${number}`, `/tmp/MERGED-${number}`]
  const external = io.env?.('KUBECTL_EXTERNAL_DIFF')
  if (external) return externally(context, external, pairs, [from, to])
  const time = new Date(io.now()).toISOString().replace('T', ' ').replace('Z', '000000 +0000')
  let different = false
  for (const { file, before, after, gone } of pairs) {
    const hunks = unifiedDiff(before, after)
    if (hunks === '') continue
    different = true
    const [left, right] = [`${from}/${file}`, `${to}/${file}`]
    io.out(`diff -u -N ${left} ${right}\n--- ${left}\t${time}\n+++ ${right}\t${gone ? NEVER : time}\n${hunks}`)
  }
  return different ? 1 : 0
}

/** Another program compares the folders; its words are those that cannot do any harm. */
async function externally({ io }: Context, program: string, pairs: readonly Pair[], folders: [string, string]): Promise<number> {
  const { programs, write, remove } = io
  if (!programs || !write) throw new KubectlError('KUBECTL_EXTERNAL_DIFF is not supported here: other programs cannot be started')
  const [name = '', ...words] = program.split(' ')
  for (const { file, before, after, gone } of pairs) {
    await write(`${folders[0]}/${file}`, before)
    if (!gone) await write(`${folders[1]}/${file}`, after)
  }
  for (const folder of folders) if ((await io.list(folder)) === null) await write(`${folder}/.keep`, '')
  const status = await programs.run([name, ...folders, ...words.filter((word) => /^[a-zA-Z0-9-=]+$/.test(word))])
  for (const { file } of pairs) for (const folder of folders) await remove?.(`${folder}/${file}`)
  for (const folder of folders) await remove?.(folder)
  if (status === 127) throw new KubectlError(`failed to run ${JSON.stringify(name)}: executable file not found in $PATH`)
  if (status > 1) throw new KubectlError(`exit status ${status}`, status - 1)
  return status
}

async function mergedWith(context: Context, { info, namespace, object, source }: Manifest): Promise<AnyObject> {
  const { client, flags } = context
  const placed = namespace ? { ...object, metadata: { ...object.metadata, namespace } } : object
  if (flags.is('server-side')) {
    const query = {
      dryRun: 'All',
      fieldManager: flags.has('field-manager') ? flags.text('field-manager') : 'kubectl',
      force: String(flags.is('force-conflicts')),
    }
    return client.patch(info, namespace, object.metadata.name, 'apply', placed, query)
  }
  if (!object.metadata.name) throw new KubectlError('resource name may not be empty')
  const live = await client.find(info, namespace, object.metadata.name)
  if (!live) return client.create(info, namespace, placed, { dryRun: 'All', fieldManager: manager(context) })
  const schema = await patchSchemaOf(client, info)
  // kubectl's own annotation stays as it is: only the patch for the rest is asked about.
  const { patch } = patchFor(live, withLastApplied(placed), schema, true) as { patch: Patch }
  const { metadata: { annotations = {}, ...metadata } = {}, ...rest } = patch
  const { [LAST_APPLIED]: _last, ...others } = annotations
  const resourceVersion = live.metadata.resourceVersion
  const changes = [rest, metadata, others].flatMap((part) => Object.keys(part)).length
  if (changes === 0) return live
  const annotated = Object.keys(others).length > 0 || live.metadata.annotations === undefined
  const asked = { ...rest, metadata: { ...metadata, ...(annotated ? { annotations: others } : {}), resourceVersion } }
  const query = { dryRun: 'All', fieldManager: manager(context) }
  try {
    return await client.patch(info, namespace, object.metadata.name, schema ? 'strategic' : 'merge', asked, query)
  } catch (error) {
    throw isRefusal(error) ? toldOf(error, source, 'patching') : error
  }
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
