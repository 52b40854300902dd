/** helm: finds the command of a command line and runs it as a client of the cluster. The door of this zone. */
import type { Transport } from '#api/request.ts'
import { ApiError } from '#api/status.ts'
import { Client } from '#client/client.ts'
import { type Command, checkArgs, type Flag, parseFlags } from './command.ts'
import { commands } from './commands/index.ts'
import { GLOBAL } from './flags.ts'
import { HelmError, type HelmIo } from './io.ts'

export type { HelmIo } from './io.ts'

export interface HelmOptions {
  transport: Transport
  /** The context's namespace. */
  namespace: string
}

/** Runs `helm WORDS…`; the exit status. */
export async function helm(words: readonly string[], options: HelmOptions, io: HelmIo): Promise<number> {
  try {
    await dispatch(words, options, io)
    return 0
  } catch (error) {
    if (!(error instanceof HelmError) && !(error instanceof ApiError)) throw error
    io.err(`Error: ${error.message}\n`)
    return 1
  }
}

async function dispatch(words: readonly string[], { transport, namespace }: HelmOptions, io: HelmIo): Promise<void> {
  const { path, found, rest } = find(words)
  if (!found) return io.out(overview())
  const declared = [...(found.flags ?? []), ...GLOBAL]
  const { flags, args } = parseFlags(rest, declared)
  const { usage = '' } = found
  if (flags.is('help')) return io.out(helpOf(found, path, declared))
  checkArgs(found, args, path, usage)
  if (!found.run) return io.out(helpOf(found, path, declared))
  const warn = (text: string): void => io.err(`${text}\n`)
  const headers: Record<string, string> = flags.has('kube-as-user') ? { 'impersonate-user': flags.text('kube-as-user') } : {}
  const client = new Client(transport, { agent: 'Helm/3.22', headers, onWarning: (text) => warn(`W ${text}`) })
  await found.run({ client, io, flags, args, namespace: flags.text('namespace') || namespace, warn })
}

/** Global flags may stand before the command's name. */
function find(words: readonly string[]): { path: string; found: Command | null; rest: string[] } {
  const takesValue = new Set(
    GLOBAL.filter(({ type }) => type !== 'bool').flatMap(({ name, short }) => [`--${name}`, ...(short ? [`-${short}`] : [])]),
  )
  const rest = [...words]
  let at = 0
  const skip = (): void => {
    while (rest[at]?.startsWith('-')) at += takesValue.has(rest[at] as string) ? 2 : 1
  }
  skip()
  const first = rest[at]
  if (first === undefined || first === 'help') return { path: 'helm', found: null, rest }
  let list = commands
  let path = 'helm'
  let found: Command | null = null
  for (;;) {
    skip()
    const word = rest[at]
    const next = word === undefined ? undefined : list.find(({ name, aliases }) => name === word || aliases?.includes(word))
    if (!next) {
      if (!found) throw unknownCommand(first)
      return { path, found, rest }
    }
    rest.splice(at, 1)
    found = next
    path = `${path} ${next.name}`
    if (!next.subcommands) return { path, found, rest }
    list = next.subcommands
  }
}

function unknownCommand(word: string): HelmError {
  const near = commands.map(({ name }) => name).filter((name) => distance(name, word) <= 2 || name.startsWith(word))
  const hint = near.length > 0 ? `\n\nDid you mean this?\n${near.map((name) => `\t${name}\n`).join('')}` : '\n'
  return new HelmError(`unknown command ${JSON.stringify(word)} for "helm"${hint}\nRun 'helm --help' for usage.`)
}

/** Levenshtein's. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let k = 1; k <= b.length; k++)
      next[k] = Math.min(
        (next[k - 1] as number) + 1,
        (row[k] as number) + 1,
        (row[k - 1] as number) + (a[i - 1] === b[k - 1] ? 0 : 1),
      )
    row = next
  }
  return row[b.length] as number
}

const column = (rows: readonly (readonly [string, string])[]): string => {
  const width = Math.max(...rows.map(([left]) => left.length))
  return rows.map(([left, right]) => `  ${left.padEnd(width)} ${right}\n`).join('')
}

const overview = (): string =>
  `The Kubernetes package manager\n\nUsage:\n  helm [command]\n\nAvailable Commands:\n${column(commands.map(({ name, short }) => [name, short]))}\nUse "helm [command] --help" for more information about a command.\n`

const flagRow = ({ name, short, type, help, default: fallback }: Flag): [string, string] => {
  const kind = {
    bool: '',
    array: ' stringArray',
    strings: ' strings',
    int: ' int',
    duration: ' duration',
    string: ' string',
    optional: ' string',
  }[type]
  return [
    `${short ? `-${short}, ` : '    '}--${name}${kind}`,
    `  ${help}${fallback ? ` (default ${type === 'string' ? JSON.stringify(fallback) : fallback})` : ''}`,
  ]
}

function helpOf({ short, usage, subcommands, aliases, name }: Command, path: string, declared: readonly Flag[]): string {
  const own = declared.filter((flag) => !GLOBAL.includes(flag) || flag.name === 'help')
  const byName = (a: Flag, b: Flag): number => (a.name < b.name ? -1 : 1)
  const uses = subcommands ? `${path} [command]` : `${path}${usage ? ` ${usage}` : ''} [flags]`
  const also = aliases ? `\nAliases:\n  ${[name, ...aliases].join(', ')}\n` : ''
  const below = subcommands ? `\nAvailable Commands:\n${column(subcommands.map((one) => [one.name, one.short]))}` : ''
  const others = GLOBAL.filter((flag) => flag.name !== 'help')
  return `${short}\n\nUsage:\n  ${uses}\n${also}${below}\nFlags:\n${column([...own].sort(byName).map(flagRow))}\nGlobal Flags:\n${column([...others].sort(byName).map(flagRow))}`
}
