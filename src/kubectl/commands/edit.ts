/** `kubectl edit`: objects in an editor, and what was changed sent as patches. */
import { parseAllDocuments } from 'yaml'
import type { AnyObject } from '#api/meta.ts'
import { ApiError } from '#api/status.ts'
import { toYaml } from '#api/yaml.ts'
import { sendChange } from '../change.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { printDone } from '../dry-run.ts'
import { sortedKeys } from '../print/sorted.ts'
import { serverError } from '../server-error.ts'
import { type Found, findObjects, NOTHING_GIVEN } from '../targets.ts'

const HEAD = `# Please edit the object below. Lines beginning with a '#' will be ignored,
# and an empty file will abort the edit. If an error occurs while saving this file will be
# reopened with the relevant failures.
#
`

export const edit = command({
  name: 'edit',
  completes: 'resources',
  async run(context) {
    const { args, flags } = context
    if (args.length === 0 && !flags.has('filename') && !flags.has('kustomize')) {
      throw new KubectlError(NOTHING_GIVEN)
    }
    const found = await findObjects(context, args, { everything: true, strict: true })
    if (found.length === 0) {
      throw new KubectlError('edit cancelled, no objects found')
    }
    await editObjects(context, found, (one, next) => saved(context, one, next))
  },
})

async function saved(context: Context, one: Found, next: AnyObject): Promise<void> {
  if (next.metadata?.name !== one.name) throw new KubectlError('At least one of apiVersion, kind and name was changed')
  const changed = await sendChange(context, one, next, 'kubectl-edit')
  if (changed) printDone(context, one.info, changed, 'edited')
  else printDone(context, one.info, one.object, 'skipped')
}

const trimmed = (object: AnyObject, keep: boolean): AnyObject => {
  if (keep) return object
  const { managedFields: _managed, ...metadata } = object.metadata
  return { ...object, metadata }
}

/** The editor until what is in it can be saved, or nothing was changed. */
export async function editObjects(
  context: Context,
  found: readonly Found[],
  save: (one: Found, next: AnyObject) => Promise<void>,
): Promise<void> {
  const { flags, io } = context
  if (!io.edit) throw new KubectlError('unable to launch the editor "vi": there is no editor in this terminal')
  const json = flags.text('output') === 'json'
  const shown = found.map((one) => ({ ...one, object: trimmed(one.object, flags.is('show-managed-fields')) }))
  const whole =
    shown.length === 1
      ? (shown[0]?.object as AnyObject)
      : { apiVersion: 'v1', items: shown.map(({ object }) => object), kind: 'List', metadata: {} }
  const original = json ? `${JSON.stringify(sortedKeys(whole), null, 4)}\n` : toYaml(whole)
  let text = original
  let complaint = ''
  for (;;) {
    const before = json ? text : HEAD + complaint + text
    const after = await io.edit(before, `edit.${json ? 'json' : 'yaml'}`)
    const edited = json ? after : withoutComments(after)
    if (edited.trim() === '') return io.err('Edit cancelled, saved file was empty.\n')
    if (edited === withoutComments(before)) {
      if (complaint === '') return io.err('Edit cancelled, no changes made.\n')
      throw new KubectlError('Edit cancelled, no valid changes were saved.')
    }
    text = edited
    if (edited === original) return io.err('Edit cancelled, no changes made.\n')
    try {
      const objects = objectsIn(edited)
      for (const one of shown) {
        const next = objects.find(
          ({ kind, metadata }) => kind === one.object.kind && (objects.length === 1 || metadata?.name === one.name),
        )
        if (next) await save(one, next)
      }
      return
    } catch (error) {
      if (!(error instanceof ApiError) && !(error instanceof KubectlError)) throw error
      const words = error instanceof ApiError ? serverError(error) : error.message
      io.err(`${error instanceof ApiError ? words : `error: ${words}`}\n`)
      complaint = `${words
        .split('\n')
        .map((line) => `# ${line}`)
        .join('\n')}\n#\n`
    }
  }
}

const withoutComments = (text: string): string =>
  text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')

function objectsIn(text: string): AnyObject[] {
  const documents = parseAllDocuments(text, { version: '1.1' })
  return ('empty' in documents ? [] : documents).flatMap((document) => {
    const [wrong] = document.errors
    if (wrong) throw new KubectlError(`The edited file had a syntax error: ${wrong.message.split('\n')[0]}`)
    const value = document.toJS() as AnyObject | null
    if (!value) return []
    return value.kind === 'List' ? (value['items'] as AnyObject[]) : [value]
  })
}
