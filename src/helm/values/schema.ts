/** values.schema.json: checks values against JSON Schema and says what is wrong in the words that helm prints. */
import { compileRegexp } from '#api/regexp/index.ts'
import type { Chart, Values } from '../chart/chart.ts'
import { HelmError } from '../io.ts'
import { plain } from './plain.ts'
import { checkPatterns } from './schema-patterns.ts'
import { isTable } from './tables.ts'

type Schema = boolean | Record<string, any>

/** Throws what is wrong with a chart's values and its subcharts'. */
export function checkSchemas(chart: Chart, values: Values): void {
  const text = problemsOf(chart, plain(values) as Values)
  if (text) throw new HelmError(`values don't meet the specifications of the schema(s) in the following chart(s):\n${text}`)
}

function problemsOf(chart: Chart, values: Values): string {
  let text = ''
  if (chart.schema !== null) {
    const schema = schemaOf(chart.schema)
    checkPatterns(chart.metadata.name, schema)
    const problems = new Checker(schema).check(values)
    if (problems.length > 0) text += `${chart.metadata.name}:\n${problems.map((line) => `${line}\n`).join('')}`
  }
  for (const child of chart.dependencies) {
    const { name } = child.metadata
    const inner = values[name]
    if (inner === undefined || inner === null) continue
    if (isTable(inner)) text += problemsOf(child, inner)
    else text += `${name}:\ninvalid type for values: expected object (map), got ${typeof inner}\n`
  }
  return text
}

function schemaOf(text: string): Schema {
  try {
    return JSON.parse(text) as Schema
  } catch (error) {
    throw new HelmError(`unable to validate schema: ${error instanceof Error ? error.message : error}`)
  }
}

interface Problem {
  at: string
  what: string
  causes: Problem[]
}

