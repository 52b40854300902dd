/** Help texts, made from the catalogue as kubectl's templates make them. */
import { commandPath, type Entry, type Flag } from './catalogue/index.ts'

interface Texts {
  USAGES: readonly string[]
  TEXTS: Readonly<Record<string, readonly string[]>>
}

let loaded: Promise<Texts> | undefined

export function helpTexts(): Promise<Texts> {
  loaded ??= import('./catalogue/texts.data.ts')
  return loaded
}

/** What `kubectl PATH --help` prints. */
export async function helpOf(entry: Entry, home: string, plugins: readonly string[] = []): Promise<string> {
  const texts = await helpTexts()
  const [short = '', long = ''] = texts.TEXTS[entry.path] ?? []
  const usage = entry.runnable || entry.children.length > 0 ? usageOf(entry, texts, home, plugins) : ''
  return `${(long || short).trim()}${usage}`
}

function usageOf(entry: Entry, texts: Texts, home: string, plugins: readonly string[]): string {
  const [, , example = ''] = texts.TEXTS[entry.path] ?? []
  const sections: string[] = []
  if (entry.aliases.length > 0) sections.push(`Aliases:\n${[entry.name, ...entry.aliases].join(', ')}\n\n`)
  if (example) sections.push(`Examples:\n${example.trimEnd()}\n\n`)
  if (entry.children.some((child) => !child.hidden)) sections.push(`${groupsOf(entry, texts, plugins)}\n\n`)
  const flags = entry.flags.filter((flag) => flag.name !== 'help' && !flag.persistent && !flag.hidden)
  if (flags.length > 0) sections.push(`Options:\n${flagTexts(flags, texts, home).trimEnd()}\n\n`)
  if (entry.runnable && entry.parent) sections.push(`Usage:\n  ${usageLine(entry)}\n\n`)
  if (!entry.parent) sections.push('Usage:\n  kubectl [flags] [options]\n\n')
  if (entry.children.length > 0)
    sections.push(`Use "${commandPath(entry)} <command> --help" for more information about a given command.\n`)
  if (entry.runnable)
    sections.push('Use "kubectl options" for a list of global command-line options (applies to all commands).\n')
  return `\n\n${sections.join('')}`
}

function usageLine(entry: Entry): string {
  const line = commandPath(entry) + (entry.usage ? ` ${entry.usage}` : '')
  const full = entry.plainUsage || line.includes('[flags]') ? line : `${line} [flags]`
  return full.includes('[options]') ? full : `${full} [options]`
}

/** The flags of every command, as `kubectl options` lists them. */
export async function optionsText(root: Entry, home: string): Promise<string> {
  const flags = root.flags.filter((flag) => flag.persistent && !flag.hidden)
  return `The following options can be passed to any command:\n\n${flagTexts(flags, await helpTexts(), home)}`
}

const flagTexts = (flags: readonly Flag[], { USAGES }: Texts, home: string): string =>
  flags.map((flag) => flagText(flag, USAGES[flag.index] ?? '', home)).join('')

function flagText(flag: Flag, usage: string, home: string): string {
  const value = flag.default.replace('$HOME', home)
  const shown = flag.type === 'string' ? `'${value}'` : value
  const deprecated = flag.deprecated ? ` (DEPRECATED: ${flag.deprecated})` : ''
  const lines = `${usage}${deprecated}`.split('\n').join(' ')
  return `    ${flag.short ? `-${flag.short}, ` : ''}--${flag.name}=${shown}:\n\t${lines}\n\n`
}

/** Commands of kubectl itself, by what they are for. */
const GROUPS: readonly (readonly [string, string])[] = [
  ['Basic Commands (Beginner):', 'create expose run set'],
  ['Basic Commands (Intermediate):', 'explain get edit delete'],
  ['Deploy Commands:', 'rollout scale autoscale'],
  ['Cluster Management Commands:', 'certificate cluster-info top cordon uncordon drain taint'],
  ['Troubleshooting and Debugging Commands:', 'describe logs attach exec port-forward proxy cp auth debug events'],
  ['Advanced Commands:', 'diff apply patch replace wait kustomize'],
  ['Settings Commands:', 'label annotate completion'],
]

function groupsOf(entry: Entry, texts: Texts, plugins: readonly string[]): string {
  const width = Math.max(...entry.children.map(({ name }) => name.length), 11)
  const line = (child: Entry): string => `  ${child.name.padEnd(width)}   ${texts.TEXTS[child.path]?.[0] ?? ''}`
  if (entry.parent) return ['Available Commands:', ...entry.children.filter((child) => !child.hidden).map(line)].join('\n')
  const grouped = new Set(GROUPS.flatMap(([, names]) => names.split(' ')))
  const by = (name: string): Entry[] => entry.children.filter((child) => child.name === name)
  const groups = GROUPS.map(([title, names]) => [title, ...names.split(' ').flatMap(by).map(line)].join('\n'))
  const others = entry.children.filter(
    ({ name, hidden }) => !grouped.has(name) && !hidden && !['options', 'alpha', 'help'].includes(name),
  )
  const plugged = plugins.map((name) => `  ${name.padEnd(width)}   The command ${name} is a plugin installed by the user`)
  return [
    ...groups,
    ['Subcommands provided by plugins:', ...plugged].join('\n'),
    ['Other Commands:', ...others.map(line)].join('\n'),
  ].join('\n\n')
}
