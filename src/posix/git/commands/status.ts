/** `git status`: where one stands, in sentences or in two letters a file. */
import { command, type Git, relative, rooted, selects } from '../command.ts'
import { quotedPath } from '../patch.ts'
import type { Repo } from '../repo.ts'
import { refNamed, short } from '../revision.ts'
import type { Change } from '../snapshot.ts'
import { type Conflict, type Standing, standingOf } from '../state.ts'
import { plural } from '../words.ts'

const LABELS: Readonly<Record<Change['kind'], string>> = {
  A: 'new file:',
  M: 'modified:',
  D: 'deleted:',
  R: 'renamed:',
  T: 'typechange:',
}
/** By the sides that have the file: base 1, ours 2, theirs 4. */
const CONFLICTS: Readonly<Record<number, readonly [string, string]>> = {
  1: ['both deleted:', 'DD'],
  2: ['added by us:', 'AU'],
  3: ['deleted by them:', 'UD'],
  4: ['added by them:', 'UA'],
  5: ['deleted by us:', 'DU'],
  6: ['both added:', 'AA'],
  7: ['both modified:', 'UU'],
}
export const letters = ({ sides }: Conflict): string => CONFLICTS[sides]?.[1] ?? 'UU'

/** How many commits only one of two has. */
export function apart(repo: Repo, ours: string, theirs: string): { ahead: number; behind: number } {
  const [a, b] = [repo.ancestors(ours), repo.ancestors(theirs)]
  return { ahead: [...a].filter((id) => !b.has(id)).length, behind: [...b].filter((id) => !a.has(id)).length }
}

/** How the branch stands to the one it follows; empty when it follows none. */
export function tracking(repo: Repo): string {
  const upstream = repo.upstream()
  if (!upstream) return ''
  const name = upstream.ref.replace(/^refs\/remotes\//, '')
  const theirs = repo.refs.get(upstream.ref)
  if (theirs === undefined)
    return `Your branch is based on '${name}', but the upstream is gone.\n  (use "git branch --unset-upstream" to fixup)\n`
  if (repo.head === undefined) return ''
  const { ahead, behind } = apart(repo, repo.head, theirs)
  if (ahead === 0 && behind === 0) return `Your branch is up to date with '${name}'.\n`
  if (behind === 0)
    return `Your branch is ahead of '${name}' by ${plural(ahead, 'commit')}.\n  (use "git push" to publish your local commits)\n`
  if (ahead === 0)
    return `Your branch is behind '${name}' by ${plural(behind, 'commit')}, and can be fast-forwarded.\n  (use "git pull" to update your local branch)\n`
  return `Your branch and '${name}' have diverged,\nand have ${ahead} and ${behind} different commits each, respectively.\n  (use "git pull" to merge the remote branch into yours)\n`
}

/** `HEAD detached at abc1234`: where it was last set by a checkout. */
function detached(git: Git): string {
  const { repo } = git
  const last = repo.logged.find(({ why }) => why.startsWith('checkout: '))
  const to = last?.why.split(' to ').pop() ?? ''
  const name = refNamed(repo, to) !== undefined && to !== 'HEAD' ? to : short(repo, last?.id ?? '')
  return (
    git.paint('31', last ? `HEAD detached ${last.id === repo.head ? 'at' : 'from'} ` : 'Not currently on any branch.') +
    (last ? name : '')
  )
}

function underway({ repo }: Git, conflicts: boolean): string {
  if (repo.underway === 'MERGE_HEAD')
    return conflicts
      ? 'You have unmerged paths.\n  (fix conflicts and run "git commit")\n  (use "git merge --abort" to abort the merge)\n\n'
      : 'All conflicts fixed but you are still merging.\n  (use "git commit" to conclude merge)\n\n'
  if (repo.underway !== 'REVERT_HEAD') return ''
  const id = short(repo, (repo.note('REVERT_HEAD') ?? '').trim())
  return `You are currently reverting commit ${id}.\n  (${
    conflicts ? 'fix conflicts and run' : 'all conflicts fixed: run'
  } "git revert --continue")\n  (use "git revert --skip" to skip this patch)\n  (use "git revert --abort" to cancel the revert operation)\n\n`
}

/** `amends`: the last commit is to be made anew. */
export function longStatus(git: Git, standing: Standing, amends = false): string {
  const { repo } = git
  const initial = repo.head === undefined
  const { staged, unstaged, conflicts, untracked } = standing
  const shown = (path: string): string => quotedPath(relative(repo, path))
  const merging = repo.underway === 'MERGE_HEAD'
  const unstage = initial
    ? '  (use "git rm --cached <file>..." to unstage)\n'
    : '  (use "git restore --staged <file>..." to unstage)\n'
  const named = ({ kind, path, from }: Change): string =>
    `${LABELS[kind].padEnd(12)}${kind === 'R' ? `${shown(from)} -> ` : ''}${shown(path)}`
  const list = (head: string, hints: string, lines: readonly string[], colour: string): string =>
    lines.length === 0 ? '' : `${head}\n${hints}${lines.map((line) => `\t${git.paint(colour, line)}\n`).join('')}\n`
  const tracked = tracking(repo)
  const { branchName } = repo
  return (
    `${branchName === null ? detached(git) : `On branch ${branchName}`}\n` +
    (tracked ? `${tracked}\n` : '') +
    underway(git, conflicts.length > 0) +
    (initial ? '\nNo commits yet\n\n' : '') +
    list('Changes to be committed:', merging ? '' : unstage, staged.map(named), '32') +
    list(
      'Unmerged paths:',
      `${merging ? '' : unstage}${
        conflicts.some(({ sides }) => sides !== 7 && sides !== 6)
          ? '  (use "git add/rm <file>..." as appropriate to mark resolution)\n'
          : '  (use "git add <file>..." to mark resolution)\n'
      }`,
      conflicts.map(({ path, sides }) => `${(CONFLICTS[sides]?.[0] ?? '').padEnd(17)}${shown(path)}`),
      '31',
    ) +
    list(
      'Changes not staged for commit:',
      `  (use "git add${unstaged.some(({ kind }) => kind === 'D') ? '/rm' : ''} <file>..." to update what will be committed)\n  (use "git restore <file>..." to discard changes in working directory)\n`,
      unstaged.map(named),
      '31',
    ) +
    list('Untracked files:', '  (use "git add <file>..." to include in what will be committed)\n', untracked.map(shown), '31') +
    (amends && staged.length === 0 ? 'No changes\n' : footer(standing, initial, merging))
  )
}

function footer({ staged, unstaged, conflicts, untracked }: Standing, initial: boolean, merging: boolean): string {
  if (staged.length > 0 || (merging && conflicts.length === 0)) return ''
  if (unstaged.length + conflicts.length > 0) return 'no changes added to commit (use "git add" and/or "git commit -a")\n'
  if (untracked.length > 0) return 'nothing added to commit but untracked files present (use "git add" to track)\n'
  return initial
    ? 'nothing to commit (create/copy files and use "git add" to track)\n'
    : 'nothing to commit, working tree clean\n'
}

function branchLine(repo: Repo): string {
  const { branchName } = repo
  if (branchName === null) return '## HEAD (no branch)\n'
  const name = repo.head === undefined ? `No commits yet on ${branchName}` : branchName
  const upstream = repo.upstream()
  if (!upstream) return `## ${name}\n`
  const theirs = repo.refs.get(upstream.ref)
  const followed = `## ${name}...${upstream.ref.replace(/^refs\/remotes\//, '')}`
  if (theirs === undefined || repo.head === undefined) return `${followed}${theirs === undefined ? ' [gone]' : ''}\n`
  const { ahead, behind } = apart(repo, repo.head, theirs)
  const parts = [ahead > 0 ? `ahead ${ahead}` : '', behind > 0 ? `behind ${behind}` : ''].filter(Boolean)
  return `${followed}${parts.length > 0 ? ` [${parts.join(', ')}]` : ''}\n`
}

function shortStatus(git: Git, { staged, unstaged, conflicts, untracked }: Standing, from: (path: string) => string): string {
  const lines = new Map<string, { x: string; y: string; name: string }>()
  const line = (path: string, name = path): { x: string; y: string; name: string } => {
    const found = lines.get(path) ?? { x: ' ', y: ' ', name: from(name) }
    lines.set(path, found)
    return found
  }
  for (const { kind, path, from: old } of staged) {
    const each = line(path)
    each.x = kind
    if (kind === 'R') each.name = `${from(old)} -> ${from(path)}`
  }
  for (const { kind, path } of unstaged) line(path).y = kind
  for (const conflict of conflicts) [line(conflict.path).x, line(conflict.path).y] = [...letters(conflict)] as [string, string]
  const inOrder = [...lines].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each)
  return (
    inOrder.map(({ x, y, name }) => `${git.paint('32', x.trim()) || x}${git.paint('31', y.trim()) || y} ${name}\n`).join('') +
    untracked.map((path) => `${git.paint('31', '??')} ${from(path)}\n`).join('')
  )
}

