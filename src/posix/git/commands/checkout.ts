/** `git switch`, `git checkout` and `git restore`: other branches, and files as they were. */
import { command, type Git, meant, rooted } from '../command.ts'
import { CHECKOUT, entryOf, forceTo, guard, moveTo } from '../move.ts'
import type { Options } from '../options.ts'
import { BRANCHES, REMOTES } from '../refs.ts'
import type { Repo } from '../repo.ts'
import { commitNamed, peeled, refNamed, short, subjectOf } from '../revision.ts'
import type { Snapshot } from '../snapshot.ts'
import { conflictsIn, snapshotOfIndex, standingOf } from '../state.ts'
import { Fatal, fatal, plural, wrong } from '../words.ts'
import { stagedOf } from '../worktree.ts'
import { createBranch, follow, remoteBranch } from './branch.ts'
import { walk } from './log.ts'
import { tracking } from './status.ts'

export const DETACHED = (word: string): string =>
  `Note: switching to '${word}'.\n\nYou are in 'detached HEAD' state. You can look around, make experimental\nchanges and commit them, and you can discard any commits you make in this\nstate without impacting any branches by switching back to a branch.\n\nIf you want to create a new branch to retain commits you create, you may\ndo so (now or later) by using -c with the switch command. Example:\n\n  git switch -c <new-branch-name>\n\nOr undo this operation with:\n\n  git switch -\n\nTurn off this advice by setting config variable advice.detachedHead to false\n\n`

export const described = (repo: Repo, id: string): string => `${short(repo, id)} ${subjectOf(repo.objects.commit(id).message)}`

interface Aim {
  /** The branch to be on; null: the commit by itself. */
  branch: string | null
  id: string | undefined
  /** As it was written. */
  word: string
  made: boolean
}

/** What one was on before: `-`. */
function before(repo: Repo): string {
  const last = repo.logged.find(({ why }) => why.startsWith('checkout: moving from '))
  return last ? (/moving from (.*) to /.exec(last.why)?.[1] ?? '') : fatal('invalid reference: @{-1}')
}

function go(git: Git, aim: Aim, options: Options): number {
  const { repo } = git
  const was = repo.branchName
  const old = repo.head
  if (conflictsIn(repo.index()).length > 0 && !options.has('f')) {
    const files = conflictsIn(repo.index()).map(({ path }) => `${path}: needs merge\n`)
    throw new Fatal(`${files.join('')}error: you need to resolve your current index first`, 1)
  }
  const [from, to] = [repo.snapshot(old), repo.snapshot(aim.id)]
  if (options.has('f')) forceTo(repo, to)
  else if (old !== aim.id) {
    guard(repo, from, to, CHECKOUT)
    moveTo(repo, from, to)
  }
  const quiet = options.has('q')
  if (!quiet && !aim.made) git.out(kept(repo, to))
  if (was === null && old !== undefined && !quiet && (aim.branch !== null || old !== aim.id)) git.err(leaving(repo, old))
  if (aim.branch !== null) repo.refs.link('HEAD', BRANCHES + aim.branch)
  else repo.refs.set('HEAD', aim.id as string)
  if (aim.id !== undefined) repo.log(old, aim.id, `checkout: moving from ${was ?? old} to ${aim.branch ?? aim.word}`)
  if (quiet) return 0
  if (aim.branch === null) {
    if (was !== null && !options.has('detach') && git.settings.get('advice.detachedhead') !== 'false') git.err(DETACHED(aim.word))
    git.err(`HEAD is now at ${described(repo, aim.id as string)}\n`)
  } else {
    git.err(
      aim.made
        ? `Switched to a new branch '${aim.branch}'\n`
        : was === aim.branch
          ? `Already on '${aim.branch}'\n`
          : `Switched to branch '${aim.branch}'\n`,
    )
    if (!aim.made) git.out(tracking(repo))
  }
  return 0
}

const MOST = 4

