/** What one may see of the members of the control plane's etcd: who leads, what is on its way between them, and where their logs end. */

export type RaftKind = 'pre-vote' | 'pre-voted' | 'vote' | 'voted' | 'append' | 'appended'

/** As etcd has it; `down`: its process does not run. */
export type RaftRole = 'leader' | 'follower' | 'candidate' | 'pre-candidate' | 'learner' | 'down'

export interface RaftLine {
  index: number
  term: number
  /** The key that it is about; empty: the entry with which a leader begins. */
  text: string
  /** A majority has it, and this member knows. */
  committed: boolean
}

export interface RaftMember {
  name: string
  role: RaftRole
  term: number
  /** Whom it voted for in this term; empty: nobody. */
  vote: string
  /** Whom it follows; empty: nobody that it knows of. */
  leader: string
  /** Where its log ends, and how much of it is committed. */
  index: number
  commit: number
  /** Its latest entries, the oldest first. */
  tail: readonly RaftLine[]
  /** Its clock, while no heartbeat comes: when it began, and when it runs out (simulated ms since 1970). */
  clock?: { since: number; until: number }
  /** Votes for its candidacy. */
  votes?: number
}

export interface RaftMessage {
  kind: RaftKind
  from: string
  to: string
  term: number
  /** An answer: yes. */
  ok: boolean
  /** When it was sent, and when it arrives (simulated ms since 1970). */
  at: number
  due: number
}

/** Somebody stood for election. */
export interface RaftElection {
  term: number
  by: string
  at: number
  /** Absent while it is open. */
  won?: boolean
}

export interface Raft {
  members: readonly RaftMember[]
  /** On their way now; heartbeats that arrive as they should are not told. */
  flying: readonly RaftMessage[]
  /** The latest, the oldest first. */
  elections: readonly RaftElection[]
  /** Who leads with a majority; empty: nobody, and nothing can be written. */
  leader: string
  /** How many must agree. */
  quorum: number
}
