/**
 * etcd's members as peers of Raft, in time. While all is well nothing is scheduled: heartbeats are reckoned. Only when one is missed, or
 * somebody stands for election, do clocks run and messages fly.
 */
import { assert } from '#api/assert.ts'
import type { Raft } from '#api/raft.ts'
import type { World } from '../../sim/world.ts'
import { CommonLog } from './log.ts'
import {
  ADVANCED_TICKS,
  ELECTION_MS,
  ELECTION_TICKS,
  type Member,
  type Message,
  newMember,
  type RaftEntry,
  TICK_MS,
  type Wish,
} from './member.ts'
import * as rules from './rules.ts'
import { viewOf } from './view.ts'
import { keyOf } from './wish.ts'

export interface RingOptions {
  world: World
  /** The part's name, that it is told by. */
  name: string
  members: readonly string[]
  /** Whether its process runs. */
  runs(member: string): boolean
  /** What ails the way between two; null: nothing. */
  wire(a: string, b: string): { ms: number; loss: number } | null
  /** The store's. */
  revision(): number
  /** The key that was written at a revision; empty when that is forgotten. */
  keyAt(revision: number): string
  /** What an entry asks for is done, once it is committed after all. */
  apply(wish: Wish): void
  /** The leader has changed, or who hears it. */
  changed(): void
}

export interface Election {
  term: number
  by: string
  at: number
  won?: boolean
}

/** A cluster that has just begun has held one election. */
const FIRST_TERM = 2
/** A message on a sound wire, and the disk it is written to: so long, and as much again by chance. */
const WAY_MS = 1
/** A packet that was lost is sent again after this, then after twice as long. */
const RESENT_MS = 200
const REMEMBERED = 16

export class Ring implements rules.Around {
  readonly #options: RingOptions
  readonly log: CommonLog
  #members: Member[]
  #flying: Message[] = []
  #elections: Election[] = []
  #nextId = 1
  /** Who leads with a majority. */
  #leader: string

  constructor(options: RingOptions) {
    this.#options = options
    this.log = new CommonLog(options.revision, FIRST_TERM)
    this.#members = options.members.map((name) => newMember(name, this.#random(TICK_MS), this.draw()))
    const [first] = this.#members as [Member]
    for (const each of this.#members)
      Object.assign(each, { term: FIRST_TERM, vote: first.name, lead: first.name, steady: each !== first, since: this.now })
    Object.assign(first, { role: 'leader', ready: true })
    this.#leader = first.name
  }

  #random(n: number): number {
    return this.#options.world.random('etcd').below(n)
  }

  // ——— what the rules ask

  get now(): number {
    return this.#options.world.now
  }
  get voters(): readonly string[] {
    return this.#members.flatMap(({ name, voter }) => (voter ? name : []))
  }
  others(member: Member): readonly string[] {
    return this.#members.flatMap(({ name }) => (name === member.name ? [] : name))
  }
  draw(): number {
    return ELECTION_TICKS + this.#random(ELECTION_TICKS)
  }

  end({ match, own }: Member): { index: number; term: number } {
    const base = match ?? this.log.index
    return { index: base + own.length, term: own.at(-1)?.term ?? this.log.termAt(base) }
  }

  /** A message goes only where the wire is whole: what is sent into a cut one is lost. */
  send(member: Member, letter: rules.Letter): void {
    const [from, at] = [member.name, this.now]
    if (!this.#isOpen(from, letter.to)) return
    const due = letter.due ?? at + WAY_MS + this.#random(WAY_MS + 1) + this.#late(from, letter.to) + this.#resent(from, letter.to)
    const id = this.#nextId++
    this.#flying.push({ index: 0, logTerm: 0, ok: false, entries: [], ...letter, from, at, due, id })
    this.#options.world.at(due, this.#options.name, 'message', id)
  }

  stands({ term, name }: Member): void {
    this.#elections = [...this.#elections, { term, by: name, at: this.now }].slice(-REMEMBERED)
  }
  ends({ term, name }: Member, won: boolean): void {
    this.#elections = this.#elections.map((each) =>
      each.won === undefined && each.term === term && each.by === name ? { ...each, won } : each,
    )
  }

  arm(member: Member): void {
    this.#stop(member)
    if (!member.up || !member.voter || member.steady || member.role === 'leader') return
    // Nobody it could reach would make a majority: it need not try again before that changes.
    if (member.role === 'pre-candidate' && !this.#couldWin(member)) return
    this.#start(member, this.#tick(member, member.since) + (member.wait - 1) * TICK_MS)
  }

  weigh(leader: Member): void {
    const ends = this.voters.map((name) => (name === leader.name ? this.end(leader).index : (leader.acks[name] ?? 0)))
    const index = ends.sort((a, b) => b - a)[Math.floor(ends.length / 2)] as number
    // A leader counts only entries of its own term; earlier ones are committed with them.
    const last = leader.own.find((each) => each.index === index)
    if (last?.term === leader.term) this.#commit(leader, index)
  }

  follow(member: Member, name: string, entries: readonly RaftEntry[]): void {
    const leader = this.#get(name)
    const isWhole = this.#leader === name && leader.match === null
    Object.assign(member, { match: isWhole ? null : leader.match, own: isWhole ? [] : [...entries], since: this.now })
    member.steady = this.#feeds(leader, member)
    member.late = this.#late(name, member.name)
    this.arm(member)
  }

  // ——— time and ways

  #get(name: string): Member {
    const member = this.#members.find((each) => each.name === name)
    assert(member, `etcd has no member ${name}`)
    return member
  }

