/**
 * What kubectl itself finds wrong with an object before it sends anything. The server validates whatever it can store; that
 * leaves Lists, and kinds that it does not serve (kubectl's ParamVerifyingSchema and kube-openapi's proto/validation).
 */
import { type Context, KubectlError } from './command.ts'
import { kindProblems } from './decoded.ts'
import { Unreachable } from './error.ts'
import { logHead } from './klog.ts'

/** OpenAPI 2, as far as it is looked at. */
interface Schema {
  $ref?: string
  type?: string
  properties?: Record<string, Schema>
  additionalProperties?: Schema | boolean
  items?: Schema
  required?: string[]
  'x-kubernetes-group-version-kind'?: { group: string; version: string; kind: string }[]
}

/** A model of what is published, and its name. */
interface Published {
  name: string
  schema: Schema
}

interface Models {
  byName: Readonly<Record<string, Schema>>
  /** By `version kind`: `apps/v1 Deployment`. */
  byKind: ReadonlyMap<string, Published>
}

const OPENAPI = '/openapi/v2'
/** As client-go asks, with how long it waits. */
const DOWNLOADED = `${OPENAPI}?timeout=32s`
const PREFIX = '#/definitions/'

/** Sentences, each once; none where nothing is wrong, or where it is for the server to say. */
export async function problemsOf(context: Context, value: unknown): Promise<string[]> {
  const { client, flags, io } = context
  const own = kindProblems(value)
  if (own.length > 0) return own
  const { apiVersion, kind, items } = value as { apiVersion: string; kind: string; items?: unknown }
  const isList = apiVersion === 'v1' && kind === 'List'
  try {
    if (!isList && (await client.discovery.byKind(apiVersion, kind))) return []
    if (flags.text('validate') === 'warn') {
      io.err(
        `${logHead('W', 'schema.go:145', io.now())} cannot perform warn validation if server-side field validation is unsupported, skipping validation\n`,
      )
      return []
    }
    if (!isList) return [...new Set(validated(value, apiVersion, kind, await modelsOf(context)))]
    if (!Array.isArray(items)) return ['invalid object to validate']
    return await itemProblems(context, items)
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    return [`failed to download openapi: ${error.dialled(DOWNLOADED)}`]
  }
}

/** Whether a command looks at what it reads before it sends it. */
export const validates = ({ flags, entry }: Context): boolean =>
  // `edit` has that flag for what it saves.
  flags.knows('validate') && entry.path !== 'edit' && !['false', 'ignore'].includes(flags.text('validate'))

/** A server that cannot be asked what it validates itself ends the command. */
export const unvalidated = ({ server }: Unreachable, source: string): KubectlError =>
  invalid(source, [`failed to download openapi: ${new Unreachable(server, DOWNLOADED).dialled()}`])

/** Of each item of a List; what cannot be looked up is told in the item's place. */
async function itemProblems(context: Context, items: readonly unknown[]): Promise<string[]> {
  const found: string[] = []
  for (const item of items) {
    const own = kindProblems(item)
    found.push(...own)
    if (own.length > 0) continue
    const { apiVersion, kind } = item as { apiVersion: string; kind: string }
    try {
      found.push(...validated(item, apiVersion, kind, await modelsOf(context)))
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error
      found.push(error.dialled(DOWNLOADED))
    }
  }
  return [...new Set(found)]
}

/** The whole document is read once for a command. */
const asked = new WeakMap<Context['client'], Promise<Models>>()

function modelsOf({ client }: Context): Promise<Models> {
  const known = asked.get(client) ?? client.raw('GET', OPENAPI, undefined, { accept: 'application/json' }).then(modelsIn)
  asked.set(client, known)
  return known
}

function modelsIn(body: unknown): Models {
  const document = (typeof body === 'string' ? JSON.parse(body) : body) as { definitions?: Models['byName'] }
  const byName = document.definitions ?? {}
  const byKind = new Map<string, Published>()
  for (const [name, schema] of Object.entries(byName))
    for (const { group, version, kind } of schema['x-kubernetes-group-version-kind'] ?? []) {
      const key = `${group ? `${group}/` : ''}${version} ${kind}`
      if (!byKind.has(key)) byKind.set(key, { name, schema })
    }
  return { byName, byKind }
}

