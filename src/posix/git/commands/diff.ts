/** `git diff`: what differs between commits, the index and the files as they lie there. */
import { command, type Git, rooted, selects } from '../command.ts'
import type { Options } from '../options.ts'
import { changesBetween, isBinary, nameStatus, patchOf, shortStat, statOf, summaryOf, type TextOf } from '../patch.ts'
import { ambiguous, resolve } from '../revision.ts'
import type { Change } from '../snapshot.ts'
import { conflictsIn, snapshotOfIndex, snapshotOfWork, textIn } from '../state.ts'
import { counts } from '../text-diff.ts'
import { Fatal } from '../words.ts'

export const OUTPUTS = {
  p: 'flag',
  patch: { is: 'p' },
  u: { is: 'p' },
  U: 'value',
  unified: { is: 'U' },
  stat: 'maybe',
  shortstat: 'flag',
  numstat: 'flag',
  summary: 'flag',
  'name-only': 'flag',
  'name-status': 'flag',
  color: 'maybe',
  'no-color': 'flag',
} as const

const WITHOUT_PATCH = ['stat', 'shortstat', 'numstat', 'summary', 'name-only', 'name-status']

/** As the options ask; `patch`: that is what is shown when they ask for nothing. */
export function printChanges(git: Git, changes: readonly Change[], options: Options, text: TextOf, patch: boolean): string {
  if (changes.length === 0) return ''
  const { repo } = git
  let out = ''
  if (options.has('stat')) out += statOf(changes, text)
  if (options.has('shortstat')) out += shortStat(changes, text)
  if (options.has('numstat')) out += changes.map((change) => numbers(change, text)).join('')
  if (options.has('summary')) out += summaryOf(changes)
  if (options.has('name-only')) out += changes.map(({ path }) => `${path}\n`).join('')
  if (options.has('name-status')) out += nameStatus(changes)
  const wants = options.has('p') || options.has('U') || (patch && !WITHOUT_PATCH.some((each) => options.has(each)))
  if (!wants) return out
  const context = Number(options.value('U') ?? 3)
  const patches = changes.map((change) => patchOf(repo, change, text, context)).join('')
  return `${out}${out ? '\n' : ''}${options.has('no-color') ? patches : coloured(git, patches)}`
}

function numbers({ path, old, now }: Change, text: TextOf): string {
  const [a, b] = [old ? text(old) : '', now ? text(now) : '']
  if (isBinary(a) || isBinary(b)) return `-\t-\t${path}\n`
  const { added, deleted } = counts(a, b)
  return `${added}\t${deleted}\t${path}\n`
}

const coloured = (git: Git, patch: string): string =>
  !git.colours
    ? patch
    : patch.replace(/^.+$/gm, (line) => {
        if (/^(diff |index |--- |\+\+\+ |new file|deleted file|old mode|new mode|similarity|rename )/.test(line))
          return git.paint('1', line)
        const hunk = /^(@@ .*? @@)(.*)$/.exec(line)
        if (hunk) return git.paint('36', hunk[1] as string) + (hunk[2] ?? '')
        return line.startsWith('+') ? git.paint('32', line) : line.startsWith('-') ? git.paint('31', line) : line
      })

interface Sides {
  changes: Change[]
  text: TextOf
}

function sidesOf({ repo }: Git, revisions: readonly string[], cached: boolean): Sides {
  const find = (word: string): string => resolve(repo, word || 'HEAD') ?? ambiguous(word)
  const range = /^(.*?)(\.{2,3})(.*)$/.exec(revisions[0] ?? '')
  if (range || revisions.length === 2) {
    const [a, b] = range ? [find(range[1] ?? ''), find(range[3] ?? '')] : [find(revisions[0] ?? ''), find(revisions[1] ?? '')]
    const from = range?.[2] === '...' ? (repo.mergeBase(a, b) ?? a) : a
    const text = textIn(repo)
    return { changes: changesBetween(repo.snapshot(from), repo.snapshot(b), text), text }
  }
  const index = snapshotOfIndex(repo.index())
  const old = revisions.length > 0 ? repo.snapshot(find(revisions[0] as string)) : repo.snapshot(repo.head)
  if (cached) return { changes: changesBetween(old, index, textIn(repo)), text: textIn(repo) }
  const { files, texts } = snapshotOfWork(repo, [...index.keys()])
  const text = textIn(repo, texts)
  return { changes: changesBetween(revisions.length > 0 ? old : index, files, text), text }
}

export const diff = command({
  name: 'diff',
  usage: '[<options>] [<commit>] [<commit>] [--] [<path>...]',
  spec: { cached: 'flag', staged: { is: 'cached' }, q: 'flag', quiet: { is: 'q' }, 'exit-code': 'flag', ...OUTPUTS },
  run(git, options) {
    const { repo } = git
    const revisions: string[] = []
    const paths = options.paths.map((word) => rooted(repo, word))
    for (const word of options.before === null ? options.rest : options.rest.slice(0, options.before)) {
      const isRevision =
        /^.*\.\..*$/.test(word) && !/^\.\.?\//.test(word) && word !== '..' ? true : resolve(repo, word) !== undefined
      if (isRevision && paths.length === 0) revisions.push(word)
      else if (repo.worktree.file(rooted(repo, word)) || repo.worktree.isFolder(rooted(repo, word)))
        paths.push(rooted(repo, word))
      else ambiguous(word)
    }
    if (revisions.length > 2) throw new Fatal(`usage: git diff ${diff.usage}`, 129)
    const is = selects(paths)
    const { changes, text } = sidesOf(git, revisions, options.has('cached'))
    const conflicts =
      revisions.length === 0 && !options.has('cached') ? conflictsIn(repo.index()).filter(({ path }) => is(path)) : []
    const found = changes.filter(({ path, from }) => is(path) || is(from))
    if (!options.has('q')) {
      git.out(conflicts.map(({ path }) => `* Unmerged path ${path}\n`).join(''))
      git.out(printChanges(git, found, options, text, true))
    }
    return (options.has('q') || options.has('exit-code')) && found.length > 0 ? 1 : 0
  },
})
