/** `--dry-run` and `-o` as all writing commands take them. */
import type { ResourceInfo } from '#client/discovery.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Context, type Flag, KubectlError } from './command.ts'
import { OUTPUT_FLAGS, printerFor } from './print/output.ts'
import { shownName } from './targets.ts'

export const WRITE_FLAGS: readonly Flag[] = [
  ...OUTPUT_FLAGS,
  { name: 'dry-run', type: 'optional', default: 'none', alone: 'unchanged', help: 'Must be "none", "server", or "client".' },
  { name: 'field-manager', type: 'string', help: 'Name of the manager used to track field ownership.' },
]

export type DryRun = 'none' | 'client' | 'server'

export function dryRunOf({ flags }: Context): DryRun {
  const value = flags.text('dry-run')
  if (value === 'none' || value === 'client' || value === 'server') return value
  if (value === 'unchanged') throw new KubectlError('--dry-run flag without a value was specified. A value must be set: "none", "server", or "client".')
  throw new KubectlError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`)
}

/** Query of a write: its manager, strictness and dry run. */
export const writeQuery = (context: Context, manager: string, strict = false): Record<string, string | undefined> => ({
  fieldManager: context.flags.text('field-manager') || manager,
  dryRun: dryRunOf(context) === 'server' ? 'All' : undefined,
  fieldValidation: strict ? 'Strict' : undefined,
})

/** `deployment.apps/web scaled`, with ` (dry run)` behind, or the object in the format asked for. */
export function printDone(context: Context, info: ResourceInfo, object: AnyObject, operation: string): void {
  const dry = dryRunOf(context)
  const word = dry === 'none' ? operation : `${operation} (${dry === 'server' ? 'server dry run' : 'dry run'})`
  const name = shownName(info, object.metadata?.name ?? '')
  const printer = printerFor(context.flags)
  context.io.out(printer ? printer(object, name) : `${name} ${word}\n`)
}
