/** Checks: folds over moments with plain-data state, so that they can be saved, replayed and judged in virtual time. */
import type { Moment, View } from './moment.ts'
import { type Claim, needsOf } from './value.ts'

/** `broken` is for good: what should never have happened did. */
export type Verdict = 'open' | 'met' | 'broken'

/**
 * Pure functions: the next state depends on the last one, the moment and the view alone. The state is plain JSON.
 * Checks since `lesson` begin at the lesson's mark, the others when their step begins.
 */
export interface Check<S = any> {
  readonly needs: readonly string[]
  readonly since: 'step' | 'lesson'
  begin(view: View): S
  take(state: S, moment: Moment, view: View): S
  verdict(state: S, view: View): Verdict
}

export const check = <S>(parts: Omit<Check<S>, 'since'> & { since?: 'step' | 'lesson' }): Check<S> => ({
  since: 'step',
  ...parts,
})

/** Once it has been so, it counts. */
export const eventually = (claim: Claim): Check<boolean> =>
  check<boolean>({
    needs: claim.needs,
    begin: (view) => claim.read(view),
    take: (seen, _moment, view) => seen || claim.read(view),
    verdict: (seen) => (seen ? 'met' : 'open'),
  })

/** Only while it is so. */
export const now = (claim: Claim): Check<null> =>
  check<null>({
    needs: claim.needs,
    begin: () => null,
    take: () => null,
    verdict: (_state, view) => (claim.read(view) ? 'met' : 'open'),
  })

/** It was not so for a moment, and then it was again. */
export const again = (claim: Claim): Check<'at first' | 'not so' | 'again'> =>
  check<'at first' | 'not so' | 'again'>({
    needs: claim.needs,
    begin: (view) => (claim.read(view) ? 'at first' : 'not so'),
    take(state, _moment, view) {
      if (state === 'again') return state
      const so = claim.read(view)
      return so ? (state === 'not so' ? 'again' : state) : 'not so'
    },
    verdict: (state) => (state === 'again' ? 'met' : 'open'),
  })

interface Held {
  since: number | null
  met: boolean
}

/** It was so for this long without a break, in simulated ms. */
export const held = (claim: Claim, ms: number): Check<Held> =>
  check<Held>({
    needs: claim.needs,
    begin: (view) => ({ since: claim.read(view) ? view.now : null, met: false }),
    take({ since, met }, _moment, view) {
      const so = claim.read(view)
      // What ends now has lasted until now.
      const long = met || (since !== null && view.now - since >= ms)
      return { since: so ? (since ?? view.now) : null, met: long }
    },
    verdict: ({ since, met }, view) => (met || (since !== null && view.now - since >= ms) ? 'met' : 'open'),
  })

/** It is so at every moment since the lesson began. */
export const always = (claim: Claim): Check<boolean> =>
  check<boolean>({
    needs: claim.needs,
    since: 'lesson',
    begin: (view) => claim.read(view),
    take: (unbroken, _moment, view) => unbroken && claim.read(view),
    verdict: (unbroken) => (unbroken ? 'met' : 'broken'),
  })

/** What this check waits for has not happened since the lesson began. */
export const never = <S>(bad: Check<S>): Check<S> =>
  check<S>({
    needs: bad.needs,
    since: 'lesson',
    begin: (view) => bad.begin(view),
    take: (state, moment, view) => bad.take(state, moment, view),
    verdict: (state, view) => (bad.verdict(state, view) === 'met' ? 'broken' : 'met'),
  })

interface After {
  first: unknown
  second: unknown
  begun: boolean
}

/** The second check begins when the first is met. */
export const after = (first: Check, second: Check): Check<After> =>
  check<After>({
    needs: needsOf([first, second]),
    begin: (view) => ({ first: first.begin(view), second: null, begun: false }),
    take(state, moment, view) {
      if (state.begun) return { ...state, second: second.take(state.second, moment, view) }
      const next = first.take(state.first, moment, view)
      if (first.verdict(next, view) !== 'met') return { ...state, first: next }
      return { first: next, second: second.begin(view), begun: true }
    },
    verdict: (state, view) => (state.begun ? second.verdict(state.second, view) : 'open'),
  })

