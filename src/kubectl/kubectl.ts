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
  const { flags, args, rest: behind } = command.lenient ? parseArguments([], command) : parseArguments(rest, command)
  if (flags.is('help') || !command.run) {
    if (!command.run && args.length > 0) throw new KubectlError(`unknown command "${path} ${args.join(' ')}"\nSee 'kubectl ${path} -h' for help and examples`)
    io.out(commandHelp(path, command))
    return 0
  }
  const as = flags.text('as')
  const warned = new Set<string>()
  const client = new Client(session.transport, {
    agent: 'kubectl/v1.36.3 (browser) kubernetes/tabernetes',
    ...(session.user ? { user: session.user } : {}),
    ...(as ? { headers: { 'impersonate-user': as, ...(flags.has('as-group') ? { 'impersonate-group': flags.all('as-group').join(',') } : {}) } } : {}),
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
  const status = await command.run({ client, io, flags, args, rest: behind, namespace, explicitNamespace, useNamespace })
  return status ?? 0
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
