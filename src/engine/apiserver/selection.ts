/** Selection: the label and field selectors of a list, watch or deletecollection, as one test. */
import type { AnyObject } from '#api/meta.ts'
import type { Query } from '#api/query.ts'
import { matches, type Selector } from '#api/selector.ts'
import { type FieldRequirement, parseFieldSelector, parseLabelSelector } from '#api/selector-parse.ts'
import { badRequest, fail } from '#api/status.ts'
import type { Call } from './call.ts'
import type { Resource } from './resource.ts'

export interface Selection {
  readonly everything: boolean
  matches(object: AnyObject): boolean
}

interface FieldTest {
  of(object: AnyObject): string
  value: string
  equal: boolean
}

const METADATA_FIELDS: Record<string, (object: AnyObject) => string> = {
  'metadata.name': (object) => object.metadata.name,
  'metadata.namespace': (object) => object.metadata.namespace ?? '',
}

/** Reads `labelSelector`, `fieldSelector` and the name of a watch on one object; throws 400s in Kubernetes' words. */
export function selectionOf(call: Call, resource: Resource): Selection {
  const said = readSelectors(call.query)
  const { labels } = said
  const fields = transformed(said.fields, resource)
  if (call.name) fields.push({ of: METADATA_FIELDS['metadata.name'] as FieldTest['of'], value: call.name, equal: true })
  const namespace = call.namespace
  return {
    everything: labels.length === 0 && fields.length === 0,
    matches(object) {
      if (namespace && resource.namespaced && object.metadata.namespace !== namespace) return false
      for (const test of fields) if ((test.of(object) === test.value) !== test.equal) return false
      return labels.length === 0 || matches(labels, object.metadata.labels)
    },
  }
}

/** Both selectors, whatever the kind. */
export function readSelectors(query: Query): { labels: Selector; fields: readonly FieldRequirement[] } {
  const [labels, fields] = [
    parseLabelSelector(query.get('labelSelector') ?? ''),
    parseFieldSelector(query.get('fieldSelector') ?? ''),
  ]
  if (typeof labels === 'string') throw badRequest(labels)
  if (typeof fields === 'string') throw badRequest(fields)
  return { labels, fields }
}

/** What the fields mean to a kind. */
export function transformed(parsed: readonly FieldRequirement[], resource: Resource): FieldTest[] {
  // Nothing equal to nothing says nothing.
  const said = parsed.filter(({ field, value }) => field !== '' || value !== '')
  return said.map(({ field, value, equal }) => {
    const known = field !== 'metadata.namespace' || resource.namespaced || !(resource.custom || resource.fields)
    const of =
      (known ? METADATA_FIELDS[field] : undefined) ??
      (Object.hasOwn(resource.fields ?? {}, field) ? resource.fields?.[field] : undefined)
    if (!of) throw fail(400, 'BadRequest', unknownField(field, resource))
    return { of, value, equal }
  })
}

/** Kinds with fields of their own are refused by their conversion, the others by the generic one. */
function unknownField(field: string, resource: Resource): string {
  if (resource.unknownField) return resource.unknownField(field)
  if (resource.fields) return `field label not supported: ${field}`
  return `${JSON.stringify(field)} is not a known field selector: only "metadata.name", "metadata.namespace"`
}
