/** Equality as apimachinery's Semantic.DeepEqual sees it: what is absent, null or empty is all the same. */

const empty = (value: unknown): boolean =>
  value === undefined ||
  value === null ||
  (typeof value === 'object' &&
    (Array.isArray(value) ? value.length === 0 : !Object.keys(value).some((k) => !empty((value as any)[k]))))

/** Deep equality of plain JSON; parts shared by both sides need no look. `ignored` names keys that do not count anywhere. */
export function semanticallyEqual(a: unknown, b: unknown, ignored = ''): boolean {
  if (a === b) return true
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return empty(a) && empty(b)
  if (Array.isArray(a) || Array.isArray(b)) {
    if (!Array.isArray(a) || !Array.isArray(b)) return empty(a) && empty(b)
    return a.length === b.length && a.every((item, i) => semanticallyEqual(item, b[i], ignored))
  }
  const x = a as Record<string, unknown>
  const y = b as Record<string, unknown>
  for (const key in x) if (key !== ignored && !semanticallyEqual(x[key], y[key], ignored)) return false
  for (const key in y) if (key !== ignored && x[key] === undefined && !empty(y[key])) return false
  return true
}
