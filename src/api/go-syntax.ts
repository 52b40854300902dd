/** Prints a plain value as Go's `%#v` does. */

/** `"a"`, `5`, `interface {}(nil)` inside of maps and lists, `map[interface {}]interface {}{"a":"b"}`. */
export function goSyntaxOf(value: unknown, inside = false): string {
  if (value === null || value === undefined) return inside ? 'interface {}(nil)' : '<nil>'
  if (typeof value === 'string') return JSON.stringify(value)
  if (Array.isArray(value)) return `[]interface {}{${value.map((each) => goSyntaxOf(each, true)).join(', ')}}`
  if (typeof value !== 'object') return String(value)
  const pairs = Object.entries(value).map(([key, each]) => `${JSON.stringify(key)}:${goSyntaxOf(each, true)}`)
  return `map[interface {}]interface {}{${pairs.join(', ')}}`
}
