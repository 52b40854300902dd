/** What a rule's filters make of a request, its answer, or of where it is sent instead. */

import { page } from '../../machinery/forwarder.ts'
import type { HttpReply } from '../../machinery/http.ts'
import type { Filter, HeaderFilter, PathModifier } from './kinds.ts'

export interface Asked {
  scheme: 'http' | 'https'
  host: string
  port: number
  /** With its query. */
  path: string
  /** The prefix that the rule has matched; empty: it matched in another way. */
  prefix: string
}

type Headers = Record<string, string>

export function modified(headers: Headers, { set = [], add = [], remove = [] }: HeaderFilter): Headers {
  const next: Headers = { ...headers }
  for (const { name, value } of set) next[name.toLowerCase()] = value
  for (const { name, value } of add) {
    const key = name.toLowerCase()
    next[key] = next[key] === undefined ? value : `${next[key]},${value}`
  }
  for (const name of remove) delete next[name.toLowerCase()]
  return next
}

export function newPath({ path, prefix }: Asked, modifier: PathModifier): string {
  const [bare = '/', ...query] = path.split('?')
  const next = modifier.type === 'ReplaceFullPath' ? (modifier.replaceFullPath ?? '/') : replaced(bare, prefix, modifier)
  return [next, ...query].join('?')
}

/** A slash at the end of a prefix doesn't count; what is left always begins with one. */
function replaced(path: string, prefix: string, { replacePrefixMatch = '/' }: PathModifier): string {
  const rest = path.slice(prefix.replace(/\/$/, '').length)
  const base = replacePrefixMatch.replace(/\/$/, '')
  if (rest === '' || rest === '/') return rest === '' && base !== '' ? base : `${base}/`
  return rest.startsWith('/') ? `${base}${rest}` : `${base}/${rest}`
}

const USUAL: Readonly<Record<string, number>> = { http: 80, https: 443 }
const TITLES: Readonly<Record<number, string>> = {
  301: 'Moved Permanently',
  302: 'Found',
  303: 'See Other',
  307: 'Temporary Redirect',
  308: 'Permanent Redirect',
}

export function redirection(asked: Asked, redirect: NonNullable<Filter['requestRedirect']>): HttpReply {
  const { hostname = asked.host, statusCode = 302 } = redirect
  const scheme = redirect.scheme ?? asked.scheme
  const port = redirect.port ?? (redirect.scheme === undefined ? asked.port : (USUAL[scheme] ?? asked.port))
  const path = redirect.path ? newPath(asked, redirect.path) : asked.path
  const at = port === USUAL[scheme] ? hostname : `${hostname}:${port}`
  const reply = page(statusCode, TITLES[statusCode] ?? 'Found')
  return { ...reply, headers: { ...reply.headers, location: `${scheme}://${at}${path}` } }
}
