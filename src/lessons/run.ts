/** One run of a lesson on one cluster: watches it, ticks off goals, raises hints, reads the chain, keeps its state. */
import { assert } from '#api/assert.ts'
import type { Stop, Transport } from '#api/request.ts'
import { extend, type Found } from './chain.ts'
import { isAsk } from './check/asked.ts'
import type { Check, Verdict } from './check/check.ts'
import type { Moment } from './check/moment.ts'
import type { Tally } from './check/tally.ts'
import { type Claim, needsOf } from './check/value.ts'
import { type Deed, happeningsOf, type Lesson, type Step, startOf } from './lesson.ts'
import { Memory } from './memory.ts'
import { Recorder, type RecorderState } from './recorder.ts'
import { prepare } from './start.ts'
import { Trouble, type TroubleState } from './trouble.ts'

export interface StepState {
  id: string
  done: boolean
  goals: Readonly<Record<string, Verdict>>
  /** Ids of the hints that are raised now. */
  hints: readonly string[]
  chain: Found
}

/** Something that should never have happened did: this attempt can't count any more, whatever comes. */
export const isLost = ({ goals }: StepState): boolean => Object.values(goals).includes('broken')

export interface RunState {
  phase: 'starting' | 'running' | 'done' | 'failed'
  /** The step whose goals are checked; the number of steps when all are done. */
  step: number
  steps: readonly StepState[]
  answers: Readonly<Record<string, string>>
  /** What is counted, as texts. */
  board?: Readonly<Record<string, string>>
  /** Why it failed to start. */
  error?: string
}

/** A run as plain data, to go on with after a reload. */
export interface SavedRun {
  lesson: string
  step: number
  steps: readonly StepState[]
  recorder: RecorderState
  /** States of the checks that are under way, by `step/goal` or `step?hint`. */
  checks: Readonly<Record<string, unknown>>
  /** What happens in the step under way, where anything does; `begun`: its checks have. */
  trouble?: TroubleState & { checked: boolean }
}

export interface LessonRunOptions {
  transport: Transport
  seed: string
  /** Runs a line in the learner's shell; what it printed. */
  shell(command: string): Promise<string>
  write(file: string, text: string): void
  saved?: SavedRun | undefined
}

export interface LessonRun {
  readonly lesson: Lesson
  state(): RunState
  subscribe(onChange: () => void): Stop
  /** Prepares the cluster and begins to watch; failures are told by the state. */
  start(): Promise<void>
  answer(id: string, text: string): void
  /** Ends an exam: what is so now is what counts. */
  finish(): void
  /** Does these deeds one after another. */
  perform(deeds: readonly Deed[]): Promise<void>
  save(): SavedRun
  stop(): void
}

export const createLessonRun = (lesson: Lesson, options: LessonRunOptions): LessonRun => new Run(lesson, options)

const LONGEST_WAIT_MS = 86_400_000

const goalKey = (step: string, goal: string): string => `${step}/${goal}`
const hintKey = (step: string, hint: string): string => `${step}?${hint}`
const countKey = (id: string): string => `=${id}`

class Run implements LessonRun {
  readonly lesson: Lesson
  readonly #options: LessonRunOptions
  readonly #recorder: Recorder
  readonly #readers = new Set<() => void>()
  /** Every check by its key; states exist for those that have begun. */
  readonly #checks = new Map<string, Check>()
  #states = new Map<string, unknown>()
  readonly #anyAsks: boolean
  readonly #isExam: boolean
  #state: RunState
  readonly #memory = new Memory()
  /** What happens in the step under way; its checks begin when that is over. */
  #trouble: Trouble | null = null
  #checked = true

