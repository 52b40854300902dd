/** `git fetch`, `git pull` and `git ls-remote`: what repositories elsewhere have. */
import type { Step } from '../../program.ts'
import { command, type Git } from '../command.ts'
import type { Options } from '../options.ts'
import { BRANCHES, REMOTES, shortRef, TAGS } from '../refs.ts'
import type { Repo } from '../repo.ts'
import { peeled, short } from '../revision.ts'
import { unpack } from '../wire/pack.ts'
import type { Advertised } from '../wire/packets.ts'
import { Remote } from '../wire/remote.ts'
import { Fatal, fatal, wrong } from '../words.ts'
import { into, mergeInto } from './merge.ts'
import { remotesOf, type Source, shownUrl, sourceOf, WIDTH } from './remote.ts'

interface Fetched {
  told: Advertised
  /** Names that were asked for, as the other side has them. */
  asked: { name: string; id: string }[]
}

/** All commits and tags one has: what need not be sent again. */
const havesOf = (repo: Repo): string[] =>
  [...new Set(repo.refs.list('refs/').flatMap(({ id }) => [...repo.ancestors(peeled(repo, id))]))].slice(0, 512)

/** Gets the objects of some names (or of all branches); undefined: not yet. */
function getObjects(git: Git, repo: Repo, other: Remote, names: readonly string[]): Fetched | undefined {
  const told = other.advertised('git-upload-pack')
  if (told === undefined) return undefined
  const full = (word: string) =>
    told.refs.find(({ name }) => [word, `refs/${word}`, TAGS + word, BRANCHES + word].includes(name)) ??
    fatal(`couldn't find remote ref ${word}`)
  const asked = names.length > 0 ? names.map(full) : told.refs.filter(({ name }) => name.startsWith(BRANCHES))
  const wanted = [...asked, ...told.refs.filter(({ name }) => name.startsWith(TAGS) && names.length === 0)]
  const missing = [...new Set(wanted.map(({ id }) => id))].filter((id) => !repo.objects.has(id))
  if (missing.length > 0 && git.data.unpacked !== true) {
    const pack = other.pack(missing, havesOf(repo))
    if (pack === undefined) return undefined
    unpack(repo.objects, pack)
    git.data.unpacked = true
  }
  return { told, asked }
}

/** Notes where the other side's branches are; what is said of it. */
function noteRefs(repo: Repo, name: string, { told, asked }: Fetched, prune: boolean): string {
  const tags = told.refs.filter(
    (each) => each.name.startsWith(TAGS) && repo.refs.get(each.name) === undefined && repo.objects.has(each.id),
  )
  const branches = asked.filter((each) => each.name.startsWith(BRANCHES))
  const width = Math.max(10, ...[...branches, ...tags].map((each) => shortRef(each.name).length))
  const line = (sign: string, what: string, from: string, to: string, more = ''): string =>
    ` ${sign} ${what.padEnd(WIDTH)} ${from.padEnd(width)} -> ${to}${more}\n`
  let said = ''
  if (prune)
    for (const { name: ref } of repo.refs.list(`${REMOTES}${name}/`))
      if (
        !told.refs.some((each) => each.name === BRANCHES + ref.slice(REMOTES.length + name.length + 1)) &&
        !ref.endsWith('/HEAD')
      ) {
        repo.refs.remove(ref)
        said += line('-', '[deleted]', '(none)', shortRef(ref))
      }
  for (const { name: ref, id } of branches) {
    const own = `${REMOTES}${name}/${shortRef(ref)}`
    const old = repo.refs.get(own)
    if (old === id) continue
    repo.refs.set(own, id)
    if (old === undefined) said += line('*', '[new branch]', shortRef(ref), shortRef(own))
    else if (repo.ancestors(id).has(old))
      said += line(' ', `${short(repo, old)}..${short(repo, id)}`, shortRef(ref), shortRef(own))
    else said += line('+', `${short(repo, old)}...${short(repo, id)}`, shortRef(ref), shortRef(own), '  (forced update)')
  }
  for (const { name: ref, id } of tags) {
    repo.refs.set(ref, id)
    said += line('*', '[new tag]', shortRef(ref), shortRef(ref))
  }
  return said
}

/** Undefined: not yet. */
function fetchFrom(git: Git, source: Source, names: readonly string[], options: Options): Fetched | undefined {
  const { repo } = git
  const fetched = getObjects(git, repo, new Remote(git, source.url), names)
  if (fetched === undefined) return undefined
  const notes = source.isNamed ? noteRefs(repo, source.name, fetched, options.has('p')) : ''
  const heads =
    names.length > 0 || !source.isNamed
      ? fetched.asked.map(({ name }) => ` * ${'branch'.padEnd(WIDTH)} ${shortRef(name).padEnd(10)} -> FETCH_HEAD\n`).join('')
      : ''
  if ((notes || heads) && !options.has('q')) git.err(`From ${shownUrl(source.url)}\n${heads}${notes}`)
  const merge = repo.upstream()?.merge
  const lines = fetched.asked.map(
    ({ name, id }) =>
      `${id}\t${names.length > 0 || name === merge ? '' : 'not-for-merge'}\tbranch '${shortRef(name)}' of ${shownUrl(source.url)}\n`,
  )
  repo.setNote('FETCH_HEAD', lines.join(''))
  return fetched
}

