/** `kubectl cordon` and `uncordon`: whether a Node takes new Pods. */
import type { Node } from '#api/kinds.ts'
import { type Command, type Context, command, usageError } from '../command.ts'
import { dryRunOf } from '../dry-run.ts'
import { resourceOf } from '../targets.ts'

export async function nodesOf(context: Context): Promise<Node[]> {
  const { args, flags, client } = context
  if (args.length === 0 && !flags.has('selector'))
    throw usageError(context.entry.name, `USAGE: ${context.entry.name} NODE [flags]`)
  if (args.length > 0 && flags.text('selector'))
    throw usageError('drain', 'error: cannot specify both a node name and a --selector option')
  const info = await resourceOf(context, 'nodes')
  if (args.length === 0) return (await client.list<Node>(info, '', { labelSelector: flags.text('selector') })).items
  const nodes: Node[] = []
  for (const arg of args) nodes.push(await client.get<Node>(info, '', arg.replace(/^(nodes?|no)\//, '')))
  return nodes
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
