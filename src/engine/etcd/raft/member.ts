/** What a member of etcd knows: its role, its term, whom it voted for, its log beyond what all have agreed on; and what members say to each other. */
import type { RaftKind } from '#api/raft.ts'
import type { ApiRequest } from '#api/request.ts'

/** etcd's ticks: one heartbeat each (--heartbeat-interval). */
export const TICK_MS = 100
/** Ticks without a heartbeat until a member may stand for election (--election-timeout); by chance it waits up to twice as long. */
export const ELECTION_TICKS = 10
export const ELECTION_MS = TICK_MS * ELECTION_TICKS
/** A member that starts again counts so many ticks as waited already, for the others are there (adjustTicks). */
export const ADVANCED_TICKS = 8

/** What somebody wants written: of an API server, or of etcd itself. */
export type Wish = { request: ApiRequest } | { method: string; said: Readonly<Record<string, unknown>> }

/** One entry of a log; what it does when it is committed, where that is more than to be there. */
export interface RaftEntry {
  index: number
  term: number
  text: string
  apply?: Wish
}

export type Role = 'follower' | 'pre-candidate' | 'candidate' | 'leader'

/** All plain data. */
export interface Member {
  name: string
  /** Its process runs. */
  up: boolean
  /** It has a vote: it is no learner, and not removed. */
  voter: boolean
  role: Role
  term: number
  /** Whom it voted for in this term. */
  vote: string
  /** Whom it follows; itself, if it leads. */
  lead: string
  /** So much of the common log it has; null: all of it, also what will come: it hears a leader that has a majority. */
  match: number | null
  /** Entries after that, which are not committed. */
  own: RaftEntry[]
  /** Since when it has waited for a heartbeat, an answer, a majority. */
  since: number
  /** Heartbeats arrive as they should: its clock never runs out. */
  steady: boolean
  /** How late they arrive. */
  late: number
  /** After so many ticks it stands for election. */
  wait: number
  /** When its ticks are, within TICK_MS. */
  phase: number
  /** Its clock in the world's queue, if it runs. */
  timer: number | null
  /** When its clock runs out, if it runs. */
  until: number | null
  /** What the others answered to its candidacy. */
  votes: Record<string, boolean>
  /** A leader's: up to which index each of the others has its log. */
  acks: Record<string, number>
  /** A leader's: an entry of its own term is committed. */
  ready: boolean
}

export interface Message {
  kind: RaftKind
  from: string
  to: string
  term: number
  /** Where the candidate's log ends, or the follower's. */
  index: number
  logTerm: number
  /** An answer: granted, taken. */
  ok: boolean
  /** A leader's entries that are not committed. */
  entries: readonly RaftEntry[]
  /** When it was sent, and when it arrives. */
  at: number
  due: number
  id: number
}

export function newMember(name: string, phase: number, wait: number): Member {
  return {
    name,
    up: true,
    voter: true,
    role: 'follower',
    term: 0,
    vote: '',
    lead: '',
    match: null,
    own: [],
    since: 0,
    steady: false,
    late: 0,
    wait,
    phase,
    timer: null,
    until: null,
    votes: {},
    acks: {},
    ready: false,
  }
}
