/** Files of an etcd: a snapshot with the sum that proves it whole, and the database in the data directory of a member. Plain text here. */
import { bytesOf } from '#api/bytes.ts'
import { sha256 } from '#posix/hashes.ts'
import type { Said } from './etcd-messages.ts'

/** How such a file begins. */
const BEGINNING = 'etcd snapshot of Tabernetes\n'
const PAGE = 4096
const SUM = /^([^]*)([0-9a-f]{64})$/

/** Whose data it is, once it lies in a data directory. */
export interface Restored {
  member: string
  id: string
  cluster: string
  /** All members, by name. */
  peers: Record<string, string[]>
}

export interface Database {
  hash: number
  revision: number
  version: string
  total: number
  /** What an etcd of its own keeps. */
  keys?: Said[]
  /** A cluster's store, as that saves itself. */
  state?: unknown
  restored?: Restored
  /** The store is kept by whoever serves it; this is its name. */
  live?: string
}

/** As long as the database that it was taken of, in whole pages, and the sum after it. */
export function snapshotText(database: Database, size: number): string {
  const body = databaseText(database, size)
  return body + sha256(bytesOf(body))
}

export function databaseText(database: Database, size = 0): string {
  const text = BEGINNING + JSON.stringify(database)
  const length = Math.max(size, Math.ceil(bytesOf(text).length / PAGE) * PAGE)
  return text + ' '.repeat(Math.max(0, length - bytesOf(text).length))
}

/** The body of a file, and the sum below it if there is one. */
export function parted(text: string): { body: string; sum: string | null } {
  const [, body, sum] = SUM.exec(text) ?? []
  return body === undefined || sum === undefined ? { body: text, sum: null } : { body, sum }
}

export const sumOf = (body: string): string => sha256(bytesOf(body))

/** Null: it is none, or broken. */
export function databaseIn(text: string): Database | null {
  const { body } = parted(text)
  if (!body.startsWith(BEGINNING)) return null
  try {
    return JSON.parse(body.slice(BEGINNING.length))
  } catch {
    return null
  }
}
