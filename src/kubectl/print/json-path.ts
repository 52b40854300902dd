/** JSONPath over objects: `-o jsonpath=…`, and the paths of columns, sorting and waiting. */
import { goJson } from '#api/go-json.ts'
import { GoInt, goQuote, goSprint, goSprintf } from '#gotemplate/index.ts'
import { KubectlError } from '../command.ts'
import { type PathNode, parsePath } from './json-path-parse.ts'
import { sortedKeys } from './sorted.ts'

/** A printer for one template; throws kubectl's words when it cannot be read. */
export function jsonPathPrinter(template: string, asJson: boolean, allowMissing = true): (data: unknown) => string {
  const nodes = parsed(template)
  return (data) => {
    try {
      return new Evaluation(allowMissing)
        .results(nodes, data)
        .map((values) => printed(values, asJson))
        .join('')
    } catch (error) {
      if (error instanceof KubectlError) throw error
      const why = error instanceof Error ? error.message : error
      const about = `Error executing template: ${why}. Printing more information for debugging the template:\n\ttemplate was:\n\t\t${template}\n\tobject given to jsonpath engine was:\n\t\t${goSprintf('%#v', [counted(data)])}\n\n`
      throw new KubectlError(`error executing jsonpath ${goQuote(template)}: ${about}\n`)
    }
  }
}

export const jsonPath = (template: string, data: unknown, asJson = false): string => jsonPathPrinter(template, asJson)(data)

function parsed(template: string): PathNode[] {
  try {
    return parsePath(template)
  } catch (error) {
    throw new KubectlError(`error parsing jsonpath ${template}, ${error instanceof Error ? error.message : error}`)
  }
}

/** `x.y`, `.x.y`, `{x.y}`, `{.x.y}`: what columns and sorting take. */
export function relaxed(path: string): string {
  if (path === '') return path
  const [, braced, bare] = /^\{\.?([^{}]+)\}$|^\.?([^{}]+)$/.exec(path) ?? []
  const inner = braced ?? bare
  if (inner === undefined) {
    throw new KubectlError(
      "unexpected path string, expected a 'name1.name2' or '.name1.name2' or '{name1.name2}' or '{.name1.name2}'",
    )
  }
  return `{.${inner}}`
}

/** The values a single path finds; where it cannot be followed, none. */
export function pathValues(path: string, data: unknown): unknown[] {
  const nodes = parsed(relaxed(path))
  try {
    return new Evaluation(true).results(nodes, data).flat()
  } catch {
    return []
  }
}

/** Says why a path cannot be followed. */
export function pathTrouble(path: string, data: unknown): string | null {
  try {
    new Evaluation(true).results(parsed(relaxed(path)), data)
    return null
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function printed(values: readonly unknown[], asJson: boolean): string {
  if (asJson) return `${JSON.stringify(values.map(sortedKeys), null, 4)}\n`
  return values.map(textOf).join(' ')
}

function textOf(value: unknown): string {
  if (value === null) return 'null'
  if (value === undefined) return ''
  if (typeof value === 'object') return goJson(sortedKeys(value))
  return typeof value === 'number' && Number.isInteger(value) ? String(value) : goSprint([value])
}

/** Whole numbers of JSON are int64. */
function counted(value: unknown): unknown {
  if (typeof value === 'number') return Number.isInteger(value) ? new GoInt('int64', BigInt(value)) : value
  if (Array.isArray(value)) return value.map(counted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, counted(one)]])))
}

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const children = (value: unknown): unknown[] => {
  if (Array.isArray(value)) return value
  if (isMap(value))
    return Object.keys(value)
      .sort()
      .map((key) => value[key])
      .filter((one) => one !== undefined)
  return typeof value === 'string' ? [...value].map((c) => c.charCodeAt(0)) : []
}

class Evaluation {
  readonly #allowMissing: boolean
  #depth = 0

  constructor(allowMissing: boolean) {
    this.#allowMissing = allowMissing
  }

  /** One list of values per action. */
  results(nodes: readonly PathNode[], data: unknown): unknown[][] {
    return this.#block(nodes, 0, data).results
  }

