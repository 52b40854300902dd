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
}

type Row = [name: string, usage: string, marks: string, flags?: number[], children?: Row[], aliases?: string[]]

let loaded: Promise<Entry> | undefined

/** kubectl itself, with everything below it. */
export function catalogue(): Promise<Entry> {
  loaded ??= import('./commands.data.ts').then(({ FLAGS, TREE }) => entryOf(TREE as unknown as Row, null, FLAGS.map(flagOf)))
  return loaded
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

export const commandPath = ({ path }: Entry): string => (path ? `kubectl ${path}` : 'kubectl')

/** A command by one of its names. */
export const childOf = (entry: Entry, word: string): Entry | undefined =>
  entry.children.find((child) => child.name === word || child.aliases.includes(word))
