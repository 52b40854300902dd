/** OpenAPI 3: one document per group version, with the definitions that it reaches. */
import type { Resource } from '../resource.ts'
import type { Schema, Schemas } from '../schema/schema.ts'
import { type DefinitionOptions, type Descriptions, definition, type OpenApiNode } from './definitions.ts'
import { discovery, groupName, type Operation, type Paths, pathsOf, tagOf } from './operations.ts'
import { type Parameter, sorted } from './parameters.ts'
import { withTexts } from './texts.ts'

const META = 'io.k8s.apimachinery.pkg.apis.meta.v1'
export const INFO = { title: 'Kubernetes', version: '1.36' }
const CUSTOM_INFO = { title: 'Kubernetes CRD Swagger', version: 'v0.1.0' }
export const SECURITY = {
  BearerToken: { type: 'apiKey', description: 'Bearer Token authentication', name: 'authorization', in: 'header' },
}

/** The keys of the index: `api`, `api/v1`, `apis/apps`, `apis/apps/v1`, `version`, … */
export function documentNames(resources: readonly Resource[]): string[] {
  const names = new Set(['.well-known/openid-configuration', 'api', 'apis', 'openid/v1/jwks', 'version'])
  for (const { group, version, custom } of resources) {
    if (group === '') names.add(`api/${version}`)
    else if (custom) names.add(`apis/${group}/${version}`)
    else names.add(`apis/${group}`).add(`apis/${group}/${version}`)
  }
  return [...names].sort()
}

/** The paths of one document; undefined when there is none of this name. */
export function pathsNamed(name: string, resources: readonly Resource[], schemas: Schemas): Paths | undefined {
  const [root, group, version] = name.split('/')
  switch (name) {
    case 'api':
      return { '/api/': [discovery('getCoreAPIVersions', 'core', `${META}.APIVersions`)] }
    case 'apis':
      return { '/apis/': [discovery('getAPIVersions', 'apis', `${META}.APIGroupList`)] }
    case 'version': {
      const answer = discovery('getCodeVersion', 'version', 'io.k8s.apimachinery.pkg.version.Info')
      return { '/version/': [{ ...answer, consumes: ['application/json'], produces: ['application/json'] }] }
    }
    case '.well-known/openid-configuration':
      return {
        '/.well-known/openid-configuration/': [
          text('getServiceAccountIssuerOpenIDConfiguration', 'WellKnown', 'application/json'),
        ],
      }
    case 'openid/v1/jwks':
      return { '/openid/v1/jwks/': [text('getServiceAccountIssuerOpenIDKeyset', 'openid', 'application/jwk-set+json')] }
  }
  if (root === 'api' && group !== undefined && version === undefined) return known(resources, '', group, schemas)
  if (root !== 'apis' || group === undefined) return undefined
  if (version !== undefined) return known(resources, group, version, schemas)
  if (!resources.some((r) => r.group === group)) return undefined
  return { [`/apis/${group}/`]: [discovery(`get${groupName(group)}APIGroup`, tagOf(group), `${META}.APIGroup`)] }
}

const known = (resources: readonly Resource[], group: string, version: string, schemas: Schemas): Paths | undefined =>
  resources.some((r) => r.group === group && r.version === version) ? pathsOf(resources, group, version, schemas) : undefined

const text = (id: string, tag: string, type: string): Operation => ({
  ...discovery(id, tag, ''),
  answers: { 200: null },
  consumes: [],
  produces: [type],
})

