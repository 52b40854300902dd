/** `git init`: a new repository, empty. */
import { normalPath } from '../../vfs.ts'
import { command } from '../command.ts'
import { isRepo } from '../repo.ts'
import { makeFolders, type Store, storeOf } from '../store.ts'

const EXCLUDE =
  "# git ls-files --others --exclude-from=.git/info/exclude\n# Lines that start with '#' are comments.\n# For a project mostly in C, the following would be a good set of\n# exclude patterns (uncomment them if you want to use them):\n# *.[oa]\n# *~\n"

export const HINT = [
  "Using 'master' as the name for the initial branch. This default branch name",
  'is subject to change. To configure the initial branch name to use in all',
  'of your new repositories, which will suppress this warning, call:',
  '',
  '\tgit config --global init.defaultBranch <name>',
  '',
  "Names commonly chosen instead of 'master' are 'main', 'trunk' and",
  "'development'. The just-created branch can be renamed via this command:",
  '',
  '\tgit branch -m <name>',
]
  .map((line) => `hint: ${line}\n`)
  .join('')

/** The files of an empty repository. */
export function writeEmpty(store: Store, dir: string, branch: string, bare: boolean, folder: (path: string) => void): void {
  for (const path of ['branches', 'hooks', 'info', 'objects/info', 'objects/pack', 'refs/heads', 'refs/tags'])
    folder(`${dir}/${path}`)
  store.write(`${dir}/HEAD`, `ref: refs/heads/${branch}\n`)
  store.write(`${dir}/description`, "Unnamed repository; edit this file 'description' to name the repository.\n")
  store.write(`${dir}/info/exclude`, EXCLUDE)
  store.write(
    `${dir}/config`,
    `[core]\n\trepositoryformatversion = 0\n\tfilemode = true\n\tbare = ${bare}\n${bare ? '' : '\tlogallrefupdates = true\n'}`,
  )
}

export const init = command({
  name: 'init',
  usage: '[-q | --quiet] [--bare] [-b <branch-name>] [<directory>]',
  spec: {
    q: 'flag',
    quiet: { is: 'q' },
    bare: 'flag',
    b: 'value',
    'initial-branch': { is: 'b' },
  },
  run({ sys, settings }, options) {
    const place = normalPath(options.rest[0] ?? '.', sys.proc.cwd)
    const bare = options.has('bare')
    const dir = bare ? place : `${place === '/' ? '' : place}/.git`
    const quiet = options.has('q')
    if (isRepo(sys, dir)) {
      if (!quiet) sys.out(`Reinitialized existing Git repository in ${dir}/\n`)
      return 0
    }
    const set = options.value('b') ?? settings.get('init.defaultbranch')
    if (set === undefined && !quiet) sys.err(HINT)
    makeFolders(sys, place)
    const denied = sys.exists(dir) ? '' : sys.mkdir(dir)
    if (denied) {
      sys.err(`fatal: cannot mkdir ${dir}: ${denied}\n`)
      return 128
    }
    writeEmpty(storeOf(sys), dir, set ?? 'master', bare, (path) => makeFolders(sys, path))
    if (!quiet) sys.out(`Initialized empty Git repository in ${dir}/\n`)
    return 0
  },
})
