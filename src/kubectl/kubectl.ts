/** kubectl: finds the command, reads its flags, runs it, and words its errors as the real one does. */
import { Client } from '#client/client.ts'
import type { Transport, UserInfo } from '#api/request.ts'
import { ApiError } from '#api/status.ts'
import { parseArguments } from './arguments.ts'
import { type Command, type Io, KubectlError } from './command.ts'
import { commands } from './commands/index.ts'
import { commandHelp, mainHelp } from './help.ts'
import { serverError } from './server-error.ts'

export interface Session {
  transport: Transport
  /** The context's namespace. */
  namespace: string
  user?: UserInfo
}

export const VERSION = 'v1.36.3'

/** Runs `kubectl WORDS…` and resolves with its exit status. Never rejects but for programmer errors. */
export async function kubectl(words: readonly string[], session: Session, io: Io): Promise<number> {
  try {
    return await run(words, session, io)
  } catch (error) {
    if (error instanceof KubectlError) {
      io.err(`${error.bare ? '' : 'error: '}${error.message}\n`)
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
    throw new KubectlError(`unknown command "${rest[0]}" for "kubectl"`)
  }
  const { flags, args, rest: behind } = parseArguments(rest, command)
  if (flags.is('help') || !command.run) {
    if (!command.run && args.length > 0) throw new KubectlError(`unknown command "${path} ${args.join(' ')}"\nSee 'kubectl ${path} -h' for help and examples`)
    io.out(commandHelp(path, command))
    return 0
  }
  const as = flags.text('as')
  const client = new Client(session.transport, {
    agent: 'kubectl/v1.36.3 (browser) kubernetes/tabernetes',
    ...(session.user ? { user: session.user } : {}),
    ...(as ? { headers: { 'impersonate-user': as, ...(flags.has('as-group') ? { 'impersonate-group': flags.all('as-group').join(',') } : {}) } } : {}),
    onWarning: (text) => io.err(`Warning: ${text}\n`),
  })
  const namespace = flags.text('namespace') || session.namespace
  const status = await command.run({ client, io, flags, args, rest: behind, namespace, explicitNamespace: flags.has('namespace') })
  return status ?? 0
}

/** `rollout status` is found below `rollout`; flags may stand before the command's name. */
function findCommand(words: readonly string[]): { path: string; command: Command | undefined; rest: string[] } {
  const at = firstWord(words)
  const command = commands.find((c) => c.name === words[at] || c.aliases?.includes(words[at] ?? ''))
  if (!command) return { path: '', command: undefined, rest: [...words.slice(at)] }
  const rest = [...words.slice(0, at), ...words.slice(at + 1)]
  const next = command.subcommands ? firstWord(rest) : -1
  const sub = command.subcommands?.find((c) => c.name === rest[next] || c.aliases?.includes(rest[next] ?? ''))
  if (!sub) return { path: command.name, command, rest }
  return { path: `${command.name} ${sub.name}`, command: sub, rest: [...rest.slice(0, next), ...rest.slice(next + 1)] }
}

const TAKE_VALUE = new Set(['-n', '--namespace', '--as', '--as-group', '--context', '--kubeconfig', '-v', '--request-timeout'])

function firstWord(words: readonly string[]): number {
  let i = 0
  while (i < words.length && (words[i] as string).startsWith('-')) i += TAKE_VALUE.has(words[i] as string) ? 2 : 1
  return i
}
