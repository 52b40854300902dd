/** kubectl: finds the command, reads its flags, runs it, and words its errors as the real one does. */

import type { Transport, UserInfo } from '#api/request.ts'
import { Client } from '#client/client.ts'
import { type Parsed, parseArguments } from './arguments.ts'
import { catalogue, commandPath, type Entry, flagsOf, withApplySets } from './catalogue/index.ts'
import type { Command, Context } from './command.ts'
import { commandAt, loadCommands } from './commands/index.ts'
import { completeProtocol } from './complete-protocol.ts'
import { type Connect, checkFiles, inTerminal, OWN, targetOf } from './config/connection.ts'
import { connectsFirst } from './config/connects-first.ts'
import { emptyConfig, type Kubeconfig } from './config/kubeconfig.ts'
import { ConfigStore } from './config/store.ts'
import { dryRunOf } from './dry-run.ts'
import { KubectlError } from './error.ts'
import { findCommand, plainWords, suggestion } from './find-command.ts'
import { durationMs, type Flags } from './flags.ts'
import { helpOf, helpTexts, optionsText } from './help.ts'
import type { Io } from './io.ts'
import { logHead } from './klog.ts'
import { besideConnection, inFiles } from './memory.ts'
import { refuseFlags } from './refused-flags.ts'
import { isRefusal, tellWhole, together } from './report.ts'
import { telling } from './request-log.ts'
import { told } from './told.ts'
import { printsStructs } from './typed.ts'
import { VERSION } from './version.ts'

export interface Session {
  /** Opens other connections than the session's own: for kubeconfigs that name servers and users. */
  connect?: Connect
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
    return told(error, io, words)
  }
}

/** Loads all that is loaded when it is needed: for a story, whose clock must not go on meanwhile. */
export async function preloadKubectl(): Promise<void> {
  await Promise.all([catalogue(), loadCommands(), helpTexts(), import('./kuberc.ts'), import('./plugins.ts')])
}

interface Line {
  flags: Flags
  args: readonly string[]
  rest: readonly string[]
  entry: Entry
}

const homeOf = (io: Io): string => io.env?.('HOME') ?? '/root'

async function run(typed: readonly string[], session: Session, io: Io): Promise<number> {
  const { preferred } = await import('./kuberc.ts')
  const plain = await catalogue()
  const gated = io.env?.('KUBECTL_APPLYSET')?.toLowerCase() === 'true' ? await withApplySets(plain) : plain
  const { root, words, original } = await preferred(gated, typed, io)
  const [first = ''] = words
  if (first === '__complete' || first === '__completeNoDesc') {
    const before = words.slice(1, -1)
    const at = before.findIndex(isNamespace)
    const given = before.slice(at, before[at]?.includes('=') ? at + 1 : at + 2)
    const { flags } = parsed(root, at < 0 || (given.length < 2 && !given[0]?.includes('=')) ? [] : given)
    const context = await contextFor(session, io, { flags, args: words.slice(1), rest: [], entry: root }, new Set())
    return completeProtocol(context, first === '__complete')
  }
  const { entry, words: rest } = findCommand(root, words)
  const plugged = await inPlugin(root, entry, rest, typed, io)
  if (plugged !== null) return plugged
  if (entry === root) {
    const [word] = plainWords(root, rest)
    if (word !== undefined) throw new KubectlError(`unknown command "${word}" for "kubectl"${suggestion(root, word)}`)
  }
  const { flags, args, rest: behind, notes } = parsed(entry, rest)
  for (const note of notes) io.err(`${note}\n`)
  if (original && flags.int('v') >= 1)
    io.err(`${logHead('I', 'cmd.go:371', io.now())} original command: ${JSON.stringify(original)}\n`)
  if (entry.path === 'alpha') {
    io.err('No alpha commands are available in this version of kubectl\n')
    return 0
  }
  if (flags.is('help') || entry === root) return entry.path === 'options' ? 0 : help(entry, io)
  if (entry.name === 'help') return helpCommand(root, args, io)
  if (entry.name === 'options' && !entry.parent?.parent) {
    io.out(await optionsText(root, homeOf(io)))
    return 0
  }
  const command = await commandAt(entry.path)
  if (!command?.run) return group(entry, [...args, ...behind], io)
  const missing = [...flagsOf(entry).values()]
    .filter((flag) => flag.required && !flags.has(flag.name))
    .map(({ name }) => `"${name}"`)
  if (missing.length > 0) throw new KubectlError(`required flag(s) ${missing.join(', ')} not set`)
  refuseFlags(entry.path, flags)
  await readFormat(flags, io)
  const warnings = new Set<string>()
  const split = command.dashed ? { args, rest: behind } : { args: [...args, ...behind], rest: [] }
  const context = await contextFor(session, io, { ...split, entry, flags }, warnings)
  if (flags.global.is('match-server-version')) await matchVersion(context)
  const status = (await ran(command, context)) ?? 0
  if (flags.is('warnings-as-errors') && warnings.size > 0)
    throw new KubectlError(`${warnings.size} warning${warnings.size > 1 ? 's' : ''} received`)
  return status
}

