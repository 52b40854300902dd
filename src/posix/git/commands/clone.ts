/** `git clone`: a repository of one's own after one elsewhere. */
import type { Step } from '../../program.ts'
import { normalPath } from '../../vfs.ts'
import { command, type Git } from '../command.ts'
import { forceTo } from '../move.ts'
import type { Options } from '../options.ts'
import { BRANCHES, REMOTES, shortRef, TAGS } from '../refs.ts'
import { Repo, Settings } from '../repo.ts'
import { peeled } from '../revision.ts'
import { makeFolders, storeOf } from '../store.ts'
import { unpack } from '../wire/pack.ts'
import type { Advertised } from '../wire/packets.ts'
import { Remote } from '../wire/remote.ts'
import { Fatal, fatal } from '../words.ts'
import { DETACHED } from './checkout.ts'
import { writeEmpty } from './init.ts'

export const clone = command({
  name: 'clone',
  usage: '[-q] [--bare] [-b <branch>] [-o <name>] [--] <repo> [<dir>]',
  spec: {
    q: 'flag',
    quiet: { is: 'q' },
    bare: 'flag',
    b: 'value',
    branch: { is: 'b' },
    o: 'value',
    origin: { is: 'o' },
    depth: 'value',
    'single-branch': 'flag',
    n: 'flag',
    'no-checkout': { is: 'n' },
  },
  run(git, options): Step {
    const { sys, data } = git
    const [url, word] = options.rest
    if (url === undefined)
      throw new Fatal(`fatal: You must specify a repository to clone.\n\nusage: git clone ${clone.usage}`, 129)
    const bare = options.has('bare')
    const name = word ?? nameOf(url) + (bare ? '.git' : '')
    const place = normalPath(name, sys.proc.cwd)
    if (!data.said) {
      const there = sys.names(place)
      if (Array.isArray(there) && there.length > 0)
        fatal(`destination path '${name}' already exists and is not an empty directory.`)
      if (
        !/^https?:\/\//.test(url) &&
        !/^(ssh:\/\/|file:\/\/|[^/]+@?[^/]*:)/.test(url) &&
        !sys.exists(normalPath(url, sys.proc.cwd)) &&
        !sys.exists(normalPath(`${url}.git`, sys.proc.cwd))
      )
        fatal(`repository '${url}' does not exist`)
      if (!options.has('q')) git.err(`Cloning into ${bare ? 'bare repository ' : ''}'${name}'...\n`)
      data.said = true
    }
    const other = new Remote(git, url)
    const told = other.advertised('git-upload-pack')
    if (told === undefined) return undefined
    const ids = [...new Set(told.refs.map(({ id }) => id))]
    const pack = ids.length > 0 ? other.pack(ids, []) : null
    if (pack === undefined) return undefined
    makeFolders(sys, place)
    const dir = bare ? place : `${place}/.git`
    const made = setUp(
      git,
      dir,
      bare ? null : place,
      told,
      options,
      other.isLocal && !/^(\/|file:)/.test(url) ? `${sys.proc.cwd}/${url}` : url,
    )
    if (pack) unpack(made.objects, pack)
    land(git, made, told, options)
    if (ids.length === 0) git.err('warning: You appear to have cloned an empty repository.\n')
    if (other.isLocal && !options.has('q')) git.err('done.\n')
    return 0
  },
})

const nameOf = (url: string): string =>
  url
    .replace(/\/+$/, '')
    .replace(/\/\.git$/, '')
    .split(/[/:]/)
    .pop()
    ?.replace(/\.git$/, '') ?? ''

function setUp(git: Git, dir: string, root: string | null, told: Advertised, options: Options, url: string): Repo {
  const { sys } = git
  const branch = told.head === null ? (git.settings.get('init.defaultbranch') ?? 'master') : shortRef(told.head)
  makeFolders(sys, dir)
  writeEmpty(storeOf(sys), dir, branch, root === null, (path) => makeFolders(sys, path))
  const repo = new Repo(sys, dir, root, new Settings(storeOf(sys), sys.env('HOME') ?? '/'))
  const name = options.value('o') ?? 'origin'
  repo.settings.own?.set(`remote.${name}.url`, url)
  if (root !== null) repo.settings.own?.set(`remote.${name}.fetch`, `+refs/heads/*:refs/remotes/${name}/*`)
  return repo
}

/** Names, and the files of the branch. */
function land(git: Git, repo: Repo, told: Advertised, options: Options): void {
  const name = options.value('o') ?? 'origin'
  const wanted = options.value('b')
  const branch = wanted === undefined ? told.head : BRANCHES + wanted
  for (const { name: ref, id } of told.refs) {
    if (ref.startsWith(TAGS) || (repo.bare && ref.startsWith(BRANCHES))) repo.refs.set(ref, id)
    else if (ref.startsWith(BRANCHES)) repo.refs.set(`${REMOTES}${name}/${shortRef(ref)}`, id)
  }
  const id = told.refs.find((each) => each.name === branch)?.id
  if (repo.bare) {
    if (branch !== null) repo.refs.link('HEAD', branch)
    return
  }
  const tagged = wanted === undefined ? undefined : repo.refs.get(TAGS + wanted)
  if (id === undefined && tagged !== undefined) {
    repo.refs.set('HEAD', peeled(repo, tagged))
    forceTo(repo, repo.snapshot(peeled(repo, tagged)))
    git.err(DETACHED(peeled(repo, tagged)))
    return
  }
  if (wanted !== undefined && id === undefined) fatal(`Remote branch ${wanted} not found in upstream ${name}`)
  if (told.head !== null && told.refs.some((each) => each.name === told.head))
    repo.refs.link(`${REMOTES}${name}/HEAD`, `${REMOTES}${name}/${shortRef(told.head)}`)
  const short = branch === null ? (repo.branchName ?? '') : shortRef(branch)
  repo.settings.own?.set(`branch.${short}.remote`, name)
  repo.settings.own?.set(`branch.${short}.merge`, `refs/heads/${short}`)
  repo.refs.link('HEAD', BRANCHES + short)
  if (id === undefined) return
  repo.log(undefined, id, `clone: from ${repo.settings.get(`remote.${name}.url`)}`)
  repo.refs.set(BRANCHES + short, id)
  if (!options.has('n')) forceTo(repo, repo.snapshot(id))
}
