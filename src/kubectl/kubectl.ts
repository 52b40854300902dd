/** kubectl: finds the command, reads its flags, runs it, and words its errors as the real one does. */

import type { Transport, UserInfo } from '#api/request.ts'
import { ApiError } from '#api/status.ts'
import { Client } from '#client/client.ts'
import { type Parsed, parseArguments } from './arguments.ts'
import { type Command, type Flags, type Io, KubectlError } from './command.ts'
import { commands } from './commands/index.ts'
import { commandHelp, mainHelp } from './help.ts'
import { serverError } from './server-error.ts'

export interface Session {
  transport: Transport
  /** The context's namespace. */
  namespace: string
  user?: UserInfo
  /** Where the server is and what the connection is called, for people. */
  serverAddress?: string
  contextName?: string
}

/** Runs `kubectl WORDS…` and resolves with its exit status. Never rejects but for programmer errors. */
export async function kubectl(words: readonly string[], session: Session, io: Io): Promise<number> {
  try {
    return await run(words, session, io)
  } catch (error) {
    if (error instanceof KubectlError) {
      io.out(error.written)
      io.err(`${error.bare ? '' : 'error: '}${error.message.replace(/\n$/, '')}\n`)
      return error.status
    }
    if (error instanceof ApiError) {
      io.err(`${serverError(error)}\n`)
      return 1
    }
    throw error
  }
}

async function run(words: readonly string[], session: Session, io: Io): Promise<number> {
  const { path, command, rest } = findCommand(words)
  if (!command) {
    if (rest.length === 0 || rest[0] === '--help' || rest[0] === '-h' || rest[0] === 'help') {
      io.out(mainHelp(commands))
      return 0
    }
    throw new KubectlError(`unknown command "${rest[0]}" for "kubectl"${suggestion(rest[0] as string)}`)
  }
  const { flags, args, rest: behind } = command.lenient ? parseArguments([], command) : parsed(path, command, rest)
  await readFormat(flags, io)
  if (flags.is('help') || !command.run) {
    if (!command.run && args.length > 0)
      throw new KubectlError(`unknown command "${path} ${args.join(' ')}"\nSee 'kubectl ${path} -h' for help and examples`)
    io.out(commandHelp(path, command))
    return 0
  }
  const as = flags.text('as')
  const warned = new Set<string>()
  const client = new Client(session.transport, {
    agent: 'kubectl/v1.36.3 (browser) kubernetes/tabernetes',
    ...(session.user ? { user: session.user } : {}),
    ...(session.serverAddress ? { serverAddress: session.serverAddress } : {}),
    ...(session.contextName ? { contextName: session.contextName } : {}),
    ...(as
      ? {
          headers: {
            'impersonate-user': as,
            ...(flags.has('as-group') ? { 'impersonate-group': flags.all('as-group').join(',') } : {}),
          },
        }
      : {}),
    onWarning: (text) => {
      if (!warned.has(text)) io.err(`Warning: ${text}\n`)
      warned.add(text)
    },
  })
  const namespace = flags.text('namespace') || session.namespace
  const useNamespace = (name: string): void => {
    if (!io.useNamespace) throw new KubectlError('the namespace of the context cannot be changed here; use --namespace')
    io.useNamespace(name)
  }
  const explicitNamespace = flags.has('namespace')
  const status = await command.run({
    client,
    io,
    flags,
    args,
    rest: behind,
    words: rest,
    namespace,
    explicitNamespace,
    useNamespace,
  })
  return status ?? 0
}

/** Wrong flags are told with where to read more. */
function parsed(path: string, command: Command, rest: string[]): Parsed {
  try {
    return parseArguments(rest, command)
  } catch (error) {
    if (!(error instanceof KubectlError) || error.message.startsWith('required flag(s)')) throw error
    throw new KubectlError(`${error.message}\nSee 'kubectl ${path} --help' for usage.`)
  }
}

/** Commands of nearly this name, as cobra offers them. */
function suggestion(word: string): string {
  const near = commands.filter(({ name }) => distance(word.toLowerCase(), name) <= 2 || name.startsWith(word.toLowerCase()))
  return near.length > 0 ? `\n\nDid you mean this?\n${near.map(({ name }) => `\t${name}\n`).join('')}` : ''
}

/** Levenshtein's distance. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++) {
      const change = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1)
      next.push(Math.min((row[j] as number) + 1, (next[j - 1] as number) + 1, change))
    }
    row = next
  }
  return row[b.length] as number
}

/** `-o jsonpath-file=PATH` and its like mean what the file holds. */
async function readFormat(flags: Flags, io: Io): Promise<void> {
  const [, format, path = ''] = /^(go-template|jsonpath|custom-columns|template)-?file=(.+)$/.exec(flags.text('output')) ?? []
  if (!format) return
  try {
    flags.set('output', `${format}=${await io.read(path)}`)
  } catch (error) {
    throw new KubectlError(`error reading --template ${path}, ${error instanceof Error ? error.message : error}`)
  }
}

/** `rollout status` is found below `rollout`; flags may stand before the command's name. */
function findCommand(words: readonly string[]): { path: string; command: Command | undefined; rest: string[] } {
  let command: Command | undefined
  let path = ''
  let rest = [...words]
  for (let candidates = commands; ; candidates = command.subcommands) {
    const at = firstWord(rest)
    const next = candidates.find((c) => c.name === rest[at] || c.aliases?.includes(rest[at] ?? ''))
    if (!next) return { path, command, rest: command ? rest : rest.slice(at) }
    command = next
    path = path ? `${path} ${next.name}` : next.name
    rest = [...rest.slice(0, at), ...rest.slice(at + 1)]
    if (!command.subcommands) return { path, command, rest }
  }
}

const TAKE_VALUE = new Set(['-n', '--namespace', '--as', '--as-group', '--context', '--kubeconfig', '-v', '--request-timeout'])

function firstWord(words: readonly string[]): number {
  let i = 0
  while (i < words.length && (words[i] as string).startsWith('-')) i += TAKE_VALUE.has(words[i] as string) ? 2 : 1
  return i
}
