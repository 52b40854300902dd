/** Requests of bad input: creations, patches of every kind, lists and watches with odd options, bodies that are no JSON. */
import fc from 'fast-check'
import type { ApiRequest } from '#api/request.ts'
import type { Resource } from '../apiserver/resource.ts'
import type { Schemas } from '../apiserver/schema/schema.ts'
import {
  anything,
  chance,
  type Draw,
  expression,
  hasSample,
  jsonSchema,
  NAMES,
  objectFor,
  pick,
  sampleFor,
  text,
  valueFor,
} from './bad-input-arbitraries.ts'

export interface Served {
  resources: readonly Resource[]
  schemas: Schemas
}

const NAMESPACES = ['default', 'default', 'default', 'default', 'default', 'bad', 'kube-system', 'nowhere', 'Bad_Name']

const rootOf = ({ group, groupVersion, version }: Resource): string => (group ? `/apis/${groupVersion}` : `/api/${version}`)

function collection(g: Draw, resource: Resource): string {
  const root = rootOf(resource)
  return resource.namespaced && !chance(g, 30)
    ? `${root}/namespaces/${encodeURIComponent(pick(g, NAMESPACES))}/${resource.plural}`
    : `${root}/${resource.plural}`
}

/** Lone halves of characters can't be written in a URL. */
const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g
const escaped = (value: string): string => encodeURIComponent(value.replace(LONE, '?'))
const nameOf = (g: Draw): string => escaped(chance(g, 10) ? text(g) : pick(g, NAMES))

const LIST_OPTIONS = [
  ...[
    'labelSelector',
    'fieldSelector',
    'limit',
    'continue',
    'resourceVersion',
    'resourceVersionMatch',
    'timeoutSeconds',
    'watch',
  ],
  ...['allowWatchBookmarks', 'sendInitialEvents', 'pretty', 'includeObject', 'shardSelector', 'x'],
]
const WRITE_OPTIONS = [
  'dryRun',
  'fieldManager',
  'fieldValidation',
  'force',
  'propagationPolicy',
  'gracePeriodSeconds',
  'orphanDependents',
]
const OPTION_VALUES = [
  ...[
    'All',
    'true',
    'false',
    '1',
    '0',
    '-1',
    '5',
    '99999999999',
    'Strict',
    'Warn',
    'Ignore',
    'Exact',
    'NotOlderThan',
    'Background',
    'Orphan',
  ],
  ...[
    'app=a',
    'app in (a,b)',
    'app notin ()',
    '!app',
    'a=b=c',
    'app,,',
    'metadata.name=a',
    'status.phase!=Running',
    'spec.nodeName=',
    '(((',
  ],
  ...['eyJ2IjoibWV0YS5rOHMuaW8vdjEiLCJydiI6MSwic3RhcnQiOiJhIn0', 'Table', 'Object', 'None', 'Metadata'],
]

function query(g: Draw, names: readonly string[]): string {
  const count = g(fc.nat, 3)
  const parts = Array.from(
    { length: count },
    () => `${pick(g, names)}=${escaped(chance(g, 4) ? text(g) : pick(g, OPTION_VALUES))}`,
  )
  return count === 0 ? '' : `?${parts.join('&')}`
}

const ACCEPTS = [
  ...[
    'application/json',
    '*/*',
    'application/yaml',
    'application/json;as=Table;g=meta.k8s.io;v=v1',
    'application/json;stream=watch',
  ],
  ...[
    'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1',
    'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io',
  ],
  ...['application/vnd.kubernetes.protobuf', 'text/html', ';;;', 'application/json;as=Table', 'application/cbor'],
]

const headers = (g: Draw, more: Record<string, string> = {}): Record<string, string> => ({
  accept: chance(g, 8) ? pick(g, ACCEPTS) : 'application/json',
  'user-agent': chance(g, 10) ? text(g) : 'bad/1.0',
  ...(chance(g, 30) ? { 'impersonate-user': text(g), 'impersonate-group': text(g) } : {}),
  ...(chance(g, 60) ? { authorization: `Bearer ${text(g)}` } : {}),
  ...more,
})

const PATCH_TYPES = ['json-patch', 'merge-patch', 'strategic-merge-patch', 'apply-patch']

