/** Declarations made from the catalogue, for every kind that nobody declares by hand. */
import { type FieldError, notSupported, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { type Column, type Resource, type ResourceDeclaration, resource } from '../apiserver/resource.ts'
import { finish } from '../apiserver/schema/finish.ts'
import { resolved, type Schema, type Schemas } from '../apiserver/schema/schema.ts'
import { DEFAULT_COLUMNS } from '../apiserver/table.ts'
import { later } from '../sim/later.ts'
import { catalogueColumns, catalogueKinds, catalogueSchemas, type KindFacts } from './catalogue/index.ts'
import type { Details } from './details.ts'
import { genericDetails } from './generic-details.ts'

/** The details of further kinds, of which the first scene has no objects. */
export const laterDetails = later<Record<string, Details>>('details of further kinds')

/** `declared` holds what is declared already: `apps/v1/deployments`, or ids like `deployments.apps`. */
export function genericResources(declared: ReadonlySet<string>): Resource[] {
  const schemas = catalogueSchemas()
  return catalogueKinds()
    .filter((kind) => !declared.has(`${kind.groupVersion}/${kind.plural}`))
    .filter((kind) => !declared.has(kind.group ? `${kind.plural}.${kind.group}` : kind.plural))
    .map((kind) => genericResource(kind, schemas))
}

type Catalogue = Schemas & { nameOf(groupVersion: string, kind: string): string | undefined }

function genericResource(kind: KindFacts, schemas: Catalogue): Resource {
  const id = `${kind.groupVersion}/${kind.plural}`
  const own = resource(declarationOf(kind, schemas, genericDetails[id] ?? {}))
  laterDetails.when((more) => {
    const details = more[id]
    if (details) Object.assign(own, resource(declarationOf(kind, schemas, details)))
  })
  return own
}

function declarationOf(kind: KindFacts, schemas: Catalogue, details: Details): ResourceDeclaration<AnyObject> {
  const name = schemas.nameOf(kind.groupVersion, kind.kind) ?? ''
  const { defaults } = details
  return {
    group: kind.group,
    version: kind.version,
    kind: kind.kind,
    plural: kind.plural,
    singular: kind.singular,
    short: kind.short,
    categories: kind.categories,
    scope: kind.scope,
    schema: name,
    verbs: kind.verbs,
    subresources: kind.subresources,
    status: kind.subresources.some((s) => s.name === 'status'),
    validate: (object) => schemaErrors(object, name, schemas),
    name: 'dns-subdomain',
    prefix: kind.plural,
    ...details,
    defaults: (object) => finish(defaults ? defaults(object) : object, name, schemas),
    columns: details.columns ?? columnsFor(kind),
  }
}

/** Columns that show names and dates alone are the default ones. */
function columnsFor(kind: KindFacts): readonly Column[] {
  const facts = catalogueColumns(kind.groupVersion, kind.plural)
  return facts === undefined || facts.some((c) => c.name === 'Created At') ? DEFAULT_COLUMNS : []
}

/** What the schema alone can say: required fields that are empty, and values that are not among the allowed ones. */
export function schemaErrors(object: AnyObject, definition: string, schemas: Schemas): FieldError[] {
  const errors: FieldError[] = []
  const schema = schemas.get(definition)
  for (const [key, property] of Object.entries(schema?.properties ?? {})) {
    if (key === 'metadata' || key === 'status') continue
    const value = object[key]
    if (schema?.required?.includes(key) && isEmpty(value)) errors.push(required(key))
    else walk(value, property, key, schemas, errors)
  }
  return errors
}

const isEmpty = (value: unknown): boolean =>
  value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

function walk(value: unknown, schema: Schema, path: string, schemas: Schemas, errors: FieldError[]): void {
  if (value === undefined || value === null) return
  const own = resolved(schema, schemas)
  if (own.enum && typeof value === 'string' && value !== '' && !own.enum.includes(value)) {
    errors.push(notSupported(path, value, own.enum))
  } else if (Array.isArray(value)) {
    if (own.items) for (const [i, each] of value.entries()) walk(each, own.items, `${path}[${i}]`, schemas, errors)
  } else if (typeof value === 'object') fields(value as Record<string, unknown>, own, path, schemas, errors)
}

function fields(value: Record<string, unknown>, own: Schema, path: string, schemas: Schemas, errors: FieldError[]): void {
  if (own.values) {
    for (const [key, each] of Object.entries(value)) walk(each, own.values, `${path}[${key}]`, schemas, errors)
    return
  }
  for (const [key, property] of Object.entries(own.properties ?? {})) {
    const at = `${path}.${key}`
    // A zero number can't be told from an absent one, and may be meant.
    if (own.required?.includes(key) && isEmpty(value[key]) && property.type !== 'integer') errors.push(required(at))
    else walk(value[key], property, at, schemas, errors)
  }
}
