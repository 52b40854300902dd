/** Every kind the API server serves: those declared by hand, and the rest from the catalogue, in discovery's order. */
import type { Resource } from '../apiserver/resource.ts'
import type { Schemas } from '../apiserver/schema/schema.ts'
import { authResources } from './auth-kinds.ts'
import { catalogueKinds, catalogueSchemas } from './catalogue/index.ts'
import { coreResources } from './core-kinds.ts'
import { genericResources } from './generic.ts'
import { podResources } from './pod-kinds.ts'

/** Declared resources replace what the catalogue alone would give. */
export function allResources(): Resource[] {
  const declared = [...podResources, ...coreResources, ...authResources]
  const ids = new Set(declared.map((r) => `${r.groupVersion}/${r.plural}`))
  const all = [...declared, ...genericResources(ids)]
  const place = new Map(catalogueKinds().map((kind, i) => [`${kind.groupVersion}/${kind.plural}`, i]))
  const order = (r: Resource): number => place.get(`${r.groupVersion}/${r.plural}`) ?? Number.MAX_SAFE_INTEGER
  return all.sort((a, b) => order(a) - order(b))
}

export const schemas = (): Schemas => catalogueSchemas()
