/** `git branch` and `git tag`: names for commits. */
import { bytesOf, textOf } from '#api/bytes.ts'
import { command, type Git } from '../command.ts'
import { ident } from '../identity.ts'
import type { Options } from '../options.ts'
import { BRANCHES, REMOTES, shortRef, TAGS } from '../refs.ts'
import type { Repo } from '../repo.ts'
import { commitNamed, peeled, resolve, short, subjectOf } from '../revision.ts'
import { Fatal, fatal, wrong } from '../words.ts'
import { apart } from './status.ts'

export const isBranchName = (name: string): boolean =>
  name !== '' && name !== 'HEAD' && !/^[-./]|\.\.|[\s~^:?*[\\\x7f]|\/$|\.lock$|\.$|@\{|\/\/|\/\./.test(name)

/** A new branch at a commit; what it starts from is followed where that is a remote's. */
export function createBranch(git: Git, name: string, start: string | undefined, force = false): string {
  const { repo } = git
  if (!isBranchName(name)) fatal(`'${name}' is not a valid branch name`)
  if (repo.refs.get(BRANCHES + name) !== undefined && !force) fatal(`a branch named '${name}' already exists`)
  const id = start === undefined ? repo.head : commitNamed(repo, start)
  if (id === undefined) fatal(`not a valid object name: '${start ?? repo.branchName}'`)
  repo.refs.set(BRANCHES + name, id as string)
  return id as string
}

/** Writes down what a branch follows, and says so. */
export function follow(git: Git, name: string, remote: string, merge: string, quiet = false): void {
  git.repo.settings.own?.set(`branch.${name}.remote`, remote)
  git.repo.settings.own?.set(`branch.${name}.merge`, `refs/heads/${merge}`)
  if (!quiet) git.out(`branch '${name}' set up to track '${remote}/${merge}'.\n`)
}

/** `origin/main` as a remote and its branch. */
export function remoteBranch(repo: Repo, word: string): { remote: string; merge: string } | null {
  if (repo.refs.get(REMOTES + word) === undefined || !word.includes('/')) return null
  const at = word.indexOf('/')
  return { remote: word.slice(0, at), merge: word.slice(at + 1) }
}

function list(git: Git, options: Options): void {
  const { repo } = git
  const verbose = options.has('v')
  const current = repo.branch
  const lines: { mark: string; name: string; id: string; arrow: string; remote: boolean; full: string }[] = []
  if (current === null && !options.has('r') && repo.head)
    lines.push({
      mark: '*',
      name: `(HEAD detached at ${short(repo, repo.head)})`,
      id: repo.head,
      arrow: '',
      remote: false,
      full: '',
    })
  if (!options.has('r'))
    for (const { name, id } of repo.refs.list(BRANCHES))
      lines.push({ mark: name === current ? '*' : ' ', name: shortRef(name), id, arrow: '', remote: false, full: name })
  if (options.has('r') || options.has('a'))
    for (const { name, id } of repo.refs.list(REMOTES)) {
      const to = repo.refs.target(name)
      lines.push({
        mark: ' ',
        name: (options.has('r') ? '' : 'remotes/') + shortRef(name),
        id,
        arrow: to ? ` -> ${shortRef(to)}` : '',
        remote: true,
        full: name,
      })
    }
  const merged = repo.ancestors(repo.head)
  for (const [option, wanted] of [
    ['merged', true],
    ['no-merged', false],
  ] as const)
    if (options.has(option)) lines.splice(0, lines.length, ...lines.filter(({ id }) => merged.has(id) === wanted))
  const width = Math.max(0, ...lines.map(({ name }) => name.length))
  for (const { mark, name, id, arrow, remote, full } of lines) {
    const shown = git.paint(mark === '*' ? '32' : remote ? '31' : '', verbose ? name.padEnd(width) : name)
    const detail =
      verbose && !arrow
        ? ` ${short(repo, id)} ${upstreamOf(repo, full, options)}${subjectOf(repo.objects.commit(id).message)}`
        : ''
    git.out(`${mark} ${shown}${verbose && arrow ? arrow : arrow}${detail}\n`)
  }
}

/** `[origin/main: ahead 1] `. */
function upstreamOf(repo: Repo, full: string, options: Options): string {
  const upstream = full.startsWith(BRANCHES) ? repo.upstream(shortRef(full)) : null
  if (!upstream) return ''
  const [ours, theirs] = [repo.refs.get(full), repo.refs.get(upstream.ref)]
  const name = options.has('vv') ? shortRef(upstream.ref) : ''
  if (!ours || !theirs) return `[${name ? `${name}: ` : ''}gone] `
  const { ahead, behind } = apart(repo, ours, theirs)
  const parts = [ahead > 0 ? `ahead ${ahead}` : '', behind > 0 ? `behind ${behind}` : ''].filter(Boolean).join(', ')
  if (!name) return parts ? `[${parts}] ` : ''
  return `[${name}${parts ? `: ${parts}` : ''}] `
}

function remove({ repo, sys }: Git, names: readonly string[], force: boolean): number {
  let status = 0
  for (const name of names) {
    const id = repo.refs.get(BRANCHES + name)
    const fail = (why: string): void => {
      sys.err(`error: ${why}\n`)
      status = 1
    }
    if (id === undefined) fail(`branch '${name}' not found.`)
    else if (repo.branchName === name) fail(`Cannot delete branch '${name}' checked out at '${repo.root}'`)
    else {
      const upstream = repo.upstream(name)
      const into = (upstream && repo.refs.get(upstream.ref)) ?? repo.head
      if (!force && !repo.ancestors(into ?? undefined).has(id)) {
        fail(`The branch '${name}' is not fully merged.\nIf you are sure you want to delete it, run 'git branch -D ${name}'.`)
        continue
      }
      repo.refs.remove(BRANCHES + name)
      repo.settings.own?.removeSection(`branch.${name}`)
      sys.out(`Deleted branch ${name} (was ${short(repo, id)}).\n`)
    }
  }
  return status
}

function rename({ repo }: Git, words: readonly string[], force: boolean): void {
  const to = words.at(-1) ?? fatal('branch name required')
  const from =
    words.length > 1 ? (words[0] as string) : (repo.branchName ?? fatal('cannot rename the current branch while not on any.'))
  if (!isBranchName(to)) fatal(`'${to}' is not a valid branch name`)
  const id = repo.refs.get(BRANCHES + from)
  if (id === undefined && repo.branchName !== from)
    throw new Fatal(`error: refname refs/heads/${from} not found\nfatal: Branch rename failed`, 128)
  if (repo.refs.get(BRANCHES + to) !== undefined && !force && to !== from) fatal(`A branch named '${to}' already exists.`)
  if (repo.branchName === from) repo.refs.link('HEAD', BRANCHES + to)
  if (id !== undefined && to !== from) {
    repo.refs.remove(BRANCHES + from)
    repo.refs.set(BRANCHES + to, id)
  }
  const followed = repo.upstream(from)
  if (!followed || to === from) return
  repo.settings.own?.removeSection(`branch.${from}`)
  repo.settings.own?.set(`branch.${to}.remote`, followed.remote)
  repo.settings.own?.set(`branch.${to}.merge`, followed.merge)
}

export const branch = command({
  name: 'branch',
  usage: '[-a | -r] [-v] [--show-current] [-d | -D | -m] [<branch-name>] [<start-point>]',
  spec: {
    a: 'flag',
    all: { is: 'a' },
    r: 'flag',
    remotes: { is: 'r' },
    v: 'flag',
    verbose: { is: 'v' },
    vv: 'flag',
    d: 'flag',
    delete: { is: 'd' },
    D: 'flag',
    m: 'flag',
    move: { is: 'm' },
    M: 'flag',
    f: 'flag',
    force: { is: 'f' },
    l: 'flag',
    list: { is: 'l' },
    'show-current': 'flag',
    u: 'value',
    'set-upstream-to': { is: 'u' },
    'unset-upstream': 'flag',
    q: 'flag',
    merged: 'maybe',
    'no-merged': 'maybe',
  },
  run(git, options) {
    const { repo, sys } = git
    if (options.has('v') && sys.args.some((word) => /^-\w*v\w*v/.test(word))) options.on.add('vv')
    const [name, start] = options.rest
    if (options.has('show-current')) git.out(repo.branchName === null ? '' : `${repo.branchName}\n`)
    else if (options.has('d') || options.has('D')) return remove(git, options.rest, options.has('D') || options.has('f'))
    else if (options.has('m') || options.has('M')) rename(git, options.rest, options.has('M') || options.has('f'))
    else if (options.has('u')) {
      const word = options.value('u') ?? ''
      const to = remoteBranch(repo, word) ?? fatal(`the requested upstream branch '${word}' does not exist`)
      follow(git, name ?? repo.branchName ?? '', to.remote, to.merge)
    } else if (options.has('unset-upstream')) repo.settings.own?.removeSection(`branch.${name ?? repo.branchName}`)
    else if (name === undefined || options.has('l')) list(git, options)
    else {
      createBranch(git, name, start, options.has('f'))
      const from = start === undefined ? null : remoteBranch(repo, start)
      if (from) follow(git, name, from.remote, from.merge)
    }
    return 0
  },
})

export const tag = command({
  name: 'tag',
  usage: '[-a] [-m <msg>] [-d] [-l] [-f] [<tagname>] [<commit>]',
  spec: { a: 'flag', m: 'value', d: 'flag', l: 'flag', list: { is: 'l' }, f: 'flag', n: 'maybe' },
  run(git, options) {
    const { repo } = git
    const [name, word = 'HEAD'] = options.rest
    if (options.has('d')) {
      for (const each of options.rest) {
        const id = repo.refs.get(TAGS + each) ?? wrong(`tag '${each}' not found.`)
        repo.refs.remove(TAGS + each)
        git.out(`Deleted tag '${each}' (was ${short(repo, id)})\n`)
      }
      return 0
    }
    if (name === undefined || options.has('l')) {
      git.out(
        repo.refs
          .list(TAGS)
          .map((each) => `${shortRef(each.name)}\n`)
          .join(''),
      )
      return 0
    }
    if (!isBranchName(name)) fatal(`'${name}' is not a valid tag name.`)
    if (repo.refs.get(TAGS + name) !== undefined && !options.has('f')) fatal(`tag '${name}' already exists`)
    const id = resolve(repo, word) ?? fatal(`Failed to resolve '${word}' as a valid ref.`)
    const message = options.values['m']?.join('\n\n')
    if (message === undefined && options.has('a')) fatal('no tag message?')
    repo.refs.set(TAGS + name, message === undefined ? id : annotated(repo, peeled(repo, id), name, message))
    return 0
  },
})

function annotated(repo: Repo, id: string, name: string, message: string): string {
  const text = `object ${id}\ntype ${repo.objects.read(id).kind}\ntag ${name}\ntagger ${ident(repo, 'COMMITTER')}\n\n${message.replace(/\n*$/, '\n')}`
  return repo.objects.write('tag', bytesOf(textOf(bytesOf(text))))
}
