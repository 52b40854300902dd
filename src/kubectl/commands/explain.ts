/** `kubectl explain`: fields and their documentation, from the server's OpenAPI v3 documents. */
import type { ResourceInfo } from '#client/discovery.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { descriptionText, fieldDetail, fieldList, type Schema, Schemas, wrapped } from '../explain.ts'
import { explainedByV2, type SwaggerDocument } from '../explain-v2.ts'
import { type PathNode, parsePath } from '../print/json-path-parse.ts'

export const explain = command({
  name: 'explain',
  completes: 'resources',
  async run(context) {
    const { args, flags } = context
    const [word, ...more] = args
    if (word === undefined) {
      throw new KubectlError(
        'You must specify the type of resource to explain. Use "kubectl api-resources" for a complete list of supported resources.\n',
      )
    }
    if (more.length > 0) throw new KubectlError('We accept only this format: explain RESOURCE\n')
    if (flags.text('output') !== 'plaintext' && flags.text('output') !== 'plaintext-openapiv2')
      throw new KubectlError(`unrecognized format: ${flags.text('output')}`)
    const { resource, path } = await asked(context, word)
    if (flags.text('output') !== 'plaintext') return explainV2(context, resource, path)
    const { kind, group, version, document } = await documentFor(context, resource)
    const schemas = new Schemas(document)
    const schema = schemas.ofKind(group, version, kind)
    if (!schema) throw new KubectlError(`GVK map[group:${group} kind:${kind} version:${version}] not found in OpenAPI schema`)
    context.io.out(`${group ? `GROUP:      ${group}\n` : ''}KIND:       ${kind}\nVERSION:    ${version}\n\n`)
    const text = explained(schemas, schema, path, flags.is('recursive'))
    if (text === null) throw new KubectlError(`field ${JSON.stringify(path.at(-1))} does not exist`)
    context.io.out(`${text}\n`)
    return 0
  },
})

const NO_FIELD = 'invalid jsonpath syntax, first node must be field node'

function nodesOf(text: string): PathNode[] {
  try {
    const [first] = parsePath(`{.${text.replace(/\.$/, '')}}`)
    return first?.kind === 'list' ? first.nodes : []
  } catch (error) {
    throw new KubectlError((error as Error).message)
  }
}

/** `other`: what is said of nodes that are no fields. */
const fieldsOf = (nodes: readonly PathNode[], other: string): string[] =>
  nodes.map((node) => {
    if (node.kind === 'field') return node.name
    throw new KubectlError(other)
  })

/**
 * The resource and the path in it. A word may begin with a resource's whole name, `deployments.apps.spec`
 * (SplitAndParseResourceRequestWithMatchingPrefix); not where the version is told apart from it.
 */
async function asked({ client, flags }: Context, word: string): Promise<{ resource: ResourceInfo; path: string[] }> {
  const [first, ...nodes] = nodesOf(word)
  if (first?.kind !== 'field') throw new KubectlError(NO_FIELD)
  if (first.name === '') throw new KubectlError('a resource must be present, got: /, Resource=')
  const resource = await client.discovery.find(first.name)
  if (!resource) throw new KubectlError(`the server doesn't have a resource type ${JSON.stringify(first.name)}`, 1, true)
  const apart = flags.text('api-version') !== ''
  const begins = ({ plural, group }: ResourceInfo): boolean =>
    plural === resource.plural && word.startsWith(fullName(plural, group))
  const whole = apart ? undefined : (await client.discovery.all()).find(begins)
  if (whole?.group) {
    const [, ...rest] = nodesOf(word.slice(fullName(whole.plural, whole.group).length))
    return { resource: whole, path: fieldsOf(rest, NO_FIELD) }
  }
  const path = fieldsOf(nodes, apart ? 'invalid jsonpath syntax, all nodes must be field nodes' : NO_FIELD)
  return { resource: whole ?? resource, path }
}

const fullName = (plural: string, group: string): string => (group ? `${plural}.${group}` : plural)

/** By OpenAPI v2, which knows nothing of enums and of names of types. */
async function explainV2(
  { client, flags, io }: Context,
  { group, version, kind }: ResourceInfo,
  path: string[],
): Promise<number> {
  const body = await client.raw('GET', '/openapi/v2', undefined, { accept: 'application/json' })
  const document = (typeof body === 'string' ? JSON.parse(body) : body) as SwaggerDocument
  const [v = '', g = ''] = flags.text('api-version').split('/').reverse()
  const at = v === '' ? { group, version } : { group: g, version: v }
  try {
    io.out(explainedByV2(document, { ...at, kind, path, recursive: flags.is('recursive') }))
  } catch (error) {
    throw new KubectlError((error as Error).message)
  }
  return 0
}

async function documentFor(
  { client, flags }: Context,
  { group, version, kind, plural }: ResourceInfo,
): Promise<{ kind: string; group: string; version: string; document: object }> {
  const asked = flags.text('api-version')
  if (asked) {
    ;[group, version] = asked.includes('/') ? (asked.split('/') as [string, string]) : ['', asked]
    const known = await client.discovery.byKind(asked, kind)
    if (!known)
      throw new KubectlError(`couldn't find resource for "${asked.includes('/') ? asked : `/${asked}`}, Resource=${plural}"`)
    kind = known.kind
    plural = known.plural
  }
  const root = group ? `apis/${group}/${version}` : `api/${version}`
  const body = await client.raw('GET', `/openapi/v3/${root}`, undefined, { accept: 'application/json' })
  return { kind, group, version, document: (typeof body === 'string' ? JSON.parse(body) : body) as object }
}

/** Follows the path, then shows what is there; null when it leads nowhere. */
function explained(schemas: Schemas, start: Schema, path: readonly string[], recursive: boolean): string | null {
  let head = ''
  let at: Schema = start
  for (const [i, field] of path.entries()) {
    const next = schemas.property(at, field)
    if (!next) return null
    at = next
    if (i < path.length - 1) continue
    const values = at.enum ? `ENUM:${at.enum.map((value) => `\n    ${value === '' ? '""' : value}`).join('')}` : ''
    head = `FIELD: ${field} <${schemas.typeOf(at)}>\n${values}\n\n`
  }
  const description = descriptionText(schemas, at) || '<empty>'
  const fields = fieldList(schemas, at, recursive, (schema, name, level) => fieldDetail(schemas, schema, name, level, recursive))
  return `${head}DESCRIPTION:\n${wrapped(description, 76, 4)}\n${fields ? `FIELDS:\n${fields}` : ''}`
}
