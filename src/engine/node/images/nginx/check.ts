/** What nginx says of a configuration before it starts, beyond what the table of directives knows (its modules' own checks). */
import { parseCidr } from '#api/ip.ts'
import { careful } from '#api/regexp/careful.ts'
import type { Context } from './directives.ts'
import { type Directive, Emerg, emergAt } from './syntax.ts'
import { isVariable, variablesIn } from './variables.ts'

/** These may stand more than once in a block. */
const REPEATED = new Set(
  `include server location listen server_name upstream map geo types if set rewrite return break add_header add_trailer allow deny
  error_page error_log access_log log_format proxy_set_header proxy_hide_header proxy_pass_header proxy_cache_valid proxy_cache_path
  limit_req limit_conn limit_req_zone limit_conn_zone fastcgi_param env load_module ssl_certificate ssl_certificate_key
  set_real_ip_from sub_filter index gzip_types split_clients auth_request_set debug_connection mirror proxy_redirect
  proxy_cookie_path proxy_cookie_domain valid_referers limit_except grpc_set_header uwsgi_param scgi_param proxy_ignore_headers
  proxy_next_upstream proxy_cache_use_stale ssl_protocols satisfy charset_map charset_types`.split(/\s+/),
)

const SIZE = /^\d+[kKmMgG]?$/
const TIME = /^(?:\d+(?:ms|[smhdwMy])?\s*)+$/
const NUMBER = /^\d+$/

const isSize = (name: string): boolean => /(?:_size|_buffers_size|client_max_body_size)$/.test(name)
const isTime = (name: string): boolean => /_timeout$/.test(name)

export interface Listen {
  address: string
  port: number
  ssl: boolean
  standard: boolean
}

/** `80`, `127.0.0.1:8080`, `[::]:80`, `*:80`, with options. */
export function listenOf(directive: Directive): Listen {
  const [given = '', ...options] = directive.args
  const where = `of the "listen" directive`
  const [, host = '', text = ''] = /^(\[[^\]]*\]|[^:]*)(?::(.*))?$/.exec(/^\d+$/.test(given) ? `*:${given}` : given) ?? []
  const port = text === '' ? 80 : Number(text)
  if (!/^\d*$/.test(text) || port < 1 || port > 65_535) throw emergAt(directive, `invalid port in "${given}" ${where}`)
  if (!/^(?:\*|\[[0-9a-fA-F:]*\]|\d+\.\d+\.\d+\.\d+|localhost)$/.test(host))
    throw emergAt(directive, `host not found in "${given}" ${where}`)
  for (const option of options)
    if (
      !/^(?:default_server|default|ssl|http2|quic|proxy_protocol|deferred|bind|reuseport|(?:backlog|rcvbuf|sndbuf|fastopen|so_keepalive|ipv6only|accept_filter|setfib)=\S+)$/.test(
        option,
      )
    )
      throw emergAt(directive, `invalid parameter "${option}"`)
  const address = host === '*' ? '0.0.0.0' : host === 'localhost' ? '127.0.0.1' : host
  return { address, port, ssl: options.includes('ssl'), standard: options.some((option) => option.startsWith('default')) }
}

export interface Place {
  modifier: '' | '=' | '^~' | '~' | '~*' | '@'
  text: string
}

/** What a location stands for. */
export function placeOf(directive: Directive): Place {
  const [first = '', second] = directive.args
  if (second !== undefined) {
    if (!/^(?:=|\^~|~\*?)$/.test(first)) throw emergAt(directive, `invalid location modifier "${first}"`)
    return { modifier: first as Place['modifier'], text: second }
  }
  if (first.startsWith('@')) return { modifier: '@', text: first }
  const [, glued = '', text = first] = /^(=|\^~|~\*?)(.+)$/.exec(first) ?? []
  return { modifier: glued as Place['modifier'], text }
}

