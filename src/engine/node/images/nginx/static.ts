/** Files that nginx serves: roots, aliases, index pages, types by extension (ngx_http_static_module.c and its neighbours). */
import { wordsOfTime } from '#api/time.ts'
import type { HttpReply } from '../../../machinery/http.ts'
import type { Host } from '../../programs/program.ts'
import { placeOf } from './check.ts'
import { folderList } from './pages.ts'
import { numbered } from './reasons.ts'
import { type Chain, firstOf, isOn, said } from './site.ts'
import type { Directive } from './syntax.ts'
import { expand, type Passage } from './variables.ts'

const PREFIX = '/etc/nginx/'
const HTML: readonly [string, readonly string[]][] = [['text/html', ['html', 'htm', 'shtml']]]

/** The folder that paths are looked for in; an alias stands for what its location matched. */
export function fileFor(chain: Chain, at: Passage, uri = at.uri): string {
  const level = chain.find((block) => block.block?.some(({ name }) => name === 'root' || name === 'alias'))
  const alias = level?.block?.find(({ name }) => name === 'alias')
  if (level && alias) {
    const { modifier, text } = placeOf(level)
    const base = expand(alias.args[0] ?? '', at)
    return modifier.startsWith('~') ? base : base + uri.slice(text.length)
  }
  return rootOf(chain, at) + uri
}

export function rootOf(chain: Chain, at: Passage): string {
  const root = expand(firstOf(chain, 'root') ?? 'html', at)
  return (root.startsWith('/') ? root : PREFIX + root).replace(/\/+$/, '')
}

export function typeOf(chain: Chain, path: string): string {
  const extension = /\.([^./]+)$/.exec(path)?.[1]?.toLowerCase() ?? ''
  const tables = said(chain, 'types').flatMap(({ block = [] }) => block.map(({ name, args }): [string, string[]] => [name, args]))
  const found = (tables.length > 0 ? tables : HTML).find(([, extensions]) => extensions.includes(extension))
  return found?.[0] ?? firstOf(chain, 'default_type') ?? 'text/plain'
}

export type Served =
  | { reply: HttpReply }
  /** Nobody is let in, or there is nothing; `said` is for the error log. */
  | { status: number; said: string }
  /** Another place answers: an index page. */
  | { inside: string }
  | { moved: string }

function missing(file: string, host: Host, of: string): Served {
  const why = host.files.unreadable(file) || 'No such file or directory'
  return { status: why === 'Permission denied' ? 403 : 404, said: `${of}() "${file}" failed (${numbered(why)})` }
}

export function serve(chain: Chain, at: Passage): Served {
  const { request, host } = at
  const file = fileFor(chain, at)
  if (!at.uri.endsWith('/') && host.files.isDirectory(file)) return { moved: `${at.uri}/` }
  if (at.uri.endsWith('/')) return folder(chain, at, file)
  if (request.method !== 'GET' && request.method !== 'HEAD') return { status: 405, said: '' }
  const body = host.files.read(file)
  if (body === undefined) return missing(file, host, 'open')
  return { reply: { status: 200, body, headers: { 'content-type': withCharset(chain, typeOf(chain, file)) } } }
}

export function withCharset(chain: Chain, type: string): string {
  const charset = firstOf(chain, 'charset') ?? 'off'
  return charset === 'off' || !/^text\/|javascript|xml$/.test(type) ? type : `${type}; charset=${charset}`
}

function folder(chain: Chain, at: Passage, file: string): Served {
  const { host } = at
  const pages = said(chain, 'index').flatMap(({ args }) => args)
  for (const page of pages.length > 0 ? pages : ['index.html']) {
    const name = expand(page, at)
    if (name.startsWith('/')) return { inside: name }
    if (host.files.read(file + name) !== undefined) return { inside: at.uri + name }
  }
  if (!host.files.isDirectory(file)) return missing(`${file}${pages[0] ?? 'index.html'}`, host, 'open')
  if (isOn(chain, 'autoindex', false)) return { reply: listed(at, file) }
  return { status: 403, said: `directory index of "${file}" is forbidden` }
}

function listed({ host, uri }: Passage, file: string): HttpReply {
  const names = (host.files.list(file) ?? []).map((name) => {
    const path = `${file.replace(/\/$/, '')}/${name}`
    const isFolder = host.files.isDirectory(path)
    return { name, folder: isFolder, size: isFolder ? 0 : (host.files.read(path)?.length ?? 0) }
  })
  const sorted = [...names.filter((each) => each.folder), ...names.filter((each) => !each.folder)]
  const { day, month, year, clock } = wordsOfTime(host.now)
  return {
    status: 200,
    body: folderList(uri, sorted, `${day}-${month}-${year} ${clock.slice(0, 5)}`),
    headers: { 'content-type': 'text/html' },
  }
}

/** The first of several paths that is there; the last one is where to go, or `=code`. */
export function tried(directive: Directive, chain: Chain, at: Passage): { uri: string } | { go: string } {
  const candidates = directive.args.slice(0, -1)
  for (const candidate of candidates) {
    const uri = expand(candidate, at)
    const file = fileFor(chain, at, uri)
    const there = uri.endsWith('/') ? at.host.files.isDirectory(file) : at.host.files.read(file) !== undefined
    if (there) return { uri }
  }
  return { go: expand(directive.args.at(-1) ?? '', at) }
}
