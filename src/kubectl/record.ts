/** `--record`: the command line as the annotation that `rollout history` shows as the change's cause. */
import type { AnyObject } from '#api/meta.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import type { Context } from './command.ts'
import { dryRunOf, writeQuery } from './dry-run.ts'

const CAUSE = 'kubernetes.io/change-cause'

/** The command, its arguments, and its flags as `--name=value`. */
function lineOf({ args, entry, flags }: Context): string {
  const given = flags.given.map(([name, value]) => ` --${name}=${value}`)
  return `kubectl ${entry.path}${args.map((arg) => ` ${arg}`).join('')}${given.join('')}`
}

/** The cause as an annotation, where that is to be recorded. */
export const causeOf = (context: Context): Record<string, string> =>
  context.flags.is('record') ? { [CAUSE]: lineOf(context) } : {}

/** The object with its cause, where that is to be recorded. */
export function recorded<T extends AnyObject>(context: Context, object: T): T {
  if (!context.flags.is('record')) return object
  const annotations = { ...object.metadata.annotations, ...causeOf(context) }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

/** For changes that are no whole objects: a patch of its own. */
export async function recordCause(context: Context, info: ResourceInfo, namespace: string, name: string): Promise<void> {
  if (!context.flags.is('record') || dryRunOf(context) !== 'none') return
  const patch = { metadata: { annotations: causeOf(context) } }
  await context.client.patch(info, namespace, name, 'merge', patch, writeQuery(context))
}
