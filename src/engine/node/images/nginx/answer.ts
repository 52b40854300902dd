/** A request's way through nginx's phases: rewriting, the place that answers, access, content, error pages (ngx_http_core_module.c). */
import { decodeText } from '#api/base64.ts'
import { contains, parseCidr, parseIp } from '#api/ip.ts'
import type { HttpReply } from '../../../machinery/http.ts'
import { condition, pattern } from './check.ts'
import { pageFor } from './pages.ts'
import { type Addresses, decoded, pass } from './proxy.ts'
import { type Chain, type Found, firstOf, httpOf, isOn, locate, named, said, within } from './site.ts'
import { rootOf, serve, tried, typeOf, withCharset } from './static.ts'
import type { Directive } from './syntax.ts'
import { expand, NGINX_VERSION, type Passage } from './variables.ts'

export interface Site {
  tree: readonly Directive[]
  addresses: Addresses
  /** A line for the error log. */
  tell(chain: Chain, at: Passage, text: string): void
}

/** What comes out of a phase: an answer, or a status that nginx has a page for. */
interface Outcome {
  reply: HttpReply
  /** The page is nginx's own, and `error_page` may name another. */
  own?: boolean
}

const MOST_TURNS = 10

export const serverWord = (chain: Chain): string => (isOn(chain, 'server_tokens', true) ? `nginx/${NGINX_VERSION}` : 'nginx')

class Turn extends Error {
  readonly to: 'again' | 'named'
  readonly where: string
  constructor(to: 'again' | 'named', where: string) {
    super(where)
    this.to = to
    this.where = where
  }
}

export class Answering {
  readonly #site: Site
  readonly #server: Directive
  readonly #at: Passage
  #turns = 0
  /** The blocks that hold for what is answered now. */
  chain: Chain

  constructor(site: Site, server: Directive, at: Passage) {
    this.#site = site
    this.#server = server
    this.#at = at
    this.chain = this.#outer()
  }

  #outer(): Directive[] {
    const http = httpOf(this.#site.tree)
    return [this.#server, ...(http ? [http] : [])]
  }

  answer(): HttpReply {
    let outcome = this.#guarded(() => this.#rewrite(this.#server, true) ?? this.#place())
    for (let pages = 0; outcome.own && outcome.reply.status >= 300 && pages < 2; pages++) {
      const other = this.#errorPage(outcome.reply)
      if (!other) break
      outcome = other
    }
    return this.#dressed(outcome)
  }

  #status(status: number, text = ''): Outcome {
    if (text) this.#site.tell(this.chain, this.#at, text)
    return { reply: pageFor(status, serverWord(this.chain)), own: true }
  }

  /** Runs until no rule sends the request elsewhere. */
  #guarded(run: () => Outcome): Outcome {
    let next = run
    for (;;) {
      try {
        return next()
      } catch (turn) {
        if (!(turn instanceof Turn)) throw turn
        if (++this.#turns > MOST_TURNS)
          return { ...this.#status(500, `rewrite or internal redirection cycle while processing "${turn.where}"`), own: false }
        if (turn.to === 'named') next = () => this.#named(turn.where)
        else next = () => this.#goTo(turn.where)
      }
    }
  }

  #goTo(where: string): Outcome {
    const [uri = '/', ...args] = where.split('?')
    this.#at.uri = uri
    if (args.length > 0) this.#at.args = args.join('?')
    return this.#place()
  }

  #named(name: string): Outcome {
    const location = named(this.#server, name)
    if (!location) return this.#status(500, `could not find named location "${name}"`)
    return this.#in({ locations: [location], groups: [] })
  }

