/** `git add`, `git rm` and `git mv`: what the next commit will hold. */
import { bytesOf } from '#api/bytes.ts'
import { type Command, command, type Git, meant, relative, rooted } from '../command.ts'
import type { Staged } from '../index-file.ts'
import type { Options } from '../options.ts'
import type { Repo } from '../repo.ts'
import { above, makeFolders } from '../store.ts'
import { Fatal, fatal } from '../words.ts'
import { stagedOf } from '../worktree.ts'

/** Puts files as they lie there into the index; those that are gone leave it. */
export function stage(repo: Repo, entries: readonly Staged[], paths: ReadonlySet<string>): Staged[] {
  const { worktree, objects } = repo
  const kept = entries.filter(({ path }) => !paths.has(path))
  for (const path of paths) {
    const file = worktree.file(path)
    if (file) kept.push(stagedOf(file, objects.write('blob', bytesOf(file.text))))
  }
  return kept
}

const NOTHING =
  'Nothing specified, nothing added.\nhint: Maybe you wanted to say \'git add .\'?\nhint: Turn this message off by running\nhint: "git config advice.addEmptyPathspec false"\n'

function refuseIgnored(ignored: readonly string[]): never {
  throw new Fatal(
    `The following paths are ignored by one of your .gitignore files:\n${ignored.join('\n')}\nhint: Use -f if you really want to add them.\nhint: Turn this message off by running\nhint: "git config advice.addIgnoredFile false"`,
    1,
  )
}

function addPaths({ repo }: Git, options: Options): number {
  const { worktree } = repo
  const entries = repo.index()
  const known = [...new Set(entries.map(({ path }) => path))]
  const force = options.has('f')
  const specs = options.rest.length > 0 ? options.rest : ['.']
  const ignored: string[] = []
  const wanted = new Set<string>()
  for (const word of options.rest.length === 0 && (options.has('A') || options.has('u')) ? [':/'] : specs) {
    const spec = rooted(repo, word)
    const tracked = known.filter((path) => meant(path, spec))
    for (const path of tracked) wanted.add(path)
    if (options.has('u')) continue
    const isFile = worktree.file(spec) !== undefined
    if (isFile && !force && tracked.length === 0 && worktree.ignore.ignores(spec, false)) {
      ignored.push(word)
      continue
    }
    const found = isFile
      ? [spec]
      : worktree
          .list(worktree.isFolder(spec) ? spec : '', (path, isFolder) => !force && worktree.ignore.ignores(path, isFolder))
          .filter((path) => meant(path, spec))
    if (found.length + tracked.length === 0 && !worktree.isFolder(spec)) fatal(`pathspec '${word}' did not match any files`)
    for (const path of found) wanted.add(path)
  }
  const dry = options.has('n')
  if (dry || options.has('v'))
    for (const path of [...wanted].sort()) {
      const file = worktree.file(path)
      const old = entries.find((entry) => entry.path === path)
      if (!file) repo.sys.out(`remove '${path}'\n`)
      else if (old?.id !== stagedOf(file).id) repo.sys.out(`add '${path}'\n`)
    }
  if (!dry) repo.writeIndex(stage(repo, entries, wanted))
  if (ignored.length > 0) refuseIgnored(ignored)
  return 0
}

export const add = command({
  name: 'add',
  usage: '[-n] [-v] [-f] [-A | -u] [--] [<pathspec>...]',
  spec: {
    A: 'flag',
    all: { is: 'A' },
    u: 'flag',
    update: { is: 'u' },
    f: 'flag',
    force: { is: 'f' },
    n: 'flag',
    'dry-run': { is: 'n' },
    v: 'flag',
    verbose: { is: 'v' },
  },
  run(git, options) {
    void git.repo.root
    if (options.rest.length > 0 || options.has('A') || options.has('u')) return addPaths(git, options)
    git.err(NOTHING)
    return 0
  },
})

