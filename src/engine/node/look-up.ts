/** What programs are told of a look-up: addresses, other records, and the name behind an alias. */
import type { Resolved } from './context.ts'

export function answerOf({ name, addresses, names, records, canonical }: Resolved, type: string) {
  const others =
    type === 'A' ? [] : names.length > 0 ? names : records.filter((each) => each.type === type).map(({ data }) => data)
  return { name, addresses, ...(others.length > 0 ? { names: others } : {}), ...(canonical ? { canonical } : {}) }
}
