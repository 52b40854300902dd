/** `git log`, `git show` and `git reflog`: commits, and what they changed. */
import { textOf } from '#api/bytes.ts'
import { command, type Git, rooted, selects } from '../command.ts'
import { agoOf, personIn, shownDate } from '../identity.ts'
import type { Commit } from '../objects.ts'
import type { Options } from '../options.ts'
import { changesBetween } from '../patch.ts'
import { shortRef } from '../refs.ts'
import type { Repo } from '../repo.ts'
import { ambiguous, commitNamed, peeled, resolve, short, subjectOf } from '../revision.ts'
import type { Change } from '../snapshot.ts'
import { textIn } from '../state.ts'
import { fatal } from '../words.ts'
import { OUTPUTS, printChanges } from './diff.ts'

export const SHAPES = {
  oneline: 'flag',
  format: 'value',
  pretty: 'maybe',
  decorate: 'maybe',
  'no-decorate': 'flag',
  'abbrev-commit': 'flag',
  date: 'value',
  ...OUTPUTS,
} as const

/** Names that point at commits, HEAD first. */
function decorations(repo: Repo): Map<string, string[]> {
  const all = new Map<string, string[]>()
  const put = (id: string | undefined, name: string): void => {
    if (id !== undefined) all.set(id, [...(all.get(id) ?? []), name])
  }
  const { branch } = repo
  put(repo.head, branch === null ? 'HEAD' : `HEAD -> ${shortRef(branch)}`)
  for (const { name, id } of repo.refs.list('refs/tags/').reverse()) put(peeled(repo, id), `tag: ${shortRef(name)}`)
  for (const place of ['refs/remotes/', 'refs/heads/'])
    for (const { name, id } of repo.refs.list(place).reverse()) if (name !== branch) put(id, shortRef(name))
  return all
}

const indented = (message: string): string =>
  message
    .replace(/\n+$/, '')
    .split('\n')
    .map((line) => `    ${line}\n`)
    .join('')

function placeholders(
  git: Git,
  id: string,
  commit: Commit,
  names: readonly string[],
  dateForm: string,
): (code: string) => string {
  const { repo } = git
  const [author, committer] = [personIn(commit.author), personIn(commit.committer)]
  const now = Math.floor(repo.sys.now / 1000)
  const body = commit.message.replace(/^[^]*?(\n[ \t]*\n|$)/, '')
  return (code) => {
    const person = code.startsWith('a') ? author : committer
    if (/^[ac]/.test(code)) {
      const what: Record<string, string> = {
        n: person.name,
        N: person.name,
        e: person.mail,
        E: person.mail,
        d: shownDate(person, dateForm),
        D: shownDate(person, 'rfc'),
        i: shownDate(person, 'iso'),
        I: shownDate(person, 'iso-strict'),
        s: shownDate(person, 'short'),
        t: String(person.seconds),
        r: agoOf(person.seconds, now),
      }
      return what[code[1] ?? ''] ?? `%${code}`
    }
    const whole: Record<string, string> = {
      H: id,
      h: short(repo, id),
      T: commit.tree,
      t: short(repo, commit.tree),
      P: commit.parents.join(' '),
      p: commit.parents.map((each) => short(repo, each)).join(' '),
      s: subjectOf(commit.message),
      b: body,
      B: commit.message,
      d: names.length > 0 ? ` (${names.join(', ')})` : '',
      D: names.join(', '),
      n: '\n',
      '%': '%',
    }
    return whole[code] ?? `%${code}`
  }
}

interface Shape {
  format: string
  /** It is a format of its own, and each stands on a line that ends. */
  terminated: boolean
  decorate: boolean
  date: string
  short: boolean
}

function shapeOf(git: Git, options: Options): Shape {
  const given = options.value('format') ?? options.value('pretty') ?? (options.has('oneline') ? 'oneline' : 'medium')
  const own = /^t?format:/.test(given) || given.includes('%')
  const decorate = options.has('no-decorate')
    ? false
    : options.has('decorate')
      ? options.value('decorate') !== 'no'
      : git.sys.isTty(1)
  return {
    format: own ? given.replace(/^t?format:/, '') : given,
    terminated:
      !own ||
      given.startsWith('tformat:') ||
      (options.has('format') && !given.startsWith('format:')) ||
      (given.includes('%') && !given.startsWith('format:')),
    decorate,
    date: options.value('date') ?? '',
    short: options.has('oneline') || options.has('abbrev-commit'),
  }
}

