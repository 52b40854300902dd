/** Objects in an editor, until what is in it can be saved or nothing was changed (kubectl's pkg/cmd/util/editor). */
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { toYaml } from '#api/yaml.ts'
import { type Context, KubectlError } from './command.ts'
import { sortedKeys } from './print/sorted.ts'
import type { Found } from './targets.ts'

const HEAD = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`
export const HEAD_OF_APPLIED = `# Please edit the 'last-applied-configuration' annotations below.
# Lines beginning with a '#' will be ignored, and an empty file will abort the edit.
#
`

export interface Editing {
  head?: string
  /** Sends what one of them has become; a refusal that calls for another try is thrown as `ApiError`. */
  save(one: Found, next: AnyObject): Promise<void>
  /** A refusal ends it all: there is no second try. */
  fatal?: boolean
}

export async function editObjects(context: Context, found: readonly Found[], editing: Editing): Promise<void> {
  const { flags, io } = context
  const { head = HEAD } = editing
  if (!io.edit) throw new KubectlError('unable to launch the editor "vi": there is no editor in this terminal')
  const json = flags.text('output') === 'json'
  if (!['', 'json', 'yaml', 'kyaml'].includes(flags.text('output')))
    throw new KubectlError(
      `unable to match a printer suitable for the output format ${JSON.stringify(flags.text('output'))}, allowed formats are: json,kyaml,yaml`,
    )
  const ending = flags.is('windows-line-endings') ? '\r\n' : '\n'
  const shown = found.map((one) => ({ ...one, object: trimmed(one.object, flags.is('show-managed-fields')) }))
  const original = textOf(shown, json)
  let [text, complaint, failed] = [original, '', false]
  for (;;) {
    const before = json ? text : head + complaint + text
    const edited = stripped(await io.edit(before.replaceAll('\n', ending), `edit.${json ? 'json' : 'yaml'}`))
    if (failed && meant(edited) === meant(text)) throw await kept(context, edited, 'Edit cancelled, no valid changes were saved.')
    text = edited
    const first = shown[0] as Found
    const wrong = problemOf(edited)
    if (wrong !== null) {
      io.err(`error: ${resource(first)} ${JSON.stringify(first.name)} is invalid\n`)
      complaint = reason(`${resource(first)} ${JSON.stringify(first.name)} was not valid`, [wrong])
      failed = true
      continue
    }
    if (meant(edited) === meant(original)) return io.err('Edit cancelled, no changes made.\n')
    const outcome = await saveAll(context, shown, objectsIn(edited), editing)
    if (outcome.again === '') return
    complaint = outcome.again
    failed = true
  }
}

async function saveAll(
  context: Context,
  shown: readonly Found[],
  objects: readonly AnyObject[],
  { save, fatal }: Editing,
): Promise<{ again: string }> {
  const { io } = context
  let again = ''
  for (const one of shown) {
    const next = objects.find(
      ({ kind, metadata }) => kind === one.object.kind && (objects.length === 1 || metadata?.name === one.name),
    )
    if (!next) continue
    try {
      await save(one, next)
    } catch (error) {
      if (fatal && error instanceof ApiError) {
        await kept(context, textOf([{ ...one, object: next }], false), '')
        throw error
      }
      if (!(error instanceof ApiError)) {
        if (!(error instanceof KubectlError)) throw error
        throw await kept(context, textOf([{ ...one, object: next }], false), error.message)
      }
      const name = `${resource(one)} ${JSON.stringify(one.name)}`
      if (error.reason !== 'Invalid') {
        const gone = error.reason === 'NotFound'
        io.err(`error: ${name} ${gone ? 'could not be found on the server' : `could not be patched: ${error.message}`}\n`)
        const file = await keep(context, textOf([{ ...one, object: next }], false))
        if (gone) io.err(`The edits you made on deleted resources have been saved to "${file}"\n`)
        else io.err(`You can run \`kubectl replace -f ${file}\` to try this update again.\n`)
        throw new KubectlError('', 1, true)
      }
      io.err(`error: ${name} is invalid\n`)
      const causes = (error.status.details?.causes ?? []).map(({ field, message }) => `${field}: ${message}`)
      again += reason(`${name} was not valid`, causes)
    }
  }
  return { again }
}

const reason = (head: string, others: readonly string[]): string => {
  const lines = others.map((other) => `# * ${other.replaceAll('\n', '\n# ')}\n`)
  return `# ${head}${lines.length > 0 ? ':' : ''}\n${lines.join('')}#\n`
}

const resource = ({ info }: Found): string => `${info.plural}${info.group ? `.${info.group}` : ''}`

const trimmed = (object: AnyObject, keep: boolean): AnyObject => {
  if (keep) return object
  const { managedFields: _managed, ...metadata } = object.metadata
  return { ...object, metadata }
}

function textOf(shown: readonly Found[], json: boolean): string {
  const items = shown.map(({ object }) => object)
  const whole = items.length === 1 ? (items[0] as AnyObject) : { apiVersion: 'v1', items, kind: 'List', metadata: {} }
  return json ? `${JSON.stringify(sortedKeys(whole), null, 4)}\n` : toYaml(whole)
}

const stripped = (text: string): string =>
  text
    .split(/\r?\n/)
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')

/** What is compared: the value, or the text where it is none. */
function meant(text: string): string {
  try {
    return JSON.stringify(parseYaml(text).value)
  } catch {
    return stripped(text)
  }
}

/** Why nobody can take it for an object. */
function problemOf(text: string): string | null {
  try {
    const { value } = parseYaml(text)
    const { apiVersion, kind } = (value ?? {}) as Partial<AnyObject>
    const unset = [...(apiVersion ? [] : ['apiVersion not set']), ...(kind ? [] : ['kind not set'])]
    if (unset.length === 0) return null
    const list = unset.length > 1 ? `[${unset.join(', ')}]` : unset[0]
    return `<nil>: Invalid value: "The edited file failed validation": ${list}`
  } catch (error) {
    if (!(error instanceof YamlError)) throw error
    return `<nil>: Invalid value: "The edited file failed validation": ${error.message}`
  }
}

function objectsIn(text: string): AnyObject[] {
  const object = parseYaml(text).value as AnyObject
  return object.kind === 'List' ? (object['items'] as AnyObject[]) : [object]
}

/** Leaves what was written in a file. */
async function keep({ io }: Context, text: string): Promise<string> {
  const file = `${io.env?.('TMPDIR') || '/tmp'}/kubectl-edit-${io.now() % 10_000_000_000}.yaml`
  await io.write?.(file, text)
  return file
}

async function kept(context: Context, text: string, why: string): Promise<KubectlError> {
  if (context.io.write) context.io.err(`A copy of your changes has been stored to "${await keep(context, text)}"\n`)
  return new KubectlError(why)
}
