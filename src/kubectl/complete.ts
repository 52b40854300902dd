/** Completion: commands, kinds, names and flags that could stand where the cursor is. */
import type { Client } from '#client/client.ts'
import type { Command } from './command.ts'
import { GLOBAL_FLAGS } from './global-flags.ts'

export interface CompletionContext {
  client: Client
  commands: readonly Command[]
  namespace: string
}

/** `words` are those behind `kubectl`; the last one is being typed. Whole words come back. */
export async function complete(words: readonly string[], { client, commands, namespace }: CompletionContext): Promise<string[]> {
  const typed = words.at(-1) ?? ''
  const before = words.slice(0, -1)
  const starting = (candidates: Iterable<string>): string[] =>
    [...new Set(candidates)].filter((c) => c.startsWith(typed) && c !== '').sort()
  const named = before.filter((word) => !word.startsWith('-'))
  const first = commands.find((c) => c.name === named[0])
  if (!first) return starting(commands.map((c) => c.name))
  const sub = first.subcommands?.find((c) => c.name === named[1])
  const command = sub ?? first
  if (typed.startsWith('-')) return starting([...GLOBAL_FLAGS, ...(command.flags ?? [])].map((flag) => `--${flag.name}`))
  if (first.subcommands && !sub && named.length === 1) return starting(first.subcommands.map((c) => c.name))
  const args = named.slice(sub ? 2 : 1)
  if (command.completes === 'nodes') return starting(await names(client, 'nodes', namespace))
  if (command.completes === 'pods' && !typed.includes('/')) return starting(await names(client, 'pods', namespace))
  if (command.completes !== 'resources' && command.completes !== 'pods') return []
  if (typed.includes('/')) {
    const [kind = ''] = typed.split('/')
    return starting((await names(client, kind, namespace)).map((name) => `${kind}/${name}`))
  }
  if (args.length === 0)
    return starting(
      (await client.discovery.all())
        .filter((r) => r.verbs.includes('get'))
        .flatMap((r) => [r.plural, r.group ? '' : ''].concat(r.short)),
    )
  return starting(await names(client, args[0] as string, namespace))
}

async function names(client: Client, kind: string, namespace: string): Promise<string[]> {
  const info = await client.discovery.find(kind)
  if (!info) return []
  const { items } = await client.list(info, info.namespaced ? namespace : '', { limit: 500 })
  return items.map((item) => item.metadata.name)
}
