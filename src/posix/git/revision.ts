/** From what one writes for a commit to its id: names, beginnings of ids, `HEAD~2`, `main^`, `@{u}`, `v1:file`. */
import { textOf } from '#api/bytes.ts'
import type { Repo } from './repo.ts'
import { fatal } from './words.ts'

const PLACES = ['', 'refs/', 'refs/tags/', 'refs/heads/', 'refs/remotes/']

/** The full name that a word is short for. */
export function refNamed({ refs }: Repo, word: string): string | undefined {
  for (const place of PLACES)
    if (refs.get(place + word) !== undefined && (place !== '' || /^(refs\/|[A-Z_]+$)/.test(word))) return place + word
  return refs.get(`refs/remotes/${word}/HEAD`) === undefined ? undefined : `refs/remotes/${word}/HEAD`
}

function begin(repo: Repo, word: string): string | undefined {
  if (word === '@') return repo.head
  const up = /^(.*)@\{(?:u|upstream)\}$/i.exec(word)
  if (up) {
    const followed = repo.upstream(up[1] || repo.branchName)
    return followed ? repo.refs.get(followed.ref) : undefined
  }
  const before = /^(?:HEAD)?@\{(\d+)\}$/.exec(word)
  if (before) return repo.logged[Number(before[1])]?.id
  const name = refNamed(repo, word)
  if (name !== undefined) return repo.refs.get(name)
  if (!/^[0-9a-f]{4,40}$/.test(word)) return undefined
  const ids = repo.objects.beginning(word)
  return ids.length === 1 ? ids[0] : undefined
}

/** Undefined: it is none. */
export function resolve(repo: Repo, word: string): string | undefined {
  const colon = word.indexOf(':')
  if (colon > 0) return inTree(repo, word.slice(0, colon), word.slice(colon + 1))
  const m = /^(.+?)((?:[~^](?:\d+|\{\w*\})?)*)$/.exec(word)
  let id = begin(repo, m?.[1] ?? word)
  for (const [, sign, count] of (m?.[2] ?? '').matchAll(/([~^])(\d+|\{\w*\})?/g)) {
    if (id === undefined) return undefined
    if (count?.startsWith('{')) id = count === '{tree}' ? repo.treeOf(id) : peeled(repo, id)
    else if (sign === '^') id = count === '0' ? peeled(repo, id) : repo.objects.commit(id).parents[Number(count ?? 1) - 1]
    else for (let n = Number(count ?? 1); n > 0 && id !== undefined; n--) id = repo.objects.commit(id).parents[0]
  }
  return id
}

/** A tag's commit; a commit is its own. */
export function peeled({ objects }: Repo, id: string): string {
  const raw = objects.find(id)
  return raw?.kind === 'tag' ? (/^object (\w+)/.exec(textOf(raw.bytes))?.[1] ?? id) : id
}

function inTree(repo: Repo, revision: string, path: string): string | undefined {
  const commit = resolve(repo, revision)
  if (commit === undefined) return undefined
  let id = repo.treeOf(commit)
  for (const part of path.replace(/^\.\//, repo.prefix).split('/').filter(Boolean)) {
    const entry = repo.objects.tree(id).find(({ name }) => name === part)
    if (!entry) return fatal(`path '${path}' does not exist in '${revision}'`)
    id = entry.id
  }
  return id
}

export function commitNamed(repo: Repo, word: string): string | undefined {
  const id = resolve(repo, word)
  return id === undefined ? undefined : peeled(repo, id)
}

/** Or git's words for one that is not known where a revision or a path could stand. */
export function ambiguous(word: string): never {
  return fatal(
    `ambiguous argument '${word}': unknown revision or path not in the working tree.\nUse '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'`,
  )
}

/** As many digits as make it the only one, seven at least. */
export function short({ objects }: Repo, id: string, least = 7): string {
  for (let length = least; length < 40; length++) {
    const begin = id.slice(0, length)
    if (objects.beginning(begin).filter((each) => each !== id).length === 0) return begin
  }
  return id
}

export const subjectOf = (message: string): string =>
  (message.replace(/^\n+/, '').split(/\n[ \t]*\n/)[0] ?? '').trim().split('\n').join(' ')