/** What the server publishes no model for is not looked at. */
function validated(value: unknown, apiVersion: string, kind: string, { byKind, byName }: Models): string[] {
  const found = byKind.get(`${apiVersion} ${kind}`)
  return found ? problems(value, kind, { ...found, models: byName }) : []
}

/** A schema, and what messages call it: its model, with the field of it that it stands for. */
interface Model {
  schema: Schema
  name: string
  models: Models['byName']
}

function resolved(model: Model): Model {
  const { $ref } = model.schema
  if (!$ref?.startsWith(PREFIX)) return model
  const name = $ref.slice(PREFIX.length)
  return { ...model, schema: model.models[name] ?? {}, name }
}

/** `path` is where the value stands: `Pod.spec.containers[0]`. */
function problems(value: unknown, path: string, unresolved: Model): string[] {
  const model = resolved(unresolved)
  const { schema, name } = model
  const expected = schema.type === 'object' || schema.properties ? 'map' : schema.type
  if (expected === undefined) return []
  const actual = typeOf(value)
  const mismatch = (wanted: string, is = actual): string[] => [
    `ValidationError(${path}): invalid type for ${name}: got ${JSON.stringify(is)}, expected ${JSON.stringify(wanted)}`,
  ]
  if (Array.isArray(value)) {
    // What is said of lists where a map should be stands the wrong way round there, too.
    if (expected === 'map') return mismatch('array', 'map')
    return expected === 'array' ? value.flatMap((item, i) => inList(item, path, i, model)) : mismatch(expected)
  }
  if (actual === 'map') {
    if (expected !== 'map') return mismatch(expected)
    return schema.properties ? inKind(value as object, path, model) : inMap(value as object, path, model)
  }
  if (expected === 'string' || expected === actual) return []
  return (expected === 'integer' || expected === 'number') && (actual === 'integer' || actual === 'number')
    ? []
    : mismatch(expected)
}

function inList(item: unknown, path: string, i: number, { schema, ...rest }: Model): string[] {
  const at = `${path}[${i}]`
  if (item === null || item === undefined) return [`ValidationError(${path}): unknown object type "nil" in ${at}`]
  return problems(item, at, { ...rest, schema: schema.items ?? {} })
}

function inMap(value: object, path: string, { schema, ...rest }: Model): string[] {
  const { additionalProperties } = schema
  const each = typeof additionalProperties === 'object' ? additionalProperties : {}
  return sorted(value).flatMap(([key, item]) =>
    item === null ? [`unknown object type "nil" in ${path}.${key}`] : problems(item, `${path}.${key}`, { ...rest, schema: each }),
  )
}

function inKind(value: object, path: string, { schema, name, models }: Model): string[] {
  const found: string[] = []
  const given = new Map(sorted(value))
  for (const [key, item] of given) {
    if (item === null) continue
    const field = schema.properties && Object.hasOwn(schema.properties, key) ? schema.properties[key] : undefined
    if (field) found.push(...problems(item, `${path}.${key}`, { schema: field, name: `${name}.${key}`, models }))
    else found.push(`ValidationError(${path}): unknown field ${JSON.stringify(key)} in ${name}`)
  }
  for (const key of schema.required ?? [])
    if ((given.get(key) ?? null) === null)
      found.push(`ValidationError(${path}): missing required field ${JSON.stringify(key)} in ${name}`)
  return found
}

const sorted = (value: object): [string, unknown][] => Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))

function typeOf(value: unknown): string {
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value === 'object' ? 'map' : typeof value
}

/** What is wrong ends the reading of a file. */
export const invalid = (source: string, wrong: readonly string[]): KubectlError =>
  new KubectlError(
    `error validating ${JSON.stringify(source)}: error validating data: ${wrong.length === 1 ? wrong[0] : `[${wrong.join(', ')}]`}; if you choose to ignore these errors, turn validation off with --validate=false`,
  )
