/** The answers below `/openapi`: the index of version 3 with a hash per document, the documents, and version 2. */

import { utf8 } from '#api/base64.ts'
import { hex, sha256 } from '#api/sha256.ts'
import { wordsOfTime } from '#api/time.ts'
import { JSON_TYPE } from '../accept.ts'
import type { Answer, Call } from '../call.ts'
import { resourceList } from '../discovery/lists.ts'
import { clausesOf, servedBy } from '../negotiation.ts'
import type { ApiServer } from '../server.ts'
import type { OpenApiNode } from './definitions.ts'
import { documentV2Protobuf } from './protobuf.ts'
import { documentV3Protobuf } from './protobuf-v3.ts'
import { documentV2 } from './v2.ts'
import { documentNames, documentV3 } from './v3.ts'

const PRIVATE = { 'cache-control': 'no-cache, private' }
const YEAR_MS = 365 * 86_400_000

/** Null when nothing is published there. */
export function openApiAnswer(call: Call, server: ApiServer): Answer | null {
  const { path } = call
  if (path === '/openapi/v2') return version2(call, server)
  if (path === '/openapi/v3') {
    const headers = { ...PRIVATE, ...served(server), 'content-type': 'text/plain; charset=utf-8' }
    return { status: 200, headers, body: JSON.stringify(index(server)) }
  }
  return path.startsWith('/openapi/v3/') ? version3(call, server, path.slice('/openapi/v3/'.length)) : null
}

/** http.ServeContent's headers: documents are made when the server begins. */
const served = ({ world }: ApiServer): Record<string, string> => ({
  'accept-ranges': 'bytes',
  'last-modified': httpDate(world.epoch),
})

/** `Mon, 30 Nov 2026 07:40:00 GMT`. */
function httpDate(ms: number): string {
  const { weekday, day, month, year, clock } = wordsOfTime(ms)
  return `${weekday}, ${day} ${month} ${year} ${clock} GMT`
}

/** A hash with what it was made of: worked out again only when some of that is another object. */
interface Known {
  sources: readonly unknown[]
  hash: string
}

const hashes = new WeakMap<ApiServer, Map<string, Known>>()

/** Changes exactly when the document would: it is made of what the document is projected from. */
function hashOf(name: string, server: ApiServer): string {
  const [root, group, version] = name.split('/')
  const groupVersion = root === 'api' ? group : version === undefined ? undefined : `${group}/${version}`
  const own = server.resources.filter((r) => r.groupVersion === groupVersion)
  const custom = own.filter((r) => r.custom).map((r) => server.schemas.get(r.schema))
  const sources = [...own, ...custom, server.descriptions]
  let ofServer = hashes.get(server)
  if (!ofServer) hashes.set(server, (ofServer = new Map()))
  const known = ofServer.get(name)
  const same = known?.sources.length === sources.length && known.sources.every((source, i) => source === sources[i])
  if (known && same) return known.hash
  const list = groupVersion === undefined ? null : resourceList(server.resources, groupVersion)
  const parts = [name, list ?? null, custom, server.descriptions !== null]
  const digest = sha256(utf8(JSON.stringify(parts)))
  const hash = hex([...digest, ...sha256(digest)])
  ofServer.set(name, { sources, hash })
  return hash
}

const urlOf = (name: string, hash: string): string => `/openapi/v3/${name}?hash=${hash}`

function index(server: ApiServer): object {
  const names = documentNames(server.resources)
  const own = names.map((name) => [name, { serverRelativeURL: urlOf(name, hashOf(name, server)) }] as const)
  const others = Object.entries(server.aggregation?.openApi ?? {})
  return { paths: Object.fromEntries([...own, ...others].sort(([a], [b]) => (a < b ? -1 : 1))) }
}

