/** `tar`: archives in the ustar format, made, listed and unpacked; what `kubectl cp` needs. */
import { bytesOf, textOf } from '#api/bytes.ts'
import type { Node } from '../disk.ts'
import { program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { formatDate } from './date.ts'
import { unzip, zip, zipped } from './gzip.ts'
import { modeText } from './ls.ts'
import { everything, inputs } from './text-io.ts'
import { groupName, userName } from './users.ts'

const BLOCK = 512
const octal = (n: number, width: number): string => `${n.toString(8).padStart(width - 1, '0')}\0`
const TYPES: Readonly<Record<string, string>> = { f: '0', d: '5', l: '2', p: '6', c: '3' }

/** Text of one byte per character, so that sizes are lengths. */
const raw = (text: string): string => {
  const bytes = bytesOf(text)
  let out = ''
  for (const byte of bytes) out += String.fromCharCode(byte)
  return out
}
const cooked = (binary: string): string => textOf(Uint8Array.from(binary, (c) => c.charCodeAt(0)))

function header(sys: Sys, name: string, node: Node, size: number): string {
  const [prefix, short] = splitName(raw(name))
  const fields = [
    short.padEnd(100, '\0'),
    octal(node.mode & 0o7777, 8),
    octal(node.uid, 8),
    octal(node.gid, 8),
    octal(size, 12),
    octal(Math.floor(node.mtime / 1000), 12),
    '        ',
    TYPES[node.k] as string,
    (node.k === 'l' ? raw(node.target) : '').padEnd(100, '\0'),
    'ustar  \0',
    userName(sys, node.uid).padEnd(32, '\0'),
    groupName(sys, node.gid).padEnd(32, '\0'),
    octal(0, 8),
    octal(0, 8),
    prefix.padEnd(155, '\0'),
  ]
    .join('')
    .padEnd(BLOCK, '\0')
  let sum = 0
  for (let i = 0; i < BLOCK; i++) sum += fields.charCodeAt(i)
  return `${fields.slice(0, 148)}${sum.toString(8).padStart(6, '0')}\0 ${fields.slice(156)}`
}

function splitName(name: string): [string, string] {
  if (name.length <= 100) return ['', name]
  const at = name.indexOf('/', name.length - 101)
  return at < 0 ? ['', name.slice(-100)] : [name.slice(0, at), name.slice(at + 1)]
}

interface Tar {
  mode: string
  file: string
  verbose: boolean
  rest: string[]
  folder: string
  stripped: number
  keepOwner: boolean
  toStdout: boolean
  touch: boolean
  gzip: boolean
  /** Packed or not, by the archive's name. */
  auto: boolean
  told: boolean
  excluded: string[]
}

function read(sys: Sys): Tar | number {
  const t: Tar = {
    mode: '',
    file: '-',
    verbose: false,
    rest: [],
    folder: '',
    stripped: 0,
    keepOwner: true,
    toStdout: false,
    touch: false,
    gzip: false,
    auto: false,
    told: false,
    excluded: [],
  }
  const args = sys.args
  for (let i = 0; i < args.length; i++) {
    let word = args[i] as string
    const long = /^--([a-z-]+)(?:=(.*))?$/.exec(word)
    if (long) {
      const value = (): string => long[2] ?? args[++i] ?? ''
      if (long[1] === 'strip-components') t.stripped = Number(value())
      else if (long[1] === 'directory') t.folder = value()
      else if (long[1] === 'exclude') t.excluded.push(value())
      else if (
        long[1] === 'no-same-owner' ||
        long[1] === 'no-same-permissions' ||
        long[1] === 'overwrite' ||
        long[1] === 'warning'
      )
        t.keepOwner = false
      else if (long[1] === 'create' || long[1] === 'extract' || long[1] === 'list')
        t.mode = { create: 'c', extract: 'x', list: 't' }[long[1]] as string
      else if (/^(?:gzip|gunzip|ungzip)$/.test(long[1] as string)) t.gzip = true
      else if (long[1] === 'file') t.file = value()
      else return sys.misuse(`unrecognized option '${word}'`)
      continue
    }
    if (i === 0 && !word.startsWith('-')) word = `-${word}`
    if (!word.startsWith('-') || word === '-') {
      t.rest.push(word)
      continue
    }
    for (let k = 1; k < word.length; k++) {
      const c = word[k] as string
      if ('cxt'.includes(c)) t.mode = c
      else if (c === 'v') t.verbose = true
      else if (c === 'm') t.touch = true
      else if (c === 'O') t.toStdout = true
      else if (c === 'z') t.gzip = true
      else if (c === 'a') t.auto = true
      else if (c === 'j' || c === 'J') return sys.fail(`${c === 'j' ? 'bzip2' : 'xz'} archives are not supported here`)
      else if (c === 'o') t.keepOwner = false
      else if ('fCTX'.includes(c)) {
        const value = i === 0 && !(args[0] as string).startsWith('-') ? (args[++i] ?? '') : word.slice(k + 1) || (args[++i] ?? '')
        if (c === 'f') t.file = value
        else if (c === 'C') t.folder = value
        if (i > 0 && word.slice(k + 1) === value) break
      } else if (!'hpkS'.includes(c)) return sys.misuse(`invalid option -- '${c}'`)
    }
  }
  if (t.mode === '') return sys.misuse()
  return t
}

const inFolder = (t: Tar, path: string): string => (t.folder && !path.startsWith('/') ? `${t.folder}/${path}` : path)

function collect(sys: Sys, t: Tar, path: string, depth: number, put: (text: string) => void): number {
  const place = sys.at(inFolder(t, path), false)
  if (failed(place)) return sys.fail(sys.gnu ? `${path}: Cannot stat: ${place}` : `${path}: ${place}`)
  let name = path
  if (name.startsWith('/')) {
    if (!t.told) sys.err("tar: removing leading '/' from member names\n".replace('removing', sys.gnu ? 'Removing' : 'removing'))
    t.told = true
    name = name.replace(/^\/+/, '')
  }
  if (t.excluded.some((each) => name === each || name.endsWith(`/${each}`))) return 0
  const { node } = place
  const shown = node.k === 'd' && name !== '' && !name.endsWith('/') ? `${name}/` : name
  const data = node.k === 'f' ? raw(node.data) : ''
  if (name !== '')
    put(header(sys, shown, node, data.length) + (data === '' ? '' : data.padEnd(Math.ceil(data.length / BLOCK) * BLOCK, '\0')))
  if (t.verbose && name !== '') t.file === '-' ? sys.err(`${shown}\n`) : sys.out(`${shown}\n`)
  if (node.k !== 'd' || depth > 100) return 0
  const names = sys.names(inFolder(t, path))
  if (failed(names)) return sys.fail(`${path}: ${names}`)
  return names.reduce(
    (status, child) =>
      collect(sys, t, path === '/' ? `/${child}` : `${path.replace(/\/$/, '')}/${child}`, depth + 1, put) || status,
    0,
  )
}

function create(sys: Sys, t: Tar): number {
  if (t.rest.length === 0) return sys.fail(sys.gnu ? 'Cowardly refusing to create an empty archive' : 'empty archive')
  let archive = ''
  const put = (text: string): void => {
    archive += text
  }
  const status = t.rest.reduce((so, path) => collect(sys, t, path, 0, put) || so, 0)
  archive += '\0'.repeat(2 * BLOCK)
  const text = t.gzip || (t.auto && /\.(?:t?gz)$/.test(t.file)) ? zip(sys, cooked(archive)) : cooked(archive)
  if (t.file === '-') sys.out(text)
  else {
    const why = sys.put(t.file, text)
    if (why) return sys.fail(`can't open '${t.file}': ${why}`)
  }
  return status
}

interface Member {
  name: string
  mode: number
  uid: number
  gid: number
  mtime: number
  type: string
  target: string
  data: string
}

/** The members of an archive; null when it is none. */
function members(binary: string): Member[] | null {
  const found: Member[] = []
  let long = ''
  for (let at = 0; at + BLOCK <= binary.length; ) {
    const block = binary.slice(at, at + BLOCK)
    if (/^\0+$/.test(block)) break
    if (!block.slice(257, 262).startsWith('ustar')) return null
    const text = (from: number, length: number): string => block.slice(from, from + length).replace(/\0.*$/s, '')
    const number = (from: number, length: number): number => Number.parseInt(text(from, length).trim() || '0', 8)
    const size = number(124, 12)
    const data = binary.slice(at + BLOCK, at + BLOCK + size)
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK
    const type = text(156, 1) || '0'
    if (type === 'L') {
      long = data.replace(/\0.*$/s, '')
      continue
    }
    if (type === 'x' || type === 'g') continue
    const prefix = block.slice(257, 263) === 'ustar\0' || text(345, 155) ? text(345, 155) : ''
    const name = long || (prefix ? `${prefix}/${text(0, 100)}` : text(0, 100))
    long = ''
    found.push({
      name: cooked(name),
      mode: number(100, 8) & 0o7777,
      uid: number(108, 8),
      gid: number(116, 8),
      mtime: number(136, 12) * 1000,
      type,
      target: cooked(text(157, 100)),
      data,
    })
  }
  return found
}

function makeAbove(sys: Sys, path: string): void {
  const parts = path.split('/')
  for (let i = 1; i < parts.length; i++) {
    const part = parts.slice(0, i).join('/')
    if (part !== '' && !sys.exists(part)) sys.mkdir(part)
  }
}

function extractOne(sys: Sys, t: Tar, member: Member): number {
  let name = member.name.replace(/^\/+/, '')
  if (t.stripped > 0) name = name.split('/').slice(t.stripped).join('/')
  if (name === '' || name.split('/').includes('..')) return 0
  if (t.verbose) (t.toStdout ? sys.err : sys.out).call(sys, `${name}\n`)
  if (t.toStdout) {
    if (member.type === '0') sys.out(cooked(member.data))
    return 0
  }
  const path = inFolder(t, name)
  makeAbove(sys, path.replace(/\/$/, ''))
  let why: string = ''
  if (member.type === '5') why = sys.exists(path) ? '' : sys.mkdir(path.replace(/\/$/, ''), 0o777)
  else if (member.type === '2') {
    sys.unlink(path)
    why = sys.symlink(member.target, path)
  } else {
    const old = sys.at(path, false)
    if (!failed(old) && old.node.k !== 'd') sys.unlink(path)
    why = sys.put(path, cooked(member.data))
  }
  if (why) return sys.fail(sys.gnu ? `${name}: Cannot open: ${why}` : `can't open '${name}': ${why}`)
  const { uid } = sys.proc
  if (member.type !== '2')
    sys.change(path, {
      mode: uid === 0 ? member.mode : member.mode & ~sys.proc.umask,
      mtime: t.touch ? sys.now : member.mtime,
      ...(uid === 0 && t.keepOwner ? { uid: member.uid, gid: member.gid } : {}),
    })
  return 0
}

function list(sys: Sys, t: Tar, all: Member[]): void {
  for (const m of all) {
    if (!t.verbose) {
      sys.out(`${m.name}\n`)
      continue
    }
    const node = {
      k: m.type === '5' ? 'd' : m.type === '2' ? 'l' : 'f',
      mode: m.mode,
      uid: m.uid,
      gid: m.gid,
      mtime: m.mtime,
      data: '',
      entries: {},
      target: m.target,
    } as unknown as Node
    sys.out(
      `${modeText(node)} ${`${userName(sys, m.uid)}/${groupName(sys, m.gid)}`} ${String(m.data.length).padStart(9)} ${formatDate(m.mtime, '%Y-%m-%d %H:%M:%S')} ${m.name}${m.type === '2' ? ` -> ${m.target}` : ''}\n`,
    )
  }
}

function notZipped(sys: Sys, text: string): number {
  if (!sys.gnu) return sys.fail(zipped(text) ? 'corrupted data' : 'invalid magic')
  const why = zipped(text) ? 'unexpected end of file' : 'not in gzip format'
  sys.err(`\ngzip: stdin: ${why}\ntar: Child returned status 1\ntar: Error is not recoverable: exiting now\n`)
  return 2
}

export const tar = program({
  name: 'tar',
  usage:
    'c|x|t [-ZzJjahmvokO] [-f TARFILE] [-C DIR] [-T FILE] [-X FILE] [LONGOPT]... [FILE]...\n\nCreate, extract, or list files from a tar file',
  run(sys, data) {
    if (!data.t) {
      const t = read(sys)
      if (typeof t === 'number') return t
      data.t = t
      data.at = inputs([t.file])
    }
    const t = data.t as Tar
    if (t.mode === 'c') return create(sys, t)
    const packed = everything(sys, data, data.at)
    if (packed === undefined) return undefined
    if (data.at.status) return 1
    // As the real ones it sees by itself that an archive is packed; told so, it takes no other.
    const text = zipped(packed) || t.gzip ? unzip(packed) : packed
    if (text === null) return notZipped(sys, packed)
    const all = members(raw(text))
    if (!all || (all.length === 0 && text === ''))
      return sys.fail(sys.gnu ? 'This does not look like a tar archive' : text === '' ? 'short read' : 'invalid tar magic')
    const wanted = all.filter(
      (m) =>
        t.rest.length === 0 ||
        t.rest.some((r) => m.name === r || m.name === `${r}/` || m.name.startsWith(`${r.replace(/\/$/, '')}/`)),
    )
    if (t.mode === 'x' && t.folder && !sys.exists(t.folder))
      return sys.fail(
        `${sys.gnu ? `${t.folder}: Cannot open` : `can't change directory to '${t.folder}'`}: No such file or directory`,
      )
    if (t.mode === 't') list(sys, t, wanted)
    else return wanted.reduce((status, member) => extractOne(sys, t, member) || status, 0)
    return 0
  },
})
