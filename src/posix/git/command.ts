/** A command of git, and what it is given. */
import type { Step } from '../program.ts'
import type { Sys } from '../sys.ts'
import { normalPath } from '../vfs.ts'
import { globMatches } from './ignore.ts'
import { type Options, optionsOf, type Spec } from './options.ts'
import { findRepo, type Repo, type Settings } from './repo.ts'
import { fatal } from './words.ts'

export interface Command {
  name: string
  usage: string
  spec: Spec
  /** Returns its status; undefined: it waits for the network, and is called again. */
  run(git: Git, options: Options): Step
}

export const command = (declaration: Command): Command => declaration

export class Git {
  readonly sys: Sys
  readonly settings: Settings
  /** What it keeps between calls. */
  readonly data: any
  #repo: Repo | null | undefined

  constructor(sys: Sys, settings: Settings, data: any) {
    this.sys = sys
    this.settings = settings
    this.data = data
  }

  get repo(): Repo {
    this.#repo ??= findRepo(this.sys, this.settings)
    return this.#repo ?? fatal('not a git repository (or any of the parent directories): .git')
  }
  get inRepo(): boolean {
    return findRepo(this.sys, this.settings) !== null
  }
  /** With colours, where a person reads. */
  get colours(): boolean {
    const asked = this.settings.get('color.ui') ?? 'auto'
    return asked === 'always' || (asked !== 'false' && asked !== 'never' && this.sys.isTty(1))
  }
  paint(code: string, text: string): string {
    return this.colours && text !== '' ? `\x1b[${code}m${text}\x1b[m` : text
  }

  out(text: string): void {
    this.sys.out(text)
  }
  err(text: string): void {
    this.sys.err(text)
  }
}

/** Runs another command as if it had been typed. */
export const call = (git: Git, { run, spec, usage, name }: Command, args: readonly string[]): Step =>
  run(git, optionsOf(args, spec, `usage: git ${name} ${usage}`))

/** A path as it was written, relative to the root; empty: the root itself. */
export function rooted(repo: Repo, word: string): string {
  const full = normalPath(word.replace(/^:\//, `${repo.root}/`), repo.sys.proc.cwd)
  const { root } = repo
  if (full === root || root === '/') return full === root ? '' : full.slice(1)
  if (full.startsWith(`${root}/`)) return full.slice(root.length + 1)
  return fatal(`${word}: '${word}' is outside repository at '${root}'`)
}

/** Whether a file is meant by a path: it itself, what is in that folder, or a pattern. */
export const meant = (path: string, spec: string): boolean =>
  spec === '' || path === spec || path.startsWith(`${spec}/`) || (/[*?[]/.test(spec) && globMatches(spec, path))

export const selects = (specs: readonly string[]) => (path: string) =>
  specs.length === 0 || specs.some((spec) => meant(path, spec))

/** A path as one sees it from where one stands. */
export function relative(repo: Repo, path: string): string {
  const from = repo.prefix.split('/').filter(Boolean)
  const to = path.split('/')
  let same = 0
  while (same < from.length && same < to.length - 1 && from[same] === to[same]) same++
  return '../'.repeat(from.length - same) + to.slice(same).join('/') || './'
}
