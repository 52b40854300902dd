/** What git keeps: blobs, trees and commits, by the SHA-1 of what they hold, each a compressed file below `objects`. */
import { unzlibSync, zlibSync } from 'fflate'
import { bytesOf, textOf } from '#api/bytes.ts'
import { sha1 } from '../hashes.ts'
import type { Store } from './store.ts'
import { fatal } from './words.ts'

export type Kind = 'blob' | 'tree' | 'commit' | 'tag'

export interface Entry {
  /** As in a tree: `100644`, `100755`, `120000`, `40000`. */
  mode: string
  name: string
  id: string
}

export interface Commit {
  tree: string
  parents: string[]
  /** `Name <mail> seconds +0000`. */
  author: string
  committer: string
  message: string
}

export interface Raw {
  kind: Kind
  bytes: Uint8Array
}

export const NO_ID = '0'.repeat(40)
export const EMPTY_TREE = '4b825dc642cb6eb9a060e54bf8d69288fbee4904'

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}

export const hexOf = (bytes: Uint8Array): string => [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
export const bytesOfHex = (hex: string): Uint8Array =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

const framed = ({ kind, bytes }: Raw): Uint8Array => joined(bytesOf(`${kind} ${bytes.length}\0`), bytes)
export const idOf = (raw: Raw): string => sha1(framed(raw))
export const blobId = (text: string): string => idOf({ kind: 'blob', bytes: bytesOf(text) })

/** Trees are in the order of their names, a folder's as if it ended in a slash. */
const sortKey = ({ name, mode }: Entry): string => (mode === '40000' ? `${name}/` : name)
export const byBytes = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

export function treeBytes(entries: readonly Entry[]): Uint8Array {
  const sorted = [...entries].sort((a, b) => byBytes(sortKey(a), sortKey(b)))
  return joined(...sorted.flatMap(({ mode, name, id }) => [bytesOf(`${mode} ${name}\0`), bytesOfHex(id)]))
}

export function entriesIn(bytes: Uint8Array): Entry[] {
  const entries: Entry[] = []
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(0, at)
    const [mode = '', ...name] = textOf(bytes.slice(at, end)).split(' ')
    entries.push({ mode, name: name.join(' '), id: hexOf(bytes.slice(end + 1, end + 21)) })
    at = end + 21
  }
  return entries
}

export function commitText({ tree, parents, author, committer, message }: Commit): string {
  return `tree ${tree}\n${parents.map((id) => `parent ${id}\n`).join('')}author ${author}\ncommitter ${committer}\n\n${message}`
}

export function commitIn(text: string): Commit {
  const end = text.indexOf('\n\n')
  const commit: Commit = { tree: '', parents: [], author: '', committer: '', message: text.slice(end + 2) }
  for (const line of text.slice(0, end).split('\n')) {
    const value = line.slice(line.indexOf(' ') + 1)
    if (line.startsWith('tree ')) commit.tree = value
    else if (line.startsWith('parent ')) commit.parents.push(value)
    else if (line.startsWith('author ')) commit.author = value
    else if (line.startsWith('committer ')) commit.committer = value
  }
  return commit
}

export class Objects {
  readonly #store: Store
  readonly #folder: string
  /** What was read or written by this command. */
  readonly #seen = new Map<string, Raw>()

  constructor(store: Store, gitDir: string) {
    this.#store = store
    this.#folder = `${gitDir}/objects`
  }

  #path(id: string): string {
    return `${this.#folder}/${id.slice(0, 2)}/${id.slice(2)}`
  }

  has(id: string): boolean {
    return this.#seen.has(id) || this.#store.names(`${this.#folder}/${id.slice(0, 2)}`).includes(id.slice(2))
  }

  find(id: string): Raw | undefined {
    const seen = this.#seen.get(id)
    if (seen) return seen
    const text = this.#store.read(this.#path(id))
    if (text === undefined) return undefined
    const all = unzlibSync(bytesOf(text))
    const end = all.indexOf(0)
    const [kind] = textOf(all.slice(0, end)).split(' ')
    const raw = { kind: kind as Kind, bytes: all.slice(end + 1) }
    this.#seen.set(id, raw)
    return raw
  }

  read(id: string): Raw {
    return this.find(id) ?? fatal(`unable to read ${id}`)
  }

  write(kind: Kind, bytes: Uint8Array): string {
    const raw: Raw = { kind, bytes }
    const id = idOf(raw)
    if (this.has(id)) return id
    const why = this.#store.write(this.#path(id), textOf(zlibSync(framed(raw), { level: 1 })))
    if (why) fatal(`unable to write loose object file: ${why}`)
    this.#seen.set(id, raw)
    return id
  }

  blob(id: string): string {
    return textOf(this.read(id).bytes)
  }
  writeBlob(text: string): string {
    return this.write('blob', bytesOf(text))
  }
  tree(id: string): Entry[] {
    return id === EMPTY_TREE ? [] : entriesIn(this.read(id).bytes)
  }
  commit(id: string): Commit {
    const raw = this.read(id)
    if (raw.kind === 'tag') return this.commit(/^object (\w+)/.exec(textOf(raw.bytes))?.[1] ?? '')
    return commitIn(textOf(raw.bytes))
  }
  writeCommit(commit: Commit): string {
    return this.write('commit', bytesOf(commitText(commit)))
  }

  /** All ids that begin so. */
  beginning(prefix: string): string[] {
    const names = (folder: string): string[] =>
      this.#store
        .names(`${this.#folder}/${folder}`)
        .map((name) => folder + name)
        .filter((id) => id.startsWith(prefix))
    return names(prefix.slice(0, 2))
  }
}