/** A word that no command has may be a plugin's; null: it is none. */
async function inPlugin(
  root: Entry,
  entry: Entry,
  rest: readonly string[],
  typed: readonly string[],
  io: Io,
): Promise<number | null> {
  const unknown = entry === root && plainWords(root, rest).length > 0 && plainWords(root, rest)[0] !== 'help'
  const below = entry.path === 'create' && rest[0] !== undefined && !rest[0].startsWith('-')
  if (!unknown && !below) return null
  const { runPlugin } = await import('./plugins.ts')
  return runPlugin(io, typed, below ? typed.length - rest.length + 1 : 1)
}

async function matchVersion({ client }: Context): Promise<void> {
  const { gitVersion } = (await client.document('/version')) as { gitVersion: string }
  if (gitVersion !== VERSION) throw new KubectlError(`server version (${gitVersion}) differs from client version (${VERSION})`)
}

/** Runs it; what was refused on the way is told at the end. */
async function ran(command: Command, context: Context): Promise<number | undefined | void> {
  const { late, entry, flags } = context
  const isCreate = entry.path.startsWith('create ')
  const looksAtDryRun = flags.knows('dry-run') && entry.path !== 'create token'
  try {
    if (looksAtDryRun && !isCreate) dryRunOf(context)
    const status = await command.run?.(context)
    if (late.length === 0) return status
  } catch (error) {
    // These look at their name before.
    if (looksAtDryRun && isCreate && !/^exactly one NAME/.test((error as Error).message)) dryRunOf(context)
    if (late.length === 0 || !isRefusal(error)) {
      tellWhole(context, [error])
      throw error
    }
    late.push(error)
  }
  tellWhole(context, late)
  throw together(late)
}

const isNamespace = (word: string): boolean => /^(-n|--namespace)(=|$)/.test(word)

async function help(entry: Entry, io: Io): Promise<number> {
  const plugins = entry.parent || !io.programs ? [] : await (await import('./plugins.ts')).pluginNames(io, entry)
  io.out(await helpOf(entry, homeOf(io), plugins))
  return 0
}

/** A group's own name shows its help, and is an error nevertheless. */
async function group(entry: Entry, args: readonly string[], io: Io): Promise<number> {
  if (args.length > 0 && entry.path !== 'certificate')
    throw new KubectlError(
      `unknown command ${JSON.stringify(args.join(' '))}\nSee '${commandPath(entry)} -h' for help and examples`,
    )
  // Some tell it on standard error, when they stand alone.
  const tell = ['config', 'create secret', 'create service', 'kuberc', 'plugin', 'set', 'top'].includes(entry.path)
    ? io.err
    : io.out
  tell(await helpOf(entry, homeOf(io)))
  return entry.runnable && entry.path !== 'certificate' ? 1 : 0
}

