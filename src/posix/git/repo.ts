/** One repository as a command sees it: where it lies, its objects, names, settings and index. */
import { bytesOf, textOf } from '#api/bytes.ts'
import type { Sys } from '../sys.ts'
import { normalPath } from '../vfs.ts'
import { ConfigFile, keyOf } from './config.ts'
import { indexBytes, indexIn, type Staged } from './index-file.ts'
import { EMPTY_TREE, NO_ID, Objects } from './objects.ts'
import { BRANCHES, Refs } from './refs.ts'
import { type Item, snapshotOf } from './snapshot.ts'
import { above, type Store, storeOf } from './store.ts'
import { fatal } from './words.ts'
import { Worktree } from './worktree.ts'

/** Settings of the system, of the user, of the repository and of the command line, the later ones first. */
export class Settings {
  readonly system: ConfigFile
  readonly user: ConfigFile
  own: ConfigFile | null = null
  readonly #given: readonly [string, string][]

  constructor(store: Store, home: string, given: readonly [string, string][] = []) {
    this.system = new ConfigFile(store, '/etc/gitconfig')
    this.user = new ConfigFile(store, `${home === '/' ? '' : home}/.gitconfig`)
    this.#given = given
  }
  all(): [string, string][] {
    return [...this.system.all(), ...this.user.all(), ...(this.own?.all() ?? []), ...this.#given]
  }
  get(key: string): string | undefined {
    const name = keyOf(key)
    return this.all().findLast(([each]) => each === name)?.[1]
  }
  isOn(key: string): boolean {
    return /^(true|yes|on|1)$/i.test(this.get(key) ?? '')
  }
}

/** What is under way and not yet committed. */
export type Underway = 'MERGE_HEAD' | 'REVERT_HEAD'

export class Repo {
  readonly sys: Sys
  /** `.git`, or the bare repository itself. */
  readonly dir: string
  readonly store: Store
  readonly objects: Objects
  readonly refs: Refs
  readonly settings: Settings
  readonly #root: string | null

  constructor(sys: Sys, dir: string, root: string | null, settings: Settings) {
    this.sys = sys
    this.dir = dir
    this.#root = root
    this.store = storeOf(sys)
    this.objects = new Objects(this.store, dir)
    this.refs = new Refs(this.store, dir)
    this.settings = settings
    settings.own = new ConfigFile(this.store, `${dir}/config`)
  }

  get bare(): boolean {
    return this.#root === null
  }
  get root(): string {
    return this.#root ?? fatal('this operation must be run in a work tree')
  }
  get worktree(): Worktree {
    return new Worktree(this.sys, this.root, this.dir)
  }

  /** Where one stands below the root: empty, or with a slash at its end. */
  get prefix(): string {
    const { cwd } = this.sys.proc
    const root = this.#root ?? cwd
    return cwd === root ? '' : `${cwd.slice(root === '/' ? 1 : root.length + 1)}/`
  }

  // ——— where HEAD is

  /** `refs/heads/main`; null: a commit by itself. */
  get branch(): string | null {
    return this.refs.target('HEAD')
  }
  get branchName(): string | null {
    return this.branch?.slice(BRANCHES.length) ?? null
  }
  get head(): string | undefined {
    return this.refs.get('HEAD')
  }
  /** Moves the branch one is on, or HEAD itself; `why` goes into the log of what HEAD was. */
  moveHead(id: string, why: string): void {
    this.log(this.head, id, why)
    this.refs.set(this.branch ?? 'HEAD', id)
  }
  /** A line of `.git/logs/HEAD`. */
  log(old: string | undefined, now: string, why: string): void {
    const path = `${this.dir}/logs/HEAD`
    const who = this.settings.get('user.name') ?? this.sys.env('GIT_COMMITTER_NAME') ?? ''
    const mail = this.settings.get('user.email') ?? this.sys.env('GIT_COMMITTER_EMAIL') ?? ''
    const line = `${old ?? NO_ID} ${now} ${who} <${mail}> ${Math.floor(this.sys.now / 1000)} +0000\t${why}\n`
    this.store.write(path, (this.store.read(path) ?? '') + line)
  }
  /** What HEAD was, the latest first. */
  get logged(): { id: string; why: string }[] {
    const lines = (this.store.read(`${this.dir}/logs/HEAD`) ?? '').split('\n').filter(Boolean)
    return lines.reverse().map((line) => ({ id: line.slice(41, 81), why: line.slice(line.indexOf('\t') + 1) }))
  }