interface Once {
  part: unknown
  met: boolean
}

/** Once the check has been met, it counts, whatever comes of it later. */
export const once = (part: Check): Check<Once> =>
  check<Once>({
    needs: part.needs,
    begin: (view) => ({ part: part.begin(view), met: false }),
    take(state, moment, view) {
      if (state.met) return state
      const next = part.take(state.part, moment, view)
      return { part: next, met: part.verdict(next, view) === 'met' }
    },
    verdict: ({ part: state, met }, view) => (met || part.verdict(state, view) === 'met' ? 'met' : 'open'),
  })

interface Each {
  so: boolean
  met: boolean
  part: unknown
}

/** The check begins anew each time this becomes so: a second attempt counts as much as the first. Met for good once one attempt is. */
export const each = (claim: Claim, part: Check): Check<Each> =>
  check<Each>({
    needs: needsOf([claim, part]),
    begin(view) {
      const so = claim.read(view)
      return { so, met: false, part: so ? part.begin(view) : null }
    },
    take(state, moment, view) {
      if (state.met) return state
      const so = claim.read(view)
      const began = so && !state.so
      const next = began ? part.begin(view) : state.part === null ? null : part.take(state.part, moment, view)
      return { so, met: next !== null && part.verdict(next, view) === 'met', part: next }
    },
    verdict: ({ met }) => (met ? 'met' : 'open'),
  })

/** The check counts only while this is so: it begins anew each time it becomes so, and ends with it. Once met it counts. */
export const during = (claim: Claim, part: Check): Check<Each> =>
  check<Each>({
    ...each(claim, part),
    take(state, moment, view) {
      if (state.met) return state
      const so = claim.read(view)
      if (!so) return { so, met: false, part: null }
      const next = state.part === null ? part.begin(view) : part.take(state.part, moment, view)
      return { so, met: part.verdict(next, view) === 'met', part: next }
    },
  })

interface Order {
  states: unknown[]
  /** The number of the moment at which each was first met. */
  metAt: (number | null)[]
  moments: number
}

/** All are met, each no earlier than the one before it; out of order is broken. */
export const order = (...checks: Check[]): Check<Order> => {
  const mark = (state: Order, view: View): Order => ({
    ...state,
    metAt: checks.map((part, i) => state.metAt[i] ?? (part.verdict(state.states[i], view) === 'met' ? state.moments : null)),
  })
  return check<Order>({
    needs: needsOf(checks),
    begin: (view) => mark({ states: checks.map((part) => part.begin(view)), metAt: [], moments: 0 }, view),
    take: (state, moment, view) =>
      mark(
        { ...state, moments: state.moments + 1, states: checks.map((part, i) => part.take(state.states[i], moment, view)) },
        view,
      ),
    verdict({ metAt }) {
      const early = metAt.some((when, i) => i > 0 && when !== null && (metAt[i - 1] ?? Number.POSITIVE_INFINITY) > when)
      return early ? 'broken' : metAt.every((when) => when !== null) ? 'met' : 'open'
    },
  })
}

const group = (checks: readonly Check[], judge: (verdicts: Verdict[]) => Verdict): Check<unknown[]> =>
  check<unknown[]>({
    needs: needsOf(checks),
    begin: (view) => checks.map((part) => part.begin(view)),
    take: (states, moment, view) => checks.map((part, i) => part.take(states[i], moment, view)),
    verdict: (states, view) => judge(checks.map((part, i) => part.verdict(states[i], view))),
  })

export const allOf = (...checks: Check[]): Check<unknown[]> =>
  group(checks, (verdicts) => (verdicts.includes('broken') ? 'broken' : verdicts.every((v) => v === 'met') ? 'met' : 'open'))

export const anyOf = (...checks: Check[]): Check<unknown[]> =>
  group(checks, (verdicts) => (verdicts.includes('met') ? 'met' : verdicts.every((v) => v === 'broken') ? 'broken' : 'open'))