  /** From a place to the end of its block. */
  #block(nodes: readonly PathNode[], start: number, data: unknown): { results: unknown[][]; end: number } {
    const results: unknown[][] = []
    for (let at = start; at < nodes.length; at++) {
      const node = nodes[at] as PathNode
      const word = node.kind === 'list' ? node.nodes.find((one) => one.kind === 'identifier')?.name : undefined
      if (word === 'end') {
        if (this.#depth === 0) throw new Error('not in range, nothing to end')
        return { results, end: at }
      }
      if (word === 'range') {
        const items = this.#list(
          [data],
          (node as { nodes: PathNode[] }).nodes.filter((one) => one.kind !== 'identifier'),
        )
        this.#depth += 1
        let end = nodes.length
        for (const item of items.length > 0 ? items : [undefined]) {
          const inner = this.#block(nodes, at + 1, item)
          end = inner.end
          if (items.length > 0) results.push(...inner.results)
        }
        this.#depth -= 1
        at = end
        continue
      }
      results.push(this.#walk([data], node))
    }
    return { results, end: nodes.length }
  }

  #list(values: unknown[], nodes: readonly PathNode[]): unknown[] {
    return nodes.reduce<unknown[]>((found, node) => this.#walk(found, node), values)
  }

  #walk(values: unknown[], node: PathNode): unknown[] {
    switch (node.kind) {
      case 'list':
        return this.#list(values, node.nodes)
      case 'text':
        return [node.text]
      case 'value':
        return values.map(() => node.value)
      case 'field':
        return this.#field(values, node.name)
      case 'array':
        return values.flatMap((value) => (value === null || value === undefined ? [] : slice(value, node)))
      case 'filter':
        return values.flatMap((value) => this.#filter(value, node))
      case 'wildcard':
        return values.flatMap(children)
      case 'recursive':
        return descend(values)
      case 'union':
        return node.members.flatMap((member) => this.#list(values, member))
      case 'identifier':
        throw new Error(`unrecognized identifier ${node.name}`)
    }
  }

  #field(values: unknown[], name: string): unknown[] {
    if (values.length === 0) return []
    const found = values.flatMap((value) =>
      isMap(value) && Object.hasOwn(value, name) && value[name] !== undefined ? [value[name]] : [],
    )
    if (found.length === 0 && !this.#allowMissing) throw new Error(`${name} is not found`)
    return found
  }

  #filter(value: unknown, { left, operator, right }: Extract<PathNode, { kind: 'filter' }>): unknown[] {
    if (!Array.isArray(value)) throw new Error(`${goSprint([counted(value)])} is not array or slice and cannot be filtered`)
    return value.filter((item: unknown) => {
      if (operator === 'exists') return this.#list([item], left).length > 0
      const lefts = this.#list([item], left)
      if (lefts.length === 0) return false
      const rights = this.#list([item], right)
      if (rights.length === 0) return false
      if (lefts.length > 1 || rights.length > 1) throw new Error('can only compare one element at a time')
      return holds(lefts[0], operator, rights[0])
    })
  }
}

function slice(value: unknown, { from, to, step, single }: Extract<PathNode, { kind: 'array' }>): unknown[] {
  if (!Array.isArray(value)) throw new Error(`${isMap(value) ? 'map[string]interface {}' : typeof value} is not array or slice`)
  const { length } = value
  let first = from ?? 0
  if (first < 0) first += length
  let last = to ?? length
  if (last < 0 || (last === 0 && single)) last += length
  if (first === last) return []
  if (first >= length || first < 0) throw new Error(`array index out of bounds: index ${first}, length ${length}`)
  if (last > length || last < 0) throw new Error(`array index out of bounds: index ${last - 1}, length ${length}`)
  if (first > last) throw new Error(`starting index ${first} is greater than ending index ${last}`)
  if (step !== null && step <= 0) throw new Error('step must be > 0')
  return value.slice(first, last).filter((_, i) => i % (step ?? 1) === 0)
}

/** Everything that has something in it, and so on down. */
function descend(values: readonly unknown[]): unknown[] {
  return values.flatMap((value) => {
    const inner = children(value)
    return inner.length > 0 ? [value, ...descend(typeof value === 'string' ? [] : inner)] : []
  })
}

const kindOf = (value: unknown): string =>
  typeof value === 'number' ? (Number.isInteger(value) ? 'int' : 'float') : typeof value

function holds(left: unknown, operator: string, right: unknown): boolean {
  const kinds = ['string', 'int', 'float', 'boolean']
  if (!kinds.includes(kindOf(left)) || !kinds.includes(kindOf(right))) throw new Error('invalid type for comparison')
  if (kindOf(left) !== kindOf(right)) throw new Error('incompatible types for comparison')
  const [a, b] = [left as string, right as string]
  if (operator === '==') return a === b
  if (operator === '!=') return a !== b
  if (kindOf(left) === 'boolean') throw new Error('invalid type for comparison')
  if (operator === '<') return a < b
  if (operator === '<=') return a <= b
  if (operator === '>') return a > b
  if (operator === '>=') return a >= b
  throw new Error(`unrecognized filter operator ${operator}`)
}
