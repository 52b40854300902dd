/** Everything that may be wrong with a CustomResourceDefinition, in the order of Go's validation (validation.go). */

import { equal } from '#api/equal.ts'
import { type FieldError, forbiddenField, invalid, notSupported, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isDns1035Label, isDns1123Subdomain } from '#api/names.ts'
import { defaultProblems } from '../../apiserver/custom/default-checks.ts'
import { internalSchema } from '../../apiserver/custom/internal-form.ts'
import type { JsonSchema } from '../../apiserver/custom/json-schema.ts'
import { someSchema } from '../../apiserver/custom/json-schema.ts'
import { CostTally, ruleChecks } from '../../apiserver/custom/rule-checks.ts'
import type { RuleCompiler } from '../../apiserver/custom/rules-port.ts'
import { schemaErrors } from '../../apiserver/custom/schema-checks.ts'
import { structuralProblems, unsupported } from '../../apiserver/custom/structural.ts'
import type { Schemas } from '../../apiserver/schema/schema.ts'
import { approvalErrors } from './approval.ts'
import { conversionErrors, isBundle } from './conversion-validation.ts'
import { type Definition, type DefinitionSpec, internalSpec, isEstablished, type Version } from './definition.ts'
import { columnErrors, deprecationErrors, nameErrors, selectableErrors, subresourceErrors } from './definition-parts.ts'
import { internalVersions } from './internal-versions.ts'

export interface Tools {
  schemas: Schemas
  compiler: RuleCompiler | null
}

/** A definition is called after what it defines. */
export function definitionName(name: string, { spec }: AnyObject): string[] {
  const { names = {}, group = '' } = (spec ?? {}) as Partial<DefinitionSpec>
  const problems = isDns1123Subdomain(name)
  return name === `${names.plural ?? ''}.${group}` ? problems : [...problems, 'must be spec.names.plural+"."+spec.group']
}

export function definitionErrors(next: Definition, old: Definition | null, tools: Tools): FieldError[] {
  return [
    ...specErrors(next, old, tools),
    ...(old ? changeErrors(next.spec, old.spec, isEstablished(old)) : []),
    ...nameErrors(next.status?.acceptedNames ?? {}, 'status.acceptedNames'),
    ...storedErrors(next),
    ...approvalErrors(next, old),
    ...preserveErrors(next.spec, old?.spec),
  ]
}

/** What the status road checks. */
export const statusErrors = (next: Definition): FieldError[] =>
  nameErrors(next.status?.acceptedNames ?? {}, 'status.acceptedNames')

function specErrors(next: Definition, old: Definition | null, tools: Tools): FieldError[] {
  const { spec } = next
  const { names = {}, preserveUnknownFields = false } = spec
  const internal = internalSpec(spec)
  const errors = [...headErrors(spec), ...schemaGiven(spec, internal.validation !== undefined)]
  const hasDefaults = (spec.versions ?? []).some(({ schema }) =>
    someSchema(schema?.openAPIV3Schema, (each) => each.default !== undefined && each.default !== null),
  )
  if (hasDefaults && preserveUnknownFields) {
    errors.push(invalid('spec.preserveUnknownFields', true, 'must be false in order to use defaults in the schema'))
  }
  for (const [i, version] of internal.versions.entries()) {
    const own = internal.subresources ?? version.subresources
    errors.push(...versionErrors(version, `spec.versions[${i}]`, own?.status !== undefined, unchanged(next, old, version), tools))
  }
  errors.push(...versionListErrors(internal.versions, !spec.versions))
  const firstName = spec.versions?.[0]?.name
  const odd = firstName ? isDns1035Label(firstName) : []
  if (odd.length > 0) errors.push(invalid('spec.version', firstName, odd.join(',')))
  for (const key of ['plural', 'singular', 'kind', 'listKind'] as const) {
    if (!names[key]) errors.push(required(`spec.names.${key}`))
  }
  errors.push(...nameErrors(names, 'spec.names'))
  const status = [internal.subresources, ...internal.versions.map((v) => v.subresources)].some(
    (each) => each?.status !== undefined,
  )
  const first = internal.versions[0]
  const same = first ? unchanged(next, old, first) : false
  errors.push(...validationErrors(internal.validation, 'spec.validation', status, same, tools))
  errors.push(...subresourceErrors(internal.subresources, 'spec.subresources'))
  internal.columns?.forEach((each, i) => errors.push(...columnErrors(each, `spec.additionalPrinterColumns[${i}]`)))
  if (internal.selectable?.length) {
    const schema = internal.validation?.openAPIV3Schema
    if (!internal.validation) {
      errors.push(invalid('spec.selectableFields', '', 'may only be set when validations.schema is included'))
    } else errors.push(...selectableErrors(internal.selectable, schema ?? {}, 'spec.selectableFields'))
  }
  if (spec.conversion && spec.conversion.strategy !== 'None' && preserveUnknownFields) {
    const why = 'must be None if spec.preserveUnknownFields is true'
    errors.push(invalid('spec.conversion.strategy', spec.conversion.strategy ?? '', why))
  }
  errors.push(...conversionErrors(spec.conversion, 'spec.conversion', old !== null && checksBundle(old)))
  return errors
}

