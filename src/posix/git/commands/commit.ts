/** `git commit`: makes what is staged the next commit of the branch. */
import type { Step } from '../../program.ts'
import { command, type Git, rooted } from '../command.ts'
import { dateIn, ident, personIn, shownDate } from '../identity.ts'
import type { Commit } from '../objects.ts'
import type { Options } from '../options.ts'
import { changesBetween, shortStat, summaryOf } from '../patch.ts'
import type { Repo } from '../repo.ts'
import { commitNamed, short, subjectOf } from '../revision.ts'
import { type Snapshot, writeTree } from '../snapshot.ts'
import { conflictsIn, snapshotOfIndex, standingOf, textIn } from '../state.ts'
import { Fatal, fatal } from '../words.ts'
import { stage } from './add.ts'
import { longStatus } from './status.ts'

/** Without spaces at line ends, without empty lines at both ends and two in a row; `comments`: without those. */
export function cleaned(message: string, comments: boolean): string {
  const lines = message.split('\n').filter((line) => !comments || !line.startsWith('#'))
  const text = lines.map((line) => line.replace(/\s+$/, '')).join('\n')
  const body = text.replace(/\n{3,}/g, '\n\n').replace(/^\n+|\n+$/g, '')
  return body === '' ? '' : `${body}\n`
}

/** What is said of a commit once it is made. */
export function announce(repo: Repo, id: string, old: Snapshot, date: boolean): string {
  const { branchName, objects } = repo
  const commit = objects.commit(id)
  const now = repo.snapshot(id)
  const text = textIn(repo)
  const changes = changesBetween(old, now, text)
  const [author, committer] = [personIn(commit.author), personIn(commit.committer)]
  const root = commit.parents.length === 0 ? ' (root-commit)' : ''
  const same = author.name === committer.name && author.mail === committer.mail
  return (
    `[${branchName ?? 'detached HEAD'}${root} ${short(repo, id)}] ${subjectOf(commit.message)}\n` +
    (same ? '' : ` Author: ${author.name} <${author.mail}>\n`) +
    (date ? ` Date: ${shownDate(author)}\n` : '') +
    shortStat(changes, text) +
    summaryOf(changes)
  )
}

/** Where a message without `-m` is written. */
const TEMPLATE =
  "\n# Please enter the commit message for your changes. Lines starting\n# with '#' will be ignored, and an empty message aborts the commit.\n#\n"

/** The message that an editor leaves; undefined: it is still open. */
function edited(git: Git, begin: string): string | undefined {
  const { sys, repo, data, settings } = git
  const path = `${repo.dir}/COMMIT_EDITMSG`
  if (data.editor === undefined) {
    const editor = sys.env('GIT_EDITOR') ?? settings.get('core.editor') ?? sys.env('VISUAL') ?? sys.env('EDITOR') ?? 'vi'
    if (!sys.isTty(0) && editor === 'vi') {
      sys.err('error: Terminal is dumb, but EDITOR unset\nPlease supply the message using either -m or -F option.\n')
      throw new Fatal('', 1)
    }
    const status = longStatus(git, standingOf(repo))
      .replace(/\n$/, '')
      .split('\n')
      .map((line) => `#${line === '' || line.startsWith('\t') ? '' : ' '}${line}\n`)
      .join('')
    repo.setNote('COMMIT_EDITMSG', `${begin}${TEMPLATE}${status}#\n`)
    data.editor = sys.spawn(['sh', '-c', `${editor} "$@"`, editor, path])?.pid ?? 0
  }
  const status = sys.reap(data.editor)
  if (status === undefined) return undefined
  if (status !== 0)
    throw new Fatal(
      "error: There was a problem with the editor 'vi'.\nPlease supply the message using either -m or -F option.",
      1,
    )
  return cleaned(repo.note('COMMIT_EDITMSG') ?? '', true)
}

function messageOf(git: Git, options: Options, amended: Commit | null): string | undefined {
  const { repo, sys } = git
  const given = options.values['m']
  if (given) return cleaned(given.join('\n\n'), false)
  const file = options.value('F')
  if (file !== undefined) {
    const read = file === '-' ? sys.read(0) : repo.store.read(file)
    if (read === undefined)
      return file === '-' ? undefined : fatal(`could not read log file '${file}': No such file or directory`)
    return cleaned(read ?? '', false)
  }
  const reused = options.value('C')
  if (reused !== undefined)
    return repo.objects.commit(commitNamed(repo, reused) ?? fatal(`could not lookup commit ${reused}`)).message
  const begin = amended?.message ?? repo.note('MERGE_MSG') ?? ''
  return options.has('no-edit') ? cleaned(begin, amended === null) : edited(git, begin)
}

/** Stages what `-a` or paths mean. */
function stageAlso({ repo }: Git, options: Options): void {
  const entries = repo.index()
  if (options.has('a')) repo.writeIndex(stage(repo, entries, new Set(entries.map(({ path }) => path))))
  else if (options.rest.length > 0) {
    for (const word of options.rest)
      if (!entries.some(({ path }) => path === rooted(repo, word) || path.startsWith(`${rooted(repo, word)}/`)))
        throw new Fatal(`error: pathspec '${word}' did not match any file(s) known to git`, 1)
    const specs = options.rest.map((word) => rooted(repo, word))
    const wanted = entries.filter(({ path }) => specs.some((spec) => path === spec || path.startsWith(`${spec}/`)))
    repo.writeIndex(stage(repo, entries, new Set(wanted.map(({ path }) => path))))
  }
}

