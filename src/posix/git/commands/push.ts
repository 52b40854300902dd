/** `git push`: gives a repository elsewhere what it has not. */
import type { Step } from '../../program.ts'
import { command, type Git } from '../command.ts'
import { NO_ID } from '../objects.ts'
import type { Options } from '../options.ts'
import { BRANCHES, REMOTES, shortRef, TAGS } from '../refs.ts'
import type { Repo } from '../repo.ts'
import { resolve, short } from '../revision.ts'
import { packOf, reachable } from '../wire/pack.ts'
import type { Advertised } from '../wire/packets.ts'
import { Remote } from '../wire/remote.ts'
import { Fatal, fatal } from '../words.ts'
import { follow } from './branch.ts'
import { remotesOf, type Source, sourceOf, WIDTH } from './remote.ts'

interface Order {
  /** As it is called here, in full; null: it is to be deleted there. */
  from: string | null
  /** As it was written, where that is shown. */
  shown?: string
  name: string
  now: string
  force: boolean
}

function ordersOf(git: Git, words: readonly string[], options: Options, target: string): Order[] {
  const { repo } = git
  const force = options.has('f')
  if (options.has('all')) return repo.refs.list(BRANCHES).map(({ name, id }) => ({ from: name, name, now: id, force }))
  if (options.has('tags') && words.length === 0)
    return repo.refs.list(TAGS).map(({ name, id }) => ({ from: name, name, now: id, force }))
  if (options.has('delete')) return words.map((word) => ({ from: null, name: BRANCHES + word, now: NO_ID, force: true }))
  if (words.length === 0) return [currentOrder(git, options, target)]
  return words.map((word): Order => {
    const forced = force || word.startsWith('+')
    const [from = '', to] = word.replace(/^\+/, '').split(':')
    if (from === '') return { from: null, name: BRANCHES + to, now: NO_ID, force: true }
    const found =
      from === 'HEAD' && repo.branch
        ? repo.branch
        : [BRANCHES + from, TAGS + from, from].find((name) => repo.refs.get(name) !== undefined)
    const id = found ? repo.refs.get(found) : resolve(repo, from)
    if (id === undefined)
      throw new Fatal(`error: src refspec ${from} does not match any\nerror: failed to push some refs to '${target}'`, 1)
    const name =
      to === undefined ? (found ?? from) : to.startsWith('refs/') ? to : (found?.startsWith(TAGS) ? TAGS : BRANCHES) + to
    return { from: found ?? from, ...(from === 'HEAD' ? { shown: from } : {}), name, now: id, force: forced }
  })
}

function currentOrder({ repo }: Git, options: Options, target: string): Order {
  const { branch, branchName, head } = repo
  if (branch === null || branchName === null)
    return fatal(
      'You are not currently on a branch.\nTo push the history leading to the current (detached HEAD)\nstate now, use\n\n    git push origin HEAD:<name-of-remote-branch>\n',
    )
  if (head === undefined)
    throw new Fatal(`error: src refspec ${branch} does not match any\nerror: failed to push some refs to '${target}'`, 1)
  const upstream = repo.upstream()
  if (!upstream && !repo.settings.isOn('push.autosetupremote') && !options.has('u'))
    fatal(
      `The current branch ${branchName} has no upstream branch.\nTo push the current branch and set the remote as upstream, use\n\n    git push --set-upstream ${remotesOf(repo)[0] ?? 'origin'} ${branchName}\n\nTo have this happen automatically for branches without a tracking\nupstream, see 'push.autoSetupRemote' in 'git help config'.\n`,
    )
  return { from: branch, name: upstream?.merge ?? branch, now: head, force: options.has('f') }
}

const AGAIN = "hint: See the 'Note about fast-forwards' in 'git push --help' for details.\n"
const BEHIND = `hint: Updates were rejected because the tip of your current branch is behind\nhint: its remote counterpart. Integrate the remote changes (e.g.\nhint: 'git pull ...') before pushing again.\n${AGAIN}`
const ELSEWHERE = `hint: Updates were rejected because the remote contains work that you do\nhint: not have locally. This is usually caused by another repository pushing\nhint: to the same ref. You may want to first integrate the remote changes\nhint: (e.g., 'git pull ...') before pushing again.\n${AGAIN}`

interface Verdict extends Order {
  old: string
  /** Why it is not even tried. */
  refused: '' | 'fetch first' | 'non-fast-forward' | 'remote ref does not exist'
}