/** Once established, a definition keeps a readable bundle. */
const checksBundle = (old: Definition): boolean =>
  isEstablished(old) && isBundle(old.spec.conversion?.webhook?.clientConfig?.caBundle ?? '')

function unchanged(next: Definition, old: Definition | null, { name }: Version): boolean {
  const schemaOf = ({ spec }: Definition) => spec.versions?.find((version) => version.name === name)?.schema
  return old !== null && schemaOf(old) !== undefined && equal(schemaOf(next), schemaOf(old))
}

function headErrors({ group = '', scope = '' }: DefinitionSpec): FieldError[] {
  const errors: FieldError[] = []
  const problems = isDns1123Subdomain(group)
  if (group === '') errors.push(required('spec.group'))
  else if (problems.length > 0) errors.push(invalid('spec.group', group, problems.join(',')))
  else if (!group.includes('.')) errors.push(invalid('spec.group', group, 'should be a domain with at least one dot'))
  if (scope === '') errors.push(required('spec.scope'))
  else if (scope !== 'Cluster' && scope !== 'Namespaced')
    errors.push(notSupported('spec.scope', scope, ['Cluster', 'Namespaced']))
  return errors
}

const schemaGiven = ({ versions }: DefinitionSpec, common: boolean): FieldError[] =>
  common && versions?.[0]?.schema?.openAPIV3Schema
    ? []
    : (versions ?? []).flatMap(({ schema }, i) =>
        schema?.openAPIV3Schema ? [] : [required(`spec.versions[${i}].schema.openAPIV3Schema`)],
      )

function versionErrors(version: Version, path: string, status: boolean, same: boolean, tools: Tools): FieldError[] {
  const { name = '', selectableFields = [], schema } = version
  const problems = isDns1035Label(name)
  const errors = [
    ...(problems.length > 0 ? [invalid(`${path}.name`, name, problems.join(','))] : []),
    ...deprecationErrors(version, path),
    ...validationErrors(schema, `${path}.schema`, status, same, tools),
    ...subresourceErrors(version.subresources, `${path}.subresources`),
    ...(version.additionalPrinterColumns ?? []).flatMap((each, i) =>
      columnErrors(each, `${path}.additionalPrinterColumns[${i}]`),
    ),
  ]
  if (selectableFields.length === 0) return errors
  const field = `${path}.selectableFields`
  if (schema?.openAPIV3Schema) return [...errors, ...selectableErrors(selectableFields, schema.openAPIV3Schema, field)]
  return [...errors, invalid(field, '', 'may only be set when `version.schema.openAPIV3Schema` is not included')]
}

function versionListErrors(versions: Version[], absent: boolean): FieldError[] {
  const refuse = (why: string) => invalid('spec.versions', absent ? null : internalVersions(versions), why)
  const names = versions.map(({ name }) => name)
  return [
    ...(new Set(names).size < names.length ? [refuse('must contain unique version names')] : []),
    ...(versions.filter(({ storage }) => storage).length === 1
      ? []
      : [refuse('must have exactly one version marked as storage version')]),
  ]
}

