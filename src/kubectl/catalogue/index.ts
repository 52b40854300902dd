/** The catalogue of commands and their flags, read from data that is loaded when the first command runs. */

export interface Flag {
  name: string
  short: string
  /** As pflag calls it: `string`, `bool`, `int`, `int32`, `int64`, `duration`, `stringSlice`, `stringArray`, `tristate` … */
  type: string
  default: string
  /** The value of a flag that stands alone; empty where one must follow. */
  alone: string
  hidden: boolean
  required: boolean
  /** Handed down to subcommands. */
  persistent: boolean
  deprecated: string
  /** Its place among the texts. */
  index: number
}

export interface Entry {
  name: string
  /** The usage line behind the name. */
  usage: string
  aliases: readonly string[]
  hidden: boolean
  runnable: boolean
  /** Whether the usage line stands as it is, without `[flags]`. */
  plainUsage: boolean
  flags: readonly Flag[]
  children: readonly Entry[]
  parent: Entry | null
  /** `rollout status`; empty for kubectl itself. */
  path: string
  /** What it is called instead, when it is an alias of the user's. */
  shown?: string
}

type Row = [name: string, usage: string, marks: string, flags?: number[], children?: Row[], aliases?: string[]]

let loaded: Promise<Entry> | undefined

/** The catalogue where KUBECTL_APPLYSET is on. */
export async function withApplySets(root: Entry): Promise<Entry> {
  const own = await gatedFlags()
  const names = own.map(({ name }) => name)
  const children = root.children.map((child) => {
    if (child.path !== 'apply') return child
    const flags = [...child.flags.filter(({ name }) => !names.includes(name)), ...own]
    return { ...child, flags: flags.sort((a, b) => (a.name < b.name ? -1 : 1)) }
  })
  return { ...root, children }
}

/** kubectl itself, with everything below it. */
export function catalogue(): Promise<Entry> {
  loaded ??= import('./commands.data.ts').then(({ FLAGS, TREE }) => entryOf(TREE as unknown as Row, null, FLAGS.map(flagOf)))
  return loaded
}

/** Flags of `apply` that only KUBECTL_APPLYSET brings; the last rows of the list. */
export async function gatedFlags(): Promise<Flag[]> {
  const { FLAGS } = await import('./commands.data.ts')
  return FLAGS.map(flagOf).slice(-2)
}

function flagOf(row: readonly string[], index: number): Flag {
  const [name = '', short = '', type = '', value = '', alone = '', marks = '', deprecated = ''] = row
  return {
    name,
    short,
    type,
    default: value,
    alone: type === 'bool' ? 'true' : alone,
    hidden: marks.includes('h'),
    required: marks.includes('r'),
    persistent: marks.includes('p'),
    deprecated,
    index,
  }
}

function entryOf(row: Row, parent: Entry | null, all: readonly Flag[]): Entry {
  const [name, usage, marks, flags = [], children = [], aliases = []] = row
  const entry: Entry = {
    name,
    usage,
    aliases,
    hidden: marks.includes('h'),
    runnable: marks.includes('r'),
    plainUsage: marks.includes('u'),
    flags: flags.map((index) => all[index] as Flag),
    children: [],
    parent,
    path: parent?.parent ? `${parent.path} ${name}` : parent ? name : '',
  }
  entry.children = children.map((child) => entryOf(child, entry, all))
  return entry
}

/** All flags that a command takes: its own, and those handed down to it. */
export function flagsOf(entry: Entry): Map<string, Flag> {
  const flags = new Map<string, Flag>()
  for (let at: Entry | null = entry; at; at = at.parent) {
    for (const flag of at.flags) if ((at === entry || flag.persistent) && !flags.has(flag.name)) flags.set(flag.name, flag)
  }
  return flags
}

export const commandPath = ({ path, shown = path }: Entry): string => (shown ? `kubectl ${shown}` : 'kubectl')

/** A command by one of its names. */
export const childOf = (entry: Entry, word: string): Entry | undefined =>
  entry.children.find((child) => child.name === word || child.aliases.includes(word))
