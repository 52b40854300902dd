/** Changes of files as git prints them: patches, names, and how many lines came and went. */
import { byteLength, bytesOf } from '#api/bytes.ts'
import { NO_ID } from './objects.ts'
import type { Repo } from './repo.ts'
import { short } from './revision.ts'
import { type Change, changesOf, type Item, type Snapshot, withRenames } from './snapshot.ts'
import { counts, hunks } from './text-diff.ts'
import { plural } from './words.ts'

export type TextOf = (item: Item) => string

/** What differs between two moments, renamed files found. */
export const changesBetween = (old: Snapshot, now: Snapshot, text: TextOf): Change[] => withRenames(changesOf(old, now), text)

export const isBinary = (text: string): boolean => text.slice(0, 8000).includes('\0')

const ESCAPES: Readonly<Record<string, string>> = { '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t' }

/** Names with odd characters stand between quotes, what is not ASCII as its bytes. */
export const quotedPath = (path: string): string =>
  /["\\\n\t]|[^\x20-\x7e]/.test(path)
    ? `"${path.replace(/["\\\n\t]|[^\x20-\x7e]+/g, (c) => ESCAPES[c] ?? [...bytesOf(c)].map((byte) => `\\${byte.toString(8).padStart(3, '0')}`).join(''))}"`
    : path
const sideName = (side: string, path: string): string => {
  const quoted = quotedPath(path)
  return quoted === path ? side + path : `"${side}${quoted.slice(1)}`
}

function head(repo: Repo, { kind, path, from, old, now, alike }: Change): string {
  let out = `diff --git ${sideName('a/', from)} ${sideName('b/', path)}\n`
  if (kind === 'A') out += `new file mode ${now?.mode}\n`
  else if (kind === 'D') out += `deleted file mode ${old?.mode}\n`
  else if (old?.mode !== now?.mode) out += `old mode ${old?.mode}\nnew mode ${now?.mode}\n`
  if (kind === 'R') out += `similarity index ${alike}%\nrename from ${quotedPath(from)}\nrename to ${quotedPath(path)}\n`
  if (old?.id === now?.id) return out
  const ids = [old, now].map((item) => (item ? short(repo, item.id) : NO_ID.slice(0, 7)))
  const same = old && now && old.mode === now.mode ? ` ${now.mode}` : ''
  return `${out}index ${ids.join('..')}${same}\n`
}

export function patchOf(repo: Repo, change: Change, text: TextOf, context = 3): string {
  const { path, from, old, now } = change
  const out = head(repo, change)
  const [a, b] = [old ? text(old) : '', now ? text(now) : '']
  if (a === b) return out
  const names = [old ? sideName('a/', from) : '/dev/null', now ? sideName('b/', path) : '/dev/null'] as const
  if (isBinary(a) || isBinary(b)) return `${out}Binary files ${names[0]} and ${names[1]} differ\n`
  return `${out}--- ${names[0]}\n+++ ${names[1]}\n${hunks(a, b, context)}`
}

interface Counted {
  name: string
  added: number
  deleted: number
  binary: string | null
}

/** `{a => b}/c` where parts of both names are alike. */
export function renamed(from: string, to: string): string {
  let head = 0
  for (let i = 0; i < from.length && from[i] === to[i]; i++) if (from[i] === '/') head = i + 1
  let tail = 0
  for (let i = 1; i <= Math.min(from.length, to.length) - head + 1 && from.at(-i) === to.at(-i); i++)
    if (from.at(-i) === '/') tail = i
  const [a, b] = [from.slice(head, Math.max(head, from.length - tail)), to.slice(head, Math.max(head, to.length - tail))]
  return head === 0 && tail === 0
    ? `${from} => ${to}`
    : `${from.slice(0, head)}{${a} => ${b}}${tail > 0 ? to.slice(to.length - tail) : ''}`
}

function counted({ kind, path, from, old, now }: Change, text: TextOf): Counted {
  const [a, b] = [old ? text(old) : '', now ? text(now) : '']
  const name = kind === 'R' ? renamed(from, path) : quotedPath(path)
  if (isBinary(a) || isBinary(b)) return { name, added: 0, deleted: 0, binary: `Bin ${byteLength(a)} -> ${byteLength(b)} bytes` }
  return { name, ...counts(a, b), binary: null }
}

/** ` 2 files changed, 3 insertions(+), 1 deletion(-)`. */
function sumOf(all: readonly Counted[]): string {
  if (all.length === 0) return ''
  const added = all.reduce((sum, each) => sum + each.added, 0)
  const deleted = all.reduce((sum, each) => sum + each.deleted, 0)
  const parts = [` ${plural(all.length, 'file')} changed`]
  if (added > 0 || deleted === 0) parts.push(`${plural(added, 'insertion')}(+)`)
  if (deleted > 0 || added === 0) parts.push(`${plural(deleted, 'deletion')}(-)`)
  return `${parts.join(', ')}\n`
}

export const shortStat = (changes: readonly Change[], text: TextOf): string =>
  sumOf(changes.map((change) => counted(change, text)))

const WIDTH = 80

/** The lengths of a line's bars, where not every line fits. */
function bars({ added, deleted }: Counted, width: number, most: number): [number, number] {
  if (most < width) return [added, deleted]
  const scaled = (count: number): number => (count === 0 ? 0 : 1 + Math.floor((count * (width - 1)) / most))
  let total = scaled(added + deleted)
  if (total < 2 && added > 0 && deleted > 0) total = 2
  if (added < deleted) {
    const plus = scaled(added)
    return [plus, total - plus]
  }
  const minus = scaled(deleted)
  return [total - minus, minus]
}

export function statOf(changes: readonly Change[], text: TextOf): string {
  const all = changes.map((change) => counted(change, text))
  const most = Math.max(0, ...all.map(({ added, deleted, binary }) => (binary === null ? added + deleted : 0)))
  const numbers = Math.max(String(most).length, all.some(({ binary }) => binary !== null) ? 3 : 0)
  const longest = Math.max(0, ...all.map(({ name }) => name.length))
  const room = WIDTH - numbers - 6
  let graph = most
  let names = longest
  if (names + graph > room) {
    graph = Math.min(graph, Math.max(6, Math.floor((WIDTH * 3) / 8) - numbers - 6))
    if (names > room - graph) names = room - graph
    else graph = room - names
  }
  let out = ''
  for (const each of all) {
    const { name, added, deleted, binary } = each
    const shown = name.length > names ? `...${name.slice(name.length - names + 3)}` : name.padEnd(names)
    if (binary !== null) out += ` ${shown} | ${binary}\n`
    else {
      const [plus, minus] = bars(each, graph, most)
      const bar = '+'.repeat(plus) + '-'.repeat(minus)
      out += ` ${shown} | ${String(added + deleted).padStart(numbers)}${bar ? ` ${bar}` : ''}\n`
    }
  }
  return out + sumOf(all)
}

/** ` create mode 100644 a`, and the like: what a commit tells below the count. */
export function summaryOf(changes: readonly Change[]): string {
  return changes
    .map(({ kind, path, from, old, now, alike }) => {
      if (kind === 'A') return ` create mode ${now?.mode} ${quotedPath(path)}\n`
      if (kind === 'D') return ` delete mode ${old?.mode} ${quotedPath(path)}\n`
      if (kind === 'R') return ` rename ${renamed(from, path)} (${alike}%)\n`
      return old?.mode !== now?.mode ? ` mode change ${old?.mode} => ${now?.mode} ${path}\n` : ''
    })
    .join('')
}

export const nameStatus = (changes: readonly Change[]): string =>
  changes
    .map(({ kind, path, from, alike }) =>
      kind === 'R' ? `R${String(alike).padStart(3, '0')}\t${from}\t${path}\n` : `${kind}\t${path}\n`,
    )
    .join('')