/** Only what lies below some paths. */
function only(standing: Standing, specs: readonly string[]): Standing {
  const is = selects(specs)
  const those = <T extends { path: string }>(all: T[]): T[] => all.filter(({ path }) => is(path))
  return {
    ...standing,
    staged: those(standing.staged),
    unstaged: those(standing.unstaged),
    conflicts: those(standing.conflicts),
    untracked: standing.untracked.filter((path) => is(path.replace(/\/$/, ''))),
  }
}

export const status = command({
  name: 'status',
  usage: '[-s | --short] [--porcelain] [-b] [-u<mode>] [--] [<pathspec>...]',
  spec: {
    s: 'flag',
    short: { is: 's' },
    porcelain: 'maybe',
    b: 'flag',
    branch: { is: 'b' },
    u: 'maybe',
    'untracked-files': { is: 'u' },
    long: 'flag',
    v: 'flag',
  },
  run(git, options) {
    const { repo } = git
    void repo.root
    const mode = options.value('u') ?? (options.has('u') ? 'all' : 'normal')
    const all = standingOf(repo, mode === 'all')
    if (mode === 'no') all.untracked = []
    const standing =
      options.rest.length > 0
        ? only(
            all,
            options.rest.map((word) => rooted(repo, word)),
          )
        : all
    const porcelain = options.has('porcelain')
    if (!options.has('s') && !porcelain) git.out(longStatus(git, standing))
    else {
      if (options.has('b')) git.out(branchLine(repo))
      git.out(shortStatus(git, standing, (path) => quotedPath(porcelain ? path : relative(repo, path))))
    }
    return 0
  },
})