/** What is said of a commit that no branch holds, or none that will not be found again. */
function leaving(repo: Repo, old: string): string {
  const held = new Set(repo.refs.list('refs/').flatMap(({ id }) => [...repo.ancestors(peeled(repo, id))]))
  const lost = walk(repo, [old], []).filter((id) => !held.has(id))
  if (lost.length === 0) return `Previous HEAD position was ${described(repo, old)}\n`
  const list = lost.slice(0, MOST).map((id) => `  ${described(repo, id)}\n`)
  const more = lost.length > MOST ? ` ... and ${lost.length - MOST} more.\n` : ''
  const [what, them] = lost.length === 1 ? ['1 commit', 'it'] : [`${lost.length} commits`, 'them']
  return `Warning: you are leaving ${what} behind, not connected to\nany of your branches:\n\n${list.join('')}${more}\nIf you want to keep ${them} by creating a new branch, this may be a good time\nto do so with:\n\n git branch <new-branch-name> ${short(repo, old)}\n\n`
}

/** Files that were changed and stay so. */
function kept(repo: Repo, to: Snapshot): string {
  const { staged, unstaged } = standingOf(repo, false, to)
  const lines = new Map([...staged, ...unstaged].map(({ kind, path }) => [path, `${kind === 'R' ? 'A' : kind}\t${path}\n`]))
  return [...lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, line]) => line)
    .join('')
}

