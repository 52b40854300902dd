/** Projects the types of kubernetes-models (npm) into src/generated: texts for `kubectl explain`, a schema for the editor. */
//
//   node scripts/descriptions.mjs
//
// descriptions.json     {definition: {'': its text, field: the field's text}}, for the definitions of the catalogue
// monaco-schema.json    one JSON schema for any manifest of a stable kind, with texts and enums, for completion and hovers
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const models = [join(root, 'node_modules/kubernetes-models'), join(root, 'node_modules/@kubernetes-models/apimachinery')]
const out = join(root, 'src/generated')

/** `io.k8s.api.core.v1.Pod` is called IoK8sApiCoreV1Pod there. */
const modelName = (definition) =>
  definition
    .split(/[.-]/)
    .map((part) => part.charAt(0).toUpperCase() + part.slice(1))
    .join('')

/** The catalogue's definitions, and its kinds (`^` behind the name). */
function catalogue() {
  const text = readFileSync(join(root, 'src/engine/resources/catalogue/schemas.data.ts'), 'utf8')
  const packed = /SCHEMAS =\s*`([^`]*)`/.exec(text)[1]
  const names = new Map()
  const kinds = []
  let [home, groupVersion] = ['', '']
  for (const line of packed.split('\n')) {
    if (line.startsWith('@')) {
      ;[home, groupVersion] = line.slice(1).split(' ')
      continue
    }
    const [, short, mark] = /^([A-Za-z0-9_]+)([*^]?)/.exec(line)
    names.set(modelName(`${home}.${short}`), `${home}.${short}`)
    if (mark === '^') kinds.push({ definition: `${home}.${short}`, apiVersion: groupVersion, kind: short })
  }
  return { names, kinds }
}

function* files(folder) {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (entry.name === '_schemas') continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* files(path)
    else if (entry.name.endsWith('.d.ts') && entry.name !== 'index.d.ts') yield path
  }
}

/** The text of a doc comment. */
const textOf = (comment) =>
  comment
    .replace(/^\s*\/\*\*/, '')
    .replace(/\*\/\s*$/, '')
    .split('\n')
    .map((line) => line.replace(/^\s*\* ?/, '').trimEnd())
    .join('\n')
    .replace(/\\([*_<>`/])/g, '$1')
    .replace(/\n?@deprecated\s*$/, '')
    .trim()

const INTERFACE = /((?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*)?)export interface I\w+(?: extends [^{]+)?\s*\{\n([\s\S]*?)\n\}\n/
const FIELD = /((?:^ {4}\/\*\*(?:(?!\*\/)[\s\S])*\*\/\n)?)^ {4}"([^"]+)"(\??): ((?:\{[\s\S]*?^ {4}\}|[^\n]*));$/gm

/** One file's type: its text, and its fields with text, type and whether they must be there. */
function readModel(source) {
  const found = INTERFACE.exec(source)
  if (!found) {
    const alias = /((?:\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*)?)export type I\w+ =/.exec(source)
    return { text: textOf(alias?.[1] ?? ''), fields: [] }
  }
  const fields = [...found[2].matchAll(FIELD)].map(([, comment, name, optional, type]) => ({
    name,
    text: textOf(comment),
    type: type.trim(),
    required: optional === '',
  }))
  return { text: textOf(found[1]), fields }
}

function readModels({ names }) {
  const found = new Map()
  for (const folder of models.filter((path) => existsSync(path))) {
    for (const path of files(folder)) {
      const source = readFileSync(path, 'utf8')
      const short = /export interface I(\w+)|export type I(\w+) =/.exec(source)
      const full = /as I(IoK8s\w+)/.exec(source)?.[1]
      const definition = full && names.get(full)
      if (definition) found.set(definition, { ...readModel(source), own: short?.[1] ?? short?.[2] })
    }
  }
  return found
}

/** The models have no texts for the two fields that every kind has. */
const TYPE_META = {
  apiVersion:
    'APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources',
  kind: 'Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds',
}

function descriptions(found) {
  const all = {}
  for (const name of [...found.keys()].sort()) {
    const { text, fields } = found.get(name)
    const isKind = fields.some((f) => f.name === 'apiVersion') && fields.some((f) => f.name === 'kind' && f.text === '')
    const texts = Object.fromEntries(
      [['', text], ...fields.map((f) => [f.name, f.text || (isKind ? TYPE_META[f.name] : '')])].filter(([, t]) => t),
    )
    if (Object.keys(texts).length > 0) all[name] = texts
  }
  return all
}

// ── the editor's schema ────────────────────────────────────────────────────────────────────────────────────────────

const SPECIAL = {
  'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: ['string', 'number'] },
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: ['integer', 'string'] },
  'io.k8s.apimachinery.pkg.apis.meta.v1.Time': { type: 'string', format: 'date-time' },
  'io.k8s.apimachinery.pkg.apis.meta.v1.MicroTime': { type: 'string', format: 'date-time' },
}
const NUMBERS = /JSONSchemaProps$/

