/** A kubectl command: its name, and what it does as a client of the API. One file per command in `commands/`. */
import type { Client } from '#client/client.ts'
import type { Entry } from './catalogue/index.ts'
import type { ConfigStore } from './config/store.ts'
import type { Flags } from './flags.ts'
import type { Io } from './io.ts'

export { KubectlError, quiet, usageError } from './error.ts'
export { durationMs, Flags } from './flags.ts'
export type { Io } from './io.ts'

export interface Context {
  readonly client: Client
  readonly io: Io
  readonly flags: Flags
  /** What the catalogue says of the command. */
  readonly entry: Entry
  /** The kubeconfig that holds. */
  readonly config: ConfigStore
  readonly args: readonly string[]
  /** Everything behind `--`. */
  readonly rest: readonly string[]
  /** The namespace to work in. */
  readonly namespace: string
  /** Whether the namespace was named on the command line. */
  readonly explicitNamespace: boolean
  /** Refusals that do not keep the rest from being done; told when the command has ended. */
  readonly late: Error[]
  /** Tells the surroundings that the current context has another namespace now. */
  useNamespace(namespace: string): void
}

/** Its flags, aliases and help are in the catalogue. */
export interface Command {
  name: string
  /** `rollout status` and its like. */
  subcommands?: readonly Command[]
  /** Words behind `--` are a command of their own; elsewhere they count as arguments. */
  dashed?: true
  /** What completion offers for the arguments: kinds of resources, names, or nothing. */
  completes?: 'resources' | 'nodes' | 'pods' | 'files' | 'nothing'
  /** Exit status; nothing means 0. May throw `ApiError` or `KubectlError`. */
  run?(context: Context): Promise<number | undefined | void>
}

export const command = (declaration: Command): Command => declaration
