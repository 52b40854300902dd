/** CustomResourceDefinitions: what they begin with, what may change in them, and how they wait for their objects when they go. */
import type { AnyObject } from '#api/meta.ts'
import { isUnrecognized } from '../../apiserver/custom/formats.ts'
import { type JsonSchema, someSchema } from '../../apiserver/custom/json-schema.ts'
import { ruleCompiler } from '../../apiserver/custom/rule-compiler.ts'
import { fill, put } from '../../apiserver/resource.ts'
import type { Schemas } from '../../apiserver/schema/schema.ts'
import { catalogueSchemas } from '../catalogue/index.ts'
import type { Details } from '../details.ts'
import { shape } from '../pod/shape.ts'
import type { Definition } from './definition.ts'
import { definitionErrors, definitionName, statusErrors, type Tools } from './definition-validation.ts'

const CLEANUP = 'customresourcecleanup.apiextensions.k8s.io'

const conversion = shape({
  omit: 'strategy',
  parts: { webhook: shape({ parts: { clientConfig: shape({ parts: { service: shape({ defaults: { port: 443 } }) } }) } }) },
})
const definitionSpec = shape({
  parts: {
    conversion,
    names: shape({
      omit: 'singular listKind',
      finish: (names) =>
        fill(names, {
          singular: String(names.kind ?? '').toLowerCase() || undefined,
          listKind: names.kind ? `${names.kind}List` : undefined,
        }),
    }),
  },
  finish: (spec) => fill(spec, { conversion: { strategy: 'None' } }),
})

const storageOf = ({ spec }: Definition): string | undefined => spec.versions?.find(({ storage }) => storage)?.name

/** The versions in which objects may be stored begin with the one that is stored now. */
function begin(definition: Definition): Definition {
  const stored = storageOf(definition)
  const status = { conditions: null, acceptedNames: { plural: '', kind: '' }, storedVersions: stored ? [stored] : null }
  return put(definition, 'status', status)
}

/** A new storage version joins those that objects may be stored in. */
function change(next: Definition, old: Definition): Definition {
  const stored = storageOf(next)
  const known = old.status?.storedVersions ?? []
  if (stored === undefined || known.includes(stored)) return put(next, 'status', old.status)
  return put(next, 'status', { ...old.status, storedVersions: [...known, stored] })
}

let metadata: Schemas | null = null
const tools = (): Tools => {
  metadata ??= catalogueSchemas()
  return { schemas: metadata, compiler: ruleCompiler }
}

function unrecognized({ spec }: Definition): string[] {
  const found: string[] = []
  const note = (schema: JsonSchema): boolean => {
    if (isUnrecognized(schema)) found.push(schema.format as string)
    return false
  }
  for (const { schema } of spec.versions ?? []) someSchema(schema?.openAPIV3Schema, note)
  return found
}

function formatWarnings(next: Definition, old: Definition | null): string[] {
  const before = old ? unrecognized(old) : []
  return unrecognized(next)
    .filter((format) => !before.includes(format))
    .map((format) => `unrecognized format "${format}"`)
}

/** The first deletion only marks a definition: its objects go before it. */
function hold(definition: AnyObject, time: string): AnyObject {
  const { metadata, status } = definition as Definition
  const finalizers = metadata.finalizers ?? []
  const message = 'CustomResourceDefinition marked for deletion; CustomResource deletion will begin soon'
  const condition = { type: 'Terminating', status: 'True', lastTransitionTime: time, reason: 'InstanceDeletionPending', message }
  const others = (status?.conditions ?? []).filter(({ type }) => type !== 'Terminating')
  return {
    ...definition,
    metadata: {
      ...metadata,
      finalizers: finalizers.includes(CLEANUP) ? finalizers : [...finalizers, CLEANUP],
      deletionTimestamp: time,
    },
    status: { ...status, conditions: [...others, condition] },
  }
}

/** What is wrong with an empty list of versions is not what is wrong with none: the list stays. */
function withDefaults(sent: Definition['spec']): Definition['spec'] {
  const spec = definitionSpec(sent) as Definition['spec']
  return Array.isArray(sent.versions) && !spec.versions ? { ...spec, versions: [] } : spec
}

export const customResourceDefinitions: Details = {
  generation: true,
  unconditionalUpdate: false,
  defaults: (definition: AnyObject) => put(definition, 'spec', withDefaults(definition['spec'] ?? {})),
  prepareCreate: (definition: Definition) => begin(definition),
  prepareUpdate: (next: Definition, old: Definition) => change(next, old),
  name: definitionName,
  validate: (next: Definition, old: Definition | null) => definitionErrors(next, old, tools()),
  validateStatus: (next: Definition) => statusErrors(next),
  warnings: (next: Definition, old: Definition | null) => formatWarnings(next, old),
  hold,
  prefix: 'apiextensions.k8s.io/customresourcedefinitions',
}
