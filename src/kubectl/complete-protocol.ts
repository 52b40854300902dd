/** `kubectl __complete`: what shells ask while a line is typed, in cobra's protocol: candidates, then a directive. */
import { catalogue, childOf, type Entry, type Flag, flagsOf } from './catalogue/index.ts'
import type { Context } from './command.ts'
import { commandAt } from './commands/index.ts'
import { complete } from './complete.ts'
import { findCommand, plainWords } from './find-command.ts'
import { helpTexts } from './help.ts'
import { pluginNames } from './plugins.ts'
import { OUTPUTS } from './print/output.ts'

const [DEFAULT, NO_FILES, NO_SPACE_NO_FILES] = [0, 4, 6]
const NAMES: Record<number, string> = {
  [DEFAULT]: 'ShellCompDirectiveDefault',
  [NO_FILES]: 'ShellCompDirectiveNoFileComp',
  [NO_SPACE_NO_FILES]: 'ShellCompDirectiveNoSpace, ShellCompDirectiveNoFileComp',
}

interface Answer {
  candidates: string[]
  directive: number
}

/** `described`: with what each candidate is, behind a tab. */
export async function completeProtocol(context: Context, described: boolean): Promise<number> {
  const { io, args } = context
  const { candidates, directive } = await answer(context, args)
  for (const candidate of candidates) io.out(`${described ? candidate : candidate.replace(/\t.*/, '')}\n`)
  io.out(`:${directive}\n`)
  io.err(`Completion ended with directive: ${NAMES[directive]}\n`)
  return 0
}

async function answer(context: Context, words: readonly string[]): Promise<Answer> {
  const root = await catalogue()
  const typed = words.at(-1) ?? ''
  const { entry, words: rest } = findCommand(root, words.slice(0, -1))
  const args = plainWords(entry, rest)
  if (entry === root && args.length > 0) {
    context.io.err(`[Debug] [Error] unable to find a command for arguments: [${words.slice(0, -1).join(' ')}]\n`)
    return { candidates: [], directive: DEFAULT }
  }
  const flag = flagBefore(entry, rest)
  if (flag) return valuesOf(context, flag, typed)
  if (typed.startsWith('-')) return { candidates: await flagsFor(entry, typed), directive: NO_FILES }
  const children = entry.children.filter((child) => !child.hidden)
  if (children.length > 0 && args.length === 0) {
    const { TEXTS } = await helpTexts()
    const offered = children.filter(({ name }) => name.startsWith(typed))
    const plugged = entry === root ? await pluginNames(context.io, root) : []
    const plugins = [...new Set(plugged)].filter((name) => name.startsWith(typed))
    const described = plugins.map((name) => `${name}\tThe command ${name} is a plugin installed by the user`)
    return {
      candidates: [...offered.map(({ name, path }) => `${name}\t${TEXTS[path]?.[0] ?? ''}`), ...described].sort(),
      directive: NO_FILES,
    }
  }
  if (entry.path.startsWith('config ')) return ofConfig(context, entry, typed)
  const { completes } = (await commandAt(entry.path)) ?? {}
  if (completes === 'resources' && args.length === 0 && !typed.includes('/'))
    return { candidates: await resources(context, typed), directive: NO_FILES }
  const candidates = await complete([...entry.path.split(' '), ...rest, typed], {
    client: context.client,
    namespace: context.namespace,
  })
  if (completes === 'files') return { candidates: [], directive: DEFAULT }
  if (completes === 'pods' && args.length === 0 && !typed.includes('/'))
    return { candidates: [...candidates, ...WORKLOADS.filter((word) => word.startsWith(typed))], directive: NO_SPACE_NO_FILES }
  const known = childOf(root, entry.path.split(' ')[0] ?? '') !== undefined
  return { candidates, directive: known ? NO_FILES : DEFAULT }
}

/** Every kind that can be read, as `api-resources -o name` lists them. */
async function resources({ client }: Context, typed: string): Promise<string[]> {
  const all = (await client.discovery.all()).filter(({ verbs }) => verbs.includes('get'))
  const names = all.map(({ plural, group }) => (group ? `${plural}.${group}` : plural))
  return [...new Set(names)].filter((name) => name.startsWith(typed)).sort()
}

/** What has Pods, for commands that want to get into one. */
const WORKLOADS = 'daemonsets deployments pods jobs replicasets replicationcontrollers services statefulsets'
  .split(' ')
  .map((word) => `${word}/`)

/** The flag whose value is being typed. */
function flagBefore(entry: Entry, rest: readonly string[]): Flag | undefined {
  const last = rest.at(-1) ?? ''
  if (!last.startsWith('-') || last.includes('=')) return undefined
  const flags = flagsOf(entry)
  const flag = last.startsWith('--') ? flags.get(last.slice(2)) : [...flags.values()].find(({ short }) => `-${short}` === last)
  return flag && flag.alone === '' ? flag : undefined
}

async function flagsFor(entry: Entry, typed: string): Promise<string[]> {
  const { USAGES } = await helpTexts()
  return [...flagsOf(entry).values()]
    .filter((flag) => !flag.hidden && !flag.deprecated && `--${flag.name}`.startsWith(typed))
    .map((flag) => `--${flag.name}\t${USAGES[flag.index] ?? ''}`)
}

async function valuesOf(context: Context, { name }: Flag, typed: string): Promise<Answer> {
  const { client, config } = context
  const starting = (words: readonly string[]): Answer => ({
    candidates: words.filter((word) => word.startsWith(typed)),
    directive: NO_FILES,
  })
  if (name === 'output') return starting(OUTPUTS)
  if (name === 'namespace') {
    const info = await client.discovery.find('namespaces')
    return starting(info ? (await client.list(info, '')).items.map(({ metadata }) => metadata.name) : [])
  }
  const { contexts, clusters, users } = await config.load()
  if (name === 'context') return starting([...contexts.keys()].sort())
  if (name === 'cluster') return starting([...clusters.keys()].sort())
  if (name === 'user') return starting([...users.keys()].sort())
  return { candidates: [], directive: DEFAULT }
}

async function ofConfig({ config }: Context, { name }: Entry, typed: string): Promise<Answer> {
  const { contexts, clusters, users } = await config.load()
  const from = /context/.test(name)
    ? contexts
    : /cluster/.test(name)
      ? clusters
      : /user|credentials/.test(name)
        ? users
        : new Map()
  return { candidates: [...from.keys()].sort().filter((word) => word.startsWith(typed)), directive: NO_FILES }
}
