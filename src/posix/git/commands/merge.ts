/** `git merge`, `git revert` and `git reset`: brings commits together, takes one back, sets the branch to another. */
import type { Step } from '../../program.ts'
import { command, type Git, meant, rooted } from '../command.ts'
import { ident } from '../identity.ts'
import { type Names, type Plan, planMerge, type Three, writeConflicts } from '../merging.ts'
import { forceTo, guard, MERGE, moveTo } from '../move.ts'
import type { Options } from '../options.ts'
import { changesBetween, statOf, summaryOf } from '../patch.ts'
import { BRANCHES, REMOTES, shortRef } from '../refs.ts'
import type { Repo } from '../repo.ts'
import { commitNamed, refNamed, short, subjectOf } from '../revision.ts'
import { type Snapshot, writeTree } from '../snapshot.ts'
import { conflictsIn, standingOf, textIn } from '../state.ts'
import { Fatal, fatal } from '../words.ts'
import { described } from './checkout.ts'
import { announce, cleaned } from './commit.ts'
import { longStatus } from './status.ts'

/** What a merge changed, for who made it. */
export function told(git: Git, old: Snapshot, now: Snapshot): string {
  const text = textIn(git.repo)
  const changes = changesBetween(old, now, text)
  return changes.length === 0 ? '' : statOf(changes, text) + summaryOf(changes)
}

/** Writes what a plan says; whether there are conflicts. */
function perform(repo: Repo, ours: Snapshot, plan: Plan): boolean {
  const files = new Map(plan.files)
  for (const path of plan.conflicts.keys()) {
    const mine = ours.get(path)
    if (mine) files.set(path, mine)
  }
  guard(repo, ours, new Map([...files, ...conflictItems(plan)]), MERGE)
  moveTo(repo, ours, files)
  if (plan.conflicts.size > 0) writeConflicts(repo, plan)
  return plan.conflicts.size > 0
}
/** Files in conflict are written, too: as something else than before. */
const conflictItems = (plan: Plan) => [...plan.conflicts.keys()].map((path) => [path, { mode: '100644', id: '' }] as const)

const UNFINISHED =
  "error: Merging is not possible because you have unmerged files.\nhint: Fix them up in the work tree, and then use 'git add/rm <file>'\nhint: as appropriate to mark resolution and make a commit.\nfatal: Exiting because of an unresolved conflict."

/** `Merge branch 'a' into main`. */
function mergeMessage(repo: Repo, word: string): string {
  const name = refNamed(repo, word)
  const what = name?.startsWith(BRANCHES)
    ? `branch '${shortRef(name)}'`
    : name?.startsWith(REMOTES)
      ? `remote-tracking branch '${shortRef(name)}'`
      : name?.startsWith('refs/tags/')
        ? `tag '${shortRef(name)}'`
        : `commit '${word}'`
  return `Merge ${what}${into(repo)}`
}
export const into = (repo: Repo): string =>
  repo.branchName === null ? ' into HEAD' : /^(main|master)$/.test(repo.branchName) ? '' : ` into ${repo.branchName}`

export interface Merging {
  id: string
  /** What it is called in conflict markers, and in the message. */
  name: string
  message: string
  /** In the log of HEAD: `merge topic`, `pull`. */
  deed: string
}

export function mergeInto(git: Git, { id, name, message, deed }: Merging, options: Options): number {
  const { repo } = git
  const quiet = options.has('q')
  if (conflictsIn(repo.index()).length > 0) throw new Fatal(UNFINISHED, 128)
  if (repo.underway === 'MERGE_HEAD')
    fatal('You have not concluded your merge (MERGE_HEAD exists).\nPlease, commit your changes before you merge.')
  const { head } = repo
  if (head === undefined) {
    forceTo(repo, repo.snapshot(id))
    repo.moveHead(id, `initial ${deed}`)
    return 0
  }
  if (repo.ancestors(head).has(id)) {
    if (!quiet) git.out('Already up to date.\n')
    return 0
  }
  const [ours, theirs] = [repo.snapshot(head), repo.snapshot(id)]
  if (repo.ancestors(id).has(head) && !options.has('no-ff')) {
    if (!quiet) git.out(`Updating ${short(repo, head)}..${short(repo, id)}\n`)
    guard(repo, ours, theirs, MERGE)
    moveTo(repo, ours, theirs)
    repo.setNote('ORIG_HEAD', `${head}\n`)
    repo.moveHead(id, `${deed}: Fast-forward`)
    if (!quiet) git.out(`Fast-forward\n${told(git, ours, theirs)}`)
    return 0
  }
  if (options.has('ff-only')) fatal('Not possible to fast-forward, aborting.')
  const base = repo.mergeBase(head, id)
  if (base === undefined && !options.has('allow-unrelated-histories')) fatal('refusing to merge unrelated histories')
  return threeWay(git, { base: repo.snapshot(base), ours, theirs }, { id, name, message, deed }, options)
}

