/** Several errors as one, in the words of apimachinery's errors.Aggregate. */

/** Each reason once, in brackets when there is more than one. */
export function asOne(reasons: readonly string[]): string {
  const distinct = [...new Set(reasons)]
  return distinct.length === 1 ? (distinct[0] as string) : `[${distinct.join(', ')}]`
}
