/** Decode: the body as an object of the kind, a patch, or DeleteOptions; its errors in the words of Go's decoders. */
import type { AnyObject } from '#api/meta.ts'
import { ApiError, badRequest, fail } from '#api/status.ts'
import { OBJECT_TYPES, PROTOBUF_TYPE } from '../accept.ts'
import type { Call, PatchType } from '../call.ts'
import { otherKind } from '../custom/patched.ts'
import type { Resource } from '../resource.ts'
import { decodeBody, parseBody } from '../schema/decode.ts'
import { interpret } from '../schema/identity.ts'
import type { ApiServer } from '../server.ts'
import { stage } from '../stage.ts'

export const decode = stage({
  name: 'decode',
  step(call, server) {
    const { resource, verb } = call
    if (!resource) return 'on'
    if (verb === 'create' || verb === 'update') call.body = isStream(call) ? null : object(call, resource, server)
    else if (verb === 'patch') readPatch(call)
    else if (verb === 'delete' || verb === 'deletecollection') call.body = deleteOptions(call, server)
    return 'on'
  },
})

const contentType = (call: Call): string =>
  (call.request.headers?.['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? ''

const READABLE = ['application/json', 'application/yaml', 'application/x-yaml', 'application/vnd.kubernetes.protobuf']
/** mime.ParseMediaType: parameters have a name and a value. */
const WELL_FORMED = /^[^;\s]+(\s*;\s*[\w!#$%&'*+.^`|~-]+=("[^"]*"|[^\s";]+))*\s*;?\s*$/

/** The type of the body, if it is one that can be read. */
function checkType(call: Call): string {
  const type = contentType(call)
  const whole = call.request.headers?.['content-type'] ?? ''
  if (!type || (READABLE.includes(type) && WELL_FORMED.test(whole))) return type
  throw unsupported(`the body of the request was in an unknown format - accepted media types include: ${OBJECT_TYPES.join(', ')}`)
}

function object(call: Call, resource: Resource, server: ApiServer): AnyObject {
  const type = checkType(call)
  const custom = call.subresource?.kind ? undefined : resource.decode
  const decoded = decodeBody({
    ...(custom ? { custom } : {}),
    body: call.request.body,
    yaml: type.endsWith('yaml'),
    protobuf: type.endsWith('protobuf') && typeof call.request.body === 'string',
    ...bodyType(call, resource, server),
    schemas: server.schemas,
    fieldValidation: call.fieldValidation,
    warn: (text) => call.warnings.push(text),
  })
  const whole = decoded.metadata ? decoded : { ...decoded, metadata: { name: '' } }
  const other = custom ? otherKind(whole, { apiVersion: resource.groupVersion, kind: resource.kind }, whole.metadata.name) : null
  if (other) throw other
  return whole
}

/** What a body is an object of: the subresource's kind (Scale, Binding, Eviction), or the resource's own. */
function bodyType(
  { subresource }: Call,
  resource: Resource,
  { schemas }: ApiServer,
): { apiVersion: string; kind: string; schema: string } {
  const { kind = resource.kind, group = resource.group, version = resource.version } = subresource ?? {}
  const apiVersion = group ? `${group}/${version}` : version
  return { apiVersion, kind, schema: (subresource?.kind && schemas.nameOf?.(apiVersion, kind)) || resource.schema }
}

/** exec, attach, port-forward and proxy carry what they like. */
const isStream = ({ subresource }: Call): boolean => subresource?.kind?.endsWith('Options') ?? false

const unsupported = (message: string) => fail(415, 'UnsupportedMediaType', message)

const CUSTOM_PATCHES =
  'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml'

const PATCHES: Record<string, PatchType> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

/** Routes know what they consume: a patch of another type is refused before anything else is looked at. */
export function patchTypeOf(call: Call): PatchType {
  const known = PATCHES[contentType(call)]
  if (known) return known
  if (call.resource?.custom) throw unsupported(CUSTOM_PATCHES)
  throw fail(415, 'UnsupportedMediaType', '415: Unsupported Media Type', {})
}

/** What can't be read is told once there is something to be patched; an apply makes what isn't there. */
function readPatch(call: Call): void {
  try {
    patch(call)
  } catch (error) {
    const later = error instanceof ApiError && error.status.code === 400 && call.patchType !== 'apply'
    if (!later || call.subresource?.handle) throw error
    call.refusal = error
  }
}

function patch(call: Call): void {
  const known = patchTypeOf(call)
  call.patchType = known
  const { body = '' } = call.request
  if (body === '') return void nothing(call)
  const note = (problem: string): void => void call.problems.push(problem)
  if (known === 'strategic') call.body = strategicBody(body, note)
  else call.body = parseBody(body, known === 'apply', note)
  if (known === 'apply' && call.problems.length > 0) complainOfApply(call)
}

/** No patch at all: an apply of nothing names no kind, the others are no JSON. */
function nothing({ patchType }: Call): never {
  if (patchType === 'apply') throw badRequest('invalid object type: /, Kind=')
  throw badRequest(`${patchType === 'strategic' ? '' : 'error decoding patch: '}unexpected end of JSON input`)
}

/** An apply's doubled keys are told of before anything else is looked at. */
function complainOfApply({ problems, fieldValidation, warnings }: Call): void {
  if (fieldValidation === 'Strict') {
    const list = problems.join('\n  ')
    throw badRequest(`error strict decoding YAML: error converting YAML to JSON: yaml: unmarshal errors:\n  ${list}`)
  }
  if (fieldValidation === 'Warn') warnings.push(...problems)
}

/** Of all patches only the strategic one lets the decoder's words through as they are. */
function strategicBody(body: unknown, note: (problem: string) => void): unknown {
  try {
    return parseBody(body, false, note)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw badRequest(error.message.replace(/^error decoding patch: /, ''))
  }
}

function deleteOptions(call: Call, server: ApiServer): unknown {
  const { body } = call.request
  if (body === undefined || body === null || body === '') return null
  if (checkType(call) === PROTOBUF_TYPE && typeof body === 'string') {
    throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]')
  }
  const parsed = optionsIn(body, contentType(call).endsWith('yaml'))
  const kind = parsed?.['kind']
  if (kind !== undefined && kind !== 'DeleteOptions') {
    throw badRequest(
      `no kind "${kind}" is registered for version "${parsed?.['apiVersion'] ?? ''}" in scheme "pkg/runtime/scheme.go:111"`,
    )
  }
  return unnamed(!kind || !parsed?.['apiVersion'], () =>
    decodeBody({
      body: parsed,
      yaml: false,
      schema: 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
      schemas: server.schemas,
      apiVersion: 'meta.k8s.io/v1',
      kind: 'DeleteOptions',
      fieldValidation: 'Ignore',
      warn: () => {},
    }),
  )
}

/** Options that can't be read are refused without saying what they should have been. */
function optionsIn(body: unknown, yaml: boolean): Record<string, unknown> | null {
  const said = "couldn't get version/kind; json parse error: "
  try {
    const parsed = parseBody(body, yaml)
    const found = interpret(parsed)
    if ('error' in found) throw badRequest(found.error)
    return parsed as Record<string, unknown> | null
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    throw badRequest(error.message.replace(/^error decoding patch: /, said))
  }
}

/** Options that don't say what they are read by a plain decoder, whose words come without its kind. */
function unnamed<T>(plain: boolean, decode: () => T): T {
  try {
    return decode()
  } catch (error) {
    if (!plain || !(error instanceof ApiError)) throw error
    throw badRequest(error.message.replace(/^DeleteOptions in version "v1" cannot be handled as a DeleteOptions: /, ''))
  }
}
