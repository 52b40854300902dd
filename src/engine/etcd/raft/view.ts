/** The members as one may look at them. */
import type { Raft, RaftLine, RaftMember, RaftRole } from '#api/raft.ts'
import type { CommonLog } from './log.ts'
import type { Member, Message } from './member.ts'

/** So many of a log's latest entries are shown. */
const TAIL = 6

interface Shown {
  members: readonly Member[]
  flying: readonly Message[]
  elections: Raft['elections']
  leader: string
  log: CommonLog
  /** Where a member's log ends. */
  end(member: Member): number
  /** What the store's entry of a revision is about. */
  text(revision: number): string
}

const roleOf = ({ up, voter, role }: Member): RaftRole => (!up ? 'down' : !voter ? 'learner' : role)

function tailOf(member: Member, { log, end, text }: Shown): RaftLine[] {
  const last = end(member)
  const committed = last - member.own.length
  const first = Math.max(1, last - TAIL + 1)
  const lines: RaftLine[] = []
  for (let index = first; index <= committed; index++) {
    const about = log.markAt(index)?.text ?? text(log.revisionAt(index))
    lines.push({ index, term: log.termAt(index), text: about, committed: true })
  }
  const own = member.own.map((each) => ({ index: each.index, term: each.term, text: each.text, committed: false }))
  return [...lines, ...own].slice(-TAIL)
}

function shown(member: Member, all: Shown): RaftMember {
  const { name, term, vote, lead, since, until, role, own, votes } = member
  const index = all.end(member)
  return {
    name,
    role: roleOf(member),
    term,
    vote,
    leader: lead,
    index,
    commit: index - own.length,
    tail: tailOf(member, all),
    ...(until === null ? {} : { clock: { since, until } }),
    ...(/candidate/.test(role) ? { votes: Object.values(votes).filter(Boolean).length } : {}),
  }
}

export function viewOf(all: Shown): Raft {
  const { members, flying, elections, leader } = all
  return {
    members: members.map((each) => shown(each, all)),
    flying: flying.map(({ kind, from, to, term, ok, at, due }) => ({ kind, from, to, term, ok, at, due })),
    elections,
    leader,
    quorum: Math.floor(members.filter(({ voter }) => voter).length / 2) + 1,
  }
}
