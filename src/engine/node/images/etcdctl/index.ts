/** etcdctl, the client of etcd: reads its command line, asks, prints, and goes on where a command goes on. */
import type { Errand, Step } from '../../errands.ts'
import type { Host } from '../../programs/program.ts'
import { clientFor } from './client.ts'
import { clusterCommands } from './cluster.ts'
import { CODES, type CommandLine, commandLine, Exit, wrong } from './command-line.ts'
import { versionText } from './help.ts'
import { del, get, put } from './keys.ts'
import { leaseCommands } from './lease.ts'
import type { Command } from './run.ts'
import { lookOf } from './show.ts'
import { txn } from './txn.ts'
import { watch } from './watch.ts'

interface State {
  argv: readonly string[]
  memory: unknown
  /** How it ends, once it has given up waiting. */
  last?: { out: string; err: string; code: number }
  /** What is wrong with variables has been told. */
  told?: boolean
}

const RUN: Record<string, Command> = { get, put, del, txn, watch, ...leaseCommands, ...clusterCommands }

function commandOf({ path }: CommandLine, host: Host): Command {
  if (path === 'version') throw new Exit(0, '', versionText('etcdctl', host))
  const command = Object.hasOwn(RUN, path) ? RUN[path] : undefined
  if (!command) throw wrong(CODES.feature, `${path} is not supported here`)
  return command
}

function turn(state: State, host: Host, input: () => string | null | undefined): Step<State> {
  const line = commandLine(state.argv.slice(1))
  const command = commandOf(line, host)
  const look = lookOf(line)
  const client = clientFor(line, host, state.told === true)
  const { out = '', err = '', code, waitMs, memory } = command({ host, line, client, look, memory: state.memory, input })
  if (err) host.out(err, 'stderr')
  const next = { ...state, told: true, memory: memory ?? state.memory }
  return { state: next, out, ...(code === undefined ? {} : { code }), ...(waitMs === undefined ? {} : { waitMs }) }
}

export const etcdctl: Errand<State> = {
  begin: (argv) => ({ argv: [...argv], memory: null }),
  step(state, host, input) {
    if (state.last) {
      const { err, ...last } = state.last
      host.out(err, 'stderr')
      return { state, ...last }
    }
    try {
      return turn(state, host, input)
    } catch (error) {
      if (!(error instanceof Exit)) throw error
      const { out, err, code, afterMs } = error
      if (afterMs > 0) return { state: { ...state, last: { out, err, code } }, waitMs: afterMs }
      if (err) host.out(err, 'stderr')
      return { state, out, code }
    }
  },
}
