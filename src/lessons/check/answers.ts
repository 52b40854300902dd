/** Checks on what the learner answers: predictions count as given, answers count when they are right. */
import { type Check, check } from './check.ts'
import type { View } from './moment.ts'
import { needsOf, Value } from './value.ts'

const tidy = (text: unknown): string =>
  String(text ?? '')
    .trim()
    .replace(/^["'`]|["'`.]$/g, '')
    .toLowerCase()

/** The learner has given some answer. */
export const answered = (id: string): Check<boolean> =>
  check<boolean>({
    needs: [],
    begin: (view) => id in view.answers,
    take: (given, moment) => given || (moment.kind === 'answer' && moment.id === id),
    verdict: (given) => (given ? 'met' : 'open'),
  })

export type Expected = string | readonly string[] | Value<unknown>

export interface AnswerCheck extends Check<'none' | 'right' | 'wrong'> {
  /** Met while the last answer is a wrong one: what hints wait for. */
  wrong(): Check<'none' | 'right' | 'wrong'>
}

/** The answer is one of the expected ones; a Value (of one, or of several) is read at the moment of answering. Case, quotes and blanks don't matter. */
export function answer(id: string, expected: Expected): AnswerCheck {
  const isRight = (text: string, view: View): boolean => {
    const wanted = [expected instanceof Value ? expected.read(view) : expected].flat() as unknown[]
    return wanted.some((one) => one !== undefined && tidy(one) === tidy(text))
  }
  const parts = {
    needs: needsOf(expected instanceof Value ? [expected] : []),
    begin: () => 'none' as const,
    take(state: 'none' | 'right' | 'wrong', moment: Parameters<Check['take']>[1], view: View) {
      if (moment.kind !== 'answer' || moment.id !== id || state === 'right') return state
      return isRight(moment.text, view) ? ('right' as const) : ('wrong' as const)
    },
  }
  return {
    ...check({ ...parts, verdict: (state) => (state === 'right' ? 'met' : 'open') }),
    wrong: () => check({ ...parts, verdict: (state) => (state === 'wrong' ? 'met' : 'open') }),
  }
}
