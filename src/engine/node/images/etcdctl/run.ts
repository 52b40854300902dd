/** One run of etcdctl: what its commands work with, and how they end. */
import type { Said } from '../../../machinery/etcd-messages.ts'
import type { Host } from '../../programs/program.ts'
import { type Client, type Failure, isLate, wordsOf } from './client.ts'
import { CODES, type CommandLine, Exit, valueFor } from './command-line.ts'
import type { Look } from './show.ts'

export interface Run {
  readonly host: Host
  readonly line: CommandLine
  readonly client: Client
  readonly look: Look
  /** What it remembers of its turns before (plain data); null: this is the first. */
  readonly memory: any
  input(): string | null | undefined
}

/** With `code` it ends; after `waitMs` it has another turn, or else when there is input. */
export interface Turn {
  out?: string
  err?: string
  code?: number
  waitMs?: number
  memory?: unknown
}

export type Command = (run: Run) => Turn

export const isSet = ({ line }: Run, name: string): boolean => valueFor(line, name) === 'true'
export const flagOf = ({ line }: Run, name: string): string => valueFor(line, name)

export const ended = (out: string): Turn => ({ out, code: 0 })

/** Nobody answers before the time that the client gives itself is over. */
export const lateness = ({ client }: Run, failure: Failure): number => (isLate(failure) ? client.timeoutMs : 0)

export function failed(run: Run, method: string, failure: Failure, said = (words: string): string => words): Exit {
  const { client } = run
  const logged = client.logged(client.endpoints[0] as string, method, failure)
  return new Exit(CODES.error, `${logged}Error: ${said(wordsOf(failure))}\n`, '', lateness(run, failure))
}

/** The answer to a call; throws how the program ends without one. */
export function asked(run: Run, method: string, request: Said, said?: (words: string) => string): Said {
  const answer = run.client.call(method, request)
  if (!('said' in answer)) throw failed(run, method, answer, said)
  return answer.said[0] ?? {}
}

/** The end of a range of all keys that begin so. */
export function prefixEnd(key: string): string {
  for (let i = key.length - 1; i >= 0; i--) {
    const code = key.charCodeAt(i)
    if (code < 255) return key.slice(0, i) + String.fromCharCode(code + 1)
  }
  return '\0'
}

const HIGHEST = 0x7fff_ffff_ffff_ffffn

/** strconv.ParseInt(…, 16, 64), as decimal text; or Go's complaint. */
export function hexNumber(word: string): { id: string } | { why: string } {
  const complaint = (what: string): { why: string } => ({ why: `strconv.ParseInt: parsing ${JSON.stringify(word)}: ${what}` })
  if (!/^[-+]?[0-9a-fA-F]+$/.test(word)) return complaint('invalid syntax')
  const value = BigInt(`0x${word.replace(/^[-+]/, '')}`) * (word.startsWith('-') ? -1n : 1n)
  return value > HIGHEST ? complaint('value out of range') : { id: String(value) }
}

/** How long something has taken: nothing here takes time that could be measured. */
export const took = (host: Host): string => `${(host.random(4_000_000) + 1_000_000) / 1e6}ms`
