/** `--dry-run` and `-o` as all writing commands take them. */

import type { AnyObject } from '#api/meta.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { type Context, KubectlError } from './command.ts'
import { logHead } from './klog.ts'
import { printerFor } from './print/output.ts'
import { shownObject } from './targets.ts'

export type DryRun = 'none' | 'client' | 'server'

const told = new WeakSet<Context['flags']>()

export function dryRunOf({ flags, io }: Context): DryRun {
  const value = flags.text('dry-run')
  if (value === 'none' || value === 'client' || value === 'server') return value
  const yes = /^(1|t|true)$/i.test(value)
  if (value !== 'unchanged' && value !== '' && !yes && !/^(0|f|false)$/i.test(value)) {
    throw new KubectlError(`Invalid dry-run value (${value}). Must be "none", "server", or "client".`)
  }
  if (value === '') return 'none'
  const meant = value === 'unchanged' || yes ? 'client' : 'none'
  const what = value === 'unchanged' ? '--dry-run is deprecated' : `--dry-run=${value} is deprecated (boolean value)`
  const line = value === 'unchanged' ? 719 : yes ? 733 : 736
  if (!told.has(flags))
    io.err(`${logHead('W', `helpers.go:${line}`, io.now())} ${what} and can be replaced with --dry-run=${meant}.\n`)
  told.add(flags)
  return meant
}

/** Query of a write: its manager (none: the server goes by the user agent), strictness and dry run. */
export const writeQuery = (context: Context, manager?: string, strict = false): Record<string, string | undefined> => ({
  fieldManager: context.flags.has('field-manager') ? context.flags.text('field-manager') : manager,
  dryRun: dryRunOf(context) === 'server' ? 'All' : undefined,
  fieldValidation: strict ? 'Strict' : undefined,
})

/** `deployment.apps/web scaled`, with ` (dry run)` behind (of a taint that is not told), or the object in the format asked for. */
export function printDone(context: Context, info: ResourceInfo, object: AnyObject, operation: string, tellsDry = true): void {
  const dry = tellsDry ? dryRunOf(context) : 'none'
  const word = dry === 'none' ? operation : `${operation} (${dry === 'server' ? 'server dry run' : 'dry run'})`
  const name = shownObject(info, object)
  const printer = printerFor(context.flags)
  context.io.out(printer ? printer(object, name) : `${name} ${word}\n`)
}