  /** A member's first tick after a moment. */
  #tick({ phase }: Member, after: number): number {
    const { epoch } = this.#options.world
    return epoch + phase + (Math.floor((after - epoch - phase) / TICK_MS) + 1) * TICK_MS
  }
  #start(member: Member, until: number): void {
    member.until = Math.max(until, this.now)
    member.timer = this.#options.world.at(member.until, this.#options.name, 'clock', member.name)
  }
  #stop(member: Member): void {
    if (member.timer !== null) this.#options.world.cancel(member.timer)
    Object.assign(member, { timer: null, until: null })
  }

  #isOpen(a: string, b: string): boolean {
    return (this.#options.wire(a, b)?.loss ?? 0) < 100
  }
  #late(a: string, b: string): number {
    return this.#options.wire(a, b)?.ms ?? 0
  }
  #resent(a: string, b: string): number {
    const loss = this.#options.wire(a, b)?.loss ?? 0
    let waited = 0
    for (let pause = RESENT_MS; loss > 0 && this.#random(100) < loss && waited < ELECTION_MS; pause *= 2) waited += pause
    return waited
  }

  /** Whether a leader's heartbeats reach somebody who will follow it. */
  #feeds(leader: Member, member: Member): boolean {
    const leads = leader.up && leader.role === 'leader' && leader.term === member.term
    return leads && member.up && this.#isOpen(leader.name, member.name)
  }
  #couldWin(member: Member): boolean {
    const near = this.#members.filter(({ voter, up, name }) => voter && up && this.#isOpen(member.name, name))
    return near.length * 2 > this.voters.length
  }

  // ——— what happens

  due(what: string, data: any): void {
    if (what === 'message') this.#arrives(data)
    else this.#runsOut(this.#get(data))
    this.look()
  }

  #arrives(id: number): void {
    const message = this.#flying.find((each) => each.id === id)
    if (!message) return
    this.#flying = this.#flying.filter((each) => each !== message)
    const member = this.#members.find(({ name }) => name === message.to)
    if (member?.up && this.#isOpen(message.from, message.to)) rules.receive(member, message, this)
  }

  #runsOut(member: Member): void {
    Object.assign(member, { timer: null, until: null })
    // CheckQuorum: a leader that has not heard of a majority for an election timeout leads no longer.
    if (member.role === 'leader') rules.becomeFollower(member, member.term, '', this)
    else rules.preCampaign(member, this)
  }

  #commit(leader: Member, index: number): void {
    const done = leader.own.filter((each) => each.index <= index)
    assert(leader.match === null || leader.match === this.log.index, 'a leader lacks what is committed')
    for (const { term, text, apply } of done) if (!apply) this.log.mark(term, text)
    leader.own = leader.own.filter((each) => each.index > index)
    Object.assign(leader, { ready: true, match: this.log.index })
    this.#settle()
    // Late, but committed: what they ask for is done after all, though nobody waits for an answer any more.
    for (const { apply } of done) if (apply) this.#options.apply(apply)
  }

  /** Processes, machines or wires have changed, or a member has: whoever must act on that will. */
  look(): void {
    for (const member of this.#members) this.#power(member)
    for (const member of this.#members) this.#miss(member)
    for (const leader of this.#members) if (leader.up && leader.role === 'leader') this.#reign(leader)
    for (const member of this.#members) this.#retry(member)
    this.#settle()
  }

  #power(member: Member): void {
    const up = this.#options.runs(member.name)
    if (member.up === up) return
    if (member.role === 'candidate') this.ends(member, false)
    this.#freeze(member)
    const since = this.now - (up ? ADVANCED_TICKS * TICK_MS : 0)
    Object.assign(member, { up, role: 'follower', lead: '', steady: false, since, votes: {}, acks: {}, ready: false })
    member.wait = this.draw()
    this.arm(member)
  }

  /** Heartbeats that came come no longer, or later: its clock runs from the last one. */
  #miss(member: Member): void {
    if (!member.steady) return
    const leader = this.#get(member.lead)
    const late = this.#late(leader.name, member.name)
    if (this.#feeds(leader, member) && late <= member.late) return
    this.#freeze(member)
    member.steady = false
    member.since = this.#tick(leader, this.now) - TICK_MS + member.late
    this.arm(member)
  }

  /** A leader sends its next heartbeat to those who don't hear it yet, and watches that a majority could. */
  #reign(leader: Member): void {
    let near = 1
    for (const member of this.#members) {
      if (member === leader || !member.up || !this.#isOpen(leader.name, member.name)) continue
      if (member.voter && member.term <= leader.term) near += 1
      const hears = member.steady && member.lead === leader.name
      const flies = this.#flying.some(({ kind, from, to }) => kind === 'append' && from === leader.name && to === member.name)
      if (!hears && !flies)
        rules.sendAppend(leader, member.name, this, this.#tick(leader, this.now) + WAY_MS + this.#late(leader.name, member.name))
    }
    if (near * 2 > this.voters.length) this.#stop(leader)
    else if (leader.timer === null) {
      const checks = Math.floor((this.now - leader.since) / ELECTION_MS) + 2
      this.#start(leader, leader.since + checks * ELECTION_MS)
    }
  }

  /** Whoever had nobody to be elected by has somebody now. */
  #retry(member: Member): void {
    const idle = member.up && member.voter && !member.steady && member.role !== 'leader' && member.timer === null
    if (!idle || !this.#couldWin(member)) return
    member.since = this.now - this.#random(ELECTION_MS)
    this.arm(member)
  }

  /** It hears of nothing new any more. */
  #freeze(member: Member): void {
    member.match ??= this.log.index
  }

  /** Who leads with a majority, and who has all that it has. */
  #settle(): void {
    const hears = (leader: Member, member: Member): boolean => member === leader || (member.steady && member.lead === leader.name)
    const leads = (leader: Member): boolean =>
      leader.up &&
      leader.role === 'leader' &&
      leader.ready &&
      leader.own.length === 0 &&
      this.#members.filter((each) => each.voter && hears(leader, each)).length * 2 > this.voters.length
    const leader = this.#members.filter(leads).sort((a, b) => b.term - a.term)[0]
    const before = [this.#leader, ...this.#members.map(({ match }) => match === null)].join()
    for (const each of this.#members) if (!leader || !hears(leader, each)) this.#freeze(each)
    if (leader) for (const each of this.#members) if (hears(leader, each)) Object.assign(each, { match: null, own: [] })
    this.#leader = leader?.name ?? ''
    if (before !== [this.#leader, ...this.#members.map(({ match }) => match === null)].join()) this.#options.changed()
  }

  // ——— for others

  get leader(): string {
    return this.#leader
  }
  /** Whether the member of this machine can answer: it hears a leader that has a majority. */
  hears(name: string): boolean {
    const member = this.#members.find((each) => each.name === name)
    return this.#leader !== '' && member?.match === null && member.up
  }
  /** Somebody wants something of a member that has no majority: a leader that does not know it yet appends it all the same. */
  propose(name: string, apply: Wish): void {
    const member = this.#members.find((each) => each.name === name)
    const leader = member?.role === 'leader' ? member : member?.steady ? this.#get(member.lead) : undefined
    if (!member?.up || this.hears(name) || leader?.role !== 'leader') return
    rules.append(leader, { text: keyOf(apply), apply }, this)
    this.look()
  }

  standing(name: string): { term: number; leader: string; hears: boolean; commit: number; revision: number } {
    const { term, lead, match } = this.#get(name)
    const commit = match ?? this.log.index
    return { term, leader: lead, hears: this.hears(name), commit, revision: this.log.revisionAt(commit) }
  }

  /** At once: all that follow the leader vote for the one it names. */
  transfer(name: string): void {
    const [from, to] = [this.#get(this.#leader), this.#get(name)]
    if (from === to) return
    const term = from.term + 1
    const heard = this.#members.filter((each) => each === from || (each.steady && each.lead === from.name))
    for (const each of heard) {
      this.#stop(each)
      Object.assign(each, { role: 'follower', term, vote: name, lead: name, steady: each !== to, since: this.now, ready: false })
      each.late = this.#late(name, each.name)
    }
    Object.assign(to, { role: 'leader', ready: true })
    this.stands(to)
    this.ends(to, true)
    this.log.mark(term, '')
    this.look()
  }

  /** They have other data, of a cluster restored from a snapshot: nobody leads, terms and the log begin anew. */
  reborn(): void {
    ;[this.#flying, this.#elections, this.#leader] = [[], [], '']
    this.log.begun(this.#members.length)
    for (const member of this.#members) this.#stop(member)
    const fresh = { up: false, term: 1, match: this.log.index, since: this.now }
    this.#members = this.#members.map(({ name, phase }) => ({ ...newMember(name, phase, this.draw()), ...fresh }))
  }

  view(): Raft {
    return viewOf({
      members: this.#members,
      flying: this.#flying,
      elections: this.#elections,
      leader: this.#leader,
      log: this.log,
      end: (member) => this.end(member).index,
      text: this.#options.keyAt,
    })
  }

  save(): unknown {
    return {
      members: this.#members.map((each) => ({ ...each })),
      flying: this.#flying,
      elections: this.#elections,
      nextId: this.#nextId,
      leader: this.#leader,
      log: this.log.save(),
    }
  }
  load(saved: any): void {
    this.#members = saved.members.map((each: Member) => ({ ...each }))
    this.#flying = [...saved.flying]
    this.#elections = [...saved.elections]
    this.#nextId = saved.nextId
    this.#leader = saved.leader
    this.log.load(saved.log)
  }
}