const FETCH = {
  q: 'flag',
  quiet: { is: 'q' },
  p: 'flag',
  prune: { is: 'p' },
  all: 'flag',
  t: 'flag',
  tags: { is: 't' },
  depth: 'value',
  v: 'flag',
} as const

export const fetch = command({
  name: 'fetch',
  usage: '[-q] [-p] [<repository> [<refspec>...]]',
  spec: FETCH,
  run(git, options): Step {
    const { repo } = git
    const [word, ...names] = options.rest
    return fetchFrom(git, sourceOf(repo, word), names, options) === undefined ? undefined : 0
  },
})

const RECONCILE = `hint: You have divergent branches and need to specify how to reconcile them.
hint: You can do so by running one of the following commands sometime before
hint: your next pull:
hint: 
hint:   git config pull.rebase false  # merge
hint:   git config pull.rebase true   # rebase
hint:   git config pull.ff only       # fast-forward only
hint: 
hint: You can replace "git config" with "git config --global" to set a default
hint: preference for all repositories. You can also pass --rebase, --no-rebase,
hint: or --ff-only on the command line to override the configured default per
hint: invocation.
fatal: Need to specify how to reconcile divergent branches.`

function noUpstream(repo: Repo): never {
  throw new Fatal(
    repo.branchName === null
      ? 'You are not currently on a branch.\nPlease specify which branch you want to merge with.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n'
      : `There is no tracking information for the current branch.\nPlease specify which branch you want to merge with.\nSee git-pull(1) for details.\n\n    git pull <remote> <branch>\n\nIf you wish to set tracking information for this branch you can do so with:\n\n    git branch --set-upstream-to=${remotesOf(repo)[0] ?? '<remote>'}/<branch> ${repo.branchName}\n`,
    1,
  )
}

export const pull = command({
  name: 'pull',
  usage: '[-q] [--ff-only | --no-rebase | --no-ff] [<repository> [<refspec>...]]',
  spec: {
    ...FETCH,
    'ff-only': 'flag',
    'no-ff': 'flag',
    'no-rebase': 'flag',
    rebase: 'maybe',
    r: { is: 'rebase' },
    ff: 'flag',
    'no-edit': 'flag',
    'allow-unrelated-histories': 'flag',
  },
  run(git, options): Step {
    const { repo } = git
    const [word, ...names] = options.rest
    if (options.has('rebase') || repo.settings.isOn('pull.rebase')) fatal('--rebase is not part of this simulation of git')
    const source = sourceOf(repo, word)
    const fetched = fetchFrom(git, source, names, options)
    if (fetched === undefined) return undefined
    const merge = repo.upstream()?.merge
    const theirs = names.length > 0 ? fetched.asked[0] : fetched.asked.find(({ name }) => name === merge)
    if (!theirs) {
      if (names.length === 0 && merge === undefined) noUpstream(repo)
      return wrong(
        `Your configuration specifies to merge with the ref '${merge}'\nfrom the remote, but no such ref was fetched.`.replace(
          /^/,
          '',
        ),
        1,
      )
    }
    if (repo.settings.get('pull.ff') === 'only') options.on.add('ff-only')
    const { head } = repo
    const decided =
      options.has('ff-only') ||
      options.has('no-rebase') ||
      options.has('no-ff') ||
      options.has('ff') ||
      repo.settings.get('pull.rebase') !== undefined
    if (head !== undefined && !decided && !repo.ancestors(head).has(theirs.id) && !repo.ancestors(theirs.id).has(head))
      throw new Fatal(RECONCILE, 128)
    const message = `Merge branch '${shortRef(theirs.name)}' of ${shownUrl(source.url)}${into(repo)}`
    return mergeInto(
      git,
      { id: theirs.id, name: theirs.id, message, deed: `pull${word ? ` ${options.rest.join(' ')}` : ''}` },
      options,
    )
  },
})

export const lsRemote = command({
  name: 'ls-remote',
  usage: '[<repository> [<patterns>...]]',
  spec: { heads: 'flag', h: { is: 'heads' }, tags: 'flag', t: { is: 'tags' } },
  run(git, options): Step {
    const [word, ...patterns] = options.rest
    const source = git.inRepo
      ? sourceOf(git.repo, word)
      : { name: '', url: word ?? fatal('No remote configured to list refs from.'), isNamed: false }
    const told = new Remote(git, source.url).advertised('git-upload-pack')
    if (told === undefined) return undefined
    if (word === undefined) git.err(`From ${source.url}\n`)
    const wanted = told.refs.filter(
      ({ name }) =>
        (!options.has('heads') || name.startsWith(BRANCHES)) &&
        (!options.has('tags') || name.startsWith(TAGS)) &&
        (patterns.length === 0 || patterns.some((each) => name === each || name.endsWith(`/${each}`))),
    )
    git.out(wanted.map(({ name, id }) => `${id}\t${name}\n`).join(''))
    return 0
  },
})
