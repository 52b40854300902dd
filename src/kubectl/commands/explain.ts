/** `kubectl explain`: fields and their documentation, from the server's OpenAPI v3 documents. */
import type { ResourceInfo } from '#client/discovery.ts'
import { type Context, command, KubectlError } from '../command.ts'
import { descriptionText, fieldDetail, fieldList, type Schema, Schemas, wrapped } from '../explain.ts'

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
    if (flags.text('output') !== 'plaintext')
      throw new KubectlError(`the output format ${JSON.stringify(flags.text('output'))} is not supported here; plaintext is`)
    const [type = '', ...path] = word.replace(/\.$/, '').split('.')
    const notAField = new KubectlError('invalid jsonpath syntax, first node must be field node')
    if (type === '') throw notAField
    const { kind, group, version, document } = await documentFor(context, type)
    if (path.includes('')) throw notAField
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

async function known(context: Context, type: string): Promise<ResourceInfo> {
  const info = await context.client.discovery.find(type)
  if (!info) throw new KubectlError(`the server doesn't have a resource type ${JSON.stringify(type)}`, 1, true)
  return info
}

async function documentFor(
  context: Context,
  type: string,
): Promise<{ kind: string; group: string; version: string; document: object }> {
  const { client, flags } = context
  let { group, version, kind, plural } = await known(context, type)
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
