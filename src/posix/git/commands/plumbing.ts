/** `git config`, `git rev-parse`, `git ls-files`, `git cat-file` and their like: what others are made of. */
import { bytesOf, textOf } from '#api/bytes.ts'
import { command, relative, rooted, selects } from '../command.ts'
import { ConfigFile } from '../config.ts'
import { blobId, entriesIn } from '../objects.ts'
import { quotedPath } from '../patch.ts'
import { shortRef } from '../refs.ts'
import { commitNamed, refNamed, resolve, short } from '../revision.ts'
import { standingOf, untrackedIn } from '../state.ts'
import { Fatal, fatal } from '../words.ts'

export const config = command({
  name: 'config',
  usage: '[--global | --system | --local] [--list | --get | --unset] [<name> [<value>]]',
  spec: {
    global: 'flag',
    system: 'flag',
    local: 'flag',
    l: 'flag',
    list: { is: 'l' },
    get: 'flag',
    'get-all': 'flag',
    unset: 'flag',
    add: 'flag',
    'remove-section': 'flag',
    f: 'value',
    file: { is: 'f' },
  },
  run(git, options) {
    const { settings } = git
    if (git.inRepo) void git.repo
    const given = options.value('f')
    const file = given
      ? new ConfigFile(git.repo.store, given)
      : options.has('global')
        ? settings.user
        : options.has('system')
          ? settings.system
          : options.has('local')
            ? settings.own
            : null
    const [key, value] = options.rest
    const all = file ? file.all() : settings.all()
    if (options.has('l')) {
      git.out(all.map(([name, text]) => `${name}=${text}\n`).join(''))
      return 0
    }
    if (key === undefined) throw new Fatal(`usage: git config ${config.usage}`, 129)
    if (!key.includes('.')) {
      git.err(`error: key does not contain a section: ${key}\n`)
      return options.has('unset') || value !== undefined ? 2 : 1
    }
    const target = file ?? settings.own ?? fatal('not in a git directory')
    if (options.has('remove-section')) target.removeSection(key)
    else if (options.has('unset')) return target.unset(key) ? 0 : 5
    else if (value !== undefined) {
      const why = target.set(key, value)
      if (why) throw new Fatal(`error: could not lock config file ${target.path}: ${why}`, 255)
    } else {
      const name = key.toLowerCase()
      const found = all.filter(([each]) => each === key || each === name).map(([, text]) => text)
      if (found.length === 0) return 1
      git.out(options.has('get-all') ? found.map((text) => `${text}\n`).join('') : `${found.at(-1)}\n`)
    }
    return 0
  },
})

export const revParse = command({
  name: 'rev-parse',
  usage: '[--short] [--verify] [--abbrev-ref] [--show-toplevel] [--git-dir] <args>...',
  spec: {
    short: 'maybe',
    verify: 'flag',
    q: 'flag',
    quiet: { is: 'q' },
    'abbrev-ref': 'flag',
    'show-toplevel': 'flag',
    'git-dir': 'flag',
    'is-inside-work-tree': 'flag',
    'is-bare-repository': 'flag',
    'show-prefix': 'flag',
    'symbolic-full-name': 'flag',
  },
  run(git, options) {
    const { repo } = git
    if (options.has('show-toplevel')) git.out(`${repo.root}\n`)
    if (options.has('git-dir'))
      git.out(
        `${!repo.bare && repo.root === repo.sys.proc.cwd ? '.git' : repo.bare && repo.dir === repo.sys.proc.cwd ? '.' : repo.dir}\n`,
      )
    if (options.has('is-inside-work-tree')) git.out(`${!repo.bare}\n`)
    if (options.has('is-bare-repository')) git.out(`${repo.settings.isOn('core.bare')}\n`)
    if (options.has('show-prefix')) git.out(`${repo.prefix}\n`)
    for (const word of options.rest) {
      const id = resolve(repo, word)
      if (id === undefined) {
        if (options.has('q')) return 1
        if (options.has('verify') || options.has('short')) fatal('Needed a single revision')
        git.out(`${word}\n`)
        fatal(
          `ambiguous argument '${word}': unknown revision or path not in the working tree.\nUse '--' to separate paths from revisions, like this:\n'git <command> [<revision>...] -- [<file>...]'`,
        )
      }
      const found = id as string
      if (options.has('abbrev-ref')) {
        const up = /^(.*)@\{(?:u|upstream)\}$/.exec(word)
        const name = up
          ? repo.upstream(up[1] || repo.branchName)?.ref
          : word === 'HEAD' || word === '@'
            ? (repo.branch ?? 'HEAD')
            : refNamed(repo, word)
        git.out(`${name ? shortRef(name) : word}\n`)
      } else if (options.has('symbolic-full-name'))
        git.out(`${word === 'HEAD' ? (repo.branch ?? 'HEAD') : (refNamed(repo, word) ?? '')}\n`)
      else git.out(`${options.has('short') ? short(repo, found, Number(options.value('short') ?? 7)) : found}\n`)
    }
    return 0
  },
})