/** Why a file may not simply be taken away. */
function refusalOf(repo: Repo, paths: readonly string[], cached: boolean): string {
  const head = repo.snapshot(repo.head)
  const index = new Map(repo.index().map((entry) => [entry.path, entry]))
  const both: string[] = []
  const staged: string[] = []
  const local: string[] = []
  for (const path of paths) {
    const file = repo.worktree.file(path)
    const entry = index.get(path)
    const changed = file !== undefined && stagedOf(file).id !== entry?.id
    const added = head.get(path)?.id !== entry?.id
    if (changed && added) both.push(path)
    else if (added && !cached) staged.push(path)
    else if (changed && !cached) local.push(path)
  }
  const told = (files: readonly string[], what: readonly [string, string], cure: string): string =>
    files.length === 0
      ? ''
      : `error: the following ${files.length === 1 ? `file has ${what[0]}` : `files have ${what[1]}`}:\n${files.map((path) => `    ${path}\n`).join('')}(${cure})\n`
  return (
    told(
      both,
      ['staged content different from both the\nfile and the HEAD', 'staged content different from both the\nfile and the HEAD'],
      'use -f to force removal',
    ) +
    told(
      staged,
      ['changes staged in the index', 'changes staged in the index'],
      'use --cached to keep the file, or -f to force removal',
    ) +
    told(local, ['local modifications', 'local modifications'], 'use --cached to keep the file, or -f to force removal')
  )
}

export const rm = command({
  name: 'rm',
  usage: '[-f | --force] [-n] [-r] [--cached] [--quiet] [--] [<pathspec>...]',
  spec: {
    f: 'flag',
    force: { is: 'f' },
    r: 'flag',
    cached: 'flag',
    q: 'flag',
    quiet: { is: 'q' },
    n: 'flag',
    'dry-run': { is: 'n' },
    'ignore-unmatch': 'flag',
  },
  run({ repo, sys }, options) {
    if (options.rest.length === 0) fatal('No pathspec was given. Which files should I remove?')
    const entries = repo.index()
    const gone = new Set<string>()
    for (const word of options.rest) {
      const spec = rooted(repo, word)
      const found = entries.filter(({ path }) => meant(path, spec))
      if (found.length === 0 && !options.has('ignore-unmatch')) fatal(`pathspec '${word}' did not match any files`)
      if (!options.has('r') && found.some(({ path }) => path !== spec) && !/[*?[]/.test(spec))
        fatal(`not removing '${word}' recursively without -r`)
      for (const { path } of found) gone.add(path)
    }
    const cached = options.has('cached')
    const refusal = options.has('f') ? '' : refusalOf(repo, [...gone], cached)
    if (refusal) {
      sys.err(refusal)
      return 1
    }
    if (!options.has('q')) for (const path of gone) sys.out(`rm '${path}'\n`)
    if (options.has('n')) return 0
    repo.writeIndex(entries.filter(({ path }) => !gone.has(path)))
    if (!cached) for (const path of gone) repo.worktree.remove(path)
    return 0
  },
})

/** Moves a file or a folder, in the index and beside it. */
function moveOne({ repo, sys }: Git, word: string, target: string, force: boolean): void {
  const from = rooted(repo, word)
  let to = rooted(repo, target)
  const bad = (why: string): never => fatal(`${why}, source=${relative(repo, from)}, destination=${relative(repo, to)}`)
  if (repo.worktree.isFolder(to)) to = `${to === '' ? '' : `${to}/`}${from.split('/').pop()}`
  if (!repo.worktree.file(from) && !repo.worktree.isFolder(from)) bad('bad source')
  const entries = repo.index()
  if (!entries.some(({ path }) => meant(path, from)))
    bad(repo.worktree.isFolder(from) ? 'source directory is empty' : 'not under version control')
  if (repo.worktree.file(to) && !force) bad('destination exists')
  const folder = above(repo.worktree.full(to))
  if (!sys.exists(folder) && folder !== '') {
    if (repo.worktree.isFolder(from)) makeFolders(sys, folder)
    else fatal(`renaming '${from}' failed: No such file or directory`)
  }
  const why = sys.rename(repo.worktree.full(from), repo.worktree.full(to))
  if (why) fatal(`renaming '${from}' failed: ${why}`)
  repo.writeIndex(
    entries
      .filter(({ path }) => path !== to)
      .map((entry) => (meant(entry.path, from) ? { ...entry, path: to + entry.path.slice(from.length) } : entry)),
  )
}

export const mv: Command = command({
  name: 'mv',
  usage: '[-v] [-f] <source>... <destination>',
  spec: { f: 'flag', force: { is: 'f' }, v: 'flag', verbose: { is: 'v' }, k: 'flag' },
  run(git, options) {
    const words = [...options.rest]
    const target = words.pop()
    if (target === undefined || words.length === 0) throw new Fatal(`usage: git mv ${mv.usage}`, 129)
    if (words.length > 1 && !git.repo.worktree.isFolder(rooted(git.repo, target)))
      fatal(`destination '${target}' is not a directory`)
    for (const word of words) moveOne(git, word, target, options.has('f'))
    return 0
  },
})
