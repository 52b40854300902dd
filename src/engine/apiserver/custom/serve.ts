/** From the definition of a custom kind to the resources that are served of it, and their schemas. */
import type { Resource } from '../resource.ts'
import { Converter } from './convert.ts'
import { definitionName, definitionsOf } from './definitions.ts'
import { customResource } from './resource.ts'
import { namesOf, type Serve } from './serving.ts'

export const serve: Serve = (definition, schemas, conversion) => {
  const { group, versions } = definition.spec
  const { plural, kind, listKind = `${kind}List` } = namesOf(definition)
  const schemaOf = (version: string) => versions.find(({ name }) => name === version)?.schema?.openAPIV3Schema
  const converter = new Converter(definition, schemaOf, conversion)
  const storage = versions.find((version) => version.storage)?.name ?? ''
  const added: string[] = []
  const all = versions.map((version) => {
    const name = definitionName(group, version.name, kind)
    const selectable = (version.selectableFields ?? []).map(({ jsonPath }) => jsonPath.replace(/^\./, ''))
    const published = {
      group,
      version: version.name,
      kind,
      listKind,
      plural,
      name,
      selectable,
      schema: version.schema?.openAPIV3Schema,
    }
    for (const [key, schema] of definitionsOf(published)) {
      schemas.set?.(key, schema)
      added.push(key)
    }
    return customResource(definition, version, converter, schemas, storage)
  })
  const resources = all.filter(({ version }) => versions.find(({ name }) => name === version)?.served)
  const stored = all.find(({ version }) => version === storage) as Resource
  return { definition, resources, stored, schemas: added }
}