async function helpCommand(root: Entry, args: readonly string[], io: Io): Promise<number> {
  const { entry, words } = findCommand(root, args)
  if (entry !== root || args.length === 0) return help(entry, io)
  io.err(`Unknown help topic [${words.map((word) => `\`${word}\``).join(' ')}]\n`)
  io.err((await helpOf(root, homeOf(io))).replace(/^[^]*?\n\n[^]*?\n\n/, '\n\n'))
  return 0
}

/** The session's own kubeconfig, for where there is no file: with the names that kubeadm gives (which many instructions count on). */
function ownConfig({ contextName = OWN_CONTEXT, serverAddress = HERE, namespace }: Session): Kubeconfig {
  const name = contextName || OWN_CONTEXT
  const [user = '', cluster = ''] = OWN_CONTEXT.split('@')
  return {
    clusters: new Map([[cluster, { server: serverAddress }]]),
    users: new Map([[user, { [OWN]: true }]]),
    contexts: new Map([[name, { cluster, user, ...(namespace !== 'default' ? { namespace } : {}) }]]),
    currentContext: name,
  }
}

const OWN_CONTEXT = 'kubernetes-admin@kubernetes'
const HERE = 'https://kubernetes.default.svc'

/** The command's surroundings: who asks whom, and where. */
async function contextFor(session: Session, io: Io, { flags, args, rest, entry }: Line, warnings: Set<string>): Promise<Context> {
  const config = new ConfigStore(io, flags.global, session.connect ? emptyConfig() : ownConfig(session))
  const about = entry.path.startsWith('config ') || (entry.path === 'version' && flags.is('client'))
  const connects = connectsFirst(entry.path, flags.global, flags)
  const target = about ? null : targetOf(await config.resolved(), flags.global, connects)
  if (target?.server.startsWith('https:') && session.connect && target.contextName && !hasIdentity(target.user)) {
    // client-go asks for a name and a password then; here nobody answers.
    io.out('Please enter Username: ')
    throw new KubectlError('EOF')
  }
  if (target) await checkFiles(io, target)
  checkGlobal(flags.global)
  const connect = session.connect ?? inTerminal(session.transport, session.serverAddress ?? HERE, session.user)
  const connection = target ? connect(target) : { transport: session.transport }
  const acting = impersonation(flags.global, target?.userName ?? '')
  if (connection.transport.joinsHeaders && Object.values(acting).some((value) => value.includes('\n')))
    throw new KubectlError('a browser makes one header of several: give one --as-group, and one value for each --as-user-extra')
  const level = flags.int('v') || 0
  const server = target?.server ?? session.serverAddress ?? HERE
  const log = { level, server, ...(session.connect ? { file: await config.defaultPath() } : {}) }
  const transport = level > 0 && !about ? telling(connection.transport, io, log) : connection.transport
  const unclear = new Set<string>()
  const client = new Client(transport, {
    agent: 'kubectl/v1.36.3 (browser) kubernetes/tabernetes',
    ...(connection.user ? { user: connection.user } : {}),
    ...(target ? { serverAddress: target.server, contextName: target.contextName } : {}),
    memory: session.connect
      ? inFiles(io, flags.text('cache-dir').replace('$HOME', homeOf(io)), server)
      : besideConnection(io, connection.transport),
    ...(flags.knows('chunk-size') ? { chunk: flags.int('chunk-size') } : {}),
    headers: { ...connection.headers, ...acting },
    ordered: printsStructs(entry.path, flags),
    onWarning: (text) => {
      if (!warnings.has(text)) io.err(`Warning: ${text}\n`)
      warnings.add(text)
    },
    onAmbiguous: (text) => {
      if (!unclear.has(text)) io.err(`Warning: ${text}\n`)
      unclear.add(text)
    },
  })
  return {
    args,
    rest,
    client,
    config,
    entry,
    io,
    flags,
    namespace: target?.namespace ?? session.namespace,
    explicitNamespace: flags.global.has('namespace'),
    late: [],
    useNamespace: (name) => io.useNamespace?.(name || 'default'),
  }
}

/** What nobody could see an effect of. */
function checkGlobal(flags: Flags): void {
  if (flags.has('request-timeout') && Number.isNaN(durationMs(flags.text('request-timeout'))))
    throw new KubectlError(
      'Invalid timeout value. Timeout must be a single integer in seconds, or an integer followed by a corresponding time unit (e.g. 1s | 2m | 3h)',
    )
  // A command's own flag of that name (`debug --profile`) is no global one.
  if (flags.has('profile') && flags.text('profile') !== 'none')
    throw new KubectlError('--profile is not supported here: there is no Go program to measure')
  if (flags.has('vmodule')) throw new KubectlError('--vmodule is not supported here: there are no files of Go; use -v')
}

const IDENTITIES = ['client-certificate', 'client-certificate-data', 'token', 'tokenFile', 'username', 'exec', 'auth-provider']
const hasIdentity = (user: Record<string, unknown>): boolean => IDENTITIES.some((name) => user[name])

function impersonation(flags: Flags, user: string): Record<string, string> {
  const as = flags.text('as')
  const groups = flags.all('as-group')
  if (!as && (groups.length > 0 || flags.text('as-uid'))) {
    throw new KubectlError(`requesting uid, groups or user-extra for ${user} without impersonating a user`)
  }
  const extra: Record<string, string> = {}
  for (const pair of flags.all('as-user-extra')) {
    const cut = pair.indexOf('=')
    const name = `impersonate-extra-${encodeURIComponent(pair.slice(0, cut).toLowerCase())}`
    extra[name] = name in extra ? `${extra[name]}\n${pair.slice(cut + 1)}` : pair.slice(cut + 1)
  }
  return {
    ...(as ? { 'impersonate-user': as } : {}),
    ...(groups.length > 0 ? { 'impersonate-group': groups.join('\n') } : {}),
    ...(flags.text('as-uid') ? { 'impersonate-uid': flags.text('as-uid') } : {}),
    ...extra,
  }
}

/** Wrong flags are told with where to read more. */
function parsed(entry: Entry, words: readonly string[]): Parsed {
  try {
    return parseArguments(words, flagsOf(entry))
  } catch (error) {
    if (!(error instanceof KubectlError)) throw error
    const path = commandPath(entry)
    const more = entry.path === 'options' ? `Run '${path}' without flags.` : `See '${path} --help' for usage.`
    throw new KubectlError(`${error.message}\n${more}`)
  }
}

/** `-o jsonpath-file=PATH` and its like mean what the file holds. */
async function readFormat(flags: Flags, io: Io): Promise<void> {
  // A template alone is Go's.
  if (flags.text('template') && !flags.has('output')) flags.set('output', 'go-template')
  const [, format = '', path = ''] =
    /^(go-template-file|templatefile|jsonpath-file|custom-columns-file)=(.+)$/.exec(flags.text('output')) ?? []
  if (!format) return
  const what = format === 'custom-columns-file' ? 'template' : '--template'
  const text = await io.read(path).catch((error: unknown) => {
    throw new KubectlError(`error reading ${what} ${path}, ${error instanceof Error ? error.message : error}`)
  })
  if (format === 'custom-columns-file') flags.set('output', `custom-columns=${columnsOf(text)}`)
  else flags.set('output', `${format === 'jsonpath-file' ? 'jsonpath' : 'go-template'}=${text}`)
}

/** A file of columns: a line of heads above a line of paths. */
function columnsOf(text: string): string {
  const [heads = [], paths = []] = text.split('\n').map((line) => line.split(/\s+/).filter(Boolean))
  if (heads.length !== paths.length)
    throw new KubectlError(`number of headers (${heads.length}) and field specifications (${paths.length}) don't match`)
  return heads.map((head, i) => `${head}:${paths[i]}`).join(',')
}

export type { Command }
