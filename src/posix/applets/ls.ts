/** `ls`: names in columns of one, or whole lines about each. */
import { byteLength } from '#api/bytes.ts'
import { formatTime, MONTHS } from '#api/time.ts'
import { kindOf, type Node } from '../disk.ts'
import { program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { failed } from '../vfs.ts'
import { parseArgs, wrongOption } from './text-io.ts'
import { groupName, userName } from './users.ts'

const KINDS: Readonly<Record<string, string>> = { f: '-', d: 'd', l: 'l', c: 'c', p: 'p', b: 'b' }

/** `-rw-r--r--`. */
export function modeText(node: Node): string {
  const { mode } = node
  const letters = [...'rwxrwxrwx'].map((letter, i) => ((mode >> (8 - i)) & 1 ? letter : '-'))
  const special = (bit: number, at: number, on: string): void => {
    if (mode & bit) letters[at] = letters[at] === 'x' ? on : on.toUpperCase()
  }
  special(0o4000, 2, 's')
  special(0o2000, 5, 's')
  special(0o1000, 8, 't')
  return `${KINDS[kindOf(node)]}${letters.join('')}`
}

export const sizeOfNode = (node: Node): number =>
  kindOf(node) === 'b'
    ? 0
    : node.k === 'f'
      ? byteLength(node.data)
      : node.k === 'l'
        ? byteLength(node.target)
        : node.k === 'd'
          ? 4096
          : 0
export const linksOf = (node: Node, sub: number): number => (node.k === 'd' ? 2 + sub : node.k === 'f' ? 1 + (node.more ?? 0) : 1)

/** `Nov 21 10:06`, or with the year when that is long ago. */
export function whenText(now: number, ms: number): string {
  const t = formatTime(ms)
  const day = `${MONTHS[Number(t.slice(5, 7)) - 1]} ${String(Number(t.slice(8, 10))).padStart(2)}`
  const recent = now - ms < 15_552_000_000 && ms <= now + 86_400_000
  return recent ? `${day} ${t.slice(11, 16)}` : `${day}  ${t.slice(0, 4)}`
}

export function humanSize(size: number, step = 1024): string {
  if (size < step) return String(size)
  let n = size
  let unit = -1
  while (n >= step && unit < 5) {
    n /= step
    unit += 1
  }
  return `${n < 10 ? n.toFixed(1) : Math.round(n)}${'KMGTPE'[unit]}`
}

interface Entry {
  shown: string
  path: string
  node: Node
}

function entry(sys: Sys, shown: string, path: string, follow: boolean): Entry | string {
  const place = sys.at(path, follow)
  return failed(place) ? place : { shown, path, node: place.node }
}

class Listing {
  readonly #sys: Sys
  readonly #flags: Set<string>
  status = 0
  #printed = false

  constructor(sys: Sys, flags: Set<string>) {
    this.#sys = sys
    this.#flags = flags
  }

  #has(letter: string): boolean {
    return this.#flags.has(letter)
  }

  complain(name: string, why: string): void {
    this.#sys.err(this.#sys.gnu ? `ls: cannot access '${name}': ${why}\n` : `ls: ${name}: ${why}\n`)
    this.status = this.#sys.gnu ? 2 : 1
  }

  all(names: string[]): void {
    const files: Entry[] = []
    const directories: Entry[] = []
    for (const name of names) {
      const follow = !this.#has('l') && !this.#has('d')
      let found = entry(this.#sys, name, name, follow)
      if (typeof found === 'string' && follow) found = entry(this.#sys, name, name, false)
      if (typeof found === 'string') this.complain(name, found)
      else if (found.node.k === 'd' && !this.#has('d')) directories.push(found)
      else files.push(found)
    }
    if (files.length > 0) this.#print(this.#sort(files))
    const titles = names.length > 1 || this.#has('R')
    for (const directory of this.#sort(directories)) this.#directory(directory, titles)
  }

  #directory({ shown, path }: Entry, titles: boolean): void {
    const { out } = { out: (text: string) => this.#sys.out(text) }
    const names = this.#sys.names(path)
    if (titles) out(`${this.#printed ? '\n' : ''}${shown}:\n`)
    this.#printed = true
    if (failed(names)) {
      this.#sys.err(this.#sys.gnu ? `ls: cannot open directory '${shown}': ${names}\n` : `ls: can't open '${shown}': ${names}\n`)
      this.status = this.#sys.gnu ? 2 : 1
      return
    }
    const all = this.#has('a') ? ['.', '..', ...names] : this.#has('A') ? names : names.filter((name) => !name.startsWith('.'))
    const entries: Entry[] = []
    for (const name of all) {
      const found = entry(this.#sys, name, path === '/' ? `/${name}` : `${path}/${name}`, this.#has('L'))
      if (typeof found !== 'string') entries.push(found)
    }
    const sorted = this.#sort(entries)
    if (this.#has('l') || this.#has('s')) out(`total ${this.#blocks(sorted)}\n`)
    this.#print(sorted)
    if (!this.#has('R')) return
    for (const each of sorted) {
      if (each.node.k === 'd' && each.shown !== '.' && each.shown !== '..')
        this.#directory({ ...each, shown: `${shown === '/' ? '' : shown}/${each.shown}` }, true)
    }
  }

  #blocks(entries: Entry[]): number | string {
    const blocks = entries.reduce((sum, { node }) => sum + blocksOf(node), 0)
    return this.#has('h') ? humanSize(blocks * 1024) : blocks
  }

  #sort(entries: Entry[]): Entry[] {
    const by = (a: Entry, b: Entry): number => {
      if (this.#has('t') && a.node.mtime !== b.node.mtime) return b.node.mtime - a.node.mtime
      if (this.#has('S') && sizeOfNode(a.node) !== sizeOfNode(b.node)) return sizeOfNode(b.node) - sizeOfNode(a.node)
      return a.shown < b.shown ? -1 : a.shown > b.shown ? 1 : 0
    }
    const sorted = this.#has('U') ? entries : [...entries].sort(by)
    return this.#has('r') ? sorted.reverse() : sorted
  }

  #print(entries: Entry[]): void {
    this.#printed = true
    if (!this.#has('l')) {
      const names = entries.map((e) => `${this.#has('i') ? `${this.#inode(e)} ` : ''}${this.#name(e)}`)
      const columns = this.#sys.isTty(1) && !this.#has('1')
      this.#sys.out(columns ? inColumns(names, this.#width()) : names.map((name) => `${name}\n`).join(''))
      return
    }
    for (const each of entries) this.#sys.out(this.#line(each, entries))
  }

  #width(): number {
    return this.#sys.kernel.state.ttys[this.#sys.proc.tty]?.columns ?? 80
  }

  #inode({ path }: Entry): number {
    const place = this.#sys.at(path, false)
    return failed(place) ? 0 : place.ino
  }

  #name({ shown, node }: Entry): string {
    if (!this.#has('F') && !this.#has('p')) return shown
    const mark =
      node.k === 'd'
        ? '/'
        : this.#has('F') && node.k === 'l'
          ? '@'
          : this.#has('F') && node.k === 'f' && node.mode & 0o111
            ? '*'
            : ''
    return shown + mark
  }

  #line(each: Entry, all: Entry[]): string {
    const { node, path } = each
    const sys = this.#sys
    const sub = node.k === 'd' ? subdirectories(sys, path) : 0
    const owner = this.#has('n') ? String(node.uid) : userName(sys, node.uid)
    const group = this.#has('n') ? String(node.gid) : groupName(sys, node.gid)
    const size = this.#has('h') ? humanSize(sizeOfNode(node)) : String(sizeOfNode(node))
    const when = this.#has('e') ? formatTime(node.mtime) : whenText(sys.now, node.mtime)
    const arrow = node.k === 'l' ? ` -> ${node.target}` : ''
    const links = String(linksOf(node, sub))
    const name = `${this.#name(each)}${arrow}`
    const inode = this.#has('i') ? `${String(this.#inode(each)).padStart(7)} ` : ''
    if (!sys.gnu) {
      const people = this.#has('g') ? group.padEnd(8) : `${owner.padEnd(8)} ${group.padEnd(8)}`
      return `${inode}${modeText(node)} ${links.padStart(4)} ${people} ${size.padStart(this.#has('h') ? 8 : 9)} ${when} ${name}\n`
    }
    const widest = (pick: (e: Entry) => string): number => Math.max(...all.map((e) => pick(e).length))
    const w = widest((e) => (this.#has('h') ? humanSize(sizeOfNode(e.node)) : String(sizeOfNode(e.node))))
    const o = widest((e) => userName(sys, e.node.uid))
    const g = widest((e) => groupName(sys, e.node.gid))
    return `${inode}${modeText(node)} ${links} ${owner.padEnd(o)} ${group.padEnd(g)} ${size.padStart(w)} ${when} ${name}\n`
  }
}

export const blocksOf = (node: Node): number =>
  node.k === 'd' ? 4 : node.k === 'f' ? Math.ceil(byteLength(node.data) / 4096) * 4 : 0

function subdirectories(sys: Sys, path: string): number {
  const names = sys.names(path)
  if (failed(names)) return 0
  return names.filter((name) => {
    const place = sys.at(`${path}/${name}`, false)
    return !failed(place) && place.node.k === 'd'
  }).length
}

function inColumns(names: string[], width: number): string {
  if (names.length === 0) return ''
  const widest = Math.max(...names.map((name) => name.length)) + 2
  const columns = Math.max(1, Math.floor(width / widest))
  const rows = Math.ceil(names.length / columns)
  let out = ''
  for (let r = 0; r < rows; r++) {
    let line = ''
    for (let c = 0; c < columns; c++) line += (names[c * rows + r] ?? '').padEnd(widest)
    out += `${line.trimEnd()}\n`
  }
  return out
}

export const ls = program({
  name: 'ls',
  usage: '[-1AaCxdLHRFplinshrSXvctu] [-w WIDTH] [FILE]...\n\nList directory contents',
  run(sys) {
    const parsed = parseArgs(sys.args, '1AaCxdLHRFplinshrSXvctuegUk', 'wT', {
      all: 'a',
      'almost-all': 'A',
      'human-readable': 'h',
      recursive: 'R',
      color: '1',
      'full-time': 'e',
    })
    const wrong = wrongOption(sys, parsed)
    if (wrong !== null) return wrong
    if (parsed.flags.has('n') || parsed.flags.has('g')) parsed.flags.add('l')
    const listing = new Listing(sys, parsed.flags)
    listing.all(parsed.rest.length > 0 ? parsed.rest : ['.'])
    return listing.status
  },
})