const quote = (text: string): string => `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
/** Numbers are told with commas between thousands. */
const told = (n: number): string => {
  const [whole = '', rest] = String(n).split('.')
  return whole.replace(/\B(?=(\d{3})+$)/g, ',') + (rest ? `.${rest}` : '')
}
const show = (value: unknown): string =>
  typeof value === 'string' ? quote(value) : typeof value === 'number' ? String(value) : JSON.stringify(value)

function typeOf(value: unknown): string {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  return typeof value
}

const equal = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

class Checker {
  readonly #root: Schema
  #depth = 0
  constructor(root: Schema) {
    this.#root = root
  }

  check(values: unknown): string[] {
    return this.#problems(this.#root, values, '').flatMap((problem) => lines(problem, ''))
  }

  #problems(schema: Schema, value: unknown, at: string): Problem[] {
    if (schema === true) return []
    const problem = (what: string, causes: Problem[] = []): Problem => ({ at, what, causes })
    if (schema === false) return [problem('false schema')]
    if (++this.#depth > 200) throw new HelmError('unable to validate schema: references without end')
    const type = this.#type(schema, value, problem)
    const found = type.length > 0 ? type : this.#all(schema, value, at, problem)
    this.#depth -= 1
    return found
  }

  #all(
    schema: Record<string, any>,
    value: unknown,
    at: string,
    problem: (what: string, causes?: Problem[]) => Problem,
  ): Problem[] {
    const out: Problem[] = []
    if (schema['const'] !== undefined && !equal(value, schema['const']))
      out.push(problem(`value must be ${show(schema['const'])}`))
    if (schema['enum'] && !(schema['enum'] as unknown[]).some((one) => equal(one, value)))
      out.push(problem(`value must be ${(schema['enum'].length > 1 ? 'one of ' : '') + schema['enum'].map(show).join(', ')}`))
    if (isTable(value)) out.push(...this.#object(schema, value, at, problem))
    if (Array.isArray(value)) out.push(...this.#array(schema, value, at, problem))
    if (typeof value === 'string') out.push(...text(schema, value).map((what) => problem(what)))
    if (typeof value === 'number') out.push(...number(schema, value).map((what) => problem(what)))
    return [...out, ...this.#combined(schema, value, at, problem)]
  }

  #type(schema: Record<string, any>, value: unknown, problem: (what: string) => Problem): Problem[] {
    if (!schema['type']) return []
    const wanted: string[] = [schema['type']].flat()
    const is = typeOf(value)
    const suits = wanted.some((one) => one === is || (one === 'integer' && is === 'number' && Number.isInteger(value)))
    return suits ? [] : [problem(`got ${is}, want ${wanted.join(' or ')}`)]
  }

  #object(
    schema: Record<string, any>,
    value: Values,
    at: string,
    problem: (what: string, causes?: Problem[]) => Problem,
  ): Problem[] {
    const out: Problem[] = []
    const names = Object.keys(value)
    const { minProperties, maxProperties, required, properties = {}, patternProperties = {} } = schema
    if (minProperties > names.length) out.push(problem(`minProperties: got ${told(names.length)}, want ${told(minProperties)}`))
    if (maxProperties < names.length) out.push(problem(`maxProperties: got ${told(names.length)}, want ${told(maxProperties)}`))
    const missing = ((required ?? []) as string[]).filter((name) => !Object.hasOwn(value, name))
    if (missing.length > 0)
      out.push(problem(`missing propert${missing.length > 1 ? 'ies' : 'y'} ${missing.map(quote).join(', ')}`))
    const extra: string[] = []
    // Go walks its map in no order at all; ours is at least the same every time.
    for (const name of [...names].sort().reverse()) {
      const below = `${at}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
      let known = false
      if (Object.hasOwn(properties, name)) {
        known = true
        out.push(...this.#problems(properties[name], value[name], below))
      }
      for (const [pattern, inner] of Object.entries(patternProperties)) {
        if (!fits(pattern, name)) continue
        known = true
        out.push(...this.#problems(inner as Schema, value[name], below))
      }
      if (known || schema['additionalProperties'] === undefined) continue
      if (schema['additionalProperties'] === false) extra.push(name)
      else out.push(...this.#problems(schema['additionalProperties'], value[name], below))
    }
    if (extra.length > 0) out.push(problem(`additional properties ${extra.reverse().map(quote).join(', ')} not allowed`))
    if (schema['propertyNames'] !== undefined) {
      for (const name of names) {
        const causes = this.#problems(schema['propertyNames'], name, at)
        if (causes.length > 0) out.push(problem(`invalid propertyName ${quote(name)}`, causes))
      }
    }
    for (const [name, others] of Object.entries((schema['dependentRequired'] ?? {}) as Record<string, string[]>)) {
      const absent = Object.hasOwn(value, name) ? others.filter((other) => !Object.hasOwn(value, other)) : []
      if (absent.length > 0) out.push(problem(`properties ${absent.map(quote).join(', ')} required, if ${quote(name)} exists`))
    }
    return out
  }

  #array(
    schema: Record<string, any>,
    value: unknown[],
    at: string,
    problem: (what: string, causes?: Problem[]) => Problem,
  ): Problem[] {
    const out: Problem[] = []
    const { minItems, maxItems, uniqueItems, items, prefixItems, contains } = schema
    if (minItems > value.length) out.push(problem(`minItems: got ${told(value.length)}, want ${told(minItems)}`))
    if (maxItems < value.length) out.push(problem(`maxItems: got ${told(value.length)}, want ${told(maxItems)}`))
    if (uniqueItems) {
      const twin = value.findIndex((one, i) => value.findIndex((other) => equal(one, other)) < i)
      const first = twin < 0 ? -1 : value.findIndex((one) => equal(one, value[twin]))
      if (twin >= 0) out.push(problem(`items at ${first} and ${twin} are equal`))
    }
    const tuple: Schema[] = prefixItems ?? (Array.isArray(items) ? items : [])
    value.forEach((one, i) => {
      const inner = tuple[i] ?? (Array.isArray(items) ? schema['additionalItems'] : items)
      if (inner !== undefined) out.push(...this.#problems(inner, one, `${at}/${i}`))
    })
    if (contains !== undefined && !value.some((one, i) => this.#problems(contains, one, `${at}/${i}`).length === 0))
      out.push(problem('no items match contains schema'))
    return out
  }

  #combined(
    schema: Record<string, any>,
    value: unknown,
    at: string,
    problem: (what: string, causes?: Problem[]) => Problem,
  ): Problem[] {
    const out: Problem[] = []
    const each = (list: Schema[]): Problem[][] => list.map((one) => this.#problems(one, value, at))
    if (schema['$ref'] !== undefined) {
      const causes = this.#problems(this.#resolve(schema['$ref']), value, at)
      out.push(...causes)
    }
    if (schema['allOf']) {
      const causes = each(schema['allOf']).flat()
      if (causes.length > 0) out.push(problem("'allOf' failed", causes))
    }
    if (schema['anyOf']) {
      const all = each(schema['anyOf'])
      if (all.every((one) => one.length > 0)) out.push(problem("'anyOf' failed", all.flat()))
    }
    if (schema['oneOf']) {
      const all = each(schema['oneOf'])
      const matched = all.flatMap((one, i) => (one.length === 0 ? [i] : []))
      if (matched.length === 0) out.push(problem("'oneOf' failed, none matched", all.flat()))
      if (matched.length > 1) out.push(problem(`'oneOf' failed, subschemas ${matched[0]}, ${matched[1]} matched`))
    }
    if (schema['not'] !== undefined && this.#problems(schema['not'], value, at).length === 0) out.push(problem("'not' failed"))
    if (schema['if'] !== undefined) {
      const branch = this.#problems(schema['if'], value, at).length === 0 ? schema['then'] : schema['else']
      if (branch !== undefined) out.push(...this.#problems(branch, value, at))
    }
    return out
  }

  #resolve(reference: string): Schema {
    if (!reference.startsWith('#'))
      throw new HelmError(`unable to validate schema: ${reference} is another document, which this helm cannot reach`)
    let at: any = this.#root
    for (const part of reference.slice(1).split('/').slice(1))
      at = at?.[decodeURIComponent(part).replaceAll('~1', '/').replaceAll('~0', '~')]
    if (at === undefined) throw new HelmError(`unable to validate schema: jsonpointer ${reference} not found`)
    return at as Schema
  }
}

function lines({ at, what, causes }: Problem, indent: string): string[] {
  return [`${indent}- at ${quote(at)}: ${what}`, ...causes.flatMap((cause) => lines(cause, `${indent}  `))]
}

/** What is no pattern was refused before. */
function fits(pattern: string, text: string): boolean {
  const compiled = compileRegexp(pattern)
  return typeof compiled !== 'string' && compiled.test(text)
}

function text(schema: Record<string, any>, value: string): string[] {
  const out: string[] = []
  const length = [...value].length
  const { minLength, maxLength, pattern } = schema
  if (minLength > length) out.push(`minLength: got ${told(length)}, want ${told(minLength)}`)
  if (maxLength < length) out.push(`maxLength: got ${told(length)}, want ${told(maxLength)}`)
  if (pattern !== undefined && !fits(pattern, value)) out.push(`${quote(value)} does not match pattern ${quote(pattern)}`)
  return out
}

function number(schema: Record<string, any>, value: number): string[] {
  const out: string[] = []
  const say = (word: string): void => void out.push(`${word}: got ${told(value)}, want ${told(schema[word])}`)
  if (value < schema['minimum']) say('minimum')
  if (value > schema['maximum']) say('maximum')
  if (value <= schema['exclusiveMinimum']) say('exclusiveMinimum')
  if (value >= schema['exclusiveMaximum']) say('exclusiveMaximum')
  if (schema['multipleOf'] !== undefined && !Number.isInteger(value / schema['multipleOf'])) say('multipleOf')
  return out
}