/** One document; undefined when there is none of this name. */
export function documentV3(
  name: string,
  resources: readonly Resource[],
  schemas: Schemas,
  descriptions?: Descriptions,
): OpenApiNode | undefined {
  const paths = pathsNamed(name, resources, schemas)
  if (!paths) return undefined
  const [, group, version] = name.split('/')
  const [ownGroup, ownVersion] = name.startsWith('api/') ? ['', group] : [group ?? '', version]
  const custom = resources.some((r) => r.custom && r.group === group && r.version === version)
  const options: DefinitionOptions = {
    version: 3,
    schemas,
    descriptions,
    kinds: (kind) =>
      custom || (kind.group === '' && kind.version === 'v1') || (kind.group === ownGroup && kind.version === ownVersion),
  }
  const published: Record<string, OpenApiNode> = {}
  for (const reached of reachedFrom(paths, options.schemas)) {
    const found = definition(reached, options)
    if (found) published[reached] = found
  }
  const components = {
    ...(Object.keys(published).length > 0 ? { schemas: published } : {}),
    ...(custom ? {} : { securitySchemes: SECURITY }),
  }
  return {
    openapi: '3.0.0',
    info: custom ? CUSTOM_INFO : INFO,
    paths: told(writtenPaths(paths), resources, descriptions),
    components,
  }
}

/** With the texts of operations, where the host knows those of their parameters. */
export function told(paths: OpenApiNode, resources: readonly Resource[], descriptions?: Descriptions): OpenApiNode {
  const texts = descriptions?.['openapi parameters']
  return texts ? withTexts(paths, resources, texts) : paths
}

/** The definitions that operations name, and all that these refer to, sorted. */
export function reachedFrom(paths: Paths, schemas: Schemas): string[] {
  const reached = new Set<string>()
  const visit = (name: string | null | undefined): void => {
    if (!name || reached.has(name)) return
    const schema = schemas.get(name)
    if (!schema) return
    reached.add(name)
    inside(schema)
  }
  const inside = (schema: Schema): void => {
    visit(schema.ref)
    if (schema.items) inside(schema.items)
    if (schema.values) inside(schema.values)
    for (const property of Object.values(schema.properties ?? {})) inside(property)
  }
  for (const operation of Object.values(paths).flat()) {
    visit(operation.body?.schema)
    Object.values(operation.answers).forEach(visit)
  }
  return [...reached].sort()
}

/** Parameters that all operations of a path share stand at the path. */
export function shared(operations: readonly Operation[]): Parameter[] {
  const [first, ...rest] = operations
  return (first?.parameters ?? []).filter((p) => rest.every((o) => o.parameters.some((q) => q.name === p.name && q.in === p.in)))
}

function writtenPaths(paths: Paths): OpenApiNode {
  const out: OpenApiNode = {}
  for (const path of Object.keys(paths).sort()) {
    const operations = paths[path] as Operation[]
    const common = shared(operations)
    const item: OpenApiNode = {}
    for (const operation of operations) item[operation.method] = writtenOperation(operation, common)
    if (common.length > 0) item['parameters'] = sorted(common).map(writtenParameter)
    out[path] = item
  }
  return out
}

const writtenParameter = ({ name, in: place, type }: Parameter): OpenApiNode => ({
  name,
  in: place,
  ...(place === 'path' ? { required: true } : {}),
  schema: { type, uniqueItems: true },
})

const content = (types: readonly string[], schema: string | null): OpenApiNode => {
  const node = schema === null ? { type: 'string' } : { $ref: `#/components/schemas/${schema}` }
  return Object.fromEntries([...types].sort().map((type) => [type, { schema: node }]))
}

function writtenOperation(operation: Operation, common: readonly Parameter[]): OpenApiNode {
  const { tag, id, body, answers, consumes, produces, action, kind } = operation
  const own = operation.parameters.filter((p) => !common.includes(p) && !common.some((c) => c.name === p.name && c.in === p.in))
  return {
    tags: [tag],
    operationId: id,
    ...(own.length > 0 ? { parameters: sorted(own).map(writtenParameter) } : {}),
    ...(body
      ? { requestBody: { content: content(body.patch ?? consumes, body.schema), ...(body.optional ? {} : { required: true }) } }
      : {}),
    responses: {
      ...Object.fromEntries(Object.entries(answers).map(([code, schema]) => [code, { content: content(produces, schema) }])),
      401: {},
    },
    ...(action ? { 'x-kubernetes-action': action } : {}),
    ...(kind ? { 'x-kubernetes-group-version-kind': kind } : {}),
  }
}