/** The words of one commit, without what it changed. */
function headOf(git: Git, id: string, shape: Shape, decorated: ReadonlyMap<string, readonly string[]>): string {
  const { repo } = git
  const commit = repo.objects.commit(id)
  const names = decorated.get(id) ?? []
  const shownId = shape.short ? short(repo, id) : id
  const mark = shape.decorate && names.length > 0 ? git.paint('33', ` (${names.join(', ')})`) : ''
  if (shape.format === 'oneline') return `${git.paint('33', shownId)}${mark} ${subjectOf(commit.message)}\n`
  const author = personIn(commit.author)
  const committer = personIn(commit.committer)
  const merge = commit.parents.length > 1 ? `Merge: ${commit.parents.map((each) => short(repo, each)).join(' ')}\n` : ''
  const top = `${git.paint('33', `commit ${shownId}`)}${mark}\n${merge}Author: ${author.name} <${author.mail}>\n`
  if (shape.format === 'short') return `${top}\n    ${subjectOf(commit.message)}\n`
  if (shape.format === 'full') return `${top}Commit: ${committer.name} <${committer.mail}>\n\n${indented(commit.message)}`
  if (shape.format === 'medium') return `${top}Date:   ${shownDate(author, shape.date)}\n\n${indented(commit.message)}`
  const fill = placeholders(git, id, commit, names, shape.date)
  const text = shape.format
    .replace(/%C(?:\([^)]*\)|red|green|blue|reset)/g, '')
    .replace(/%([ac][a-zA-Z]|[a-zA-Z%])/g, (_, code: string) => fill(code))
  return shape.terminated ? `${text}\n` : text
}

/** What a commit changed against its first parent; of a merge nothing is shown. */
export function changesIn(repo: Repo, id: string): Change[] {
  const { parents } = repo.objects.commit(id)
  return parents.length > 1 ? [] : changesBetween(repo.snapshot(parents[0]), repo.snapshot(id), textIn(repo))
}

/** Commits that can be reached from some and not from others, the latest first. */
export function walk(repo: Repo, from: readonly string[], without: readonly string[]): string[] {
  const hidden = new Set(without.flatMap((id) => [...repo.ancestors(id)]))
  const when = (id: string): number => personIn(repo.objects.commit(id).committer).seconds
  const seen = new Set<string>()
  const queue: { id: string; at: number; n: number }[] = []
  let n = 0
  const add = (id: string): void => {
    if (seen.has(id) || hidden.has(id)) return
    seen.add(id)
    queue.push({ id, at: when(id), n: n++ })
  }
  const out: string[] = []
  for (const id of from) add(id)
  while (queue.length > 0) {
    queue.sort((a, b) => b.at - a.at || a.n - b.n)
    const { id } = queue.shift() as { id: string }
    out.push(id)
    for (const parent of repo.objects.commit(id).parents) add(parent)
  }
  return out
}

interface Asked {
  from: string[]
  without: string[]
  paths: string[]
}

/** `a..b`, `^a`, `b`, and after them paths. */
export function rangeOf(repo: Repo, options: Options): Asked {
  const asked: Asked = { from: [], without: [], paths: [] }
  const words = options.before === null ? options.rest : options.rest.slice(0, options.before)
  const find = (word: string): string => commitNamed(repo, word || 'HEAD') ?? ambiguous(word)
  for (const word of words) {
    const three = /^(.*)\.\.\.(.*)$/.exec(word)
    const two = /^(.*?)\.\.(.*)$/.exec(word)
    if (three) {
      const [a, b] = [find(three[1] ?? ''), find(three[2] ?? '')]
      asked.from.push(a, b)
      const base = repo.mergeBase(a, b)
      if (base) asked.without.push(base)
    } else if (two && !word.startsWith('.')) {
      asked.without.push(find(two[1] ?? ''))
      asked.from.push(find(two[2] ?? ''))
    } else if (word.startsWith('^')) asked.without.push(find(word.slice(1)))
    else {
      const id = commitNamed(repo, word)
      if (id !== undefined) asked.from.push(id)
      else if (repo.worktree.file(rooted(repo, word)) || repo.worktree.isFolder(rooted(repo, word)))
        asked.paths.push(rooted(repo, word))
      else ambiguous(word)
    }
  }
  asked.paths.push(...options.paths.map((word) => rooted(repo, word)))
  return asked
}

