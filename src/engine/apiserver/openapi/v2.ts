/** OpenAPI 2: everything in one document. */
import type { Resource } from '../resource.ts'
import type { Schemas } from '../schema/schema.ts'
import { type DefinitionOptions, type Descriptions, definition, type OpenApiNode } from './definitions.ts'
import type { Operation, Paths } from './operations.ts'
import { type Parameter, sorted } from './parameters.ts'
import { withSharedParameters } from './shared-parameters.ts'
import { shared as common, documentNames, INFO, pathsNamed, reachedFrom, SECURITY, told } from './v3.ts'

export function documentV2(resources: readonly Resource[], schemas: Schemas, descriptions?: Descriptions): OpenApiNode {
  const paths: Paths = {}
  for (const name of documentNames(resources)) Object.assign(paths, pathsNamed(name, resources, schemas))
  const options: DefinitionOptions = { version: 2, schemas, descriptions }
  const definitions = Object.fromEntries(reachedFrom(paths, options.schemas).map((name) => [name, definition(name, options)]))
  const written: OpenApiNode = {}
  for (const path of Object.keys(paths).sort()) written[path] = writtenPath(paths[path] as Operation[])
  const shared = withSharedParameters(told(written, resources, descriptions))
  return {
    swagger: '2.0',
    info: INFO,
    paths: shared.paths,
    definitions,
    parameters: shared.parameters,
    securityDefinitions: SECURITY,
    security: [{ BearerToken: [] }],
  }
}

function writtenPath(operations: readonly Operation[]): OpenApiNode {
  const inCommon = common(operations)
  const item: OpenApiNode = {}
  for (const operation of operations) item[operation.method] = writtenOperation(operation, inCommon)
  if (inCommon.length > 0) item['parameters'] = sorted(inCommon).map(writtenParameter)
  return item
}

const writtenParameter = ({ name, in: place, type }: Parameter): OpenApiNode => ({
  uniqueItems: true,
  type,
  name,
  in: place,
  ...(place === 'path' ? { required: true } : {}),
})

const schemaOf = (name: string | null): OpenApiNode => (name === null ? { type: 'string' } : { $ref: `#/definitions/${name}` })

function writtenOperation(operation: Operation, inCommon: readonly Parameter[]): OpenApiNode {
  const { tag, id, body, answers, consumes, produces, action, kind } = operation
  const own = operation.parameters.filter((p) => !inCommon.some((c) => c.name === p.name && c.in === p.in))
  const parameters = sorted(own).map(writtenParameter)
  if (body) {
    parameters.unshift({ name: 'body', in: 'body', ...(body.optional ? {} : { required: true }), schema: schemaOf(body.schema) })
  }
  return {
    ...(consumes.length > 0 ? { consumes } : {}),
    produces,
    schemes: ['https'],
    tags: [tag],
    operationId: id,
    ...(parameters.length > 0 ? { parameters } : {}),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([code, name]) => [code, { schema: schemaOf(name) }])),
      401: {},
    },
    ...(action ? { 'x-kubernetes-action': action } : {}),
    ...(kind ? { 'x-kubernetes-group-version-kind': kind } : {}),
  }
}
