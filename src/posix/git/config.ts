/** git's settings: `key = value` lines in sections, of the system, the user and the repository, the later ones first. */
import type { Store } from './store.ts'

/** `user.name`, `remote.origin.url`: section and name in lower case, what is between them as it is. */
export function keyOf(words: string): string {
  const parts = words.split('.')
  const [first = ''] = parts
  const last = parts.at(-1) ?? ''
  return [first.toLowerCase(), ...parts.slice(1, -1), last.toLowerCase()].join('.')
}

interface Line {
  text: string
  /** The section it stands in, as keys begin. */
  section: string
  key?: string
  value?: string
}

const unquoted = (text: string): string =>
  text.replace(/^"([^]*)"$/, '$1').replace(/\\(["\\nt])/g, (_, c: string) => (c === 'n' ? '\n' : c === 't' ? '\t' : c))

function linesIn(text: string): Line[] {
  let section = ''
  return text
    .replace(/\n$/, '')
    .split('\n')
    .filter((line, i, all) => line !== '' || all.length > 1 || i > 0)
    .map((line): Line => {
      const head = /^\s*\[([\w.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\]/.exec(line)
      if (head) {
        section = (head[1] as string).toLowerCase() + (head[2] === undefined ? '' : `.${unquoted(head[2])}`)
        return { text: line, section }
      }
      const m = /^\s*([A-Za-z][\w-]*)\s*(?:=\s*(.*?))?\s*$/.exec(line)
      if (!m) return { text: line, section }
      return { text: line, section, key: `${section}.${(m[1] as string).toLowerCase()}`, value: unquoted(m[2] ?? 'true') }
    })
}

/** One file of settings. */
export class ConfigFile {
  readonly path: string
  readonly #store: Store

  constructor(store: Store, path: string) {
    this.#store = store
    this.path = path
  }

  #lines(): Line[] {
    return linesIn(this.#store.read(this.path) ?? '')
  }
  #write(lines: readonly Line[]): string {
    return this.#store.write(this.path, lines.map(({ text }) => `${text}\n`).join(''))
  }

  all(): [string, string][] {
    return this.#lines().flatMap(({ key, value }) => (key === undefined ? [] : [[key, value as string] as [string, string]]))
  }

  set(key: string, value: string): string {
    const name = keyOf(key)
    const last = key.slice(key.lastIndexOf('.') + 1)
    const section = name.slice(0, name.lastIndexOf('.'))
    const lines = this.#lines()
    const line: Line = { text: `\t${last} = ${quoted(value)}`, section, key: name, value }
    const at = lines.findLastIndex((each) => each.key === name)
    if (at >= 0) lines[at] = line
    else {
      const end = lines.findLastIndex((each) => each.section === section)
      if (end >= 0) lines.splice(end + 1, 0, line)
      else lines.push({ text: headOf(section), section }, line)
    }
    return this.#write(lines)
  }

  /** Whether there was one. A section that is empty then goes, too. */
  unset(key: string): boolean {
    const name = keyOf(key)
    const lines = this.#lines()
    const left = lines.filter((line) => line.key !== name)
    if (left.length === lines.length) return false
    const alive = new Set(left.flatMap((line) => (line.key === undefined ? [] : [line.section])))
    this.#write(left.filter((line) => line.section !== name.slice(0, name.lastIndexOf('.')) || alive.has(line.section)))
    return true
  }

  removeSection(section: string): void {
    this.#write(this.#lines().filter((line) => line.section !== section))
  }
}

const headOf = (section: string): string => {
  const at = section.indexOf('.')
  return at < 0 ? `[${section}]` : `[${section.slice(0, at)} "${section.slice(at + 1).replace(/["\\]/g, '\\$&')}"]`
}
const quoted = (value: string): string => {
  const escaped = value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t')
  return /^\s|\s$|[#;]/.test(value) ? `"${escaped}"` : escaped
}
