/** sed, as far as manifests and lists need it: `s///`, `p`, `d`, `q`, with line and pattern addresses. */
import type { Streams } from '../shell.ts'
import { javaScript } from './patterns.ts'
import { joined, letters, linesOf, type Surroundings, type Tool, texts } from './tool.ts'

interface Rule {
  from: Address | null
  to: Address | null
  action: 'p' | 'd' | 'q' | { find: RegExp; put: string; print: boolean }
  inside: boolean
}

type Address = { line: number } | { last: true } | { match: RegExp }

const ADDRESS = /^(\d+|\$|\/((?:[^/\\]|\\.)*)\/)/

function parse(script: string, extended: boolean): Rule[] | string {
  const expression = (text: string, flags = ''): RegExp => new RegExp(javaScript(text, extended), flags)
  const rules: Rule[] = []
  let rest = script.trim()
  const address = (): Address | null => {
    const m = ADDRESS.exec(rest)
    if (!m) return null
    rest = rest.slice(m[0].length)
    return m[1] === '$' ? { last: true } : m[2] !== undefined ? { match: expression(m[2]) } : { line: Number(m[1]) }
  }
  while (rest !== '') {
    const from = address()
    let to: Address | null = null
    if (from && rest.startsWith(',')) {
      rest = rest.slice(1)
      to = address()
    }
    rest = rest.trimStart()
    const s = /^s(.)((?:\\.|(?!\1).)*)\1((?:\\.|(?!\1).)*)\1([gip]*)/s.exec(rest)
    if (s) {
      const put = (s[3] as string)
        .replace(/\\(\d)/g, '$$$1')
        .replace(/(^|[^\\])&/g, '$1$$&')
        .replace(/\\n/g, '\n')
        .replace(/\\([/&.])/g, '$1')
      rules.push({
        from,
        to,
        action: {
          find: expression(s[2] as string, (s[4] as string).replace('p', '')),
          put,
          print: (s[4] as string).includes('p'),
        },
        inside: false,
      })
      rest = rest.slice(s[0].length)
    } else if (/^[pdq]/.test(rest)) {
      rules.push({ from, to, action: rest[0] as 'p' | 'd' | 'q', inside: false })
      rest = rest.slice(1)
    } else return `sed: -e expression #1, char ${script.length - rest.length + 1}: unknown command: \`${rest[0]}'`
    rest = rest.replace(/^[;\s]+/, '')
  }
  return rules
}

function applies(rule: Rule, line: string, number: number, last: boolean): boolean {
  const hit = (a: Address): boolean => ('line' in a ? a.line === number : 'last' in a ? last : a.match.test(line))
  if (!rule.from) return true
  if (!rule.to) return hit(rule.from)
  if (rule.inside) {
    if (hit(rule.to)) rule.inside = false
    return true
  }
  if (!hit(rule.from)) return false
  rule.inside = !('line' in rule.to && rule.to.line <= number)
  return true
}

export const sed: Tool = {
  name: 'sed',
  async run(args, streams, around) {
    const { flags, rest } = letters(args, 'e')
    const extended = flags.has('E') || flags.has('r')
    const [script = '', ...files] = flags.has('e') ? [flags.get('e') ?? '', ...rest] : rest
    const rules = parse(script, extended)
    if (typeof rules === 'string') {
      streams.err(`${rules}\n`)
      return 1
    }
    const quiet = flags.has('n')
    if (flags.has('i'))
      return inPlace(files, streams, around, (text) => joined(transform(linesOf(text), parse(script, extended) as Rule[], quiet)))
    const text = texts('sed', files, streams, around)
    if (text === undefined) return 1
    streams.out(joined(transform(linesOf(text), rules, quiet)))
    return 0
  },
}

/** `-i`: each file is rewritten. */
function inPlace(paths: string[], { err }: Streams, { files }: Surroundings, change: (text: string) => string): number {
  let status = 0
  for (const path of paths) {
    const text = files.find(path)
    if (text === undefined) {
      err(`sed: can't read ${path}: No such file or directory\n`)
      status = 2
    } else files.write(path, change(text))
  }
  return status
}

function transform(lines: string[], rules: Rule[], quiet: boolean): string[] {
  const out: string[] = []
  for (const [i, original] of lines.entries()) {
    let line = original
    let dropped = false
    let ended = false
    for (const rule of rules) {
      if (!applies(rule, line, i + 1, i === lines.length - 1)) continue
      if (rule.action === 'd') {
        dropped = true
        break
      }
      if (rule.action === 'q') ended = true
      else if (rule.action === 'p') out.push(line)
      else {
        const next = line.replace(rule.action.find, rule.action.put)
        if (next !== line && rule.action.print) out.push(next)
        line = next
      }
    }
    if (!dropped && !quiet) out.push(line)
    if (ended) break
  }
  return out
}