function judge(repo: Repo, told: Advertised, order: Order): Verdict {
  const old = told.refs.find(({ name }) => name === order.name)?.id ?? NO_ID
  const fine: Verdict = { ...order, old, refused: '' }
  if (order.from === null) return old === NO_ID ? { ...fine, refused: 'remote ref does not exist' } : fine
  if (old === NO_ID || order.force || old === order.now) return fine
  if (!repo.objects.has(old)) return { ...fine, refused: 'fetch first' }
  return repo.ancestors(order.now).has(old) ? fine : { ...fine, refused: 'non-fast-forward' }
}

function lineOf(repo: Repo, { from, shown, name, now, old, refused }: Verdict, why: string): string {
  const line = (sign: string, what: string, more = ''): string =>
    ` ${sign} ${what.padEnd(WIDTH)} ${from === null ? '' : `${shown ?? shortRef(from)} -> `}${shortRef(name)}${more}\n`
  if (refused) return line('!', '[rejected]', ` (${refused})`)
  if (why) return line('!', '[remote rejected]', ` (${why})`)
  if (from === null) return line('-', '[deleted]')
  if (old === now) return line('=', '[up to date]')
  if (old === NO_ID) return line('*', name.startsWith(TAGS) ? '[new tag]' : '[new branch]')
  const forced = !repo.objects.has(old) || !repo.ancestors(now).has(old)
  return line(
    forced ? '+' : ' ',
    `${short(repo, old)}${forced ? '...' : '..'}${short(repo, now)}`,
    forced ? ' (forced update)' : '',
  )
}

export const push = command({
  name: 'push',
  usage: '[-u] [-f] [--all] [--tags] [--delete] [-q] [<repository> [<refspec>...]]',
  spec: {
    u: 'flag',
    'set-upstream': { is: 'u' },
    f: 'flag',
    force: { is: 'f' },
    all: 'flag',
    tags: 'flag',
    delete: 'flag',
    d: { is: 'delete' },
    q: 'flag',
    quiet: { is: 'q' },
    v: 'flag',
    'force-with-lease': { is: 'f' },
  },
  run(git, options): Step {
    const { repo } = git
    const [word, ...words] = options.rest
    if (word === undefined && remotesOf(repo).length === 0)
      fatal(
        'No configured push destination.\nEither specify the URL from the command-line or configure a remote repository using\n\n    git remote add <name> <url>\n\nand then push using the remote name\n\n    git push <name>\n',
      )
    const source = sourceOf(repo, word)
    const orders = ordersOf(git, words, options, source.url)
    const other = new Remote(git, source.url)
    const told = other.advertised('git-receive-pack')
    if (told === undefined) return undefined
    const verdicts = orders.map((order) => judge(repo, told, order))
    const sent = verdicts.filter(({ refused, old, now }) => refused === '' && old !== now)
    let results: Map<string, string> | undefined = new Map()
    if (sent.length > 0) {
      const news = sent.flatMap(({ now }) => (now === NO_ID ? [] : [now]))
      const pack =
        news.length > 0
          ? packOf(
              repo.objects,
              reachable(
                repo.objects,
                news,
                told.refs.map(({ id }) => id),
              ),
            )
          : null
      results = other.push(
        sent.map(({ old, now, name }) => ({ old, now, name })),
        pack,
      )
      if (results === undefined) return undefined
    }
    return finishPush(git, source, verdicts, results, options)
  },
})

function finishPush(
  git: Git,
  source: Source,
  verdicts: readonly Verdict[],
  results: ReadonlyMap<string, string>,
  options: Options,
): number {
  const { repo } = git
  const quiet = options.has('q')
  const shown = verdicts.filter(({ old, now, refused }) => old !== now || refused)
  const failed = verdicts.filter(({ refused, name }) => refused || results.get(name))
  if (shown.length === 0 && !quiet) git.err('Everything up-to-date\n')
  else if (!quiet || failed.length > 0)
    git.err(`To ${source.url}\n${shown.map((each) => lineOf(repo, each, results.get(each.name) ?? '')).join('')}`)
  for (const { name, now, from, refused } of verdicts) {
    if (refused || results.get(name) || !source.isNamed || !name.startsWith(BRANCHES)) continue
    const own = `${REMOTES}${source.name}/${shortRef(name)}`
    if (from === null) repo.refs.remove(own)
    else repo.refs.set(own, now)
    if (options.has('u') && from?.startsWith(BRANCHES)) follow(git, shortRef(from), source.name, shortRef(name), quiet)
  }
  if (failed.length === 0) return 0
  git.err(`error: failed to push some refs to '${source.url}'\n`)
  if (failed.some(({ refused }) => refused === 'fetch first')) git.err(ELSEWHERE)
  else if (failed.some(({ refused }) => refused === 'non-fast-forward')) git.err(BEHIND)
  return 1
}
