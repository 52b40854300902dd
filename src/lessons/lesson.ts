/** The format of a lesson: words in `lesson.md`, facts in `lesson.ts`, tied together by ids. */
import type { AnyObject } from '#api/meta.ts'
import type { Fault } from '#api/request.ts'
import type { Check } from './check/check.ts'
import type { Write } from './check/happenings.ts'
import type { Tally } from './check/tally.ts'
import type { Claim } from './check/value.ts'
import type { Prose } from './prose.ts'

/** Something a route does: a line for the shell, an answer, a fault of the simulated world, or patience. */
export type Deed =
  | string
  /** Puts a text into one of the learner's files. */
  | { write: string; text: string }
  | { answer: string; is: string }
  /** The answer is what this command prints. */
  | { answer: string; from: string }
  | { fault: Fault }
  | { wait: number }
  /** Patience until something is so, looked for every so many simulated ms, and no longer than a day. */
  | { until: Claim; every: number }

export interface WrongRoute {
  name: string
  deeds: readonly Deed[]
  /** The hint it must raise. */
  raises: string
}

/**
 * One link of the causal chain, found in the trace after the link before it. `@made` as the name in `object` means:
 * the same name as in the link called `made`.
 */
export type Link = Write

export interface Step {
  /** As in the heading `## Title {#id}` of lesson.md. */
  id: string
  /** Of an exam's task: its part of the whole. 1 if nothing is said. */
  weight?: number
  /** What happens when the step begins, one after another; its checks begin when it has. May depend on the seed. */
  happens?: readonly Happening[] | ((seed: string) => readonly Happening[])
  /** By the ids of the step's tasks and questions. The step is done when all are met. */
  goals: Readonly<Record<string, Check>>
  /** By the ids of the step's `### Hint {#id}`: raised while the check is met and the step is not done. */
  hints?: Readonly<Record<string, Check>>
  /** By the ids of the step's `### Chain` items, in the order of cause and effect. */
  chain?: Readonly<Record<string, Link>>
  solution: readonly Deed[]
  /** A different way that is right too; at least one step of a lesson has one. */
  second?: readonly Deed[]
  wrong: readonly WrongRoute[]
}

/** A fault of the world, or what somebody has changed; so many simulated ms after what was before it. */
export type Happening = { after: number } & ({ fault: Fault } | Change)

/** A merge patch: `nodes/node-1`, `deployments/kube-system/coredns`. */
export interface Change {
  object: string
  patch: unknown
  /** Made where it is not there any more. */
  made?: AnyObject
}

export interface Start {
  /** Created when the cluster is up, in this order, by its administrator, in their own namespace or `default`. */
  objects?: readonly AnyObject[]
  /** Changes to what every cluster has, such as labels and taints of machines. */
  patches?: readonly Change[]
  /** What happens before the learner comes, one after another. */
  faults?: readonly Happening[]
  /** Simulated ms that pass at the end, before the lesson's mark. */
  warmUp?: number
}

export interface LessonFacts {
  /** What the learner finds, beyond the scene; may depend on the seed. */
  start?: Start | ((seed: string) => Start)
  /** Files the learner is given, by name: `manifest.yaml` is the one in the editor. */
  files?: Readonly<Record<string, string>>
  steps: readonly Step[]
  /** What is counted through the whole lesson, by the ids of `### Board`. */
  board?: Readonly<Record<string, Tally>>
  /** Its routes take many hours of the cluster's time, nearly all of it in waits. */
  long?: true
}

export interface Lesson extends LessonFacts {
  prose: Prose
}

export const lesson = (facts: LessonFacts): LessonFacts => facts

export const startOf = ({ start }: LessonFacts, seed: string): Start =>
  typeof start === 'function' ? start(seed) : (start ?? {})

export const happeningsOf = ({ happens = [] }: Step, seed: string): readonly Happening[] =>
  typeof happens === 'function' ? happens(seed) : happens

/** A small number that follows from a seed, for what differs between runs of a lesson. */
export const pick = (seed: string, choices: number): number =>
  [...seed].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) >>> 0, 7) % choices

/** What a prediction should have been: the solution gives the right one. */
export const rightAnswer = (step: Step, question: string): string | undefined =>
  step.solution.flatMap((deed) => (typeof deed === 'object' && 'is' in deed && deed.answer === question ? [deed.is] : [])).at(-1)

/** What front matter, words and facts disagree on; empty when they fit. */
export function misfits({ prose, steps, board = {} }: Lesson): string[] {
  const wrong: string[] = []
  const same = (what: string, words: readonly string[], facts: readonly string[]): void => {
    for (const id of words) if (!facts.includes(id)) wrong.push(`${what} ${id} stands in lesson.md but not in lesson.ts`)
    for (const id of facts) if (!words.includes(id)) wrong.push(`${what} ${id} stands in lesson.ts but not in lesson.md`)
  }
  same(
    'step',
    prose.steps.map((s) => s.id),
    steps.map((s) => s.id),
  )
  same(
    'count',
    (prose.board ?? []).map(({ id }) => id),
    Object.keys(board),
  )
  for (const step of steps) {
    const words = prose.steps.find((s) => s.id === step.id)
    if (!words) continue
    same(
      `goal of ${step.id}:`,
      [...words.questions, ...words.tasks].map((t) => t.id),
      Object.keys(step.goals),
    )
    same(`hint of ${step.id}:`, words.hints.map((h) => h.id).filter(Boolean), Object.keys(step.hints ?? {}))
    same(
      `link of ${step.id}:`,
      words.chain.map((l) => l.id),
      Object.keys(step.chain ?? {}),
    )
    for (const route of step.wrong)
      if (!(route.raises in (step.hints ?? {}))) wrong.push(`${step.id}: ${route.name} raises no hint of the step`)
    for (const question of words.questions) {
      const choices = question.choices.map((c) => c.id)
      for (const deed of [...step.solution, ...(step.second ?? []), ...step.wrong.flatMap((route) => route.deeds)])
        if (
          typeof deed === 'object' &&
          'is' in deed &&
          deed.answer === question.id &&
          choices.length > 0 &&
          !choices.includes(deed.is)
        )
          wrong.push(`${step.id}: ${question.id} has no choice ${deed.is}, which a route gives`)
      if (choices.length === 1) wrong.push(`${step.id}: ${question.id} has a single choice`)
      if (new Set(choices).size < choices.length) wrong.push(`${step.id}: ${question.id} has two choices of one id`)
    }
    if (step.solution.length === 0) wrong.push(`step ${step.id} has no solution`)
    if (words.text === '') wrong.push(`step ${step.id} says nothing`)
    if (words.reveal === '') wrong.push(`step ${step.id} has no closing words (### Then)`)
    if (prose.meta.limit !== undefined) {
      if (words.questions.length > 0) wrong.push(`step ${step.id}: an exam asks for deeds, not for answers`)
      if (step.wrong.length === 0) wrong.push(`task ${step.id} has no wrong route`)
    } else if (!words.hints.some((h) => h.id === '')) wrong.push(`step ${step.id} has no hint to ask for`)
  }
  if (prose.meta.limit !== undefined) return wrong
  if (steps.every((s) => s.second === undefined)) wrong.push('no step has a second route')
  if (steps.flatMap((s) => s.wrong).length < 2) wrong.push('a lesson has at least two wrong routes')
  const first = prose.steps[0]
  if (first && first.words > 120) wrong.push(`${first.words} words before the first action: at most 120`)
  return wrong
}
