/** JSONPath in kubectl's dialect (client-go util/jsonpath): templates with `{…}`, `range`/`end`, filters, `..`, slices, unions. */

import { KubectlError } from '../command.ts'
import { sortedKeys } from './sorted.ts'

type Step =
  | { kind: 'field'; name: string }
  | { kind: 'wildcard' }
  | { kind: 'recursive' }
  | { kind: 'slice'; from: number | null; to: number | null; step: number }
  | { kind: 'union'; members: string[] }
  | { kind: 'filter'; left: Operand; op: string; right: Operand | null }

type Operand = { path: Step[] } | { value: unknown }

type Node = { kind: 'text'; text: string } | { kind: 'path'; steps: Step[] } | { kind: 'range'; steps: Step[]; body: Node[] }

/** Evaluates a template; a bare expression (`.metadata.name`) is read as one in braces. */
export function jsonPath(template: string, data: unknown, asJson = false): string {
  const nodes = parse(template.includes('{') ? template : `{${template.startsWith('.') ? '' : '.'}${template}}`)
  if (asJson) {
    const values = nodes.flatMap((node) => (node.kind === 'path' ? evaluate(node.steps, [data], data) : []))
    return `${JSON.stringify(values.map(sortedKeys), null, 4)}\n`
  }
  return render(nodes, data, data)
}

/** The values a single path finds: for custom columns, `wait --for=jsonpath` and `--sort-by`. */
export function pathValues(path: string, data: unknown): unknown[] {
  const bare = path.replace(/^\{|\}$/g, '')
  return evaluate(stepsOf(bare.startsWith('.') || bare.startsWith('[') ? bare : `.${bare}`), [data], data)
}

function render(nodes: Node[], data: unknown, root: unknown): string {
  return nodes
    .map((node) => {
      if (node.kind === 'text') return node.text
      if (node.kind === 'path') return evaluate(node.steps, [data], root).map(print).join(' ')
      return evaluate(node.steps, [data], root)
        .map((item) => render(node.body, item, root))
        .join('')
    })
    .join('')
}

function print(value: unknown): string {
  if (value === null || value === undefined) return ''
  return typeof value === 'object' ? JSON.stringify(sortedKeys(value)) : String(value)
}

const ESCAPES: Record<string, string> = { n: '\n', t: '\t', r: '\r' }
const unescaped = (text: string): string => text.replace(/\\(.)/g, (_, c: string) => ESCAPES[c] ?? c)

