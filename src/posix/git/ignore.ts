/** What `.gitignore` leaves out. */
import type { Store } from './store.ts'

interface Rule {
  /** Folder of the file it stands in, with a slash at its end, or empty. */
  base: string
  pattern: RegExp
  keeps: boolean
  foldersOnly: boolean
  /** It has a slash: it is about the whole path, not only the last name. */
  whole: boolean
}

function patternOf(glob: string): RegExp {
  const source = glob.replace(/\*\*\/|\/\*\*|\*\*|\*|\?|\[[^\]]*\]|\\.|[.+^${}()|]/g, (m) => {
    if (m === '**/') return '(?:.*/)?'
    if (m === '/**') return '/.*'
    if (m === '**') return '.*'
    if (m === '*') return '[^/]*'
    if (m === '?') return '[^/]'
    if (m.startsWith('[')) return m.replace(/^\[!/, '[^')
    return m.startsWith('\\') ? m : `\\${m}`
  })
  return new RegExp(`^${source}$`)
}

export const globMatches = (glob: string, path: string): boolean => patternOf(glob.replaceAll('*', '**')).test(path)

function rulesIn(text: string, base: string): Rule[] {
  return text.split('\n').flatMap((line): Rule[] => {
    let glob = line.replace(/\r$/, '').replace(/(?<!\\)\s+$/, '')
    if (glob === '' || glob.startsWith('#')) return []
    const keeps = glob.startsWith('!')
    if (keeps) glob = glob.slice(1)
    const foldersOnly = glob.endsWith('/')
    if (foldersOnly) glob = glob.slice(0, -1)
    const whole = glob.includes('/')
    try {
      return [{ base, pattern: patternOf(glob.replace(/^\//, '')), keeps, foldersOnly, whole }]
    } catch {
      return []
    }
  })
}

export class Ignore {
  readonly #store: Store
  readonly #root: string
  readonly #rules = new Map<string, Rule[]>()

  constructor(store: Store, root: string, gitDir: string) {
    this.#store = store
    this.#root = root
    this.#rules.set('', [
      ...rulesIn(store.read(`${gitDir}/info/exclude`) ?? '', ''),
      ...rulesIn(store.read(`${root}/.gitignore`) ?? '', ''),
    ])
  }

  #rulesOf(folder: string): Rule[] {
    let rules = this.#rules.get(folder)
    if (!rules) {
      rules = rulesIn(this.#store.read(`${this.#root}/${folder}.gitignore`) ?? '', folder)
      this.#rules.set(folder, rules)
    }
    return rules
  }

  /** `path` is relative to the root; the last rule that fits decides, those of deeper folders after those above. */
  ignores(path: string, isFolder: boolean): boolean {
    const parts = path.split('/')
    for (let depth = parts.length - 1; depth >= 0; depth--) {
      const base = parts
        .slice(0, depth)
        .map((part) => `${part}/`)
        .join('')
      const below = path.slice(base.length)
      const name = parts.at(-1) as string
      const rule = this.#rulesOf(base).findLast(
        (each) => (!each.foldersOnly || isFolder) && each.pattern.test(each.whole ? below : name),
      )
      if (rule) return !rule.keeps
    }
    return false
  }
}
