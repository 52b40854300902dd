/** A parsed template as data, and how Go writes its parts in error messages. */
import { byteLength } from '#api/bytes.ts'
import { goQuote } from './quote.ts'

interface At {
  at: number
}

export type Operand =
  | (At & { kind: 'identifier'; name: string })
  | (At & { kind: 'variable'; path: string[] })
  | (At & { kind: 'field'; path: string[] })
  | (At & { kind: 'chain'; of: Operand; path: string[] })
  | (At & { kind: 'dot' })
  | (At & { kind: 'nil' })
  | (At & { kind: 'bool'; value: boolean })
  | (At & { kind: 'number'; text: string; value: bigint | number })
  | (At & { kind: 'string'; text: string; value: string })
  | Pipe

export interface CommandNode extends At {
  kind: 'command'
  args: Operand[]
}

/** Commands one behind the other; each result is the last argument of the next. */
export interface Pipe extends At {
  kind: 'pipe'
  declared: string[]
  assigns: boolean
  commands: CommandNode[]
}

export interface Branch extends At {
  kind: 'if' | 'with' | 'range'
  pipe: Pipe
  body: Part[]
  otherwise: Part[] | null
}

export type Part =
  | (At & { kind: 'text'; text: string })
  | (At & { kind: 'action'; pipe: Pipe })
  | Branch
  | (At & { kind: 'template'; name: string; pipe: Pipe | null })
  | (At & { kind: 'break' | 'continue' })

export type Node = Part | Operand | CommandNode

/** One named body: the text it was cut from is for telling places. */
export interface Tree {
  name: string
  /** The name of the text that it was parsed from. */
  from: string
  text: string
  parts: Part[]
}

const list = (parts: readonly Part[]): string => parts.map(shownNode).join('')

/** A node as Go prints it. */
export function shownNode(node: Node): string {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'action':
      return `{{${shownNode(node.pipe)}}}`
    case 'if':
    case 'with':
    case 'range': {
      const otherwise = node.otherwise ? `{{else}}${list(node.otherwise)}` : ''
      return `{{${node.kind} ${shownNode(node.pipe)}}}${list(node.body)}${otherwise}{{end}}`
    }
    case 'template':
      return `{{template ${goQuote(node.name)}${node.pipe ? ` ${shownNode(node.pipe)}` : ''}}}`
    case 'break':
    case 'continue':
      return `{{${node.kind}}}`
    case 'command':
      return node.args.map((arg) => (arg.kind === 'pipe' ? `(${shownNode(arg)})` : shownNode(arg))).join(' ')
    default:
      return shownOperand(node)
  }
}

function shownOperand(node: Operand): string {
  switch (node.kind) {
    case 'pipe': {
      const declared = node.declared.length > 0 ? `${node.declared.join(', ')} ${node.assigns ? '=' : ':='} ` : ''
      return declared + node.commands.map(shownNode).join(' | ')
    }
    case 'identifier':
      return node.name
    case 'variable':
      return node.path.join('.')
    case 'field':
      return node.path.map((name) => `.${name}`).join('')
    case 'chain': {
      const of = node.of.kind === 'pipe' ? `(${shownNode(node.of)})` : shownNode(node.of)
      return of + node.path.map((name) => `.${name}`).join('')
    }
    case 'dot':
      return '.'
    case 'nil':
      return 'nil'
    case 'bool':
      return String(node.value)
    default:
      return node.text
  }
}

/** `name:line:column` of a node, the column in bytes. */
export function placeOf({ from, text }: Tree, { at }: At): string {
  const before = text.slice(0, at)
  const line = before.split('\n').length
  const column = byteLength(before.slice(before.lastIndexOf('\n') + 1))
  return `${from}:${line}:${column}`
}
