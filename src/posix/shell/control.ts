/** Lists, conditions and loops: one handler per kind of frame. */

import { codeOf } from './code.ts'
import { background } from './forks.ts'
import type { Handler, Interpreter } from './interpreter.ts'
import { syntaxWords } from './messages.ts'
import { matches } from './pattern.ts'
import { apply, targets } from './redirects.ts'
import type { Frame } from './state.ts'
import type { NodeOf } from './syntax.ts'
import { checkCondition } from './test.ts'

const list: Handler = (it, f) => {
  const node = it.node(f) as NodeOf<'list'>
  if (it.st.options.includes('n') && !it.st.interactive) {
    it.pop(f)
    return true
  }
  const item = node.items[f.i]
  if (!item) {
    it.pop(f)
    return true
  }
  f.i += 1
  if (item.bg) {
    background(it, f.c, item)
    return true
  }
  // The last command of a forked shell may take its place.
  const last = f['tail'] === true && f.i === node.items.length
  it.push(f.c, item.n, last ? { tail: true } : {})
  return true
}

const andor: Handler = (it, f) => {
  const node = it.node(f) as NodeOf<'andor'>
  if (f.i === 0) {
    f.i = 1
    f['quiet'] = true
    it.push(f.c, node.first)
    return true
  }
  for (let k = f.i - 1; k < node.rest.length; k++) {
    const next = node.rest[k] as { and: boolean; n: number }
    f.i += 1
    if (next.and !== (it.st.status === 0)) continue
    f['quiet'] = k < node.rest.length - 1
    it.push(f.c, next.n)
    return true
  }
  it.pop(f)
  return true
}

const branch: Handler = (it, f) => {
  const node = it.node(f) as NodeOf<'if'>
  // Even steps run a test, odd ones look at how it ended.
  if (f.i % 2 === 1) {
    f['quiet'] = false
    const arm = node.arms[(f.i - 1) / 2] as { body: number }
    if (it.st.status === 0) {
      it.pop(f)
      it.push(f.c, arm.body)
      return true
    }
    f.i += 1
  }
  const arm = node.arms[f.i / 2]
  if (arm) {
    f.i += 1
    f['quiet'] = true
    it.push(f.c, arm.test)
    return true
  }
  it.pop(f)
  if (node.otherwise !== null) it.push(f.c, node.otherwise)
  else it.st.status = 0
  return true
}

const loop: Handler = (it, f) => {
  const node = it.node(f) as NodeOf<'while'>
  if (f['stop']) {
    it.pop(f)
    return true
  }
  if (f.i === 0) {
    // The body's status is the loop's.
    if (f['ran']) f['status'] = it.st.status
    f.i = 1
    f['quiet'] = true
    it.push(f.c, node.test)
    return true
  }
  f['quiet'] = false
  if ((it.st.status === 0) === node.until) {
    it.st.status = f['status'] ?? 0
    it.pop(f)
    return true
  }
  f.i = 0
  f['ran'] = true
  it.push(f.c, node.body)
  return true
}

const each: Handler = (it, f) => {
  const node = it.node(f) as NodeOf<'for'>
  if (f['items'] === undefined) {
    const { words } = node
    const items = words ? it.attempt(f, (x) => x.fields(words)) : [...it.st.args]
    if (items === undefined) return true
    f['items'] = items
    it.st.status = 0
  }
  if (f['stop'] || f.i >= f['items'].length) {
    it.pop(f)
    return true
  }
  it.vars.set(node.name, f['items'][f.i])
  f.i += 1
  it.push(f.c, node.body)
  return true
}

const count: Handler = (it, f) => {
  const node = it.node(f) as NodeOf<'cfor'>
  if (f['stop']) {
    it.pop(f)
    return true
  }
  const number = (text: string): number | undefined => {
    const value = it.attempt(f, (x) => x.arithmetic(text.replace(/\$(\w+)/g, '$1')))
    return value === undefined ? undefined : Number(value)
  }
  if (f.i === 0) {
    if (number(node.init) === undefined) return true
    f.i = 1
  } else if (number(node.step) === undefined) return true
  const going = node.test.trim() === '' ? 1 : number(node.test)
  if (going === undefined) return true
  if (going === 0) it.pop(f)
  else it.push(f.c, node.body)
  return true
}

const choose: Handler = (it, f) => {
  const node = it.node(f) as NodeOf<'case'>
  if (f['fall'] !== undefined) return fall(it, f, node)
  const found = it.attempt(f, (x) => {
    const word = x.text(node.word)
    const at = node.items.findIndex(
      (item, i) =>
        i >= (f['from'] ?? 0) && item.patterns.some((p) => matches(x.pattern(p), word, it.st.named.includes('extglob'))),
    )
    return { at }
  })
  if (!found) return true
  it.st.status = 0
  f['fall'] = found.at
  if (found.at < 0) it.pop(f)
  return true
}

