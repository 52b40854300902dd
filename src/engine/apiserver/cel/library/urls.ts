/** URLs, read as Go's net/url does. */
import { goQuote } from '#api/field-error.ts'
import { type Library, overload } from '../declare.ts'
import { fail } from '../operate.ts'
import { CelMap, Custom } from '../value.ts'

interface Parts {
  readonly scheme: string
  readonly user: string
  readonly host: string
  readonly path: string
  readonly query: string
  readonly fragment: string
}

class Url extends Custom {
  readonly typeName = 'kubernetes.URL'
  readonly parts: Parts
  readonly text: string
  constructor(text: string, parts: Parts) {
    super()
    this.text = text
    this.parts = parts
  }
  equals(other: unknown): boolean {
    return other instanceof Url && other.text === this.text
  }
}

const refusal = (text: string, why: string): string => `parse ${goQuote(text)}: ${why}`

function hostError(host: string): string | null {
  const port = host.replace(/^\[[^\]]*\]/, '')
  if (host.startsWith('[') && !host.includes(']')) return "missing ']' in host"
  const colon = port.indexOf(':')
  if (colon >= 0 && !/^:\d*$/.test(port.slice(colon))) return `invalid port ${goQuote(port.slice(colon))} after host`
  const odd = /[\s<>"^`{|}\\]/.exec(host)
  return odd ? `invalid character ${goQuote(odd[0])} in host name` : null
}

/** Why url.ParseRequestURI refuses; null when it doesn't. */
export function requestUriError(text: string): string | null {
  if (/[\x00-\x1f\x7f]/.test(text)) return refusal(text, 'net/url: invalid control character in URL')
  if (text === '') return refusal(text, 'empty url')
  if (text === '*') return null
  if (text.startsWith(':')) return refusal(text, 'missing protocol scheme')
  const scheme = /^([A-Za-z][A-Za-z0-9+.-]*):/.exec(text)?.[1]
  if (!scheme && !text.startsWith('/')) {
    const first = text.split(/[/?]/)[0] as string
    return refusal(text, first.includes(':') ? 'first path segment in URL cannot contain colon' : 'invalid URI for request')
  }
  const bad = /%(?![0-9A-Fa-f]{2}).{0,2}/.exec(text.split('?')[0] as string)
  if (bad) return refusal(text, `invalid URL escape ${goQuote(bad[0])}`)
  const authority = /^(?:[^:/?#]+:)?\/\/([^/?#]*)/.exec(text)
  if (!scheme && !authority) return null
  const wrong = authority ? hostError((authority[1] as string).replace(/^.*@/, '')) : null
  return wrong ? refusal(text, wrong) : null
}

function parse(text: string): Parts {
  const found = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/(?:([^/?#]*)@)?([^/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#(.*))?$/s.exec(text)
  const [scheme = '', user = '', host = '', path = '', query = '', fragment = ''] = found?.slice(1) ?? []
  // "mailto:me" is opaque: it has no path.
  const opaque = scheme !== '' && path !== '' && !path.startsWith('/') && host === ''
  return { scheme: scheme.toLowerCase(), user, host, path: opaque ? '' : path, query, fragment }
}

function url(text: string): Url {
  const error = requestUriError(text)
  return error === null ? new Url(text, parse(text)) : fail(`URL parse error during conversion from string: ${error}`)
}

const port = ({ host }: Parts): string => /:(\d*)$/.exec(host.replace(/^\[.*\]/, ''))?.[1] ?? ''
function hostname({ host }: Parts): string {
  const bracketed = /^\[([^\]]*)\]/.exec(host)
  return bracketed ? (bracketed[1] as string) : (host.split(':')[0] as string)
}

const escapePath = (path: string): string =>
  /[^A-Za-z0-9\-_.~$&+,/:;=@!'()*%]/.test(path) ? encodeURI(path).replaceAll('%25', '%') : path

function unescapeQuery(text: string): string | null {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    return null
  }
}

function query({ query: text }: Parts): CelMap {
  const found = new Map<string, string[]>()
  for (const part of text.split('&')) {
    if (part === '' || part.includes(';')) continue
    const cut = part.indexOf('=')
    const key = unescapeQuery(cut < 0 ? part : part.slice(0, cut))
    const value = unescapeQuery(cut < 0 ? '' : part.slice(cut + 1))
    if (key !== null && value !== null) found.set(key, [...(found.get(key) ?? []), value])
  }
  const map = new CelMap()
  for (const [key, values] of found) map.set(key, values)
  return map
}

const T = 'kubernetes.URL'
export const urls: Library = {
  overloads: [
    overload('url', 'string_to_url', `(string): ${T}`, ([text]) => url(text)),
    overload('isURL', 'is_url_string', '(string): bool', ([text]) => requestUriError(text) === null),
    overload('getScheme', 'url_get_scheme', `${T}.(): string`, ([one]) => one.parts.scheme),
    overload('getHost', 'url_get_host', `${T}.(): string`, ([one]) => one.parts.host),
    overload('getHostname', 'url_get_hostname', `${T}.(): string`, ([one]) => hostname(one.parts)),
    overload('getPort', 'url_get_port', `${T}.(): string`, ([one]) => port(one.parts)),
    overload('getEscapedPath', 'url_get_escaped_path', `${T}.(): string`, ([one]) => escapePath(one.parts.path)),
    overload('getQuery', 'url_get_query', `${T}.(): map(string, list(string))`, ([one]) => query(one.parts)),
  ],
}
