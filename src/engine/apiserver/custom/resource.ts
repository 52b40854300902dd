/** One served version of a custom kind as the API server's own declaration: the same value that built-in kinds are. */

import { goQuote } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isQualifiedName } from '#api/names.ts'
import { forbidden } from '#api/status.ts'
import { type Resource, type ResourceDeclaration, resource, type Subresource } from '../resource.ts'
import type { Schemas } from '../schema/schema.ts'
import { columnsOf } from './columns.ts'
import type { Converter } from './convert.ts'
import { withDefaults } from './defaults.ts'
import { type Definition, type DefinitionVersion, deprecationOf, hasCondition } from './definition.ts'
import { definitionName } from './definitions.ts'
import { coerceEmbedded } from './embedded.ts'
import { jsonPath } from './json-path.ts'
import type { Json } from './json-schema.ts'
import { dropNulls, prune } from './prune.ts'
import { scaleSpecOf } from './scale.ts'
import { Validation } from './validation.ts'

export const VERBS = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']
const GOING = ['delete', 'deletecollection', 'get', 'list', 'watch']
const PARTS = ['get', 'patch', 'update']

export function customResource(
  definition: Definition,
  version: DefinitionVersion,
  converter: Converter,
  schemas: Schemas,
  storageVersion: string,
): Resource {
  const { group, scope, versions } = definition.spec
  const { plural, singular, kind, listKind, shortNames, categories } = (definition.status as NonNullable<Definition['status']>)
    .acceptedNames
  const schema = version.schema?.openAPIV3Schema
  const validation = new Validation(version)
  const going = hasCondition(definition, 'Terminating')
  const { status, scale } = version.subresources ?? {}
  const deprecated = deprecationOf(definition, version)
  const stored = versions.find(({ name }) => name === storageVersion)
  const declaration: ResourceDeclaration<AnyObject> = {
    group,
    version: version.name,
    kind,
    plural,
    singular: singular ?? '',
    short: shortNames ?? [],
    categories: categories ?? [],
    scope,
    schema: definitionName(group, version.name, kind),
    verbs: VERBS,
    shownVerbs: going ? GOING : VERBS,
    subresources: [...(status ? [STATUS] : []), ...(scale ? [SCALE] : [])],
    generation: true,
    status: status !== undefined,
    custom: true,
    listKind: listKind ?? `${kind}List`,
    unconditionalUpdate: false,
    storageVersion: stored?.served ? storageVersion : '',
    defaults: (object) => withDefaults(object, schema),
    decode: decoderOf(definition, schemas),
    validate: (object, old, { warn }) => validation.whole(object, old, warn),
    validateStatus: (object, old, { warn }) => validation.status(object, old, warn),
    warnings: (object, old) => finalizerWarnings(object, old),
    fields: fieldsOf(version),
    columns: columnsOf(version.additionalPrinterColumns),
    stored: {
      as: `${plural}.${group}`,
      toStored: (object) => converter.write(object, storageVersion),
      fromStored: (object) => converter.read(object, version.name),
    },
    prefix: `${group}/${plural}`,
    ...(going ? { permit: refuseNew } : {}),
    ...(scale ? { scale: scaleSpecOf(scale) } : {}),
    ...(deprecated === null ? {} : { deprecated }),
  }
  return resource(declaration)
}

const STATUS: Subresource = { name: 'status', verbs: PARTS }
const SCALE: Subresource = { name: 'scale', verbs: PARTS, kind: 'Scale', group: 'autoscaling', version: 'v1' }

const refuseNew: NonNullable<ResourceDeclaration['permit']> = ({ resource: asked }, object, old) => {
  if (old || !asked) return
  const subject = { group: asked.group, resource: asked.plural }
  throw forbidden(subject, object.metadata.name, 'create not allowed while custom resource definition is terminating')
}

/** An object is read as what it says it is; what it may be is asked later. */
function decoderOf({ spec, status }: Definition, schemas: Schemas): NonNullable<Resource['decode']> {
  return {
    decode(object) {
      const version = spec.versions.find(({ name }) => `${spec.group}/${name}` === object['apiVersion'])
      if (!version || object['kind'] !== status?.acceptedNames.kind) return { value: object, unknown: [], error: null }
      const schema = version.schema?.openAPIV3Schema
      const pruned = prune(object, schema)
      const whole = dropNulls(pruned.value, schema)
      const coerced = coerceEmbedded<Json>(whole, schema, schemas)
      return { value: coerced.value, unknown: [...pruned.unknown, ...coerced.unknown], error: coerced.error }
    },
  }
}

function fieldsOf({ selectableFields = [] }: DefinitionVersion): Record<string, (object: AnyObject) => string> {
  return Object.fromEntries(
    selectableFields.map(({ jsonPath: text }) => {
      const path = jsonPath(text)
      const of = (object: AnyObject): string => {
        const value = path?.find(object)[0]
        return value === undefined || value === null ? '' : String(value)
      }
      return [text.replace(/^\./, ''), of]
    }),
  )
}

const STANDARD = ['orphan', 'foregroundDeletion', 'kubernetes']

function finalizerWarnings(object: AnyObject, old: AnyObject | null): string[] {
  const before = old?.metadata.finalizers ?? []
  const added = [...new Set(object.metadata.finalizers ?? [])].filter((name) => !before.includes(name)).sort()
  return added.flatMap((name) => {
    const warn = (why: string) => `metadata.finalizers: ${goQuote(name)}: ${why}`
    const problems = isQualifiedName(name).map(warn)
    if (name.includes('/') || STANDARD.includes(name)) return problems
    const path = name.includes('.') ? ' including a path (/)' : ''
    return [
      ...problems,
      warn(`prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`),
    ]
  })
}
