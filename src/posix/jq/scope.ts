/** Looks for functions and variables that nobody has defined, before anything runs. */
import { natives } from './builtins.ts'
import { library } from './library.ts'
import { type Definition, JqSyntaxError, type Node, type Pattern } from './syntax.ts'

interface Known {
  functions: ReadonlySet<string>
  vars: ReadonlySet<string>
}

const GLOBAL = ['ENV', '__loc__', '__prog_args', 'ARGS', 'named']

export function checkNames(node: Node, vars: readonly string[]): void {
  check(node, { functions: new Set(), vars: new Set([...GLOBAL, ...vars]) })
}

function check(node: Node, known: Known): void {
  switch (node.k) {
    case 'call': {
      const key = `${node.name}/${node.args.length}`
      if (!known.functions.has(key) && !library().functions.has(key) && !Object.hasOwn(natives, key))
        throw new JqSyntaxError(`${key} is not defined`)
      for (const arg of node.args) check(arg, known)
      return
    }
    case 'var':
      if (!known.vars.has(node.name)) throw new JqSyntaxError(`$${node.name} is not defined`)
      return
    case 'break':
      if (!known.vars.has(`*${node.name}`)) throw new JqSyntaxError(`$*label-${node.name} is not defined`)
      return
    case 'label':
      check(node.body, { ...known, vars: new Set([...known.vars, `*${node.name}`]) })
      return
    case 'def': {
      checkDefinition(node.definition, known)
      const { name, params } = node.definition
      check(node.body, { ...known, functions: new Set([...known.functions, `${name}/${params.length}`]) })
      return
    }
    case 'as':
      check(node.source, known)
      check(node.body, bound(known, node.patterns))
      return
    case 'reduce':
    case 'foreach': {
      check(node.source, known)
      check(node.start, known)
      const inner = bound(known, [node.pattern])
      check(node.update, inner)
      if (node.k === 'foreach' && node.extract) check(node.extract, inner)
      return
    }
    case 'string':
      for (const part of node.parts) if (typeof part !== 'string') check(part, known)
      return
    case 'object':
      for (const { key, value } of node.entries) {
        check(key, known)
        if (value) check(value, known)
      }
      return
    default:
      for (const child of Object.values(node)) if (child && typeof child === 'object' && 'k' in child) check(child as Node, known)
  }
}

function checkDefinition({ name, params, body }: Definition, known: Known): void {
  const functions = new Set([...known.functions, `${name}/${params.length}`, ...params.map((p) => `${p.replace('$', '')}/0`)])
  const vars = new Set([...known.vars, ...params.filter((p) => p.startsWith('$')).map((p) => p.slice(1))])
  check(body, { functions, vars })
}

function bound(known: Known, patterns: readonly Pattern[]): Known {
  const vars = new Set(known.vars)
  const visit = (pattern: Pattern): void => {
    if (pattern.k === 'var') vars.add(pattern.name)
    else if (pattern.k === 'list') for (const item of pattern.items) visit(item)
    else
      for (const { name, pattern: inner } of pattern.entries) {
        if (name) vars.add(name)
        if (inner) visit(inner)
      }
  }
  for (const pattern of patterns) visit(pattern)
  return { ...known, vars }
}