function pointer(g: Draw): string {
  const steps = Array.from({ length: g(fc.nat, 4) }, () =>
    pick(g, ['spec', 'metadata', 'labels', 'template', '0', '-', '~1', 'containers', 'replicas', 'name', '', '99', '__proto__']),
  )
  return steps.length === 0 ? '' : `/${steps.join('/')}`
}

const jsonPatch = (g: Draw): unknown =>
  Array.from({ length: g(fc.nat, 3) }, () => ({
    op: pick(g, ['add', 'remove', 'replace', 'move', 'copy', 'test', 'nope']),
    path: pointer(g),
    ...(chance(g, 3) ? { from: pointer(g) } : {}),
    ...(chance(g, 5) ? {} : { value: anything(g) }),
  }))

function patch(g: Draw, resource: Resource, served: Served): ApiRequest {
  const type = pick(g, PATCH_TYPES)
  const whole = anObject(g, resource, served)
  const body = chance(g, 12)
    ? anything(g)
    : type === 'json-patch'
      ? jsonPatch(g)
      : type === 'apply-patch'
        ? whole
        : partOf(g, whole)
  const suffix = type === 'apply-patch' ? '+yaml' : '+json'
  const manager = type === 'apply-patch' && !chance(g, 10) ? `?fieldManager=m&force=${chance(g, 2)}` : query(g, WRITE_OPTIONS)
  const path = `${collection(g, resource)}/${nameOf(g)}${subresource(g, resource)}${manager}`
  return { method: 'PATCH', path, headers: headers(g, { 'content-type': `application/${type}${suffix}` }), body }
}

const DIRECTIVES = ['$patch', '$retainKeys', '$setElementOrder/containers', '$deleteFromPrimitiveList/finalizers']

function partOf(g: Draw, whole: Record<string, unknown>): Record<string, unknown> {
  const { apiVersion: _a, kind: _k, metadata, ...others } = whole
  return {
    ...(chance(g, 2) ? { metadata } : {}),
    ...others,
    ...(chance(g, 8)
      ? { [pick(g, DIRECTIVES)]: pick<unknown>(g, ['delete', 'replace', 'merge', ['a'], [{ name: 'a' }], 'x']) }
      : {}),
  }
}

function subresource(g: Draw, { subresources = [] }: Resource): string {
  if (chance(g, 4) && subresources.length > 0) return `/${pick(g, subresources).name}`
  return chance(g, 30) ? `/${escaped(text(g))}` : ''
}

/** Half of them are nearly fine: those get far. */
const anObject = (g: Draw, resource: Resource, { schemas }: Served): Record<string, unknown> =>
  (chance(g, 2) ? sampleFor(g, resource) : undefined) ?? objectFor(g, resource, schemas)

function create(g: Draw, resource: Resource, served: Served): ApiRequest {
  const body = chance(g, 30) ? anything(g) : anObject(g, resource, served)
  return { method: 'POST', path: collection(g, resource) + query(g, WRITE_OPTIONS), headers: headers(g), body }
}

function replace(g: Draw, resource: Resource, served: Served): ApiRequest {
  const path = `${collection(g, resource)}/${nameOf(g)}${subresource(g, resource)}${query(g, WRITE_OPTIONS)}`
  return { method: 'PUT', path, headers: headers(g), body: anObject(g, resource, served) }
}

function remove(g: Draw, resource: Resource): ApiRequest {
  const one = chance(g, 8) ? '' : `/${nameOf(g)}`
  const options = { propagationPolicy: pick(g, ['Foreground', 'Orphan', 'x']), gracePeriodSeconds: pick(g, [0, 1, -1]) }
  const body = chance(g, 4) ? { body: chance(g, 4) ? anything(g) : options } : {}
  return { method: 'DELETE', path: collection(g, resource) + one + query(g, WRITE_OPTIONS), headers: headers(g), ...body }
}

function read(g: Draw, resource: Resource): ApiRequest {
  const one = chance(g, 3) ? `/${nameOf(g)}${subresource(g, resource)}` : ''
  return { method: 'GET', path: collection(g, resource) + one + query(g, LIST_OPTIONS), headers: headers(g) }
}

