/** What an image is to the simulation: size, entrypoint, files, and the program that it runs, as functions of plain data. */
import type { HttpReply, HttpRequest } from '../machinery/http.ts'
import type { Errand } from './errands.ts'
import type { System } from './image-layers.ts'
import type { ConnectionEvent, Host } from './programs/program.ts'
import type { Prompt } from './prompts.ts'

export interface Image<S = any> {
  /** Last part of the repository (`nginx`), or the whole of it with the registry (`gcr.io/google-samples/hello-app`). */
  name: string
  /** Other names of the same. */
  also?: readonly string[]
  /** On Docker Hub only theirs is meant: others keep something else under that name. */
  owner?: string
  sizeMb: number
  /** The tags that its registry has; absent: nearly all that one may think of. */
  tags?: RegExp
  /** Whose layers are below its own. */
  system?: System
  entrypoint?: readonly string[]
  command?: readonly string[]
  /** First words of a command line that start this image's own server, besides those of entrypoint and command. */
  words?: readonly string[]
  env?: Readonly<Record<string, string>>
  /** Its working directory. */
  cwd?: string
  /** The user it runs as; root when absent. */
  user?: number
  /** How its server shows among processes: by which titles, its worker's user, and how many numbers after its own that one is. */
  titles?: { main: string; worker: string; user: number; later: number }
  /** It has a shell and the usual small commands. Default true. */
  shell?: boolean
  /** All of these are in `/bin`. */
  flat?: boolean
  /** Further programs it has: `bash`, `curl`, `dig`. */
  extras?: readonly string[]
  /** Programs that run as their owner, whoever starts them. */
  setuid?: readonly string[]
  /** What is in its file system. */
  files?: Readonly<Record<string, string>>
  /** Symbolic links in it, and directories that belong to somebody (`path: uid`). */
  links?: Readonly<Record<string, string>>
  directories?: Readonly<Record<string, number>>
  /** Programs in place of the usual ones, by path: old or other makes of them. */
  programs?: Readonly<Record<string, string>>
  /** Releases that are another image. */
  releases?: readonly { tags: RegExp; image: Image }[]
  /** Commands of its own besides the shell's: `redis-cli ping`. What each prints, and its exit code. */
  commands?: Readonly<Record<string, (argv: readonly string[], host: Host) => { out: string; code: number }>>
  /** Those of its commands that go on line by line. */
  prompts?: Readonly<Record<string, Prompt>>
  /** Commands of its own that take their time, or go on until they are stopped. */
  errands?: Readonly<Record<string, Errand>>
  /** Begins the server; what it returns is its state (plain data). It may exit at once. */
  start?(host: Host): S
  /** The TCP ports it listens on. */
  listens?(state: S, host: Host): readonly number[]
  /** Answers a request: the reply and the next state (the same one if nothing changed). */
  http?(request: HttpRequest, state: S, host: Host, port: number): [HttpReply, S]
  /** The protocol that it speaks besides: such requests come to `http`, too. */
  speaks?: string
  /** Answers what is sent over a connection that does not speak HTTP, as `nc` does; absent: as a web server refuses it. */
  text?(input: string, state: S, host: Host, port: number): [string, S]
  /** Reads and answers a connection from outside itself, byte for byte; null: it knows only requests. */
  connection?(event: ConnectionEvent, state: S, host: Host, port: number): S | null
  /** A timer set with `host.wake` went off. */
  wake?(state: S, host: Host): S
  /** When its answers will change by themselves (ms since 1970); absent or Infinity: never. */
  nextChange?(state: S, host: Host): number
  /** What it does on SIGHUP; absent: nothing. */
  reload?(state: S, host: Host): S
  /** What it does on SIGTERM, if it is more than to exit. */
  term?(state: S, host: Host): S
  /** Its exit code on SIGTERM; null: it ignores the signal. Default 0. */
  onTerm?: number | null
  /** What it uses; `hits` is how many requests it has answered. */
  memoryMi?(state: S, hits: number): number
  cpuMilli?(state: S): number
  /** What a request costs it. */
  cpuMsPerRequest?: number
}

export const image = <S = any>(declaration: Image<S>): Image<S> => declaration
