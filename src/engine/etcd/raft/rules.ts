/** Raft's rules as etcd has them, with PreVote and CheckQuorum: what a member makes of a message, and of a clock that ran out. */
import { ELECTION_MS, type Member, type Message, type RaftEntry, type Role } from './member.ts'

/** An answer that is to be sent. */
export type Letter = Pick<Message, 'kind' | 'to' | 'term'> & Partial<Message>

/** What rules know of the world around a member. */
export interface Around {
  readonly now: number
  /** Names of those who have a vote. */
  readonly voters: readonly string[]
  /** All others, learners too. */
  others(member: Member): readonly string[]
  /** Where its log ends. */
  end(member: Member): { index: number; term: number }
  /** How long a member waits this time, in ticks. */
  draw(): number
  send(member: Member, letter: Letter): void
  /** Its clock begins anew, or stands. */
  arm(member: Member): void
  /** A leader has appended or learnt something: what of it has a majority now? */
  weigh(leader: Member): void
  /** A follower has heard from its leader, and has this log now. */
  follow(member: Member, leader: string, entries: readonly RaftEntry[]): void
  /** For those who look on: somebody stands for election, and how that ends. */
  stands(member: Member): void
  ends(member: Member, won: boolean): void
}

const isMajority = (count: number, around: Around): boolean => count * 2 > around.voters.length

export function becomeFollower(member: Member, term: number, lead: string, around: Around): void {
  if (member.role === 'candidate') around.ends(member, false)
  if (member.term !== term) member.vote = ''
  enter(member, 'follower', term, lead, around)
  around.arm(member)
}

function enter(member: Member, role: Role, term: number, lead: string, around: Around): void {
  Object.assign(member, { role, term, lead, votes: {}, acks: {}, ready: false, steady: false, since: around.now })
  member.wait = around.draw()
}

/** It has heard nothing for too long. First it asks whether it would be elected, so that it disturbs nobody in vain. */
export function preCampaign(member: Member, around: Around): void {
  if (member.role === 'candidate') around.ends(member, false)
  Object.assign(member, { role: 'pre-candidate', lead: '', votes: { [member.name]: true }, steady: false, since: around.now })
  around.arm(member)
  if (isMajority(1, around)) return campaign(member, around)
  ask(member, 'pre-vote', member.term + 1, around)
}

/** `forced`: a leader hands over its office. */
export function campaign(member: Member, around: Around): void {
  enter(member, 'candidate', member.term + 1, '', around)
  member.vote = member.name
  member.votes = { [member.name]: true }
  around.stands(member)
  around.arm(member)
  if (isMajority(1, around)) return win(member, around)
  ask(member, 'vote', member.term, around)
}

function ask(member: Member, kind: 'pre-vote' | 'vote', term: number, around: Around): void {
  const { index, term: logTerm } = around.end(member)
  for (const to of around.voters) if (to !== member.name) around.send(member, { kind, to, term, index, logTerm })
}

/** It leads: the first thing it does is to append an empty entry of its own term. */
export function win(member: Member, around: Around): void {
  around.ends(member, true)
  const { term } = member
  enter(member, 'leader', term, member.name, around)
  append(member, { text: '' }, around)
  around.arm(member)
}

export function append(leader: Member, entry: Pick<RaftEntry, 'text' | 'apply'>, around: Around): void {
  const index = around.end(leader).index + 1
  leader.own = [...leader.own, { index, term: leader.term, ...entry }]
  for (const to of around.others(leader)) sendAppend(leader, to, around)
  around.weigh(leader)
}

export function sendAppend(leader: Member, to: string, around: Around, due?: number): void {
  const { index } = around.end(leader)
  const letter = { kind: 'append', to, term: leader.term, index, entries: leader.own } as const
  around.send(leader, due === undefined ? letter : { ...letter, due })
}

/** Whoever has heard of a leader within the election timeout knows nothing of elections. */
const isLeased = (member: Member, now: number): boolean =>
  member.lead !== '' && (member.role === 'leader' || member.steady || now - member.since < ELECTION_MS)

const isCandidacy = ({ kind }: Message): boolean => kind === 'pre-vote' || kind === 'vote'

export function receive(member: Member, message: Message, around: Around): void {
  const { kind, from, term, ok } = message
  if (term > member.term) {
    if (isCandidacy(message) && isLeased(member, around.now)) return
    // Whoever only asks, or is told it would be elected, is of no later term for that.
    if (kind !== 'pre-vote' && !(kind === 'pre-voted' && ok)) becomeFollower(member, term, kind === 'append' ? from : '', around)
  } else if (term < member.term) {
    if (kind === 'append') around.send(member, { kind: 'appended', to: from, term: member.term })
    else if (kind === 'pre-vote') around.send(member, { kind: 'pre-voted', to: from, term: member.term })
    return
  }
  if (isCandidacy(message)) answer(member, message, around)
  else if (kind === 'append') take(member, message, around)
  else if (kind === 'appended') taken(member, message, around)
  else tally(member, message, around)
}

function answer(member: Member, { kind, from, term, index, logTerm }: Message, around: Around): void {
  const own = around.end(member)
  const free = member.vote === from || (member.vote === '' && member.lead === '') || (kind === 'pre-vote' && term > member.term)
  const isCurrent = logTerm > own.term || (logTerm === own.term && index >= own.index)
  const ok = free && isCurrent
  if (ok && kind === 'vote') {
    Object.assign(member, { vote: from, since: around.now })
    around.arm(member)
  }
  const reply = kind === 'vote' ? 'voted' : 'pre-voted'
  around.send(member, { kind: reply, to: from, term: ok ? term : member.term, ok })
}

function tally(member: Member, { kind, from, ok }: Message, around: Around): void {
  const role: Role = kind === 'voted' ? 'candidate' : 'pre-candidate'
  if (member.role !== role) return
  member.votes[from] ??= ok
  const votes = around.voters.map((name) => member.votes[name])
  if (isMajority(votes.filter((vote) => vote === true).length, around)) {
    if (role === 'candidate') win(member, around)
    else campaign(member, around)
  } else if (isMajority(votes.filter((vote) => vote === false).length, around)) becomeFollower(member, member.term, '', around)
}

function take(member: Member, { from, term, entries, index }: Message, around: Around): void {
  if (member.role === 'leader') return
  if (member.role !== 'follower' || member.lead !== from) becomeFollower(member, term, from, around)
  around.follow(member, from, entries)
  around.send(member, { kind: 'appended', to: from, term, index, ok: true })
}

function taken(leader: Member, { from, index, ok }: Message, around: Around): void {
  if (leader.role !== 'leader' || !ok) return
  leader.acks[from] = Math.max(leader.acks[from] ?? 0, index)
  around.weigh(leader)
}