const PATHS = [
  '/',
  '/api',
  '/apis',
  '/version',
  '/openapi/v3',
  '/openapi/v2',
  '/healthz',
  '/metrics',
  '/apis/apps',
  '//',
  '/api/v1/x/y/z/../..',
]

/** What is hardly a request of the API at all. */
function odd(g: Draw): ApiRequest {
  const method = pick(g, ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'BREW', 'CONNECT'])
  const path = chance(g, 3) ? `/${escaped(text(g))}/${text(g).replace(LONE, '?')}` : pick(g, PATHS) + query(g, LIST_OPTIONS)
  const type = pick(g, ['application/json', 'application/yaml', 'text/plain', 'application/vnd.kubernetes.protobuf', ''])
  return { method, path, headers: headers(g, { 'content-type': type }), body: text(g) }
}

const BROKEN = [
  '{',
  '{"kind": "Pod"',
  '[1,2',
  '{"a": 1, "a": 2}',
  'a: b: c',
  'a: &x [*x]',
  '- - -',
  '"\\ud800"',
  '{"metadata": {"name": 1e999}}',
  '\tx',
]

function raw(g: Draw, resource: Resource, served: Served): ApiRequest {
  const whole = JSON.stringify(objectFor(g, resource, served.schemas))
  const cut = chance(g, 2) ? whole.slice(0, g(fc.nat, whole.length)) : pick(g, BROKEN)
  const type = pick(g, ['application/json', 'application/yaml'])
  return { method: 'POST', path: collection(g, resource), headers: headers(g, { 'content-type': type }), body: cut }
}

/** Definitions, policies and device classes with expressions and schemas of all sorts. */
function definition(g: Draw): ApiRequest {
  if (chance(g, 2)) {
    const policy = {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: pick(g, NAMES) },
      spec: {
        matchConstraints: {
          resourceRules: [{ apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['configmaps'] }],
        },
        variables: [{ name: 'x', expression: expression(g) }],
        validations: [{ expression: expression(g), messageExpression: chance(g, 3) ? expression(g) : '' }],
        matchConditions: chance(g, 3) ? [{ name: 'c', expression: expression(g) }] : [],
      },
    }
    return {
      method: 'POST',
      path: '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies',
      headers: {},
      body: policy,
    }
  }
  const crd = {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: 'things.bad.example.com' },
    spec: {
      group: 'bad.example.com',
      names: { plural: 'things', kind: 'Thing' },
      scope: 'Namespaced',
      versions: [
        {
          ...{ name: 'v1', served: true, storage: true },
          schema: { openAPIV3Schema: { type: 'object', properties: { spec: jsonSchema(g), status: jsonSchema(g, 1) } } },
          subresources: chance(g, 3) ? { status: {}, scale: anything(g) } : {},
          additionalPrinterColumns: chance(g, 4) ? [{ name: text(g), type: 'string', jsonPath: text(g) }] : [],
        },
      ],
    },
  }
  const path = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
  return chance(g, 3)
    ? { method: 'PUT', path: `${path}/things.bad.example.com`, headers: {}, body: crd }
    : { method: 'POST', path, headers: {}, body: crd }
}

const thing = (g: Draw, { schemas }: Served): ApiRequest => ({
  method: pick(g, ['POST', 'POST', 'GET']),
  path: '/apis/bad.example.com/v1/namespaces/default/things',
  headers: headers(g),
  body: {
    apiVersion: 'bad.example.com/v1',
    kind: 'Thing',
    metadata: { name: pick(g, NAMES) },
    spec: valueFor(g, { type: 'object', values: {} }, schemas, 3),
  },
})

/** The next request; what is served may change from one to the next. */
export function badRequest(g: Draw, served: Served): ApiRequest {
  const resource = pick(g, chance(g, 2) ? served.resources : served.resources.filter(hasSample))
  switch (g(fc.nat, 19)) {
    case 0:
    case 1:
    case 2:
      return patch(g, resource, served)
    case 3:
    case 4:
      return replace(g, resource, served)
    case 5:
      return remove(g, resource)
    case 6:
    case 7:
      return read(g, resource)
    case 8:
      return odd(g)
    case 9:
      return raw(g, resource, served)
    case 10:
      return definition(g)
    case 11:
      return thing(g, served)
    default:
      return create(g, resource, served)
  }
}