function parse(template: string): Node[] {
  const stack: { nodes: Node[]; steps: Step[] }[] = [{ nodes: [], steps: [] }]
  const top = () => stack.at(-1) as { nodes: Node[]; steps: Step[] }
  let at = 0
  while (at < template.length) {
    const open = template.indexOf('{', at)
    const text = template.slice(at, open < 0 ? undefined : open)
    if (text) top().nodes.push({ kind: 'text', text: text.replace(/\\n/g, '\n').replace(/\\t/g, '\t') })
    if (open < 0) break
    const close = closing(template, open)
    const inner = template.slice(open + 1, close).trim()
    at = close + 1
    if (inner.startsWith('range ')) stack.push({ nodes: [], steps: stepsOf(inner.slice(6).trim()) })
    else if (inner === 'end') {
      const { nodes, steps } = stack.pop() as { nodes: Node[]; steps: Step[] }
      if (stack.length === 0) throw new KubectlError('error parsing jsonpath: not in range, nothing to end')
      top().nodes.push({ kind: 'range', steps, body: nodes })
    } else if (/^(["'])[^]*\1$/.test(inner)) top().nodes.push({ kind: 'text', text: unescaped(inner.slice(1, -1)) })
    else top().nodes.push({ kind: 'path', steps: stepsOf(inner) })
  }
  while (stack.length > 1) {
    const { nodes, steps } = stack.pop() as { nodes: Node[]; steps: Step[] }
    top().nodes.push({ kind: 'range', steps, body: nodes })
  }
  return top().nodes
}

function closing(template: string, open: number): number {
  let quote = ''
  for (let i = open + 1; i < template.length; i++) {
    const c = template[i] as string
    if (quote) {
      if (c === '\\') i += 1
      else if (c === quote) quote = ''
    } else if (c === '"' || c === "'") quote = c
    else if (c === '}') return i
  }
  throw new KubectlError(`error parsing jsonpath ${template}, unclosed action`)
}

function stepsOf(text: string): Step[] {
  const steps: Step[] = []
  let rest = text.replace(/^\$/, '')
  while (rest !== '' && rest !== '.') {
    const m =
      /^\.\.(?=[\w*[])/.exec(rest) ??
      /^\.?\*/.exec(rest) ??
      /^@/.exec(rest) ??
      /^\.?((?:[^\s.,[\]$@{}\\]|\\.)+)/.exec(rest) ??
      /^\.?\[(\?\((?:[^)(]|\([^)]*\))*\)|'[^']*'|"[^"]*"|[^\]]*)\]/.exec(rest)
    if (!m)
      throw new KubectlError(
        `error parsing jsonpath ${JSON.stringify(text)}, unrecognized character in action: U+${(rest.codePointAt(0) as number).toString(16).toUpperCase().padStart(4, '0')} '${rest[0]}'`,
      )
    rest = rest.slice(m[0].length)
    if (m[0] === '..') steps.push({ kind: 'recursive' })
    else if (m[0] === '*' || m[0] === '.*') steps.push({ kind: 'wildcard' })
    else if (m[0] !== '@')
      steps.push(m[0].includes('[') ? bracket(m[1] as string) : { kind: 'field', name: (m[1] as string).replace(/\\(.)/g, '$1') })
  }
  return steps
}

function bracket(inner: string): Step {
  if (inner === '*') return { kind: 'wildcard' }
  if (inner.startsWith('?(')) return filter(inner.slice(2, -1))
  if (/^['"]/.test(inner) && !inner.includes(',')) return { kind: 'field', name: inner.slice(1, -1) }
  const slice = /^(-?\d+)?(?::(-?\d+)?)?(?::(\d+))?$/.exec(inner)
  if (slice && inner.includes(':')) {
    return {
      kind: 'slice',
      from: slice[1] ? Number(slice[1]) : null,
      to: slice[2] ? Number(slice[2]) : null,
      step: Number(slice[3] ?? 1),
    }
  }
  return { kind: 'union', members: inner.split(',').map((m) => m.trim().replace(/^['"]|['"]$/g, '')) }
}

function filter(text: string): Step {
  const m = /^\s*(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+?)\s*$/.exec(text)
  if (!m) return { kind: 'filter', left: operand(text.trim()), op: 'exists', right: null }
  return { kind: 'filter', left: operand(m[1] as string), op: m[2] as string, right: operand(m[3] as string) }
}

function operand(text: string): Operand {
  if (text.startsWith('@') || text.startsWith('$')) return { path: stepsOf(text.slice(1)) }
  if (/^(["']).*\1$/.test(text)) return { value: text.slice(1, -1) }
  if (text === 'true' || text === 'false') return { value: text === 'true' }
  return { value: Number.isNaN(Number(text)) ? text : Number(text) }
}

function evaluate(steps: Step[], start: unknown[], root: unknown): unknown[] {
  let values = start
  for (const step of steps) values = values.flatMap((value) => follow(step, value, root))
  return values
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const children = (value: unknown): unknown[] => (Array.isArray(value) ? value : isMap(value) ? Object.values(value) : [])

function follow(step: Step, value: unknown, root: unknown): unknown[] {
  switch (step.kind) {
    case 'field':
      return isMap(value) && Object.hasOwn(value, step.name) && value[step.name] !== undefined ? [value[step.name]] : []
    case 'wildcard':
      return children(value)
    case 'recursive':
      return descend(value)
    case 'slice':
      return Array.isArray(value) ? value.slice(step.from ?? 0, step.to ?? undefined).filter((_, i) => i % step.step === 0) : []
    case 'union':
      return step.members.flatMap((member) => {
        if (Array.isArray(value)) return at(value, Number(member))
        return isMap(value) && Object.hasOwn(value, member) ? [value[member]] : []
      })
    case 'filter':
      return children(value).filter((item) => holds(step, item, root))
  }
}

function at(list: unknown[], index: number): unknown[] {
  const i = index < 0 ? list.length + index : index
  if (i >= list.length || i < 0)
    throw new KubectlError(`error executing jsonpath: array index out of bounds: index ${index}, length ${list.length}`)
  return [list[i]]
}

function descend(value: unknown): unknown[] {
  return [value, ...children(value).flatMap(descend)]
}

function holds({ left, op, right }: Extract<Step, { kind: 'filter' }>, item: unknown, root: unknown): boolean {
  const get = (o: Operand): unknown => ('path' in o ? evaluate(o.path, [item], root)[0] : o.value)
  const a = get(left)
  if (op === 'exists' || !right) return a !== undefined
  const b = get(right)
  if (a === undefined || b === undefined) return false
  if (op === '==') return String(a) === String(b)
  if (op === '!=') return String(a) !== String(b)
  const [x, y] = typeof a === 'number' ? [a, Number(b)] : [String(a), String(b)]
  return op === '<' ? x < y : op === '>' ? x > y : op === '<=' ? x <= y : x >= y
}
