/** The checker language, as lessons import it. */
export { answer, answered } from './check/answers.ts'
export { can, lookup, said } from './check/asked.ts'
export {
  after,
  again,
  allOf,
  always,
  anyOf,
  type Check,
  during,
  each,
  eventually,
  held,
  never,
  now,
  once,
  order,
  type Verdict,
} from './check/check.ts'
export { audit, born, event, refused, traffic } from './check/happenings.ts'
export { direct, missing, pinned, quick, reach, reaches } from './check/roads.ts'
export { shown, type Tally, tally } from './check/tally.ts'
export { both, broken, count, either, isReady, list, not, obj, one, raft, Value } from './check/value.ts'
