/** The texts of operations, parameters and answers: made of rules, and of what the host knows of parameters. */
import type { Resource } from '../resource.ts'
import type { OpenApiNode } from './definitions.ts'

const ANSWERS: Record<string, string> = { 200: 'OK', 201: 'Created', 202: 'Accepted', 401: 'Unauthorized' }
const DISCOVERY: Record<string, string> = {
  '/api/': 'get available API versions',
  '/apis/': 'get available API versions',
  '/openid/v1/jwks/': 'get service account issuer OpenID JSON Web Key Set (contains public token verification keys)',
  '/.well-known/openid-configuration/': "get service account issuer OpenID configuration, also known as the 'OIDC discovery doc'",
  '/version/': 'get the version information for this server',
}
const METHODS = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch']
const DEPRECATED = "deprecated: use the 'watch' parameter with a list operation instead"

/** What a path is about: the kind at its end, the kind it hangs on, and the subresource. */
interface Place {
  path: string
  kind: string
  owner: string
  sub: string
  method: string
  watched: boolean
}

const article = (kind: string): string => (kind.endsWith('s') && !/ss$/.test(kind) ? '' : /^[AEIOU]/.test(kind) ? 'an ' : 'a ')

function told(action: unknown, { path, kind, owner, sub, method, watched }: Place): string | undefined {
  const of = sub ? `${sub} of the specified ${owner}` : `the specified ${kind}`
  switch (action) {
    case 'list':
      return `list ${watched ? 'or watch ' : ''}objects of kind ${kind}`
    case 'get':
      return `read ${of}`
    case 'put':
      return `replace ${of}`
    case 'patch':
      return `partially update ${of}`
    case 'post':
      return sub ? `create ${sub} of ${article(owner)}${owner}` : `create ${article(kind)}${kind}`
    case 'delete':
      return `delete ${article(kind)}${kind}`
    case 'deletecollection':
      return `delete collection of ${kind}`
    case 'watch':
      return `watch changes to an object of kind ${kind}. ${DEPRECATED}, filtered to a single item with the 'fieldSelector' parameter.`
    case 'watchlist':
      return `watch individual changes to a list of ${kind}. ${DEPRECATED}.`
    case 'connect':
      return `connect ${method.toUpperCase()} requests to ${sub} of ${owner}`
  }
  const parts = path.split('/').length
  return DISCOVERY[path] ?? (path.startsWith('/apis/') && parts === 4 ? 'get information of a group' : 'get available resources')
}

type Texts = Record<string, string>

function withText(parameter: OpenApiNode, place: Place, texts: Texts): OpenApiNode {
  const { name } = parameter as { name: string }
  const key = `${parameter['in']} ${name}`
  const { owner, sub, method, kind } = place
  const text = texts[`${key} ${owner} ${sub}`] ?? texts[`${key} ${sub || '-'}`] ?? texts[`${key} ${method}`] ?? texts[key]
  const description = key === 'path name' ? `name of the ${kind}` : text
  return description === undefined ? parameter : { ...parameter, description }
}

function described(operation: OpenApiNode, place: Place, texts: Texts): OpenApiNode {
  const { tags, parameters, responses, ...rest } = operation as Record<string, any>
  const text = told(operation['x-kubernetes-action'], place)
  const answers = Object.entries(responses as OpenApiNode).map(([code, answer]) => [
    code,
    { description: ANSWERS[code] ?? '', ...(answer as object) },
  ])
  return {
    tags,
    ...(text ? { description: text } : {}),
    ...rest,
    ...(parameters ? { parameters: parameters.map((each: OpenApiNode) => withText(each, place, texts)) } : {}),
    responses: Object.fromEntries(answers),
  }
}

/** The paths of a document of either version, with their texts. */
export function withTexts(paths: OpenApiNode, resources: readonly Resource[], texts: Texts): OpenApiNode {
  const kinds = new Map(resources.map((r) => [`${r.groupVersion}/${r.plural}`, r]))
  return Object.fromEntries(
    Object.entries(paths).map(([path, item]) => [path, describedItem(path, item as Record<string, any>, kinds, texts)]),
  )
}

const PATH = /^\/apis?\/((?:[^/]+\/)?v[^/]+)\/(?:watch\/)?(?:namespaces\/\{namespace\}\/)?([^/{]+)(?:\/\{name\})?(?:\/([^/{]+))?/

function describedItem(path: string, item: Record<string, any>, kinds: ReadonlyMap<string, Resource>, texts: Texts): OpenApiNode {
  const [, groupVersion, plural, sub = ''] = PATH.exec(path) ?? []
  const resource = kinds.get(`${groupVersion}/${plural}`)
  const out: Record<string, any> = {}
  let first: Place | undefined
  for (const [key, value] of Object.entries(item)) {
    if (!METHODS.includes(key)) continue
    const kind = value['x-kubernetes-group-version-kind']?.kind ?? ''
    const watched = resource?.verbs.includes('watch') === true && !resource.custom
    const place = { path, kind, owner: resource?.kind ?? kind, sub, method: key, watched }
    first ??= place
    out[key] = described(value, place, texts)
  }
  if (item['parameters'] && first) {
    const place = { ...first, method: '' }
    out['parameters'] = item['parameters'].map((each: OpenApiNode) => withText(each, place, texts))
  }
  return out
}