  // ——— files

  snapshot(commit: string | undefined): Map<string, Item> {
    return commit === undefined ? new Map() : snapshotOf(this.objects, this.treeOf(commit))
  }
  treeOf(id: string): string {
    if (id === EMPTY_TREE) return id
    return this.objects.read(id).kind === 'tree' ? id : this.objects.commit(id).tree
  }

  index(): Staged[] {
    const text = this.store.read(`${this.dir}/index`)
    return text === undefined ? [] : indexIn(bytesOf(text))
  }
  writeIndex(entries: readonly Staged[]): void {
    const why = this.store.write(`${this.dir}/index`, textOf(indexBytes(entries)))
    if (why) fatal(`Unable to create '${this.dir}/index.lock': ${why}`)
  }

  /** `.git/MERGE_MSG` and the like. */
  note(name: string): string | undefined {
    return this.store.read(`${this.dir}/${name}`)
  }
  setNote(name: string, text: string | null): void {
    if (text === null) this.store.remove(`${this.dir}/${name}`)
    else this.store.write(`${this.dir}/${name}`, text)
  }
  get underway(): Underway | null {
    for (const name of ['MERGE_HEAD', 'REVERT_HEAD'] as const) if (this.note(name) !== undefined) return name
    return null
  }

  // ——— what is followed

  /** What a branch follows: `refs/remotes/origin/main`, by its remote and the branch there. */
  upstream(branch = this.branchName): { remote: string; merge: string; ref: string } | null {
    if (branch === null) return null
    const remote = this.settings.get(`branch.${branch}.remote`)
    const merge = this.settings.get(`branch.${branch}.merge`)
    if (remote === undefined || merge === undefined) return null
    return { remote, merge, ref: `refs/remotes/${remote}/${merge.replace(/^refs\/heads\//, '')}` }
  }

  // ——— history

  /** The id and all that come before it. */
  ancestors(id: string | undefined): Set<string> {
    const seen = new Set<string>()
    const todo = id === undefined ? [] : [id]
    for (let next = todo.pop(); next !== undefined; next = todo.pop()) {
      if (seen.has(next)) continue
      seen.add(next)
      todo.push(...this.objects.commit(next).parents)
    }
    return seen
  }

  /** The last commit that both come from. */
  mergeBase(a: string, b: string): string | undefined {
    const ours = this.ancestors(a)
    const shared = [...this.ancestors(b)].filter((id) => ours.has(id))
    const older = new Set(shared.flatMap((id) => [...this.ancestors(id)].filter((each) => each !== id)))
    return shared.find((id) => !older.has(id))
  }
}

/** The repository that one stands in. */
export function findRepo(sys: Sys, settings: Settings): Repo | null {
  for (let folder = sys.proc.cwd; ; folder = above(folder)) {
    const base = folder === '/' ? '' : folder
    if (isRepo(sys, `${base}/.git`)) return new Repo(sys, `${base}/.git`, folder || '/', settings)
    if (isRepo(sys, folder || '/')) return new Repo(sys, folder, null, settings)
    if (base === '') return null
  }
}

export const isRepo = (sys: Sys, dir: string): boolean =>
  sys.exists(`${dir}/HEAD`) && sys.exists(`${dir}/objects`) && sys.exists(`${dir}/refs`)

/** A repository at another place: what a path names as a remote. */
export function repoAt(sys: Sys, path: string): Repo | null {
  const full = normalPath(path, sys.proc.cwd)
  for (const dir of [`${full}/.git`, full, `${full}.git`])
    if (isRepo(sys, dir))
      return new Repo(sys, dir, dir.endsWith('/.git') ? above(dir) || '/' : null, new Settings(storeOf(sys), '/'))
  return null
}
