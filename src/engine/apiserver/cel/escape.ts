/** Names of properties that are no identifiers, as expressions write them (k8s.io/apiserver/pkg/cel/escaping.go). */

const WORDS: Record<string, string> = { __: '__underscores__', '.': '__dot__', '-': '__dash__', '/': '__slash__' }
const BACK: Record<string, string> = { __underscores__: '__', __dot__: '.', __dash__: '-', __slash__: '/' }
const KEYWORDS = new Set(
  'true false null in as break const continue else for function if import let loop package namespace return var void while'.split(
    ' ',
  ),
)
const cache = new Map<string, string>()

/** `my-field` → `my__dash__field`, `namespace` → `__namespace__`; null when the name cannot be written at all. */
export function escapable(name: string): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_./-]*$/.test(name)) return null
  return escapeField(name)
}

export function escapeField(name: string): string {
  if (KEYWORDS.has(name)) return `__${name}__`
  return name.replace(/__|[./-]/g, (found) => WORDS[found] as string)
}

export function unescapeField(name: string): string {
  if (!name.includes('__')) return name
  let found = cache.get(name)
  if (found === undefined) {
    const keyword = /^__(\w+)__$/.exec(name)?.[1]
    found =
      keyword && KEYWORDS.has(keyword)
        ? keyword
        : name.replace(/__(?:underscores|dot|dash|slash)__/g, (word) => BACK[word] as string)
    if (cache.size > 2000) cache.clear()
    cache.set(name, found)
  }
  return found
}