/** A TypeScript type as these files write them, as JSON schema. */
function typeSchema(type, owner, context) {
  if (type === 'string' || type === 'boolean') return { type }
  if (type === 'number') return { type: NUMBERS.test(owner) ? 'number' : 'integer' }
  const words = [...type.matchAll(/"([^"]*)"/g)].map(([, word]) => word)
  if (/^("[^"]*"\s*\|?\s*)+$/.test(type)) return { type: 'string', enum: words }
  const list = /^Array<([\s\S]*)>$/.exec(type)
  if (list) return { type: 'array', items: typeSchema(list[1].trim(), owner, context) }
  const map = /^\{\s*\[key: string\]:\s*([\s\S]*?);?\s*\}$/.exec(type)
  if (map) return { type: 'object', additionalProperties: typeSchema(map[1].trim(), owner, context) }
  if (/^I\w+$/.test(type)) return reference(type.slice(1), owner, context)
  return {}
}

/** Types of other files go by their full name, a file's own type by its short one. */
function reference(name, owner, { names, found }) {
  const definition = names.get(name) ?? (found.get(owner).own === name ? owner : undefined)
  return definition ? { $ref: `#/definitions/${definition}` } : {}
}

function definitionSchema(name, context) {
  const special = SPECIAL[name]
  const { text, fields } = context.found.get(name) ?? { text: '', fields: [] }
  const about = text ? { description: text } : {}
  if (special) return { ...about, ...special }
  if (fields.length === 0) return about
  const properties = {}
  for (const field of fields) {
    const schema = typeSchema(field.type, name, context)
    properties[field.name] = field.text ? { description: field.text, ...schema } : schema
  }
  const isKind = properties.apiVersion?.enum && properties.metadata
  const required = [...(isKind ? ['apiVersion', 'kind', 'metadata'] : []), ...fields.filter((f) => f.required).map((f) => f.name)]
  return { ...about, type: 'object', properties, required: [...new Set(required)], additionalProperties: false }
}

function reachable(start, definitionOf) {
  const definitions = {}
  const visit = (name) => {
    if (definitions[name]) return
    definitions[name] = definitionOf(name)
    for (const [, next] of JSON.stringify(definitions[name]).matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)) visit(next)
  }
  start.forEach(visit)
  return definitions
}

const NOT_WRITTEN =
  /List$|Review$|^(Binding|ComponentStatus|Eviction|Scale|Status|TokenRequest|APIGroup|APIVersions|APIResourceList|DeleteOptions|WatchEvent)$/

/**
 * `if` the kind `then` its definition, and the other way round `if` the kind `then` one of its versions: a wrong
 * apiVersion is marked where it stands. Unknown kinds are let alone, for they may be custom ones.
 */
function editorSchema(context) {
  const kinds = context.kinds.filter((k) => !NOT_WRITTEN.test(k.kind) && context.found.has(k.definition))
  const versions = {}
  for (const { kind, apiVersion } of kinds) (versions[kind] ??= []).push(apiVersion)
  const hints = (values) => [...new Set(values)].sort().map((value) => ({ label: value, body: value }))
  const when = (properties) => ({ properties, required: Object.keys(properties) })
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    type: 'object',
    required: ['apiVersion', 'kind'],
    // Hints for completion only: an enum would fill the hover with every kind there is.
    properties: {
      apiVersion: { type: 'string', defaultSnippets: hints(kinds.map((k) => k.apiVersion)) },
      kind: { type: 'string', defaultSnippets: hints(kinds.map((k) => k.kind)) },
    },
    allOf: [
      ...Object.entries(versions).map(([kind, own]) => ({
        if: when({ kind: { const: kind } }),
        // biome-ignore lint/suspicious/noThenProperty: JSON schema's own word
        then: { properties: { apiVersion: { anyOf: [{ enum: own }, { pattern: '^(?!.*\\.k8s\\.io/)[^/]+\\.[^/]+/' }] } } },
      })),
      ...kinds.map(({ kind, apiVersion, definition }) => ({
        if: when({ apiVersion: { const: apiVersion }, kind: { const: kind } }),
        // biome-ignore lint/suspicious/noThenProperty: JSON schema's own word
        then: { $ref: `#/definitions/${definition}` },
      })),
    ],
    definitions: reachable(
      kinds.map((k) => k.definition),
      (name) => definitionSchema(name, context),
    ),
  }
}

function save(file, value) {
  const text = JSON.stringify(value)
  writeFileSync(join(out, file), text)
  console.log(`src/generated/${file}: ${Math.round(text.length / 1024)} KB`)
}

if (!existsSync(models[0])) {
  console.log('kubernetes-models is not installed: no descriptions')
} else {
  mkdirSync(out, { recursive: true })
  const context = catalogue()
  context.found = readModels(context)
  save('descriptions.json', descriptions(context.found))
  save('monaco-schema.json', editorSchema(context))
}