function threeWay(git: Git, three: Three, { id, name, message, deed }: Merging, options: Options): number {
  const { repo } = git
  const head = repo.head as string
  ident(repo, 'COMMITTER')
  const plan = planMerge(repo, three, { ours: 'HEAD', theirs: name })
  let failed: boolean
  try {
    failed = perform(repo, three.ours, plan)
  } catch (error) {
    if (error instanceof Fatal) throw new Fatal(`${error.message}\nMerge with strategy ort failed.`, 2)
    throw error
  }
  repo.setNote('ORIG_HEAD', `${head}\n`)
  git.out(plan.said)
  if (failed || options.has('no-commit')) {
    const list = [...plan.conflicts.keys()].map((path) => `#\t${path}\n`).join('')
    repo.setNote('MERGE_HEAD', `${id}\n`)
    repo.setNote('MERGE_MODE', '')
    repo.setNote('MERGE_MSG', `${message}\n${failed ? `\n# Conflicts:\n${list}` : ''}`)
    git.out(
      failed
        ? 'Automatic merge failed; fix conflicts and then commit the result.\n'
        : 'Automatic merge went well; stopped before committing as requested\n',
    )
    return failed ? 1 : 0
  }
  const made = repo.objects.writeCommit({
    tree: writeTree(repo.objects, plan.files),
    parents: [head, id],
    author: ident(repo, 'AUTHOR'),
    committer: ident(repo, 'COMMITTER'),
    message: `${message}\n`,
  })
  repo.moveHead(made, `${deed}: Merge made by the 'ort' strategy.`)
  if (!options.has('q')) git.out(`Merge made by the 'ort' strategy.\n${told(git, three.ours, plan.files)}`)
  return 0
}

function abort({ repo }: Git, what: 'MERGE_HEAD' | 'REVERT_HEAD', missing: string): number {
  if (repo.underway !== what) fatal(missing)
  forceTo(repo, repo.snapshot(repo.head))
  for (const note of [what, 'MERGE_MSG', 'MERGE_MODE']) repo.setNote(note, null)
  return 0
}

/** Concludes what conflicts had stopped. */
function goOn(git: Git, what: 'MERGE_HEAD' | 'REVERT_HEAD'): number {
  const { repo } = git
  if (conflictsIn(repo.index()).length > 0) throw new Fatal(UNFINISHED.replace('Merging', 'Committing'), 128)
  const old = repo.head as string
  const theirs = what === 'MERGE_HEAD' ? (repo.note(what) ?? '').split('\n').filter(Boolean) : []
  const tree = writeTree(repo.objects, new Map(repo.index().map(({ path, mode, id }) => [path, { mode, id }])))
  const message = cleaned(repo.note('MERGE_MSG') ?? '', true)
  const id = repo.objects.writeCommit({
    tree,
    parents: [old, ...theirs],
    author: ident(repo, 'AUTHOR'),
    committer: ident(repo, 'COMMITTER'),
    message,
  })
  const before = repo.snapshot(old)
  repo.moveHead(id, `${what === 'MERGE_HEAD' ? 'commit (merge)' : 'revert'}: ${subjectOf(message)}`)
  for (const note of [what, 'MERGE_MSG', 'MERGE_MODE']) repo.setNote(note, null)
  const said = announce(repo, id, before, false)
  git.out(theirs.length > 0 ? `${said.split('\n')[0]}\n` : said)
  return 0
}

export const merge = command({
  name: 'merge',
  usage: '[--no-ff | --ff-only] [--no-commit] [-m <msg>] [<commit>...]\n   or: git merge --abort\n   or: git merge --continue',
  spec: {
    q: 'flag',
    quiet: { is: 'q' },
    m: 'value',
    'no-ff': 'flag',
    ff: 'flag',
    'ff-only': 'flag',
    'no-edit': 'flag',
    edit: 'flag',
    'no-commit': 'flag',
    abort: 'flag',
    continue: 'flag',
    'allow-unrelated-histories': 'flag',
  },
  run(git, options): Step {
    const { repo } = git
    void repo.root
    if (options.has('abort')) return abort(git, 'MERGE_HEAD', 'There is no merge to abort (MERGE_HEAD missing).')
    if (options.has('continue')) {
      if (repo.underway !== 'MERGE_HEAD') fatal('There is no merge in progress (MERGE_HEAD missing).')
      return goOn(git, 'MERGE_HEAD')
    }
    const [word = repo.upstream() ? '@{u}' : fatal('No remote for the current branch.')] = options.rest
    if (options.rest.length > 1) fatal('merging several branches at once is not part of this simulation of git')
    const id = commitNamed(repo, word)
    if (id === undefined) throw new Fatal(`merge: ${word} - not something we can merge`, 1)
    const message = options.value('m') ?? mergeMessage(repo, word === '@{u}' ? shortRef(repo.upstream()?.ref ?? '') : word)
    return mergeInto(git, { id, name: word, message, deed: `merge ${word}` }, options)
  },
})

const REVERT_HINT = [
  'After resolving the conflicts, mark them with',
  '"git add/rm <pathspec>", then run',
  '"git revert --continue".',
  'You can instead skip this commit with "git revert --skip".',
  'To abort and get back to the state before "git revert",',
  'run "git revert --abort".',
]
  .map((line) => `hint: ${line}`)
  .join('\n')

function revertOne(git: Git, id: string, options: Options): number {
  const { repo } = git
  const { objects } = repo
  const commit = objects.commit(id)
  if (commit.parents.length > 1 && !options.value('m'))
    throw new Fatal(`error: commit ${id} is a merge but no -m option was given.\nfatal: revert failed`, 128)
  const parent = commit.parents[Number(options.value('m') ?? 1) - 1]
  const subject = subjectOf(commit.message)
  const head = repo.head as string
  const three: Three = { base: repo.snapshot(id), ours: repo.snapshot(head), theirs: repo.snapshot(parent) }
  const names: Names = { ours: 'HEAD', theirs: `parent of ${short(repo, id)} (${subject})` }
  const plan = planMerge(repo, three, names)
  const failed = perform(repo, three.ours, plan)
  git.out(plan.said)
  const message = `Revert "${subject}"\n\nThis reverts commit ${id}.\n`
  if (failed) {
    const list = [...plan.conflicts.keys()].map((path) => `#\t${path}\n`).join('')
    repo.setNote('REVERT_HEAD', `${id}\n`)
    repo.setNote('MERGE_MSG', `${message}\n# Conflicts:\n${list}`)
    git.err(`error: could not revert ${short(repo, id)}... ${subject}\n${REVERT_HINT}\n`)
    return 1
  }
  if (options.has('n')) return 0
  const tree = writeTree(objects, plan.files)
  if (tree === repo.treeOf(head)) {
    git.out(longStatus(git, standingOf(repo)))
    return 1
  }
  const made = objects.writeCommit({
    tree,
    parents: [head],
    author: ident(repo, 'AUTHOR'),
    committer: ident(repo, 'COMMITTER'),
    message,
  })
  repo.moveHead(made, `revert: ${subjectOf(message)}`)
  git.out(announce(repo, made, three.ours, true))
  return 0
}

export const revert = command({
  name: 'revert',
  usage: '[--no-edit] [-n] <commit>...\n   or: git revert (--continue | --skip | --abort)',
  spec: {
    n: 'flag',
    'no-commit': { is: 'n' },
    'no-edit': 'flag',
    e: 'flag',
    edit: { is: 'e' },
    m: 'value',
    mainline: { is: 'm' },
    abort: 'flag',
    continue: 'flag',
    skip: 'flag',
  },
  run(git, options) {
    const { repo } = git
    const none = (): never => {
      throw new Fatal('error: no cherry-pick or revert in progress\nfatal: revert failed', 128)
    }
    if (options.has('abort') || options.has('skip'))
      return repo.underway === 'REVERT_HEAD' ? abort(git, 'REVERT_HEAD', '') : none()
    if (options.has('continue')) return repo.underway === 'REVERT_HEAD' ? goOn(git, 'REVERT_HEAD') : none()
    if (options.rest.length === 0) throw new Fatal(`usage: git revert ${revert.usage}`, 129)
    const { staged } = standingOf(repo)
    if (staged.length > 0)
      throw new Fatal(
        'error: your local changes would be overwritten by revert.\nhint: commit your changes or stash them to proceed.\nfatal: revert failed',
        128,
      )
    for (const id of options.rest.map((word) => commitNamed(repo, word) ?? fatal(`bad revision '${word}'`))) {
      const status = revertOne(git, id, options)
      if (status !== 0) return status
    }
    return 0
  },
})

/** Index entries as in a commit, for some files or for all. */
function unstage(repo: Repo, id: string | undefined, specs: readonly string[] | null): void {
  const from = repo.snapshot(id)
  const old = new Map(repo.index().map((entry) => [`${entry.path} ${entry.stage}`, entry]))
  const is = (path: string): boolean => specs === null || specs.some((spec) => meant(path, spec))
  const kept = [...old.values()].filter(({ path }) => !is(path))
  for (const [path, item] of from) {
    if (!is(path)) continue
    const was = old.get(`${path} 0`)
    kept.push(was?.id === item.id ? was : { path, mode: item.mode, id: item.id, stage: 0, size: 0, mtime: 0 })
  }
  repo.writeIndex(kept)
}

export const reset = command({
  name: 'reset',
  usage: '[--soft | --mixed | --hard] [-q] [<commit>]\n   or: git reset [<commit>] [--] <pathspec>...',
  spec: { soft: 'flag', mixed: 'flag', hard: 'flag', q: 'flag', quiet: { is: 'q' } },
  run(git, options) {
    const { repo } = git
    void repo.root
    const words = [...options.rest]
    const named = words.length > 0 && options.before !== 0 ? commitNamed(repo, words[0] as string) : undefined
    const word = named === undefined ? 'HEAD' : (words.shift() as string)
    const id = named ?? repo.head
    if (words.length > 0) {
      for (const each of words)
        if (
          options.before === null &&
          !repo.worktree.file(rooted(repo, each)) &&
          !repo.worktree.isFolder(rooted(repo, each)) &&
          !repo.index().some(({ path }) => path === rooted(repo, each))
        )
          fatal(
            `ambiguous argument '${each}': unknown revision or path not in the working tree.\nUse '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'`,
          )
      for (const mode of ['soft', 'hard']) if (options.has(mode)) fatal(`Cannot do ${mode} reset with paths.`)
      unstage(
        repo,
        id,
        words.map((each) => rooted(repo, each)),
      )
    } else {
      const old = repo.head
      if (options.has('hard')) forceTo(repo, repo.snapshot(id))
      else if (!options.has('soft')) unstage(repo, id, null)
      else if (conflictsIn(repo.index()).length > 0) fatal('Cannot do a soft reset in the middle of a merge.')
      if (id !== undefined) {
        if (old !== undefined) repo.setNote('ORIG_HEAD', `${old}\n`)
        repo.moveHead(id, `reset: moving to ${word}`)
      }
      for (const note of ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'REVERT_HEAD']) repo.setNote(note, null)
      if (options.has('hard') && id !== undefined && !options.has('q')) git.out(`HEAD is now at ${described(repo, id)}\n`)
    }
    if (options.has('hard') || options.has('soft') || options.has('q')) return 0
    const { unstaged } = standingOf(repo)
    if (unstaged.length > 0)
      git.out(`Unstaged changes after reset:\n${unstaged.map(({ kind, path }) => `${kind}\t${path}\n`).join('')}`)
    return 0
  },
})
