/** Changes of one object as kubectl sends them: what differs, as a strategic merge patch; nothing when nothing does. */
import type { AnyObject } from '#api/meta.ts'
import { createMergePatch } from '#api/patch/merge.ts'
import type { Dict } from '#api/patch/parts.ts'
import { createTwoWayStrategicPatch } from '#api/patch/three-way.ts'
import { patchSchemaOf } from '#client/patch-schema.ts'
import type { Context } from './command.ts'
import { dryRunOf, writeQuery } from './dry-run.ts'
import { recorded } from './record.ts'
import type { Found } from './targets.ts'

/** The object afterwards, or null when there was nothing to change. A client's dry run sends nothing. */
export async function sendChange(
  context: Context,
  found: Found,
  next: AnyObject,
  manager: string,
  subresource = '',
): Promise<AnyObject | null> {
  const { info, namespace, name, object } = found
  const schema = await patchSchemaOf(context.client, info)
  const [before, after] = [object as unknown as Dict, recorded(context, next) as unknown as Dict]
  const patch = schema ? createTwoWayStrategicPatch(before, after, schema) : createMergePatch(before, after)
  if (Object.keys(patch).length === 0) return null
  if (context.flags.knows('output-patch') && context.flags.is('output-patch')) context.io.out(`Patch: ${JSON.stringify(patch)}\n`)
  if (dryRunOf(context) === 'client') return next
  const kind = schema ? 'strategic' : 'merge'
  return context.client.patch(info, namespace, name, kind, patch, writeQuery(context, manager), subresource)
}