  #place(): Outcome {
    return this.#in(locate(this.#server, this.#at.uri))
  }

  #in({ locations, groups }: Found): Outcome {
    this.chain = [...locations, ...this.#outer()]
    this.#at.documentRoot = rootOf(this.chain, this.#at)
    if (groups.length > 0) this.#remember(groups)
    const [location] = locations
    if (location && within(location, 'internal').length > 0 && this.#turns === 0) return this.#status(404)
    return (location && this.#rewrite(location, false)) ?? this.#admitted() ?? this.#content(location)
  }

  #remember(groups: readonly string[] & { groups?: Record<string, string> }): void {
    this.#at.groups = groups
    for (const [name, value] of Object.entries(groups.groups ?? {})) this.#at.set.set(name, value ?? '')
  }

  // ── rewriting ──

  /** Undefined: the request goes on. */
  #rewrite(block: Directive, atServer: boolean): Outcome | undefined {
    for (const directive of block.block ?? []) {
      const { name, args } = directive
      if (name === 'break') return undefined
      if (name === 'set') this.#at.set.set((args[0] ?? '').slice(1), expand(args[1] ?? '', this.#at))
      else if (name === 'return') return this.#returned(directive)
      else if (name === 'rewrite') {
        const done = this.#rewritten(directive, atServer)
        if (done === 'break') return undefined
        if (done) return done
      } else if (name === 'if' && this.#holds(directive)) {
        const outcome = this.#rewrite(directive, atServer)
        if (outcome) return outcome
        if (!atServer) this.chain = [directive, ...this.chain]
      }
    }
    return undefined
  }

  #rewritten(directive: Directive, atServer: boolean): Outcome | 'break' | undefined {
    const [source = '', replacement = '', flag] = directive.args
    const match = pattern(source, '', directive).exec(this.#at.uri)
    if (!match) return undefined
    this.#remember(match as unknown as string[])
    const to = expand(replacement, this.#at)
    const whole = to.includes('?') ? to.replace(/\?$/, '') : to + (this.#at.args === '' ? '' : `?${this.#at.args}`)
    if (flag === 'permanent' || flag === 'redirect' || /^(?:https?:\/\/|\$scheme)/.test(replacement))
      return this.#moved(flag === 'permanent' ? 301 : 302, whole)
    const [uri = '/', args = ''] = whole.split('?')
    this.#at.uri = uri
    this.#at.args = args
    if (flag === 'break') return 'break'
    if (flag === 'last' && atServer) return 'break'
    if (flag === 'last' || !atServer) throw new Turn('again', whole)
    return undefined
  }

  #returned({ args }: Directive): Outcome {
    const [first = '', second] = args
    if (second === undefined && !/^\d+$/.test(first)) return this.#moved(302, expand(first, this.#at))
    const status = Number(first)
    if ([301, 302, 303, 307, 308].includes(status) && second !== undefined) return this.#moved(status, expand(second, this.#at))
    if (second === undefined) return status >= 300 ? this.#status(status) : { reply: { status, body: '', headers: {} } }
    const type = withCharset(this.chain, typeOf(this.chain, this.#at.uri))
    return { reply: { status, body: expand(second, this.#at), headers: { 'content-type': type } } }
  }

  #moved(status: number, to: string): Outcome {
    const reply = pageFor(status, serverWord(this.chain))
    const { request, port, serverName } = this.#at
    const host = request.headers?.['host']?.replace(/:\d+$/, '') || serverName || 'localhost'
    const usual = port === (request.tls ? 443 : 80) || !isOn(this.chain, 'port_in_redirect', true)
    const base = isOn(this.chain, 'absolute_redirect', true)
      ? `${request.tls ? 'https' : 'http'}://${host}${usual ? '' : `:${port}`}`
      : ''
    return { reply: { ...reply, headers: { ...reply.headers, location: to.startsWith('/') ? base + to : to } } }
  }

  #holds(directive: Directive): boolean {
    const [what = '', operator, operand = ''] = condition(directive)
    const { host } = this.#at
    if (!what.startsWith('$')) {
      const file = expand(operator ?? '', this.#at)
      const there = what.endsWith('d')
        ? host.files.isDirectory(file)
        : host.files.read(file) !== undefined || (what.endsWith('e') && host.files.isDirectory(file))
      return what.startsWith('!') ? !there : there
    }
    const value = expand(what, this.#at)
    if (operator === undefined) return value !== '' && value !== '0'
    if (!operator.includes('~')) return (value === expand(operand, this.#at)) === (operator === '=')
    const match = pattern(operand, operator.endsWith('*') ? 'i' : '', directive).exec(value)
    if (match) this.#remember(match as unknown as string[])
    return (match !== null) !== operator.startsWith('!')
  }

  // ── access ──

  #admitted(): Outcome | undefined {
    const { request } = this.#at
    const limit = sizeOf(firstOf(this.chain, 'client_max_body_size') ?? '1m')
    const size = (request.body ?? '').length
    if (limit > 0 && size > limit) return this.#status(413, `client intended to send too large body: ${size} bytes`)
    for (const { args, block } of within(this.chain[0], 'limit_except')) {
      if (args.includes(request.method) || (request.method === 'HEAD' && args.includes('GET'))) continue
      const denied = this.#denied([{ name: '', args: [], file: '', line: 0, block: block ?? [] }])
      if (denied) return denied
    }
    return this.#denied(this.chain)
  }

  #denied(chain: Chain): Outcome | undefined {
    const from = this.#at.request.from ?? '127.0.0.1'
    const level = chain.find((each) => each.block?.some(({ name }) => name === 'allow' || name === 'deny'))
    const rule = level?.block?.find(
      ({ name, args }) => (name === 'allow' || name === 'deny') && (args[0] === 'all' || inCidr(from, args[0] ?? '')),
    )
    if (rule?.name === 'deny') return this.#status(403, 'access forbidden by rule')
    return this.#known(chain)
  }

  /** Basic authentication; of a file's passwords only the plain ones can be compared. */
  #known(chain: Chain): Outcome | undefined {
    const realm = firstOf(chain, 'auth_basic') ?? 'off'
    if (realm === 'off') return undefined
    const path = firstOf(chain, 'auth_basic_user_file') ?? ''
    const file = this.#at.host.files.read(path.startsWith('/') ? path : `/etc/nginx/${path}`)
    if (file === undefined) return this.#status(403, `open() "${path}" failed (2: No such file or directory)`)
    const [, coded = ''] = /^Basic\s+(\S+)/i.exec(this.#at.request.headers?.['authorization'] ?? '') ?? []
    const [user = '', ...rest] = (decodeText(coded) ?? '').split(':')
    const row = file.split('\n').find((line) => line.startsWith(`${user}:`))
    const [, kept = ''] = row?.split(':') ?? []
    if (row && /^(?:\$|\{SHA\}|\{SSHA\})/.test(kept))
      return this.#status(500, `crypt_r() failed (22: Invalid argument): only {PLAIN} passwords can be compared here`)
    if (user !== '' && row && kept.replace('{PLAIN}', '') === rest.join(':')) return undefined
    const text = coded === '' ? '' : row ? `user "${user}": password mismatch` : `user "${user}" was not found in "${path}"`
    const refused = this.#status(401, text)
    return {
      ...refused,
      reply: { ...refused.reply, headers: { ...refused.reply.headers, 'www-authenticate': `Basic realm="${realm}"` } },
    }
  }

  // ── content ──

  #content(location: Directive | undefined): Outcome {
    const attempt = within(location ?? this.#server, 'try_files')[0]
    if (attempt) {
      const found = tried(attempt, this.chain, this.#at)
      if ('uri' in found) this.#at.uri = found.uri
      else if (found.go.startsWith('=')) return this.#status(Number(found.go.slice(1)))
      else throw new Turn(found.go.startsWith('@') ? 'named' : 'again', found.go)
    }
    const handler = this.chain.find((block) => block === location || block.name === 'if')
    const passing = within(handler, 'proxy_pass')[0] ?? (location && within(location, 'proxy_pass')[0])
    if (passing) return this.#passed(passing, location)
    if (location && within(location, 'stub_status').length > 0) return { reply: this.#counts() }
    const served = serve(this.chain, this.#at)
    if ('reply' in served) return { reply: served.reply }
    if ('moved' in served) return this.#moved(301, served.moved + (this.#at.args === '' ? '' : `?${this.#at.args}`))
    if ('inside' in served) throw new Turn('again', served.inside)
    return this.#status(served.status, served.said)
  }

  #passed(directive: Directive, location: Directive | undefined): Outcome {
    const { reply, trouble, own } = pass(directive, this.#at, { ...this.#site, chain: this.chain, location })
    for (const text of trouble) this.#site.tell(this.chain, this.#at, text)
    if (own)
      return { reply: { ...pageFor(reply.status, serverWord(this.chain)), ...(reply.ms ? { ms: reply.ms } : {}) }, own: true }
    return { reply, own: reply.status >= 300 && isOn(this.chain, 'proxy_intercept_errors', false) }
  }

  #counts(): HttpReply {
    const n = this.#at.host.served + 1
    return {
      status: 200,
      body: `Active connections: 1 \nserver accepts handled requests\n ${n} ${n} ${n} \nReading: 0 Writing: 1 Waiting: 0 \n`,
      headers: { 'content-type': 'text/plain' },
    }
  }

  // ── what is sent in the end ──

  #errorPage(reply: HttpReply): Outcome | undefined {
    const { status } = reply
    const rule = said(this.chain, 'error_page').find(({ args }) => args.slice(0, -1).includes(String(status)))
    if (!rule) return undefined
    const to = expand(rule.args.at(-1) ?? '', this.#at)
    if (/^https?:/.test(to)) return this.#moved(302, to)
    const given = rule.args.find((word) => word.startsWith('='))
    this.#turns += 1
    const method = this.#at.request.method
    this.#at.request = { ...this.#at.request, method: method === 'HEAD' ? method : 'GET' }
    const outcome = this.#guarded(() => (to.startsWith('@') ? this.#named(to) : this.#goTo(to)))
    this.#at.request = { ...this.#at.request, method }
    // A page that is missing itself is as if none had been named.
    if (outcome.own) return { reply: { ...pageFor(status, serverWord(this.chain)), ...(reply.ms ? { ms: reply.ms } : {}) } }
    const code = given === undefined ? status : given === '=' ? outcome.reply.status : Number(given.slice(1))
    const asked = reply.headers?.['www-authenticate']
    return {
      reply: {
        ...outcome.reply,
        status: code,
        headers: { ...outcome.reply.headers, ...(asked ? { 'www-authenticate': asked } : {}) },
      },
    }
  }

  #dressed({ reply }: Outcome): HttpReply {
    this.#at.status = reply.status
    this.#at.sent = this.#at.request.method === 'HEAD' ? 0 : reply.body.length
    const headers: Record<string, string> = { ...reply.headers, server: serverWord(this.chain) }
    const usual = [200, 201, 204, 206, 301, 302, 303, 304, 307, 308].includes(reply.status)
    for (const { args } of said(this.chain, 'proxy_hide_header')) delete headers[(args[0] ?? '').toLowerCase()]
    for (const { args } of said(this.chain, 'add_header')) {
      const [name = '', value = '', always] = args
      const text = expand(value, this.#at)
      if ((usual || always === 'always') && text !== '') headers[name.toLowerCase()] = text
    }
    return { ...reply, headers }
  }
}

const SIZES: Readonly<Record<string, number>> = { '': 1, k: 1024, m: 1_048_576, g: 1_073_741_824 }
export const sizeOf = (text: string): number => {
  const [, n = '0', unit = ''] = /^(\d+)([kmg]?)$/i.exec(text) ?? []
  return Number(n) * (SIZES[unit.toLowerCase()] ?? 1)
}

function inCidr(address: string, range: string): boolean {
  const ip = parseIp(address)
  const cidr = parseCidr(range.includes('/') ? range : `${range}/${range.includes(':') ? 128 : 32}`)
  return ip !== null && cidr !== null && contains(cidr, ip)
}

/** The path of a request as locations see it: decoded, without doubled slashes and dots. */
export function normalised(path: string): string {
  const parts: string[] = []
  const plain = decoded(path.split('?')[0] ?? '/')
  for (const part of plain.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}${parts.length > 0 && /\/\.{0,2}$/.test(plain) ? '/' : ''}`
}
