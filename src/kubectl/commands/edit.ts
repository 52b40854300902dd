/** `kubectl edit`: objects in an editor, and what was changed sent as patches. */
import type { AnyObject } from '#api/meta.ts'
import { withLastApplied } from '#client/apply.ts'
import { sendChange } from '../change.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { printDone } from '../dry-run.ts'
import { editObjects } from '../editing.ts'
import { together } from '../report.ts'
import { type Found, findObjects, getNamed, NOTHING_GIVEN } from '../targets.ts'

export const edit = command({
  name: 'edit',
  completes: 'resources',
  async run(context) {
    const { args, flags } = context
    if (args.length === 0 && !flags.has('filename') && !flags.has('kustomize')) {
      throw new KubectlError(NOTHING_GIVEN)
    }
    const found = await findObjects(context, args, { everything: true, strict: true })
    // All stand in the editor, or none.
    if (context.late.length > 0) throw together(context.late.splice(0))
    if (found.length === 0) {
      throw new KubectlError('edit cancelled, no objects found')
    }
    await editObjects(context, await seenAs(context, found), { save: (one, next) => saved(context, one, next) })
  },
})

/** What is edited of each: the object, or the part of it that `--subresource` names. */
async function seenAs(context: Context, found: readonly Found[]): Promise<readonly Found[]> {
  const subresource = context.flags.text('subresource')
  if (subresource === '') return found
  return Promise.all(
    found.map(async (one) => ({ ...one, object: await getNamed(context, one.info, one.namespace, one.name, subresource) })),
  )
}

async function saved(context: Context, one: Found, next: AnyObject): Promise<void> {
  if (next.metadata?.name !== one.name) throw new KubectlError('At least one of apiVersion, kind and name was changed')
  const kept = context.flags.is('save-config') ? withLastApplied(next) : next
  const changed = await sendChange(context, one, kept, 'kubectl-edit', context.flags.text('subresource'))
  if (changed) printDone(context, one.info, changed, 'edited')
  else printDone(context, one.info, one.object, 'skipped')
}