  constructor(lesson: Lesson, options: LessonRunOptions) {
    this.lesson = lesson
    this.#options = options
    const { saved, transport } = options
    this.#isExam = lesson.prose.meta.limit !== undefined
    assert(transport.simulation, 'lessons need a simulated cluster: its clock and its trace')
    for (const step of lesson.steps) {
      for (const [id, check] of Object.entries(step.goals)) this.#checks.set(goalKey(step.id, id), check)
      for (const [id, check] of Object.entries(step.hints ?? {})) this.#checks.set(hintKey(step.id, id), check)
    }
    for (const [id, count] of Object.entries(lesson.board ?? {}))
      this.#checks.set(countKey(id), { ...count, since: 'lesson', verdict: () => 'open' })
    this.#anyAsks = needsOf([...this.#checks.values()]).some(isAsk)
    const kept = saved?.recorder ?? { answers: {}, lastTrace: 0, lastFlight: 0 }
    this.#recorder = new Recorder(transport, transport.simulation, kept, {
      tell: (moments) => this.#take(moments),
      asks: () => this.#asks(),
      rewound: (to) => this.#rewind(to),
    })
    this.#states = new Map(Object.entries(saved?.checks ?? {}))
    const steps = saved?.steps ?? lesson.steps.map((step) => untouched(step))
    this.#state = { phase: 'starting', step: saved?.step ?? 0, steps, answers: kept.answers }
  }

  state(): RunState {
    return this.#state
  }
  subscribe(onChange: () => void): Stop {
    this.#readers.add(onChange)
    return () => this.#readers.delete(onChange)
  }

  async start(): Promise<void> {
    const { saved, transport, seed } = this.#options
    try {
      if (!saved) await prepare(startOf(this.lesson, seed), transport)
      await this.#recorder.start(['events', ...needsOf([...this.#checks.values()])], !saved)
    } catch (error) {
      this.#set({ ...this.#state, phase: 'failed', error: error instanceof Error ? error.message : String(error) })
      return
    }
    if (!saved) {
      for (const [key, check] of this.#checks)
        if (check.since === 'lesson') this.#states.set(key, check.begin(this.#recorder.view))
      for (const step of this.#isExam ? this.lesson.steps : this.lesson.steps.slice(0, 1)) this.#begin(step)
    } else this.#resume(saved)
    this.#set({ ...this.#state, phase: this.#state.step < this.lesson.steps.length ? 'running' : 'done' })
    this.#judge()
  }

  /** A step begins: with what happens then, if anything does. */
  #begin(step: Step | undefined): void {
    this.#trouble = null
    if (!step) return
    const happenings = happeningsOf(step, this.#options.seed)
    if (happenings.length === 0) return this.#beginChecks(step)
    const { now } = this.#recorder.view
    this.#checked = false
    this.#trouble = new Trouble(this.#options.transport, happenings, {
      step: this.lesson.steps.indexOf(step),
      begun: now,
      times: [],
    })
    this.#trouble.tick(now)
  }

  #resume({ trouble }: SavedRun): void {
    const step = trouble && this.lesson.steps[trouble.step]
    if (!trouble || !step) return
    this.#checked = trouble.checked
    this.#trouble = new Trouble(this.#options.transport, happeningsOf(step, this.#options.seed), trouble)
  }

  /** Time has passed: something may be due, or all of it has been told. */
  #troubled(): void {
    this.#trouble?.tick(this.#recorder.view.now)
    if (this.#checked || !this.#trouble?.isOver) return
    this.#checked = true
    this.#beginChecks(this.lesson.steps[this.#state.step])
  }

  /** Checks of a step begin with it, those since the lesson's mark have begun before. */
  #beginChecks(step: Step | undefined): void {
    if (!step) return
    const prefix = [`${step.id}/`, `${step.id}?`]
    for (const [key, check] of this.#checks)
      if (check.since === 'step' && prefix.some((p) => key.startsWith(p))) this.#states.set(key, check.begin(this.#recorder.view))
  }

  /** What the checks under way want to be asked. */
  #asks(): string[] {
    if (this.#state.phase !== 'running' || !this.#anyAsks) return []
    return needsOf([...this.#states.keys()].flatMap((key) => this.#checks.get(key) ?? [])).filter(isAsk)
  }

  #take(moments: (apply: (moment: Moment) => void) => void): void {
    moments((moment) => {
      if (this.#state.phase !== 'running' && this.#state.phase !== 'done') return
      for (const [key, state] of this.#states) {
        const check = this.#checks.get(key)
        // What is counted stands when the lesson is done.
        if (check && !(this.#state.phase === 'done' && key.startsWith('=')))
          this.#states.set(key, check.take(state, moment, this.#recorder.view))
      }
      if (moment.kind === 'trace') this.#extendChain(moment.line)
      if (moment.kind === 'tick') this.#troubled()
      if (moment.kind !== 'flight') this.#judge()
    })
    this.#count()
    this.#memory.keep(this.#recorder.view.now, this.#states)
  }

  #count(): void {
    const { board } = this.lesson
    if (!board) return
    const text = ([id, count]: [string, Tally]): [string, string][] => {
      const key = countKey(id)
      return this.#states.has(key) ? [[id, count.text(this.#states.get(key), this.#recorder.view)]] : []
    }
    const next = Object.fromEntries(Object.entries(board).flatMap(text))
    if (JSON.stringify(next) !== JSON.stringify(this.#state.board ?? {})) this.#set({ ...this.#state, board: next })
  }

  /** What was counted in a life that is no more does not count; steps that are done, and answers, stay. */
  #rewind(to: number): void {
    void this.#trouble?.rewound(to).then(() => {
      if (this.#trouble?.isOver !== false) return
      this.#checked = false
      for (const [key, { since }] of this.#checks) if (since === 'step') this.#states.delete(key)
    })
    const { view } = this.#recorder
    const then = this.#memory.at(to)
    for (const key of this.#states.keys()) {
      const check = this.#checks.get(key)
      if (check) this.#states.set(key, then.has(key) ? then.get(key) : check.begin(view))
    }
    this.#take((apply) => {
      for (const [id, text] of Object.entries(view.answers)) apply({ kind: 'answer', id, text })
      apply({ kind: 'tick' })
    })
  }

  /** The chain goes on after its step is done: the last links may come a little later. */
  #extendChain(line: Parameters<typeof extend>[2]): void {
    const steps = this.#state.steps.map((now, i) => {
      const chain = i > this.#state.step ? now.chain : extend(now.chain, this.lesson.steps[i]?.chain ?? {}, line)
      return chain === now.chain ? now : { ...now, chain }
    })
    if (steps.some((step, i) => step !== this.#state.steps[i])) this.#set({ ...this.#state, steps })
  }

  /** Ticks and hints of the step under way; the next step begins the moment this one is done. */
  #judge(): void {
    const { view } = this.#recorder
    const step = this.lesson.steps[this.#state.step]
    const before = this.#state.steps[this.#state.step]
    const answers = view.answers
    if (this.#isExam && this.#state.phase === 'running') return this.#judgeAll()
    if (!step || !before || this.#state.phase !== 'running' || !this.#checked) {
      this.#set({ ...this.#state, answers })
      return
    }
    const judged = judge(step, before, (key) => this.#checks.get(key)?.verdict(this.#states.get(key), view) ?? 'open')
    if (sameStep(before, judged) && answers === this.#state.answers) return
    const steps = this.#state.steps.map((s) => (s === before ? judged : s))
    if (!judged.done) {
      this.#set({ ...this.#state, steps, answers })
      return
    }
    const next = this.#state.step + 1
    for (const key of [...this.#states.keys()]) if (this.#checks.get(key)?.since === 'step') this.#states.delete(key)
    this.#begin(this.lesson.steps[next])
    this.#set({ ...this.#state, steps, answers, step: next, phase: next === this.lesson.steps.length ? 'done' : 'running' })
    this.#judge()
  }

  /** An exam's tasks are all under way, until it is over. */
  #judgeAll(): void {
    const { view } = this.#recorder
    const verdict = (key: string): Verdict => this.#checks.get(key)?.verdict(this.#states.get(key), view) ?? 'open'
    const steps = this.#state.steps.map((before, i) => {
      const step = this.lesson.steps[i]
      const judged = step ? judge(step, before, verdict) : before
      return sameStep(before, judged) ? before : judged
    })
    if (steps.some((step, i) => step !== this.#state.steps[i])) this.#set({ ...this.#state, steps })
  }

  finish(): void {
    if (this.#isExam && this.#state.phase === 'running')
      this.#set({ ...this.#state, step: this.lesson.steps.length, phase: 'done' })
  }

  #set(next: RunState): void {
    if (same(next, this.#state)) return
    this.#state = next
    for (const tell of this.#readers) tell()
  }

  answer(id: string, text: string): void {
    this.#recorder.answer(id, text)
  }

  async perform(deeds: readonly Deed[]): Promise<void> {
    const { shell, write, transport } = this.#options
    for (const deed of deeds) {
      await this.#trouble?.struck
      if (typeof deed === 'string') await shell(deed)
      else if ('write' in deed) write(deed.write, deed.text)
      else if ('is' in deed) this.answer(deed.answer, deed.is)
      else if ('from' in deed) this.answer(deed.answer, (await shell(deed.from)).trim())
      else if ('fault' in deed) await transport.simulation?.fault(deed.fault)
      else if ('wait' in deed) await transport.simulation?.advance(deed.wait)
      else await this.#until(deed.until, deed.every)
    }
  }

  async #until(claim: Claim, every: number): Promise<void> {
    const { transport } = this.#options
    // What is written in one wait is seen in the next.
    for (let left = LONGEST_WAIT_MS; left > 0 && !claim.read(this.#recorder.view); left -= every)
      await transport.simulation?.advance(every)
  }

  save(): SavedRun {
    const recorder = this.#recorder.state()
    const { step, steps } = this.#state
    const checks = Object.fromEntries(this.#states)
    const trouble = this.#trouble ? { trouble: { ...this.#trouble.save(), checked: this.#checked } } : {}
    return { lesson: this.lesson.prose.meta.id, step, steps, recorder, checks, ...trouble }
  }

  stop(): void {
    this.#recorder.stop()
    this.#readers.clear()
  }
}

const untouched = ({ id, goals }: Step): StepState => ({
  id,
  done: false,
  goals: Object.fromEntries(Object.keys(goals).map((goal) => [goal, 'open' as const])),
  hints: [],
  chain: [],
})

function judge(step: Step, before: StepState, verdict: (key: string) => Verdict): StepState {
  const goals = Object.fromEntries(Object.keys(step.goals).map((id) => [id, verdict(goalKey(step.id, id))]))
  const done = Object.values(goals).every((v) => v === 'met')
  const hints = done ? [] : Object.keys(step.hints ?? {}).filter((id) => verdict(hintKey(step.id, id)) === 'met')
  return { ...before, goals, done, hints }
}

const sameStep = (a: StepState, b: StepState): boolean =>
  a.done === b.done && a.hints.join() === b.hints.join() && Object.keys(b.goals).every((id) => a.goals[id] === b.goals[id])

const same = (a: RunState, b: RunState): boolean =>
  a.phase === b.phase &&
  a.step === b.step &&
  a.steps === b.steps &&
  a.answers === b.answers &&
  a.board === b.board &&
  a.error === b.error
