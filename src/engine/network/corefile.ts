/** Corefiles: server blocks, and what their plugins are told (CoreDNS, caddyfile). */
import { compileRegexp } from '#api/regexp/index.ts'

export interface Plugin {
  name: string
  args: string[]
  block: string[][]
}
export interface ServerBlock {
  /** In lower case, without the dot at the end; empty: all names. */
  zones: string[]
  port: number
  plugins: Plugin[]
}
export interface Corefile {
  servers: ServerBlock[]
  error: string
}

/** All that CoreDNS is built with, in the order in which they are asked (plugin.cfg). */
const ORDER =
  'root metadata geoip cancel tls quic timeouts multisocket reload nsid bufsize bind debug trace ready health pprof prometheus errors log dnstap local dns64 acl any chaos loadbalance tsig cache rewrite header dnssec autopath minimal template transfer hosts route53 azure clouddns k8s_external kubernetes file auto secondary etcd loop forward grpc erratic whoami on sign view import'.split(
    ' ',
  )
const DNS = 53

interface Token {
  text: string
  line: number
  quoted: boolean
}

function tokens(text: string): Token[] {
  const found: Token[] = []
  for (const [i, line] of text.split('\n').entries()) {
    for (const match of line.matchAll(/"((?:[^"\\]|\\.)*)"|(#.*)|(\S+)/g)) {
      if (match[2] !== undefined) break
      const quoted = match[1] !== undefined
      found.push({ text: quoted ? (match[1] as string).replaceAll('\\"', '"') : (match[3] as string), line: i + 1, quoted })
    }
  }
  return found
}

const isOpen = ({ text, quoted }: Token): boolean => text === '{' && !quoted
const isClose = ({ text, quoted }: Token): boolean => text === '}' && !quoted

/** The words of each line up to the brace that closes; `at` moves behind it. */
function linesIn(list: readonly Token[], start: number): { lines: Token[][]; end: number } {
  const lines: Token[][] = []
  let depth = 0
  let i = start
  for (; i < list.length; i++) {
    const token = list[i] as Token
    if (isClose(token) && depth-- === 0) break
    if (isOpen(token)) depth++
    const last = lines.at(-1)
    if (last?.[0] && last.at(-1)?.line === token.line) last.push(token)
    else lines.push([token])
  }
  return { lines, end: i }
}

const words = (line: readonly Token[]): string[] => line.map(({ text }) => text)

/** What a line of a plugin says of patterns that are none. */
function wrongPattern({ name }: Plugin, line: readonly string[]): string | null {
  if (name === 'rewrite' && line.includes('regex')) {
    const pattern = line[line.indexOf('regex') + 1] ?? ''
    return typeof compileRegexp(pattern) === 'string' ? `invalid regex pattern in a name rule: ${pattern}` : null
  }
  const patterns = name === 'template' && line[0] === 'match' ? line.slice(1) : []
  const [wrong] = patterns.flatMap((pattern) => {
    const compiled = compileRegexp(pattern)
    return typeof compiled === 'string' ? [`could not parse regex: ${pattern}, ${compiled}`] : []
  })
  return wrong ?? null
}

function pluginsOf(lines: Token[][]): Plugin[] | { line: number; why: string } {
  const plugins: Plugin[] = []
  let open: Plugin | null = null
  let depth = 0
  for (const line of lines) {
    const opens = line.filter(isOpen).length
    const closes = line.filter(isClose).length
    const plain = words(line.filter((token) => !isOpen(token) && !isClose(token)))
    if (open) {
      if (plain.length > 0) open.block.push(plain)
    } else if (plain.length > 0) {
      const [name = '', ...args] = plain
      if (!ORDER.includes(name)) return { line: (line[0] as Token).line, why: `Unknown directive '${name}'` }
      plugins.push({ name, args, block: [] })
    }
    const last = plugins.at(-1)
    const why = last ? wrongPattern(last, plain) : null
    if (why) return { line: (line[0] as Token).line, why }
    depth += opens - closes
    open = depth > 0 ? (open ?? last ?? null) : null
  }
  return plugins.sort((a, b) => ORDER.indexOf(a.name) - ORDER.indexOf(b.name))
}

export const zoneOf = (text: string): string => text.toLowerCase().replace(/\.$/, '')

function parse(text: string): Corefile {
  const list = tokens(text)
  const servers: ServerBlock[] = []
  for (let i = 0; i < list.length; i++) {
    const keys: string[] = []
    const first = list[i] as Token
    for (; i < list.length && !isOpen(list[i] as Token); i++) keys.push(...(list[i] as Token).text.split(',').filter(Boolean))
    const { lines, end } = linesIn(list, i + 1)
    if (end >= list.length) return { servers: [], error: `${list.at(-1)?.line ?? 1} - Error during parsing: Unexpected EOF` }
    if (isClose(first)) return { servers: [], error: `${first.line} - Error during parsing: Unexpected '}'` }
    const plugins = pluginsOf(lines)
    if (!Array.isArray(plugins)) {
      return { servers: [], error: `${plugins.line} - Error during parsing: ${plugins.why}` }
    }
    i = end
    if (first.text.startsWith('(')) continue
    const [, port = DNS] = /:(\d+)$/.exec(keys[0] ?? '') ?? []
    servers.push({
      zones: keys.map((key) => zoneOf(key.replace(/^dns:\/\//, '').replace(/:\d+$/, ''))),
      port: Number(port),
      plugins,
    })
  }
  return { servers, error: '' }
}

const known = new Map<string, Corefile>()
const MOST = 20

export function corefileOf(text: string): Corefile {
  let found = known.get(text)
  if (found) return found
  if (known.size >= MOST) known.clear()
  found = parse(text)
  known.set(text, found)
  return found
}

export const wrongIn = (text: string): string => corefileOf(text).error