export const lsFiles = command({
  name: 'ls-files',
  usage: '[-c] [-s] [-m] [-d] [-o] [--exclude-standard] [<file>...]',
  spec: {
    c: 'flag',
    cached: { is: 'c' },
    s: 'flag',
    stage: { is: 's' },
    m: 'flag',
    modified: { is: 'm' },
    d: 'flag',
    deleted: { is: 'd' },
    o: 'flag',
    others: { is: 'o' },
    u: 'flag',
    unmerged: { is: 'u' },
    'exclude-standard': 'flag',
    'error-unmatch': 'flag',
  },
  run(git, options) {
    const { repo } = git
    const specs =
      options.rest.length > 0 ? options.rest.map((word) => rooted(repo, word)) : repo.prefix ? [repo.prefix.slice(0, -1)] : []
    const is = selects(specs)
    const entries = repo.index().filter(({ path }) => is(path))
    if (options.has('error-unmatch') && entries.length === 0)
      throw new Fatal(
        `error: pathspec '${options.rest[0]}' did not match any file(s) known to git\nDid you forget to 'git add'?`,
        1,
      )
    const told = (paths: readonly string[]): void =>
      git.out(paths.map((path) => `${quotedPath(relative(repo, path))}\n`).join(''))
    if (options.has('o')) {
      const known = new Set(repo.index().map(({ path }) => path))
      told(
        (options.has('exclude-standard')
          ? untrackedIn(repo, known, true)
          : repo.worktree.list().filter((path) => !known.has(path))
        ).filter(is),
      )
    } else if (options.has('m') || options.has('d')) {
      const { unstaged } = standingOf(repo)
      told(unstaged.filter(({ kind, path }) => is(path) && (options.has('m') || kind === 'D')).map(({ path }) => path))
    } else if (options.has('s') || options.has('u'))
      git.out(
        entries
          .filter(({ stage }) => !options.has('u') || stage > 0)
          .map(({ mode, id, stage, path }) => `${mode} ${id} ${stage}\t${quotedPath(relative(repo, path))}\n`)
          .join(''),
      )
    else told([...new Set(entries.map(({ path }) => path))])
    return 0
  },
})

export const mergeBase = command({
  name: 'merge-base',
  usage: '[--is-ancestor] <commit> <commit>',
  spec: { 'is-ancestor': 'flag' },
  run({ repo, sys }, options) {
    const [a = '', b = ''] = options.rest.map((word) => commitNamed(repo, word) ?? fatal(`Not a valid object name ${word}`))
    if (options.has('is-ancestor')) return repo.ancestors(b).has(a) ? 0 : 1
    const base = repo.mergeBase(a, b)
    if (base !== undefined) sys.out(`${base}\n`)
    return base === undefined ? 1 : 0
  },
})

export const catFile = command({
  name: 'cat-file',
  usage: '(-p | -t | -s | -e) <object>',
  spec: { p: 'flag', t: 'flag', s: 'flag', e: 'flag' },
  run(git, options) {
    const { repo } = git
    const [word = ''] = options.rest
    const id = resolve(repo, word) ?? fatal(`Not a valid object name ${word}`)
    const raw = repo.objects.read(id)
    if (options.has('t')) git.out(`${raw.kind}\n`)
    else if (options.has('s')) git.out(`${raw.bytes.length}\n`)
    else if (raw.kind === 'tree' && options.has('p')) git.out(treeLines(raw.bytes))
    else if (!options.has('e')) git.out(textOf(raw.bytes))
    return 0
  },
})

const treeLines = (bytes: Uint8Array): string =>
  entriesIn(bytes)
    .map(({ mode, name, id }) => `${mode.padStart(6, '0')} ${mode === '40000' ? 'tree' : 'blob'} ${id}\t${name}\n`)
    .join('')

export const lsTree = command({
  name: 'ls-tree',
  usage: '[-r] [--name-only] <tree-ish>',
  spec: { r: 'flag', 'name-only': 'flag' },
  run(git, options) {
    const { repo } = git
    const [word = ''] = options.rest
    const id = resolve(repo, word) ?? fatal(`Not a valid object name ${word}`)
    const lines = options.has('r')
      ? [...repo.snapshot(id)].map(([path, item]) => `${item.mode} blob ${item.id}\t${path}\n`).join('')
      : treeLines(repo.objects.read(repo.treeOf(id)).bytes)
    git.out(options.has('name-only') ? lines.replace(/^.*\t/gm, '') : lines)
    return 0
  },
})

export const hashObject = command({
  name: 'hash-object',
  usage: '[-w] <file>...',
  spec: { w: 'flag', stdin: 'flag' },
  run({ sys, repo }, options) {
    const texts: string[] = []
    if (options.has('stdin')) {
      const piece = sys.read(0)
      if (piece === undefined) return undefined
      texts.push(piece ?? '')
    }
    for (const word of options.rest) {
      const read = sys.text(word)
      if (typeof read === 'string') fatal(`could not open '${word}' for reading: ${read}`)
      else texts.push(read.text)
    }
    for (const text of texts) {
      if (options.has('w')) repo.objects.write('blob', bytesOf(text))
      sys.out(`${blobId(text)}\n`)
    }
    return 0
  },
})
