/** This end of fetch and push: asks a server by HTTP, or a repository on the same disk. */

import { encodeBytes } from '#api/base64.ts'
import { bytesOf, textOf } from '#api/bytes.ts'
import { type Url, urlOf, type WebOutcome } from '../../applets/web.ts'
import type { Git } from '../command.ts'
import { repoAt } from '../repo.ts'
import { VERSION } from '../version.ts'
import { Fatal, fatal } from '../words.ts'
import { type Advertised, advertisedIn, FLUSH, packet, untilFlush } from './packets.ts'
import { Served, type Service } from './serve.ts'

const NO_ACCESS =
  'Could not read from remote repository.\n\nPlease make sure you have the correct access rights\nand the repository exists.'

/** What a repository elsewhere answers; undefined: not yet. */
export class Remote {
  readonly #git: Git
  readonly url: string
  readonly #local: Served | null

  constructor(git: Git, url: string) {
    this.#git = git
    this.url = url
    if (/^https?:\/\//.test(url)) {
      this.#local = null
      return
    }
    if (/^(ssh:\/\/|[^/]+@?[^/]*:)/.test(url) && !url.startsWith('file://'))
      throw new Fatal(`error: cannot run ssh: No such file or directory\nfatal: unable to fork`, 128)
    const repo = repoAt(git.sys, url.replace(/^file:\/\//, ''))
    if (!repo) throw new Fatal(`fatal: '${url}' does not appear to be a git repository\nfatal: ${NO_ACCESS}`, 128)
    this.#local = new Served(repo.store, repo.dir, !repo.bare)
  }

  get isLocal(): boolean {
    return this.#local !== null
  }

  /** The reply to one request: kept, so that what is called again goes on from there. */
  #asked(
    key: string,
    request: { method: string; path: string; headers?: Record<string, string>; body?: string },
  ): string | undefined {
    const { sys, data } = this.#git
    const kept = (data.replies ??= {}) as Record<string, string>
    if (kept[key] !== undefined) return kept[key]
    const base =
      urlOf(this.url.replace(/\/$/, '')) ?? fatal(`unable to access '${this.url}/': URL rejected: No host part in the URL`)
    const path = `${base.path === '/' ? '' : base.path}${request.path}`
    const headers = { host: base.host, 'user-agent': `git/${VERSION}`, accept: '*/*', ...authorization(base), ...request.headers }
    data.slot ??= {}
    const outcome = sys.call<WebOutcome>(data.slot, {
      kind: 'http',
      host: base.host,
      port: base.port,
      tls: base.scheme === 'https',
      request: { ...request, path, headers },
    })
    if (outcome === undefined) return undefined
    kept[key] = this.#read(outcome, base)
    return kept[key]
  }

  #read(outcome: WebOutcome, base: Url): string {
    const where = `${this.url.replace(/\/$/, '')}/`
    if (!outcome.ok) {
      if (outcome.why === 'no such host') fatal(`unable to access '${where}': Could not resolve host: ${base.host}`)
      if (outcome.why === 'empty reply') fatal(`unable to access '${where}': Empty reply from server`)
      fatal(
        `unable to access '${where}': Failed to connect to ${base.host} port ${base.port} after 0 ms: Couldn't connect to server`,
      )
    }
    const { reply } = outcome as { reply: { status: number; body: string } }
    if (reply.status === 404) fatal(`repository '${where}' not found`)
    if (reply.status === 401) fatal(`could not read Username for '${base.scheme}://${base.host}': No such device or address`)
    if (reply.status >= 300) fatal(`unable to access '${where}': The requested URL returned error: ${reply.status}`)
    return reply.body
  }

  advertised(service: Service): Advertised | undefined {
    const said = this.#local
      ? this.#local.advertise(service)
      : this.#asked(`refs ${service}`, { method: 'GET', path: `/info/refs?service=${service}` })
    if (said === undefined) return undefined
    return advertisedIn(said, service) ?? fatal(`${this.url.replace(/\/$/, '')}/info/refs not valid: is this a git repository?`)
  }

  #rpc(service: Service, body: string): string | undefined {
    if (this.#local) return this.#local.answer(service, body)
    const headers = { 'content-type': `application/x-${service}-request`, accept: `application/x-${service}-result` }
    return this.#asked(service, { method: 'POST', path: `/${service}`, headers, body })
  }

  /** A pack with what is wanted. */
  pack(wants: readonly string[], haves: readonly string[]): Uint8Array | undefined {
    const lines = wants.map((id, i) => packet(`want ${id}${i === 0 ? ` agent=git/${VERSION}` : ''}\n`))
    const known = haves.map((id) => packet(`have ${id}\n`))
    const said = this.#rpc('git-upload-pack', `${lines.join('')}${FLUSH}${known.join('')}${packet('done\n')}`)
    if (said === undefined) return undefined
    const bytes = bytesOf(said)
    const length = Number.parseInt(textOf(bytes.slice(0, 4)), 16)
    return bytes.slice(length)
  }

  /** Sends objects and orders; what became of each name: empty, or why not. */
  push(orders: readonly { old: string; now: string; name: string }[], pack: Uint8Array | null): Map<string, string> | undefined {
    const lines = orders.map(({ old, now, name }, i) => packet(`${old} ${now} ${name}${i === 0 ? '\0 report-status' : ''}`))
    const said = this.#rpc('git-receive-pack', `${lines.join('')}${FLUSH}${pack ? textOf(pack) : ''}`)
    if (said === undefined) return undefined
    const results = untilFlush(bytesOf(said)).packets.map((line) => line.trim())
    return new Map(
      results.slice(1).map((line) => {
        const [word, name = '', ...why] = line.split(' ')
        return [name, word === 'ok' ? '' : why.join(' ')] as const
      }),
    )
  }
}

const authorization = ({ user }: Url): Record<string, string> =>
  user ? { authorization: `Basic ${encodeBytes(bytesOf(user.includes(':') ? user : `${user}:`))}` } : {}