/** What is most often wrong with a pattern, in PCRE's words. */
const UNDERSTOOD: readonly [RegExp, string][] = [
  [/^(?:[^()]|\([^()]*\))*\([^()]*$/, 'missing closing parenthesis'],
  [/^[^(]*\)/, 'unmatched closing parenthesis'],
  [/\[[^\]]*$/, 'missing terminating ] for character class'],
  [/^[*+?]|[(|][*+?]/, 'quantifier does not follow a repeatable item'],
  [/\\$/, '\\ at end of pattern'],
]

const patterns = new WeakMap<Directive, Map<string, RegExp>>()

/** A pattern of PCRE's, made once for each directive, or nginx's word on why it is none. */
export function pattern(source: string, flags: string, at: Directive): RegExp {
  const known = patterns.get(at)?.get(flags + source)
  if (known) return known
  try {
    const made = careful(source, flags)
    patterns.set(at, (patterns.get(at) ?? new Map<string, RegExp>()).set(flags + source, made))
    return made
  } catch {
    const why = UNDERSTOOD.find(([form]) => form.test(source))?.[1] ?? 'the pattern is not understood'
    throw emergAt(at, `pcre2_compile() failed: ${why} in "${source}"`)
  }
}

function checkListen(directive: Directive, among: readonly Directive[]): void {
  const { address, port } = listenOf(directive)
  for (const other of among) {
    if (other.name !== 'listen') continue
    const known = listenOf(other)
    if (known.address === address && known.port === port) throw emergAt(directive, `a duplicate listen ${address}:${port}`)
  }
}

function checkLocation(directive: Directive, among: readonly Directive[], above: readonly Directive[]): void {
  const { modifier, text } = placeOf(directive)
  const outer = above.at(-1)
  if (outer?.name === 'location') {
    const around = placeOf(outer)
    const plain = !around.modifier.startsWith('~') && around.modifier !== '@'
    if (around.modifier === '=')
      throw emergAt(directive, `location "${text}" cannot be inside the exact location "${around.text}"`)
    if (around.modifier === '@')
      throw emergAt(directive, `location "${text}" cannot be inside the named location "${around.text}"`)
    if (plain && !modifier.startsWith('~') && !text.startsWith(around.text))
      throw emergAt(directive, `location "${text}" is outside location "${around.text}"`)
  }
  if (modifier === '~' || modifier === '~*') return void pattern(text, modifier === '~' ? '' : 'i', directive)
  const same = among.find((other) => {
    if (other.name !== 'location') return false
    const known = placeOf(other)
    return known.text === text && !known.modifier.startsWith('~') && (known.modifier === '=') === (modifier === '=')
  })
  if (same) throw emergAt(directive, `duplicate location "${text}"`)
}

/** The parts of an address that requests are passed to; null: it has variables, and is known only then. */
export function passedTo(directive: Directive): { scheme: string; host: string; port: number; uri: string } | null {
  const [url = ''] = directive.args
  if (variablesIn(url).length > 0) return null
  const [, scheme = '', host = '', port, uri = ''] = /^(https?):\/\/([^/:]*|\[[^\]]*\])(?::([^/]*))?(.*)$/i.exec(url) ?? []
  if (scheme === '') throw emergAt(directive, 'invalid URL prefix')
  if (host === '') throw emergAt(directive, `no host in upstream "${url.replace(/^\w+:\/\//, '')}"`)
  if (port !== undefined && !/^\d+$/.test(port))
    throw emergAt(directive, `invalid port in upstream "${url.replace(/^\w+:\/\//, '')}"`)
  return { scheme: scheme.toLowerCase(), host, port: Number(port ?? (scheme.toLowerCase() === 'https' ? 443 : 80)), uri }
}

function checkReturn(directive: Directive): void {
  const [code = '', text] = directive.args
  if (text === undefined && /^(?:https?:\/\/|\$scheme)/.test(code)) return
  if (!NUMBER.test(code) || Number(code) > 999) throw emergAt(directive, `invalid return code "${code}"`)
}

function checkRewrite(directive: Directive): void {
  const [source = '', , flag] = directive.args
  pattern(source, '', directive)
  if (flag !== undefined && !/^(?:last|break|redirect|permanent)$/.test(flag))
    throw emergAt(directive, `invalid parameter "${flag}"`)
}

/** `($uri = /x)`: the words between the brackets. */
export function condition({ args }: Directive): string[] {
  const text = args.join('\u0000')
  return text
    .slice(1, -1)
    .split('\u0000')
    .filter((word) => word !== '')
}

function checkIf(directive: Directive): void {
  const first = directive.args[0] ?? ''
  const last = directive.args.at(-1) ?? ''
  if (!first.startsWith('(')) throw emergAt(directive, `invalid condition "${first}"`)
  if (!last.endsWith(')')) throw emergAt(directive, `invalid condition "${last.replace(/^\(/, '')}"`)
  const [what = '', operator, operand = ''] = condition(directive)
  if (what.startsWith('$')) {
    if (operator === undefined) return
    if (!/^(?:!?=|!?~\*?)$/.test(operator)) throw emergAt(directive, `unexpected "${operator}" in condition`)
    if (operator.includes('~')) pattern(operand, operator.endsWith('*') ? 'i' : '', directive)
  } else if (!/^!?-[fdex]$/.test(what)) throw emergAt(directive, `invalid condition "${what}"`)
}

function checkSet(directive: Directive): void {
  const [name = ''] = directive.args
  if (!name.startsWith('$')) throw emergAt(directive, `invalid variable name "${name}"`)
}

function checkValue(directive: Directive): void {
  const { name, args } = directive
  const [value = ''] = args
  if (name === 'worker_connections' && !NUMBER.test(value)) throw emergAt(directive, `invalid number "${value}"`)
  if (name === 'worker_processes' && value !== 'auto' && !NUMBER.test(value))
    throw emergAt(directive, `"${name}" directive invalid value`)
  if (args.length === 1 && isSize(name) && !SIZE.test(value)) throw emergAt(directive, `"${name}" directive invalid value`)
  if (args.length === 1 && isTime(name) && !TIME.test(value)) throw emergAt(directive, `"${name}" directive invalid value`)
}

function checkUpstream(directive: Directive, among: readonly Directive[]): void {
  const [name] = directive.args
  if (among.some((other) => other.name === 'upstream' && other.args[0] === name))
    throw emergAt(directive, `duplicate upstream "${name}"`)
}

const PEER_OPTION =
  /^(?:weight=[1-9]\d*|max_conns=\d+|max_fails=\d+|fail_timeout=\w+|backup|down|resolve|service=\S+|slow_start=\w+)$/

function checkPeer(directive: Directive): void {
  for (const option of directive.args.slice(1))
    if (!PEER_OPTION.test(option)) throw emergAt(directive, `invalid parameter "${option}"`)
}

function checkErrorPage(directive: Directive): void {
  for (const word of directive.args.slice(0, -1)) {
    const code = Number(word.replace(/^=/, '') || 200)
    if (!/^=?\d*$/.test(word)) throw emergAt(directive, `invalid value "${word}"`)
    if (!word.startsWith('=') && (code < 300 || code > 599))
      throw emergAt(directive, `value "${word}" must be between 300 and 599`)
  }
}

function checkTries(directive: Directive): void {
  const last = directive.args.at(-1) ?? ''
  if (last.startsWith('=') && !/^=\d{1,3}$/.test(last)) throw emergAt(directive, `invalid code "${last}"`)
}

function checkRange(directive: Directive): void {
  const [range = ''] = directive.args
  const full = range.includes('/') ? range : `${range}/${range.includes(':') ? 128 : 32}`
  if (range !== 'all' && range !== 'unix:' && !parseCidr(full)) throw emergAt(directive, `invalid parameter "${range}"`)
}

function checkRoot(directive: Directive, among: readonly Directive[]): void {
  const other = directive.name === 'root' ? 'alias' : 'root'
  if (among.some(({ name }) => name === other))
    throw emergAt(directive, `"${directive.name}" directive is duplicate, "${other}" directive was specified earlier`)
}

function checkErrorLog(directive: Directive): void {
  const [, level] = directive.args
  if (level !== undefined && !/^(?:emerg|alert|crit|error|warn|notice|info|debug\w*)$/.test(level))
    throw emergAt(directive, `invalid log level "${level}"`)
}

type Check = (directive: Directive, among: readonly Directive[], above: readonly Directive[]) => void

const CHECKS: Readonly<Record<string, Check>> = {
  upstream: checkUpstream,
  error_page: checkErrorPage,
  error_log: checkErrorLog,
  try_files: checkTries,
  allow: checkRange,
  deny: checkRange,
  root: checkRoot,
  alias: checkRoot,
  listen: checkListen,
  location: checkLocation,
  return: checkReturn,
  rewrite: checkRewrite,
  if: checkIf,
  set: checkSet,
  proxy_pass: (directive) => void passedTo(directive),
}

/** Judges one directive as nginx's modules do when they meet it. */
export function checkDirective(
  directive: Directive,
  context: Context,
  among: readonly Directive[],
  above: readonly Directive[],
): void {
  const { name } = directive
  if (!REPEATED.has(name) && context !== 'U' && among.some((other) => other.name === name))
    throw emergAt(directive, `"${name}" directive is duplicate`)
  checkValue(directive)
  if (context === 'U' && name === 'server') checkPeer(directive)
  else CHECKS[name]?.(directive, among, above)
}

export function* all(tree: readonly Directive[], above: readonly Directive[] = []): Generator<[Directive, readonly Directive[]]> {
  for (const directive of tree) {
    yield [directive, above]
    if (directive.block) yield* all(directive.block, [...above, directive])
  }
}

/** What can be said only once everything has been read. */
export function checkWhole(tree: readonly Directive[]): void {
  const made = new Set<string>()
  for (const [{ name, args, block }] of all(tree)) {
    if (name === 'set') made.add((args[0] ?? '').slice(1))
    if (name === 'map' || name === 'geo') made.add((args.at(-1) ?? '').slice(1))
    if (name === 'split_clients' || name === 'auth_request_set') made.add((args[name === 'split_clients' ? 1 : 0] ?? '').slice(1))
    for (const [, group] of `${args.join(' ')} ${block?.map((each) => each.name).join(' ') ?? ''}`.matchAll(/\(\?P?<(\w+)>/g))
      made.add(group as string)
  }
  for (const [directive, above] of all(tree)) {
    const { name, args, block } = directive
    if (name === 'upstream' && !block?.some((each) => each.name === 'server'))
      throw emergAt(directive, 'no servers are inside upstream')
    if (name === 'proxy_pass') checkUri(directive, above)
    if (name === 'access_log') checkFormat(directive, tree)
    if (name === 'listen') checkStandard(directive, tree)
    if (name === 'location' || /^(?:rewrite|if|map|server_name|log_format)$/.test(name)) continue
    for (const variable of args.flatMap(variablesIn))
      if (!isVariable(variable) && !made.has(variable)) throw new Emerg(`unknown "${variable}" variable`)
  }
}

function checkUri(directive: Directive, above: readonly Directive[]): void {
  const location = above.findLast(({ name }) => name === 'location')
  const modifier = location ? placeOf(location).modifier : ''
  const odd = modifier === '~' || modifier === '~*' || modifier === '@' || /^(?:if|limit_except)$/.test(above.at(-1)?.name ?? '')
  if (!odd || (passedTo(directive)?.uri ?? '') === '') return
  throw emergAt(
    directive,
    '"proxy_pass" cannot have URI part in location given by regular expression, or inside named location, or inside "if" statement, or inside "limit_except" block',
  )
}

function checkFormat(directive: Directive, tree: readonly Directive[]): void {
  const [, format] = directive.args
  if (format === undefined || format === 'combined' || format.includes('=')) return
  for (const [{ name, args }] of all(tree)) if (name === 'log_format' && args[0] === format) return
  throw emergAt(directive, `unknown log format "${format}"`)
}

function checkStandard(directive: Directive, tree: readonly Directive[]): void {
  const { address, port, standard } = listenOf(directive)
  if (!standard) return
  for (const [other] of all(tree)) {
    if (other === directive) return
    const known = other.name === 'listen' ? listenOf(other) : undefined
    if (known?.standard && known.address === address && known.port === port)
      throw emergAt(directive, `a duplicate default server for ${address}:${port}`)
  }
}

/** What its modules say once the syntax is known to be right. */
export function checkModules(tree: readonly Directive[]): void {
  if (!tree.some(({ name }) => name === 'events')) throw new Emerg('no "events" section in configuration')
  const zones = new Set<string>()
  for (const [{ name, args }] of all(tree))
    if (/^limit_(?:req|conn)_zone$/.test(name))
      for (const word of args) if (word.startsWith('zone=')) zones.add(word.slice(5).split(':')[0] ?? '')
  for (const [{ name, args }] of all(tree)) {
    const zone =
      name === 'limit_conn' ? args[0] : name === 'limit_req' ? args.find((word) => word.startsWith('zone='))?.slice(5) : undefined
    if (zone !== undefined && !zones.has(zone)) throw new Emerg(`zero size shared memory zone "${zone}"`)
  }
}
