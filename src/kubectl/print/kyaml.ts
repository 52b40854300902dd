/** KYAML: YAML with braces, brackets and quoted strings, as `-o kyaml` prints it (sigs.k8s.io/yaml/kyaml). */

export const toKyaml = (value: unknown): string => `---\n${render(value, 0)}\n`

const pad = (indent: number): string => '  '.repeat(indent)

function render(value: unknown, indent: number): string {
  if (value === null || value === undefined) return 'null'
  if (typeof value === 'string') return text(value, indent + 1)
  if (typeof value !== 'object') return String(value)
  if (Array.isArray(value)) return list(value, indent)
  const entries = Object.entries(value)
    .filter(([, v]) => v !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return '{}'
  const lines = entries.map(
    ([key, v]) => `${pad(indent + 1)}${ambiguous(key) ? JSON.stringify(key) : key}: ${render(v, indent + 1)},\n`,
  )
  return `{\n${lines.join('')}${pad(indent)}}`
}

/** Lists of maps and lists stand close together. */
function list(items: readonly unknown[], indent: number): string {
  if (items.length === 0) return '[]'
  const cuddled = items.every((item) => typeof item === 'object' && item !== null)
  if (cuddled) return `[${items.map((item) => render(item, indent)).join(', ')}]`
  return `[\n${items.map((item) => `${pad(indent + 1)}${render(item, indent + 1)},\n`).join('')}${pad(indent)}]`
}

/** Several lines are folded: each ends with an escaped newline and goes on, aligned, below. */
function text(value: string, indent: number): string {
  const quoted = (line: string): string => JSON.stringify(line).slice(1, -1).replaceAll('\\t', '\t')
  if (!value.includes('\n')) return `"${quoted(value)}"`
  const lines = value.split('\n')
  const last = lines.pop() as string
  const start = (line: string): string => `${pad(indent)}${/^[^\S\n]/.test(line) ? '\\' : ' '}${quoted(line)}`
  const body = lines.map((line) => `${start(line)}\\n\\\n`).join('') + (last === '' ? '' : `${start(last)}\\\n`)
  return `"\\\n${body}${pad(indent)}"`
}

const WORDS = /^(|~|null|true|false|yes|no|on|off|y|n|[-+]?\.inf|\.nan)$/i
const NUMBER =
  /^[-+]?(\d[\d_]*\.?[\d_]*([eE][-+]?\d+)?|\.\d+|0[xob][\da-fA-F_]+)$|^\d{4}-\d\d?-\d\d?|^[-+]?[1-9][\d_]*(:[0-5]?\d)+/

const ambiguous = (key: string): boolean =>
  WORDS.test(key) || NUMBER.test(key) || !/^[\p{L}\p{N}_]([\p{L}\p{N}_./-]*[\p{L}\p{N}_])?$/u.test(key)
