/** How etcd's requests compare and order keys: filters and sorting of ranges, comparisons of transactions. */
import { ERRORS, type Keyspace, type Stored } from './etcd-keyspace.ts'
import type { Said } from './etcd-messages.ts'

const TARGETS: Record<string, (stored: Stored) => string | number> = {
  KEY: (stored) => stored.key,
  VERSION: (stored) => stored.version,
  CREATE: (stored) => stored.created,
  MOD: (stored) => stored.modified,
  VALUE: (stored) => stored.value(),
}

/** What a comparison of a transaction looks at, in what is there and in what was sent. */
const COMPARED: Record<string, [(stored: Stored | null) => string | number | null, string, 0 | '' | '0']> = {
  VERSION: [(stored) => stored?.version ?? 0, 'version', 0],
  CREATE: [(stored) => stored?.created ?? 0, 'create_revision', 0],
  MOD: [(stored) => stored?.modified ?? 0, 'mod_revision', 0],
  VALUE: [(stored) => stored?.value() ?? null, 'value', ''],
  LEASE: [(stored) => Number(stored?.lease ?? 0), 'lease', '0'],
}

export function holds(keys: Keyspace, compare: Said): boolean {
  const { key, range_end: end = '', target = 'VERSION', result = 'EQUAL' } = compare
  const [seen, name, none] = COMPARED[target] as (typeof COMPARED)[string]
  const sent = target === 'LEASE' ? Number(compare[name] ?? none) : (compare[name] ?? none)
  const found = keys.find(key, end)
  // What is not there has no value that could be compared.
  return (found.length > 0 ? found : end === '' ? [null] : []).every((each) => {
    const value = seen(each)
    if (value === null) return false
    if (result === 'GREATER') return value > sent
    if (result === 'LESS') return value < sent
    return (value === sent) === (result === 'EQUAL')
  })
}

export const within =
  ({ min_mod_revision: minMod, max_mod_revision: maxMod, min_create_revision: minMade, max_create_revision: maxMade }: Said) =>
  ({ modified, created }: Stored): boolean =>
    !(minMod && modified < minMod) &&
    !(maxMod && modified > maxMod) &&
    !(minMade && created < minMade) &&
    !(maxMade && created > maxMade)

export function sorted(list: Stored[], { sort_order: order = 'NONE', sort_target: target = 'KEY' }: Said): Stored[] {
  const value = TARGETS[target]
  if (!value) throw ERRORS.sortOption()
  if (target === 'KEY' && order !== 'DESCEND') return list
  const sign = order === 'DESCEND' ? -1 : 1
  return [...list].sort((a, b) => sign * (value(a) < value(b) ? -1 : value(a) > value(b) ? 1 : 0))
}
