/** A first small script: sequences of sleep, exit, echo, true and false. */
import type { Host, Program } from './program.ts'

interface State {
  commands: string[]
  at: number
}

export const script: Program<State> = {
  start(host) {
    const text =
      host.argv[1] === '-c'
        ? (host.argv[2] ?? '')
        : /^(sh|ash|bash|\/bin\/sh)$/.test(host.argv[0] ?? '')
          ? ''
          : host.argv.join(' ')
    const state = {
      commands: text
        .split(/;|&&/)
        .map((c) => c.trim())
        .filter(Boolean),
      at: 0,
    }
    return go(state, host)
  },
  wake: go,
}

function go(state: State, host: Host): State {
  let at = state.at
  for (; at < state.commands.length; at++) {
    const [word, ...rest] = (state.commands[at] as string).split(/\s+/)
    if (word === 'exit') host.exit(Number(rest[0] ?? 0))
    else if (word === 'false') host.exit(1)
    else if (word === 'echo') host.out(`${rest.join(' ').replace(/["']/g, '')}\n`)
    else if (word === 'sleep') {
      const seconds = rest[0] === 'infinity' ? Number.POSITIVE_INFINITY : Number(rest[0])
      if (Number.isFinite(seconds)) host.wake(seconds * 1000)
      return { ...state, at: at + 1 }
    }
    if (word === 'exit' || word === 'false') return state
  }
  host.exit(0)
  return { ...state, at }
}