function version3(call: Call, server: ApiServer, name: string): Answer {
  if (!documentNames(server.resources).includes(name))
    return server.aggregation?.openApiDocument(name, call) ?? { status: 404, headers: PRIVATE, body: '' }
  const type = takes(call, [JSON_TYPE, PROTOBUF_V3, PROTOBUF_V3_OLD])
  if (!type) return { status: 406, headers: { ...PRIVATE, vary: 'Accept' }, body: '' }
  const hash = hashOf(name, server)
  const asked = call.query.get('hash')
  const etag = `"${hash}"`
  if (asked !== null && asked !== '' && asked !== hash) {
    const headers = { ...PRIVATE, etag, vary: 'Accept', 'content-type': JSON_TYPE, location: urlOf(name, hash) }
    return { status: 301, headers, body: '' }
  }
  // A document under its hash never changes.
  const forever = { 'cache-control': 'public, immutable', expires: httpDate(server.world.now + YEAR_MS) }
  const cache = { ...(asked === hash ? forever : PRIVATE), etag, vary: 'Accept' }
  if (call.request.headers?.['if-none-match'] === etag) return { status: 304, headers: cache, body: '' }
  const body = signed(documentV3(name, server.resources, server.schemas, server.descriptions ?? undefined), server)
  const headers = { ...cache, ...served(server) }
  if (type === JSON_TYPE || !body) return { status: 200, headers: { ...headers, 'content-type': JSON_TYPE }, body }
  return { status: 200, headers: { ...headers, 'content-type': PROTOBUF_V3 }, body: documentV3Protobuf(body) }
}

const PROTOBUF_V2 = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'
const PROTOBUF_V3 = PROTOBUF_V2.replace('v2', 'v3')
/** As it was called before it was a well-formed media type. */
const PROTOBUF_V2_OLD = PROTOBUF_V2.replace('v2.v1', 'v2@v1')
const PROTOBUF_V3_OLD = PROTOBUF_V3.replace('v3.v1', 'v3@v1')

/** Which of the types the client wants most. */
function takes(call: Call, types: readonly string[]): string | undefined {
  for (const { type } of clausesOf(call.request.headers?.['accept'] || '*/*')) {
    const found = servedBy(type, types)
    if (found) return found
  }
  return undefined
}

function version2(call: Call, server: ApiServer): Answer {
  const type = takes(call, [JSON_TYPE, PROTOBUF_V2, PROTOBUF_V2_OLD])
  const vary = 'Accept-Encoding\nAccept'
  if (!type) return { status: 406, headers: { ...PRIVATE, vary }, body: '' }
  const others = Object.values(server.aggregation?.openApi ?? {}).map(({ serverRelativeURL }) => serverRelativeURL)
  const all = [...documentNames(server.resources).map((name) => hashOf(name, server)), ...others, type]
  const digest = sha256(utf8(all.join('')))
  const etag = `"${hex([...digest, ...sha256(digest)])}"`
  if (call.request.headers?.['if-none-match'] === etag) return { status: 304, headers: { ...PRIVATE, etag, vary }, body: '' }
  const headers = { ...PRIVATE, ...served(server), etag, vary }
  const own = documentV2(server.resources, server.schemas, server.descriptions ?? undefined)
  const body = (server.aggregation?.openApi2() ?? []).reduce(withDocument, own)
  if (type !== JSON_TYPE)
    return { status: 200, headers: { ...headers, 'content-type': PROTOBUF_V2 }, body: documentV2Protobuf(body) }
  return { status: 200, headers: { ...headers, 'content-type': JSON_TYPE }, body }
}

/** The paths of another server's document, and the definitions that this one has not. */
const withDocument = (own: OpenApiNode, { paths, definitions }: { paths: object; definitions: object }): OpenApiNode => ({
  ...own,
  paths: { ...(own['paths'] as object), ...paths },
  definitions: { ...definitions, ...(own['definitions'] as object) },
})

/** A document that says whose it is. */
function signed(document: OpenApiNode | undefined, { info }: ApiServer): OpenApiNode | undefined {
  if (!document || !info) return document
  const { securitySchemes: _none, ...components } = (document['components'] ?? {}) as OpenApiNode
  return { ...document, info, components }
}
