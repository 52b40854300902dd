/** What is counted through a whole lesson and shown above its steps: a fold as a check is, with a text instead of a verdict. */
import type { Moment, View } from './moment.ts'
import type { Value } from './value.ts'

export interface Tally<S = any> {
  readonly needs: readonly string[]
  begin(view: View): S
  take(state: S, moment: Moment, view: View): S
  /** It is read off the cluster as it is: whoever finds it in this state finds the same. */
  readonly present?: true
  /** Empty: there is nothing to show yet. */
  text(state: S, view: View): string
}

export const tally = <S>(parts: Tally<S>): Tally<S> => parts

/** A value as it is now, and nothing while there is none. */
export const shown = (value: Value<unknown>): Tally<null> =>
  tally<null>({
    needs: value.needs,
    present: true,
    begin: () => null,
    take: () => null,
    text: (_state, view) => String(value.read(view) ?? ''),
  })
