/** `--overrides`: a merge, JSON or strategic patch of an object that kubectl is about to create. */
import type { AnyObject } from '#api/meta.ts'
import { applyJsonPatch } from '#api/patch/json.ts'
import type { Dict } from '#api/patch/parts.ts'
import { patchSchemaOf } from '#client/patch-schema.ts'
import { type Context, KubectlError } from './command.ts'
import { patchedHere } from './patched.ts'

export async function overridden(object: AnyObject, { client, flags }: Context): Promise<AnyObject> {
  const text = flags.text('overrides')
  if (!text) return object
  const type = flags.text('override-type')
  if (!['json', 'merge', 'strategic'].includes(type)) throw new KubectlError(`invalid override type: ${type}`)
  let patch: unknown
  try {
    patch = JSON.parse(text)
  } catch {
    throw new KubectlError('Invalid JSON Patch')
  }
  if (type === 'json') return applyJsonPatch(object, patch) as AnyObject
  if (type === 'merge') return patchedHere(object, patch as Dict, undefined)
  const info = await client.discovery.byKind(object.apiVersion, object.kind)
  const schema = info && (await patchSchemaOf(client, info))
  if (!schema) throw new KubectlError('--override-type=strategic needs the schema that the server does not publish')
  return patchedHere(object, patch as Dict, schema)
}
