/** `kubectl cordon` and `uncordon`: whether a Node takes new Pods. */
import type { Node } from '#api/kinds.ts'
import { type Command, type Context, command, KubectlError, usageError } from '../command.ts'
import { dryRunOf } from '../dry-run.ts'
import { type Found, findObjects, NOTHING_GIVEN, resourceOf } from '../targets.ts'

export async function nodesOf(context: Context): Promise<Node[]> {
  const { args, flags } = context
  if (args.length === 0 && !flags.has('selector'))
    throw usageError(context.entry.name, `USAGE: ${context.entry.name} NODE [flags]`)
  if (args.length > 0 && flags.text('selector'))
    throw usageError('drain', 'error: cannot specify both a node name and a --selector option')
  if (args.length === 0 && !flags.text('selector')) throw new KubectlError(NOTHING_GIVEN)
  const words = args.length === 0 ? ['nodes'] : args.map((arg) => (arg.includes('/') ? arg : `nodes/${arg}`))
  const found: Found[] = []
  // The first that is missing ends it.
  for (const word of words) found.push(...(await findObjects(context, [word], { everything: true })))
  return found.map(({ info, object }) => {
    if (info.group === '' && info.plural === 'nodes') return object as unknown as Node
    const { group, version, plural } = info
    throw new KubectlError(
      `error: expected resource of type node, got ${JSON.stringify(`${group}/${version}, Resource=${plural}`)}`,
    )
  })
}

export async function mark(context: Context, node: Node, unschedulable: boolean): Promise<void> {
  const { client, io } = context
  const { name } = node.metadata
  const word = unschedulable ? 'cordoned' : 'uncordoned'
  const dry = dryRunOf(context)
  const suffix = dry === 'none' ? '' : dry === 'server' ? ' (server dry run)' : ' (dry run)'
  if ((node.spec.unschedulable ?? false) === unschedulable) return io.out(`node/${name} already ${word}${suffix}\n`)
  const info = await resourceOf(context, 'nodes')
  const query = dry === 'server' ? { dryRun: 'All' } : {}
  const patch = { spec: { unschedulable: unschedulable || null } }
  if (dry !== 'client') await client.patch(info, '', name, 'strategic', patch, query)
  io.out(`node/${name} ${word}${suffix}\n`)
}

const marking = (name: 'cordon' | 'uncordon'): Command =>
  command({
    name,
    completes: 'nodes',
    async run(context) {
      for (const node of await nodesOf(context)) await mark(context, node, name === 'cordon')
      return 0
    },
  })

export const cordon = marking('cordon')
export const uncordon = marking('uncordon')
