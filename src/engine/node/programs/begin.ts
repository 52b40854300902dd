/** How a command line becomes a running script: `sh -c …`, a script file, or one command. */
import { parse, SyntaxProblem } from './parse.ts'
import type { Host } from './program.ts'
import { LIVE, type ShellState, type Thread } from './thread.ts'

/** A shell passes on only what it could have named itself. */
const shellNames = (env: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(Object.entries(env).filter(([name]) => /^[A-Za-z_]\w*$/.test(name)))

export const newThread = (host: Host): Thread => ({
  stack: [],
  status: 0,
  until: null,
  waits: false,
  vars: { ...shellNames(host.env), PWD: '/' },
  functions: {},
  args: [],
  cwd: '/',
  streams: { in: host.stdin ? LIVE : '', out: { to: 'stdout' }, err: { to: 'stderr' } },
  strict: false,
  ended: false,
})

const SHELLS = /(^|\/)(sh|ash|bash|dash|zsh)$/
export const quote = (word: string): string => `'${word.replaceAll("'", `'\\''`)}'`

/** The first state; null when it has ended at once. */
export function begin(host: Host): ShellState | null {
  const [name = '', ...rest] = host.argv
  const main = newThread(host)
  const state: ShellState = { main, jobs: [], traps: {}, pending: [], isShell: SHELLS.test(name), input: '', interactive: false }
  let source: string | undefined
  if (!state.isShell) source = host.argv.map(quote).join(' ')
  else {
    while (/^-[a-z]+$/.test(rest[0] ?? '')) {
      const flags = rest.shift() as string
      if (flags.includes('e')) main.strict = true
      if (!flags.includes('c')) continue
      source = rest.shift() ?? ''
      main.args = rest.slice(1)
      main.vars['0'] = rest[0] ?? name
      break
    }
    if (source === undefined && rest[0]) {
      source = host.files.read(rest[0])
      main.args = rest.slice(1)
      if (source === undefined) {
        host.out(`${name}: can't open '${rest[0]}': No such file or directory\n`, 'stderr')
        host.exit(2)
        return null
      }
    }
  }
  if (source === undefined) {
    // Without input it reads its end at once.
    state.interactive = true
    if (!host.stdin) host.exit(0)
    return host.stdin ? state : null
  }
  try {
    main.stack = [{ n: parse(source), i: 0 }]
  } catch (error) {
    if (!(error instanceof SyntaxProblem)) throw error
    host.out(`${name}: ${error.message}\n`, 'stderr')
    host.exit(2)
    return null
  }
  return state
}
