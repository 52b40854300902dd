/** .helmignore: which files of a folder do not belong to the chart (helm's pkg/ignore). */

type Rule = (path: string, isFolder: boolean) => boolean

interface Pattern {
  negate: boolean
  onlyFolders: boolean
  match: Rule
}

/** Go's filepath.Match: stars stay within one name. */
export function globRegExp(pattern: string): RegExp {
  let out = ''
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i] as string
    if (c === '*') out += '[^/]*'
    else if (c === '?') out += '[^/]'
    else if (c === '[') {
      const end = pattern.indexOf(']', i + 1)
      if (end < 0) throw new Error('syntax error in pattern')
      out += pattern.slice(i, end + 1)
      i = end
    } else if (c === '\\' && i + 1 < pattern.length) out += escaped(pattern[++i] as string)
    else out += escaped(c)
  }
  return new RegExp(`^${out}$`)
}

const escaped = (c: string): string => c.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&')

function patternOf(line: string): Pattern | null {
  let rule = line.trim()
  if (rule === '' || rule.startsWith('#')) return null
  const negate = rule.startsWith('!')
  if (negate) rule = rule.slice(1)
  const onlyFolders = rule.endsWith('/')
  if (onlyFolders) rule = rule.replace(/\/$/, '')
  const rooted = rule.startsWith('/')
  if (rooted) rule = rule.slice(1)
  const expression = globRegExp(rule)
  const whole = rooted || rule.includes('/')
  return { negate, onlyFolders, match: (path) => expression.test(whole ? path : (path.split('/').at(-1) as string)) }
}

/** What a .helmignore says; templates whose names begin with a dot are never taken. */
export function ignoring(text: string): Rule {
  const patterns = `${text}\ntemplates/.?*`.split('\n').flatMap((line) => patternOf(line) ?? [])
  return (path, isFolder) =>
    patterns.some((pattern) => {
      if (pattern.onlyFolders && !isFolder) return false
      return pattern.match(path, isFolder) !== pattern.negate
    })
}
