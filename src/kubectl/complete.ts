/** Completion: commands, kinds, names and flags that could stand where the cursor is. */
import type { Client } from '#client/client.ts'
import { catalogue, childOf, flagsOf } from './catalogue/index.ts'
import { commandAt } from './commands/index.ts'
import { findCommand, plainWords } from './find-command.ts'

export interface CompletionContext {
  client: Client
  namespace: string
}

/** `words` are those behind `kubectl`; the last one is being typed. Whole words come back. */
export async function complete(words: readonly string[], { client, namespace }: CompletionContext): Promise<string[]> {
  const typed = words.at(-1) ?? ''
  const starting = (candidates: Iterable<string>): string[] =>
    [...new Set(candidates)].filter((c) => c.startsWith(typed) && c !== '').sort()
  const { entry, words: rest } = findCommand(await catalogue(), words.slice(0, -1))
  if (typed.startsWith('-')) {
    return starting([...flagsOf(entry).values()].filter((flag) => !flag.hidden).map((flag) => `--${flag.name}`))
  }
  const args = plainWords(entry, rest)
  const children = entry.children.filter((child) => !child.hidden)
  if (children.length > 0 && args.length === 0) return starting(children.map((child) => child.name))
  if (entry.children.length > 0 && args.length > 0 && !childOf(entry, args[0] as string)) return []
  const { completes } = (await commandAt(entry.path)) ?? {}
  if (completes === 'nodes') return starting(await names(client, 'nodes', namespace))
  if (completes === 'pods' && !typed.includes('/')) return starting(await names(client, 'pods', namespace))
  if (completes !== 'resources' && completes !== 'pods') return []
  if (typed.includes('/')) {
    const [kind = ''] = typed.split('/')
    return starting((await names(client, kind, namespace)).map((name) => `${kind}/${name}`))
  }
  if (args.length > 0) return starting(await names(client, args[0] as string, namespace))
  const resources = (await client.discovery.all()).filter((resource) => resource.verbs.includes('get'))
  return starting(resources.flatMap((resource) => [resource.plural, ...resource.short]))
}

async function names(client: Client, kind: string, namespace: string): Promise<string[]> {
  const info = await client.discovery.find(kind)
  if (!info) return []
  const { items } = await client.list(info, info.namespaced ? namespace : '', { limit: 500 })
  return items.map((item) => item.metadata.name)
}
