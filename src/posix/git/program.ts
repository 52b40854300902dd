/** `git`: finds the command and the settings, and says what went wrong. */
import { type Program, program } from '../program.ts'
import type { Sys } from '../sys.ts'
import { normalPath } from '../vfs.ts'
import { Git } from './command.ts'
import { commands } from './commands/index.ts'
import { optionsOf } from './options.ts'
import { Settings } from './repo.ts'
import { storeOf } from './store.ts'
import { VERSION } from './version.ts'
import { Fatal } from './words.ts'

interface Begun {
  args: string[]
  given: [string, string][]
}

/** Options before the command; a status when that is all. */
function begin(sys: Sys): Begun | number {
  const args = sys.args
  const given: [string, string][] = []
  for (let i = 0; i < args.length; i++) {
    const word = args[i] as string
    if (!word.startsWith('-')) return { args: args.slice(i), given }
    if (word === '-C') {
      const to = args[++i] ?? ''
      const place = sys.at(to)
      if (typeof place === 'string') {
        sys.err(`fatal: cannot change to '${to}': ${place}\n`)
        return 128
      }
      sys.proc.cwd = normalPath(to, sys.proc.cwd)
    } else if (word === '-c') {
      const [key = '', value = 'true'] = (args[++i] ?? '').split(/=([^]*)/)
      given.push([key.toLowerCase(), value])
    } else if (word === '--version' || word === '-v') {
      sys.out(`git version ${VERSION}\n`)
      return 0
    } else if (word === '--help' || word === '-h') return help(sys)
    else if (word !== '--no-pager' && word !== '-p' && word !== '--paginate' && word !== '-P') {
      sys.err(
        `unknown option: ${word}\nusage: git [-v | --version] [-h | --help] [-C <path>] [-c <name>=<value>]\n           [--no-pager] <command> [<args>]\n`,
      )
      return 129
    }
  }
  help(sys)
  return 1
}

function help(sys: Sys): number {
  const names = commands.map(({ name, usage }) => `   ${name.padEnd(10)} ${usage.split('\n')[0]}\n`)
  sys.out(
    `usage: git [-v | --version] [-h | --help] [-C <path>] [-c <name>=<value>]\n           [--no-pager] <command> [<args>]\n\nThese are the Git commands of this simulation:\n\n${names.join('')}`,
  )
  return 0
}

export const git: Program = program({
  name: 'git',
  run(sys, data) {
    const begun: Begun | number = data.begun ?? begin(sys)
    if (typeof begun === 'number') return begun
    data.begun = begun
    const [name = '', ...args] = begun.args
    if (name === 'help') return help(sys)
    if (name === 'version') {
      sys.out(`git version ${VERSION}\n`)
      return 0
    }
    const command = commands.find((each) => each.name === name)
    if (!command) {
      sys.err(`git: '${name}' is not a git command. See 'git --help'.\n`)
      return 1
    }
    const settings = new Settings(storeOf(sys), sys.env('HOME') ?? '/', begun.given)
    const usage = `usage: git ${name} ${command.usage}`
    try {
      if (args.includes('-h') && args.length === 1) {
        sys.out(`${usage}\n`)
        return 129
      }
      return command.run(new Git(sys, settings, data), optionsOf(args, command.spec, usage))
    } catch (error) {
      if (!(error instanceof Fatal)) throw error
      if (error.message !== '') sys.err(`${error.message}\n`)
      return error.status
    }
  },
})