const EMPTIED =
  'You asked to amend the most recent commit, but doing so would make\nit empty. You can repeat your command with --allow-empty, or you can\nremove the commit entirely with "git reset HEAD^".'
const UNMERGED = [
  'error: Committing is not possible because you have unmerged files.',
  "hint: Fix them up in the work tree, and then use 'git add/rm <file>'",
  'hint: as appropriate to mark resolution and make a commit.',
  'fatal: Exiting because of an unresolved conflict.',
].join('\n')

function refuseUnmerged({ repo }: Git): void {
  const conflicts = conflictsIn(repo.index())
  if (conflicts.length === 0) return
  for (const { path } of conflicts) repo.sys.out(`U\t${path}\n`)
  throw new Fatal(UNMERGED, 128)
}

/** Parents of the next commit. */
function parentsOf(repo: Repo, amended: Commit | null): string[] {
  if (amended) return amended.parents
  const merged = (repo.note('MERGE_HEAD') ?? '').split('\n').filter(Boolean)
  return [...(repo.head === undefined ? [] : [repo.head]), ...merged]
}

export const commit = command({
  name: 'commit',
  usage: '[-a] [-m <msg>] [--amend] [--allow-empty] [-q] [--] [<pathspec>...]',
  spec: {
    a: 'flag',
    all: { is: 'a' },
    m: 'value',
    message: { is: 'm' },
    F: 'value',
    file: { is: 'F' },
    C: 'value',
    'reuse-message': { is: 'C' },
    q: 'flag',
    quiet: { is: 'q' },
    amend: 'flag',
    'no-edit': 'flag',
    'allow-empty': 'flag',
    'allow-empty-message': 'flag',
    author: 'value',
    date: 'value',
    n: 'flag',
    'no-verify': { is: 'n' },
    s: 'flag',
    signoff: { is: 's' },
  },
  run(git, options): Step {
    const { repo } = git
    void repo.root
    refuseUnmerged(git)
    if (git.data.editor === undefined) stageAlso(git, options)
    const amends = options.has('amend')
    if (amends && repo.head === undefined) fatal('You have nothing to amend.')
    const amended = amends ? repo.objects.commit(repo.head as string) : null
    const parents = parentsOf(repo, amended)
    const tree = writeTree(repo.objects, snapshotOfIndex(repo.index()))
    const same = parents.length > 0 ? tree === repo.treeOf(parents[0] as string) : repo.index().length === 0
    if (same && parents.length < 2 && !amends && !options.has('allow-empty')) {
      git.out(longStatus(git, standingOf(repo)))
      return 1
    }
    if (amended && !options.has('allow-empty') && amended.parents.length > 0 && same) {
      git.out(longStatus(git, standingOf(repo, false, repo.snapshot(amended.parents[0])), true))
      throw new Fatal(EMPTIED, 1)
    }
    const author = amended && !options.value('author') ? amended.author : authorOf(repo, options)
    const committer = ident(repo, 'COMMITTER')
    const message = messageOf(git, options, amended)
    if (message === undefined) return undefined
    if (message === '' && !options.has('allow-empty-message')) {
      git.err('Aborting commit due to empty commit message.\n')
      return 1
    }
    return finish(git, options, { tree, parents, author, committer, message: signed(options, message, committer) })
  },
})

const signed = (options: Options, message: string, who: string): string =>
  options.has('s') ? `${message}\nSigned-off-by: ${who.replace(/ \d+ [+-]\d+$/, '')}\n` : message

function authorOf(repo: Repo, options: Options): string {
  const date = options.value('date')
  const when = date === undefined ? undefined : (dateIn(date) ?? fatal(`invalid date format: ${date}`))
  const own = ident(repo, 'AUTHOR', when)
  const given = options.value('author')
  if (given === undefined) return own
  const m = /^(.+?)\s*<(.+)>$/.exec(given) ?? fatal(`--author '${given}' is not 'Name <email>' and matches no existing author`)
  return `${m[1]} <${m[2]}> ${own.replace(/^.*> /, '')}`
}

function finish(git: Git, options: Options, made: Commit): number {
  const { repo } = git
  const old = repo.snapshot(made.parents[0])
  const id = repo.objects.writeCommit(made)
  const kind = options.has('amend')
    ? ' (amend)'
    : made.parents.length === 0
      ? ' (initial)'
      : made.parents.length > 1
        ? ' (merge)'
        : ''
  repo.moveHead(id, `commit${kind}: ${subjectOf(made.message)}`)
  for (const note of ['MERGE_HEAD', 'MERGE_MSG', 'MERGE_MODE', 'REVERT_HEAD']) repo.setNote(note, null)
  repo.setNote('COMMIT_EDITMSG', made.message)
  if (!options.has('q')) {
    const merge = made.parents.length > 1
    const said = announce(repo, id, old, options.has('amend') || options.has('date'))
    git.out(merge ? `${said.split('\n')[0]}\n` : said)
  }
  return 0
}