/** The branch that a word names, made after a remote's where there is none. */
function branchAim(git: Git, word: string): Aim | null {
  const { repo } = git
  const id = repo.refs.get(BRANCHES + word)
  if (id !== undefined) return { branch: word, id, word, made: false }
  const remotes = repo.refs.list(REMOTES).filter(({ name }) => name.replace(/^refs\/remotes\/[^/]+\//, '') === word)
  if (remotes.length !== 1) return null
  const remote = (remotes[0] as { name: string }).name.split('/')[2] as string
  createBranch(git, word, `${remote}/${word}`)
  follow(git, word, remote, word)
  return { branch: word, id: repo.refs.get(BRANCHES + word), word, made: true }
}

function newBranch(git: Git, name: string, start: string | undefined, force: boolean): Aim {
  const { repo } = git
  if (repo.head === undefined && start === undefined) {
    repo.refs.link('HEAD', BRANCHES + name)
    return { branch: name, id: undefined, word: name, made: true }
  }
  const id = createBranch(git, name, start, force)
  const from = start === undefined ? null : remoteBranch(repo, start)
  if (from) follow(git, name, from.remote, from.merge)
  return { branch: name, id, word: name, made: true }
}

const COMMON = { q: 'flag', quiet: { is: 'q' }, f: 'flag', force: { is: 'f' }, detach: 'flag', orphan: 'value' } as const

export const switchTo = command({
  name: 'switch',
  usage: '[-c <new-branch>] [--detach] [-f] [<branch>]',
  spec: { c: 'value', create: { is: 'c' }, C: 'value', d: { is: 'detach' }, 'discard-changes': { is: 'f' }, ...COMMON },
  run(git, options) {
    const { repo } = git
    const name = options.value('c') ?? options.value('C')
    const [first] = options.rest
    if (name !== undefined) return go(git, newBranch(git, name, first, options.has('C')), options)
    if (first === undefined) fatal('missing branch or commit argument')
    const word = first === '-' ? before(repo) : (first as string)
    if (options.has('detach')) {
      const id = commitNamed(repo, word) ?? fatal(`invalid reference: ${word}`)
      return go(git, { branch: null, id, word, made: false }, options)
    }
    const aim = branchAim(git, word)
    if (aim) return go(git, aim, options)
    if (first === '-') return go(git, { branch: null, id: commitNamed(repo, word), word, made: false }, options)
    if (commitNamed(repo, word) !== undefined)
      fatal(
        `a branch is expected, got ${kindOf(repo, word)}'${word}'\nhint: If you want to detach HEAD at the commit, try again with the --detach option.`,
      )
    return fatal(`invalid reference: ${word}`)
  },
})

const kindOf = (repo: Repo, word: string): string => {
  const name = refNamed(repo, word)
  return name?.startsWith('refs/tags/') ? 'tag ' : name?.startsWith(REMOTES) ? 'remote branch ' : name === 'HEAD' ? '' : 'commit '
}

/** Files out of a commit, or out of the index, into the work tree (and the index). */
function takeFiles(git: Git, words: readonly string[], source: string | null, where: { staged: boolean; work: boolean }): number {
  const { repo } = git
  const entries = repo.index()
  const from =
    source === null
      ? snapshotOfIndex(entries)
      : repo.snapshot(commitNamed(repo, source) ?? wrong(`could not resolve ${source}`, 128))
  const known = new Set([...from.keys(), ...entries.map(({ path }) => path)])
  const paths = new Set<string>()
  for (const word of words) {
    const spec = rooted(repo, word)
    const found = [...known].filter((path) => meant(path, spec))
    if (found.length === 0) wrong(`pathspec '${word}' did not match any file(s) known to git`)
    for (const path of found) paths.add(path)
  }
  const conflicts = new Set(conflictsIn(entries).map(({ path }) => path))
  for (const path of paths) if (source === null && conflicts.has(path)) wrong(`path '${path}' is unmerged`)
  let next = entries
  let changed = 0
  for (const path of paths) {
    const item = from.get(path)
    const file = repo.worktree.file(path)
    if (file?.mode !== item?.mode || (file && stagedOf(file).id !== item?.id)) changed += 1
    if (where.work) {
      if (item) repo.worktree.write(path, item.mode, repo.objects.blob(item.id))
      else if (repo.worktree.file(path)) repo.worktree.remove(path)
    }
    if (!where.staged && !(where.work && source === null)) continue
    next = next.filter((entry) => entry.path !== path)
    if (item) next.push({ ...entryOf(repo, path, item.id), mode: item.mode, ...(where.work ? {} : { mtime: 0 }) })
  }
  repo.writeIndex(next)
  return changed
}

export const checkout = command({
  name: 'checkout',
  usage: '[-b <new-branch>] [-f] [<branch>] [--] [<file>...]',
  spec: { b: 'value', B: 'value', ...COMMON },
  run(git, options) {
    const { repo } = git
    void repo.root
    const name = options.value('b') ?? options.value('B')
    const [first] = options.rest
    if (name !== undefined) return go(git, newBranch(git, name, first, options.has('B')), options)
    const plain = options.before === null || options.before === 1
    if (first === undefined) return 0
    const word = first === '-' ? before(repo) : first
    const single = options.rest.length === 1
    if (single && plain) {
      const id = commitNamed(repo, word)
      const isFile = repo.index().some(({ path }) => path === rooted(repo, word))
      const aim = !isFile || id !== undefined ? branchAim(git, word) : null
      if (aim && !options.has('detach')) return go(git, aim, options)
      if (id !== undefined) return go(git, { branch: null, id, word, made: false }, options)
    }
    const named = options.before === 1 || (options.before === null && !single && commitNamed(repo, word) !== undefined)
    const files = takeFiles(git, named ? options.rest.slice(1) : options.rest, named ? word : null, { staged: named, work: true })
    const where = named ? short(repo, repo.treeOf(commitNamed(repo, word) as string)) : 'the index'
    if (!options.has('q') && options.before === null) git.err(`Updated ${plural(files, 'path')} from ${where}\n`)
    return 0
  },
})

export const restore = command({
  name: 'restore',
  usage: '[--source=<tree>] [--staged] [--worktree] [--] <pathspec>...',
  spec: {
    s: 'value',
    source: { is: 's' },
    S: 'flag',
    staged: { is: 'S' },
    W: 'flag',
    worktree: { is: 'W' },
    q: 'flag',
  },
  run(git, options) {
    if (options.rest.length === 0) fatal('you must specify path(s) to restore')
    const staged = options.has('S')
    const work = !staged || options.has('W')
    const source = options.value('s') ?? (staged ? 'HEAD' : null)
    takeFiles(git, options.rest, source, { staged, work })
    return 0
  },
})
