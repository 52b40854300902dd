/** sprig's and helm's functions on types, encodings, hashes, paths and patterns. */
import { parseYaml } from '#api/go-yaml/read.ts'
import { toYaml } from '#api/yaml.ts'
import { fn, type GoFunction, typeName, type Value } from '#gotemplate/index.ts'
import { goJson, plain } from '../../values/plain.ts'
import { kindOf } from './cast.ts'

const yaml = (value: Value): string => toYaml(plain(value)).replace(/\n$/, '')

function fromYaml(text: string, list: boolean): Value {
  const fail = (why: string): Value => (list ? [why] : { Error: why })
  try {
    const { value } = parseYaml(text)
    if (value === null) return list ? [] : {}
    if (Array.isArray(value) !== list || typeof value !== 'object') {
      const kind = Array.isArray(value)
        ? 'array'
        : typeof value === 'object'
          ? 'object'
          : typeof value === 'boolean'
            ? 'bool'
            : typeof value
      return fail(
        `error unmarshaling JSON: while decoding JSON: json: cannot unmarshal ${kind} into Go value of type ${list ? '[]interface {}' : 'map[string]interface {}'}`,
      )
    }
    return value
  } catch (error) {
    return fail(`error converting YAML to JSON: ${(error as Error).message}`)
  }
}

function fromJson(text: string, list: boolean): Value {
  try {
    return JSON.parse(text)
  } catch (error) {
    return list ? [(error as Error).message] : { Error: (error as Error).message }
  }
}

function mustFromJson(text: string): Value {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(
      text === ''
        ? 'unexpected end of JSON input'
        : `invalid character ${JSON.stringify(text[0])} looking for beginning of value`,
    )
  }
}

/** Tables of tables, as BurntSushi's encoder writes them: plain keys first, then sections. */
function toml(value: Value, path: string[] = []): string {
  const map = (plain(value) ?? {}) as Record<string, unknown>
  const isSection = (one: unknown): boolean => typeof one === 'object' && one !== null && !Array.isArray(one)
  const scalar = (one: unknown): string => (Array.isArray(one) ? `[${one.map(scalar).join(', ')}]` : JSON.stringify(one))
  const indent = '  '.repeat(Math.max(0, path.length - 1))
  const inner = '  '.repeat(path.length)
  const key = (name: string): string => (/^[\w-]+$/.test(name) ? name : JSON.stringify(name))
  let out = path.length > 0 ? `${indent}[${path.map(key).join('.')}]\n` : ''
  const names = Object.keys(map).sort()
  for (const name of names)
    if (!isSection(map[name]) && map[name] !== null) out += `${inner}${key(name)} = ${scalar(map[name])}\n`
  for (const name of names)
    if (isSection(map[name])) out += `${out && path.length === 0 ? '\n' : ''}${toml(map[name], [...path, name])}`
  return out
}

const json = (options: Parameters<typeof goJson>[1]) => fn(['any'], (value: Value) => goJson(value, options))

export const types: Record<string, GoFunction> = {
  typeOf: fn(['any'], (value: Value) => (value === null || value === undefined ? '<nil>' : typeName(value))),
  typeIs: fn(['string', 'any'], (wanted: string, value: Value) => typeName(value) === wanted),
  typeIsLike: fn(
    ['string', 'any'],
    (wanted: string, value: Value) => typeName(value) === wanted || typeName(value) === `*${wanted}`,
  ),
  kindOf: fn(['any'], kindOf),
  kindIs: fn(['string', 'any'], (wanted: string, value: Value) => kindOf(value) === wanted),
  toYaml: fn(['any'], yaml),
  toYamlPretty: fn(['any'], yaml),
  fromYaml: fn(['string'], (text: string) => fromYaml(text, false)),
  fromYamlArray: fn(['string'], (text: string) => fromYaml(text, true)),
  toToml: fn(['any'], (value: Value) => toml(value)),
  fromToml: fn(['string'], () => ({ Error: 'TOML cannot be read here' })),
  toJson: json({}),
  mustToJson: json({}),
  toPrettyJson: json({ indent: '  ' }),
  mustToPrettyJson: json({ indent: '  ' }),
  toRawJson: json({ raw: true }),
  mustToRawJson: json({ raw: true }),
  fromJson: fn(['string'], (text: string) => fromJson(text, false)),
  fromJsonArray: fn(['string'], (text: string) => fromJson(text, true)),
  mustFromJson: fn(['string'], mustFromJson),
}