/** Runs the body of an item; behind `;&` the next one too. */
function fall(it: Interpreter, f: Frame, node: NodeOf<'case'>): boolean {
  const item = node.items[f['fall']]
  if (!item) {
    it.pop(f)
    return true
  }
  if (item.end === ';&') f['fall'] += 1
  else if (item.end === ';;&') {
    f['from'] = f['fall'] + 1
    f['fall'] = undefined
  } else it.pop(f)
  it.push(f.c, item.body)
  return true
}

const group: Handler = (it, f) => {
  it.pop(f)
  it.push(f.c, (it.node(f) as NodeOf<'group'>).body, f['tail'] ? { tail: true } : {})
  return true
}

const define: Handler = (it, f) => {
  const node = it.node(f) as NodeOf<'function'>
  it.st.functions = { ...it.st.functions, [node.name]: { c: f.c, n: node.body } }
  it.st.status = 0
  it.pop(f)
  return true
}

/** A compound command with redirections. */
const redir: Handler = (it, f) => {
  const node = it.node(f)
  if (f.i === 1) {
    it.restoreFds(f)
    it.pop(f)
    return true
  }
  const words = it.attempt(f, (x) => targets(node.redirs, x))
  if (words === undefined) return true
  if (!apply(it, f, node.redirs, words)) {
    it.restoreFds(f)
    it.pop(f)
    it.st.status = 1
    it.check()
    return true
  }
  f.i = 1
  it.enter(f.c, node)
  return true
}

const cond: Handler = (it, f) => {
  const { test } = it.node(f) as NodeOf<'cond'>
  it.st.line = it.node(f).line
  const holds = it.attempt(f, (x) => checkCondition(it, test, x))
  if (!holds) return true
  it.st.status = holds.yes ? 0 : (holds.status ?? 1)
  it.pop(f)
  it.check()
  return true
}

const arith: Handler = (it, f) => {
  const { text } = it.node(f) as NodeOf<'arith'>
  const code = codeOf(`: "$((${text}))"`, it.st.flavour)
  const simple = code.nodes.find((n): n is NodeOf<'simple'> => n.t === 'simple')
  const word = simple?.words[1]
  const value = it.attempt(f, (x) => (word ? x.text(word) : x.arithmetic(text)))
  if (value === undefined) return true
  it.st.status = value === '0' ? 1 : 0
  it.pop(f)
  it.check()
  return true
}

const syntax: Handler = (it, f) => {
  const node = it.node(f) as NodeOf<'syntax'>
  if (node.expected.startsWith('condition')) return noCondition(it, f, node)
  it.sys.err(`${syntaxWords(it.st, node)}\n`)
  if (
    it.st.flavour === 'bash' &&
    node.expected !== 'substitution' &&
    node.expected !== 'quote' &&
    !node.incomplete &&
    !it.st.interactive
  ) {
    const line = f.c.split('\n')[node.at - 1] ?? ''
    const { st } = it
    it.sys.err(`${st.name}: ${st.named.includes('command') ? '-c: ' : ''}line ${node.at}: \`${line}'\n`)
  }
  it.st.status = node.expected === 'substitution' && it.st.flavour === 'bash' ? 1 : 2
  it.pop(f)
  it.abandon()
  return true
}

/** Bash leaves the status as it was, unless the script ends within the condition. */
function noCondition(it: Interpreter, f: Frame, { token, at, expected }: NodeOf<'syntax'>): boolean {
  const { st } = it
  const [said, later] = token.split('\n') as [string, string?]
  const tell = (line: number, words: string): void =>
    it.sys.err(
      `${st.name.replace(/^-/, '')}: ${st.interactive ? '' : `${st.named.includes('command') ? '-c: ' : ''}line ${line}: `}${words}\n`,
    )
  if (said) tell(at, said)
  if (later) tell(f.c.replace(/\n$/, '').split('\n').length + 1, later)
  if (expected === 'condition to the end') st.status ||= 2
  it.pop(f)
  it.abandon()
  return true
}

/** Behind a trap: the status is what it was. */
const trap: Handler = (it, f) => {
  it.pop(f)
  it.st.status = f['status']
  if (f['exits']) it.exit(f['status'])
  return true
}

const call: Handler = (it, f) => {
  it.pop(f)
  it.leaveFunction(f)
  return true
}

const base: Handler = (it, f) => {
  it.pop(f)
  return true
}

export const control: Readonly<Record<string, Handler>> = {
  list,
  andor,
  if: branch,
  while: loop,
  for: each,
  cfor: count,
  case: choose,
  group,
  function: define,
  redir,
  cond,
  arith,
  syntax,
  trap,
  call,
  source: base,
  base,
}