export const log = command({
  name: 'log',
  usage: '[<options>] [<revision-range>] [[--] <path>...]',
  spec: {
    n: 'value',
    'max-count': { is: 'n' },
    all: 'flag',
    reverse: 'flag',
    merges: 'flag',
    'no-merges': 'flag',
    graph: 'flag',
    grep: 'value',
    author: 'value',
    'first-parent': 'flag',
    follow: 'flag',
    ...SHAPES,
  },
  run(git, options) {
    const { repo } = git
    const { from, without, paths } = rangeOf(repo, options)
    if (options.has('all')) from.push(...repo.refs.list('refs/').map(({ id }) => peeled(repo, id)))
    else if (from.length === 0) {
      const { head } = repo
      if (head === undefined) fatal(`your current branch '${repo.branchName}' does not have any commits yet`)
      from.push(head as string)
    }
    if (options.has('graph')) fatal('--graph is not part of this simulation of git')
    const shape = shapeOf(git, options)
    const decorated = decorations(repo)
    const touches = selects(paths)
    let ids = walk(repo, from, without)
    const merges = (id: string): boolean => repo.objects.commit(id).parents.length > 1
    if (options.has('merges')) ids = ids.filter(merges)
    if (options.has('no-merges')) ids = ids.filter((id) => !merges(id))
    const pattern = options.value('grep')
    if (pattern !== undefined) ids = ids.filter((id) => repo.objects.commit(id).message.includes(pattern))
    const who = options.value('author')
    if (who !== undefined) ids = ids.filter((id) => repo.objects.commit(id).author.includes(who))
    if (paths.length > 0)
      ids = ids.filter((id) => changesIn(repo, id).some(({ path, from: old }) => touches(path) || touches(old)))
    ids = ids.slice(0, Number(options.value('n') ?? ids.length))
    if (options.has('reverse')) ids.reverse()
    let out = ''
    for (const [i, id] of ids.entries()) {
      const lines = shape.format === 'oneline' || (shape.terminated && !['medium', 'short', 'full'].includes(shape.format))
      if (i > 0 && !lines) out += '\n'
      out += headOf(git, id, shape, decorated)
      const changes = changesIn(repo, id).filter(({ path, from: old }) => touches(path) || touches(old))
      const printed = printChanges(git, changes, options, textIn(repo), false)
      if (printed)
        out += (lines ? '' : options.has('p') && OUTPUT_FIRST.some((each) => options.has(each)) ? '---\n' : '\n') + printed
    }
    git.out(out)
    return 0
  },
})

const OUTPUT_FIRST = ['stat', 'shortstat']

function showObject(git: Git, word: string, options: Options): string {
  const { repo } = git
  const id = resolve(repo, word) ?? ambiguous(word)
  const raw = repo.objects.read(id)
  if (raw.kind === 'blob') return textOf(raw.bytes)
  if (raw.kind === 'tree')
    return `tree ${word}\n\n${repo.objects
      .tree(id)
      .map(({ name, mode }) => `${name}${mode === '40000' ? '/' : ''}\n`)
      .join('')}`
  const commit = peeled(repo, id)
  const tag = raw.kind === 'tag' ? tagWords(textOf(raw.bytes)) : ''
  const shape = shapeOf(git, options)
  const changes = options.has('s') ? [] : changesIn(repo, commit)
  const printed = printChanges(git, changes, options, textIn(repo), true)
  const head = headOf(git, commit, shape, decorations(repo))
  const lines = shape.format === 'oneline'
  const merged = !options.has('s') && repo.objects.commit(commit).parents.length > 1
  return `${tag}${head}${printed ? `${lines ? '' : '\n'}${printed}` : merged && !lines ? '\n' : ''}`
}

function tagWords(text: string): string {
  const name = /^tag (.*)$/m.exec(text)?.[1] ?? ''
  const tagger = personIn(/^tagger (.*)$/m.exec(text)?.[1] ?? '')
  return `tag ${name}\nTagger: ${tagger.name} <${tagger.mail}>\nDate:   ${shownDate(tagger)}\n\n${text.slice(text.indexOf('\n\n') + 2)}\n`
}

export const show = command({
  name: 'show',
  usage: '[<options>] [<object>...]',
  spec: { s: 'flag', 'no-patch': { is: 's' }, ...SHAPES },
  run(git, options) {
    const words = options.rest.length > 0 ? options.rest : ['HEAD']
    if (options.rest.length === 0 && git.repo.head === undefined)
      fatal(`your current branch '${git.repo.branchName}' does not have any commits yet`)
    git.out(words.map((word) => showObject(git, word, options)).join('\n'))
    return 0
  },
})

export const reflog = command({
  name: 'reflog',
  usage: '[show] [-n <number>]',
  spec: { n: 'value' },
  run(git, options) {
    const { repo } = git
    const all = repo.logged.slice(0, Number(options.value('n') ?? Number.POSITIVE_INFINITY))
    git.out(all.map(({ id, why }, i) => `${git.paint('33', short(repo, id))} HEAD@{${i}}: ${why}\n`).join(''))
    return 0
  },
})