/** At the root, with a status subresource, only what still counts when status is looked at alone. */
const AT_ROOT = [
  'Description',
  'Type',
  'Format',
  'Title',
  'Maximum',
  'ExclusiveMaximum',
  'Minimum',
  'ExclusiveMinimum',
  'MaxLength',
  'MinLength',
  'Pattern',
  'MaxItems',
  'MinItems',
  'UniqueItems',
  'MultipleOf',
  'Required',
  'Items',
  'Properties',
  'ExternalDocs',
  'Example',
  'XPreserveUnknownFields',
  'XValidations',
]

function rootErrors(schema: JsonSchema, path: string): FieldError[] {
  const internal = internalSchema(schema)
  for (const [key, value] of Object.entries(internal)) {
    if (value === null || value === '' || value === false) continue
    if (key === 'Type' && value !== 'object') {
      const why = 'only "object" is allowed as the type at the root of the schema if the status subresource is enabled'
      return [invalid(`${path}.type`, value, why)]
    }
    if (!AT_ROOT.includes(key)) {
      const why = `only [${AT_ROOT.join(' ')}] fields are allowed at the root of the schema if the status subresource is enabled`
      return [invalid(path, internal, why)]
    }
  }
  return []
}

function validationErrors(given: Version['schema'], path: string, status: boolean, same: boolean, tools: Tools): FieldError[] {
  const schema = given?.openAPIV3Schema
  if (!schema) return []
  const at = `${path}.openAPIV3Schema`
  const errors = status ? rootErrors(schema, at) : []
  if (schema.nullable) errors.push(forbiddenField(`${at}.nullable`, 'nullable cannot be true at the root'))
  const odd = unsupported(schema)
  const structural = odd === null ? structuralProblems(schema, at) : []
  const defaults = odd === null && structural.length === 0 ? defaultProblems(schema, at, tools) : []
  errors.push(...structural, ...defaults)
  const sound = odd === null && structural.length === 0 && defaults.length === 0
  const tally = new CostTally()
  const { compiler } = tools
  const found = schemaErrors(schema, at, sound && compiler ? ruleChecks(compiler, tally, same) : null)
  errors.push(...found.errors, ...found.ruleErrors)
  if (errors.length === 0 && odd !== null) errors.push(invalid(at, '', odd))
  return [...errors, ...tally.problems(at)]
}

function changeErrors(next: DefinitionSpec, old: DefinitionSpec, established: boolean): FieldError[] {
  const fixed = (field: string, now: unknown, was: unknown): FieldError[] =>
    equal(now, was) ? [] : [invalid(`spec.${field}`, now, 'field is immutable')]
  return [
    ...(established ? fixed('scope', next.scope, old.scope) : []),
    ...(established ? fixed('names.kind', next.names?.kind, old.names?.kind) : []),
    ...fixed('group', next.group, old.group),
    ...fixed('names.plural', next.names?.plural, old.names?.plural),
  ]
}

function storedErrors({ spec, status }: Definition): FieldError[] {
  const stored = status?.storedVersions ?? []
  const field = 'status.storedVersions'
  if (stored.length === 0) return [invalid(field, status?.storedVersions ?? null, 'must have at least one stored version')]
  const versions = spec.versions ?? []
  const names = versions.map(({ name }) => name)
  // The second version of a name finds it taken.
  const taken = ({ name = '' }: Version, i: number) => !stored.includes(name) || names.indexOf(name) < i
  const kept = (v: string) =>
    `missing from spec.versions; ${v} was previously a storage version, and must remain in spec.versions until a storage migration ensures no data remains persisted in ${v} and removes ${v} from status.storedVersions`
  return [
    ...versions
      .filter((version, i) => version.storage && taken(version, i))
      .map(({ name }) => invalid(field, stored, `must have the storage version ${name}`)),
    ...stored.flatMap((name, i) => (names.includes(name) ? [] : [invalid(`${field}[${i}]`, name, kept(name))])),
  ]
}

function preserveErrors(next: DefinitionSpec, old: DefinitionSpec | undefined): FieldError[] {
  if (old?.preserveUnknownFields || !next.preserveUnknownFields) return []
  const why = 'cannot set to true, set x-kubernetes-preserve-unknown-fields to true in spec.versions[*].schema instead'
  return [invalid('spec.preserveUnknownFields', true, why)]
}
