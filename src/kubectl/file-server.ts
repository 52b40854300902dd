/** Files of a folder over HTTP, as Go's http.FileServer gives them: `proxy --www`. */
import { htmlEscaped } from '#gotemplate/index.ts'
import type { Io, Reply } from './io.ts'

const TYPES: Record<string, string> = {
  html: 'text/html; charset=utf-8',
  css: 'text/css; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json',
  svg: 'image/svg+xml',
  png: 'image/png',
  txt: 'text/plain; charset=utf-8',
}

/** One line of text, as Go answers what went wrong. */
export function sayPlain(reply: Reply, status: number, text: string): void {
  reply.head(status, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
  reply.write(`${text}\n`)
  reply.end()
}

/** `asked` is the path below the folder, with its query. */
export async function serveFile(io: Io, folder: string, asked: string, reply: Reply): Promise<void> {
  const [bare = '', ...query] = asked.split('?')
  const path = `/${decoded(bare)}`
  if (path.split('/').includes('..')) return sayPlain(reply, 400, 'invalid URL path')
  const redirect = (to: string): void => {
    reply.head(301, { location: `${to}${query.length > 0 ? `?${query.join('?')}` : ''}` })
    reply.end()
  }
  if (path.endsWith('/index.html')) return redirect('./')
  const base = encodeURI(path.split('/').findLast((part) => part !== '') ?? '')
  const names = await io.list(folder + path).catch(() => null)
  if (names !== null && !path.endsWith('/')) return redirect(`${base}/`)
  if (names === null && path.endsWith('/')) {
    const there = await io.read(folder + path.replace(/\/+$/, '')).catch(() => null)
    return there === null ? sayPlain(reply, 404, '404 page not found') : redirect(`../${base}`)
  }
  const file = names === null ? path : `${path}index.html`
  const text = await io.read(folder + file).catch(() => null)
  if (text === null && names !== null) return list(io, folder + path, names, reply)
  if (text === null) return sayPlain(reply, 404, '404 page not found')
  reply.head(200, { 'content-type': TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream' })
  reply.write(text)
  reply.end()
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return path
  }
}

async function list(io: Io, folder: string, names: readonly string[], reply: Reply): Promise<void> {
  const lines: string[] = []
  for (const name of [...names].sort()) {
    const shown = (await io.list(folder + name)) === null ? name : `${name}/`
    const link = encodeURI(shown).replace(/[?#']/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    lines.push(`<a href="${link}">${htmlEscaped(shown)}</a>\n`)
  }
  reply.head(200, { 'content-type': 'text/html; charset=utf-8' })
  reply.write(`<!doctype html>\n<meta name="viewport" content="width=device-width">\n<pre>\n${lines.join('')}</pre>\n`)
  reply.end()
}
