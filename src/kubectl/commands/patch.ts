/** `kubectl patch`: strategic, merge or JSON patch, as given on the command line. */
import { parseYaml } from '#api/go-yaml/read.ts'
import type { AnyObject } from '#api/meta.ts'
import { applyJsonPatch } from '#api/patch/json.ts'
import type { Dict } from '#api/patch/parts.ts'
import { ApiError } from '#api/status.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { patchSchemaOf } from '#client/patch-schema.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { dryRunOf, writeQuery } from '../dry-run.ts'
import { equalJson } from '../equal-json.ts'
import { patchedHere } from '../patched.ts'
import { printAfresh, printerFor } from '../print/output.ts'
import { recordCause } from '../record.ts'
import { eachFound, type Found, getNamed, shownObject } from '../targets.ts'

const KINDS = ['strategic', 'merge', 'json'] as const

export const patch = command({
  name: 'patch',
  completes: 'resources',
  async run(context) {
    const { flags, io } = context
    const given = flags.text('patch') !== ''
    if (given === (flags.text('patch-file') !== ''))
      throw new KubectlError(
        given
          ? 'cannot specify --patch and --patch-file together'
          : 'must specify --patch or --patch-file containing the contents of the patch',
      )
    const kind = KINDS.find((k) => k === flags.text('type').toLowerCase())
    if (!kind) throw new KubectlError(`--type must be one of [json merge strategic], not ${JSON.stringify(flags.text('type'))}`)
    const text = given ? flags.text('patch') : await readPatch(io, flags.text('patch-file'))
    const body = jsonOf(text)
    if (flags.is('local') && dryRunOf(context) === 'server')
      throw new KubectlError('cannot specify --local and --dry-run=server - did you mean --dry-run=client?')
    if (flags.is('local') && context.args.length > 0) throw new KubectlError('cannot specify --local and server resources')
    const fromFiles = flags.is('local') || flags.has('filename') || flags.has('kustomize')
    const work = (target: Found): Promise<void> => patchOne(context, target, kind, body)
    // What files hold goes as it is there: nobody asks the server for it first.
    const count = await eachFound(context, { asInFiles: fromFiles }, work)
    if (count === 0) throw new KubectlError('no objects passed to patch')
    return 0
  },
})

async function patchOne(context: Context, found: Found, kind: (typeof KINDS)[number], body: string): Promise<void> {
  const { client, flags } = context
  const { info, namespace, name } = found
  if (!name && !flags.is('local')) throw new KubectlError('resource name may not be empty')
  const subresource = flags.text('subresource')
  const before = subresource ? await getNamed(context, info, namespace, name, subresource) : found.object
  const here = flags.is('local') || dryRunOf(context) === 'client'
  const patched = here
    ? await patchedLocally(context, info, before, kind, body)
    : await client
        .patch(info, namespace, name, kind, body, writeQuery(context, 'kubectl-patch'), subresource)
        .catch((error: unknown) => {
          throw unsupported(error, info, kind)
        })
  if (!here) await recordCause(context, info, namespace, name)
  const outcome = equalJson(before, patched) ? 'patched (no change)' : 'patched'
  const shown = shownObject(info, patched)
  const printer = printerFor(flags)
  printAfresh(flags)
  // Whether it was a dry run is not told here.
  context.io.out(printer ? printer(patched, shown) : `${shown} ${outcome}\n`)
}

const TYPES = { strategic: 'strategic-merge-patch', merge: 'merge-patch', json: 'json-patch' }

/** Custom resources take no strategic patch. */
function unsupported(error: unknown, info: ResourceInfo, type: (typeof KINDS)[number]): unknown {
  if (!(error instanceof ApiError) || error.reason !== 'UnsupportedMediaType') return error
  return new KubectlError(`application/${TYPES[type]}+json is not supported by ${namedKind(info)}: ${error.message}`)
}

/** As Go prints a GroupVersionKind. */
const namedKind = ({ group, version, kind }: ResourceInfo): string =>
  `${group ? `${group}/${version}` : `/${version}`}, Kind=${kind}`

function jsonPatched(object: AnyObject, patch: unknown): AnyObject {
  try {
    return applyJsonPatch(object, patch) as AnyObject
  } catch (error) {
    throw new KubectlError(error instanceof Error ? error.message : String(error))
  }
}

async function patchedLocally(
  { client }: Context,
  info: ResourceInfo,
  object: AnyObject,
  kind: (typeof KINDS)[number],
  body: string,
): Promise<AnyObject> {
  const patch = JSON.parse(body) as unknown
  if (kind === 'json') return jsonPatched(object, patch)
  const schema = kind === 'strategic' ? await patchSchemaOf(client, info) : undefined
  if (kind === 'strategic' && !schema)
    throw new KubectlError(`strategic merge patch is not supported for ${namedKind(info)} locally, try --type merge`)
  return patchedHere(object, patch as Dict, schema)
}

/** What begins like JSON goes as it is, for the server to judge; YAML is turned into JSON. */
function jsonOf(text: string): string {
  if (text.trimStart().startsWith('{')) return text
  try {
    return JSON.stringify(parseYaml(text).value)
  } catch (error) {
    throw new KubectlError(`unable to parse ${JSON.stringify(text)}: ${error instanceof Error ? error.message : error}`)
  }
}

async function readPatch(io: Context['io'], path: string): Promise<string> {
  try {
    return await io.read(path)
  } catch (error) {
    throw new KubectlError(`unable to read patch file: ${error instanceof Error ? error.message : error}`)
  }
}
