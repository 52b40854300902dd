/** `git remote`: the names of repositories elsewhere. */
import { command } from '../command.ts'
import { BRANCHES, REMOTES, shortRef } from '../refs.ts'
import type { Repo } from '../repo.ts'
import { Fatal, fatal, wrong } from '../words.ts'

/** Columns of what is told of each name. */
export const WIDTH = 17

export const remotesOf = (repo: Repo): string[] => [
  ...new Set(repo.settings.all().flatMap(([key]) => (/^remote\.(.+)\.url$/.exec(key) ? [key.slice(7, -4)] : []))),
]
export const urlFor = (repo: Repo, name: string): string | undefined => repo.settings.get(`remote.${name}.url`)

export const remote = command({
  name: 'remote',
  usage: '[-v]\n   or: git remote add <name> <url>\n   or: git remote (remove | rename | get-url | set-url) ...',
  spec: { v: 'flag', verbose: { is: 'v' } },
  run(git, options) {
    const { repo } = git
    const [verb, name = '', value = ''] = options.rest
    const own = repo.settings.own
    const known = (): string => urlFor(repo, name) ?? wrong(`No such remote '${name}'`, 2)
    if (verb === undefined || verb === '-v') {
      for (const each of remotesOf(repo).sort())
        git.out(
          options.has('v') ? ['fetch', 'push'].map((way) => `${each}\t${urlFor(repo, each)} (${way})\n`).join('') : `${each}\n`,
        )
    } else if (verb === 'add') {
      if (options.rest.length !== 3) throw new Fatal('usage: git remote add [<options>] <name> <url>', 129)
      if (urlFor(repo, name) !== undefined) wrong(`remote ${name} already exists.`, 3)
      own?.set(`remote.${name}.url`, value)
      own?.set(`remote.${name}.fetch`, `+refs/heads/*:refs/remotes/${name}/*`)
    } else if (verb === 'remove' || verb === 'rm') {
      known()
      for (const each of repo.refs.list(`${REMOTES}${name}/`)) repo.refs.remove(each.name)
      own?.removeSection(`remote.${name}`)
      for (const { name: branch } of repo.refs.list(BRANCHES))
        if (repo.settings.get(`branch.${shortRef(branch)}.remote`) === name) own?.removeSection(`branch.${shortRef(branch)}`)
    } else if (verb === 'rename') {
      const url = known()
      for (const { name: ref, id } of repo.refs.list(`${REMOTES}${name}/`)) {
        repo.refs.remove(ref)
        repo.refs.set(`${REMOTES}${value}${ref.slice(REMOTES.length + name.length)}`, id)
      }
      own?.removeSection(`remote.${name}`)
      own?.set(`remote.${value}.url`, url)
      own?.set(`remote.${value}.fetch`, `+refs/heads/*:refs/remotes/${value}/*`)
      for (const { name: branch } of repo.refs.list(BRANCHES))
        if (repo.settings.get(`branch.${shortRef(branch)}.remote`) === name) own?.set(`branch.${shortRef(branch)}.remote`, value)
    } else if (verb === 'get-url') git.out(`${known()}\n`)
    else if (verb === 'set-url') {
      known()
      own?.set(`remote.${name}.url`, value)
    } else throw new Fatal(`error: Unknown subcommand: ${verb}\nusage: git remote ${remote.usage}`, 1)
    return 0
  },
})

/** Without what need not be told: `.git` and slashes at its end. */
export const shownUrl = (url: string): string => url.replace(/\/+$/, '').replace(/\.git$/, '')

export interface Source {
  name: string
  url: string
  isNamed: boolean
}

export function sourceOf(repo: Repo, word: string | undefined): Source {
  const name =
    word ??
    repo.settings.get(`branch.${repo.branchName}.remote`) ??
    (remotesOf(repo).length === 1 ? (remotesOf(repo)[0] as string) : 'origin')
  const url = urlFor(repo, name)
  if (url !== undefined) return { name, url, isNamed: true }
  if (word === undefined && remotesOf(repo).length === 0)
    fatal(
      'No remote repository specified.  Please, specify either a URL or a\nremote name from which new revisions should be fetched.',
    )
  return { name, url: name, isNamed: false }
}
