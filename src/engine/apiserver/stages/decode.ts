/** Decode: the body as an object of the kind, a patch, or DeleteOptions; its errors in the words of Go's decoders. */
import type { AnyObject } from '#api/meta.ts'
import { badRequest, fail } from '#api/status.ts'
import type { Call, PatchType } from '../call.ts'
import { decodeBody, parseBody } from '../schema/decode.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'
import { stage } from '../stage.ts'

export const decode = stage({
  name: 'decode',
  step(call, server) {
    const { resource, verb } = call
    if (!resource) return 'on'
    if (verb === 'create' || verb === 'update') call.body = object(call, resource, server)
    else if (verb === 'patch') patch(call)
    else if (verb === 'delete' || verb === 'deletecollection') call.body = deleteOptions(call, server)
    return 'on'
  },
})

const contentType = (call: Call): string => (call.request.headers?.['content-type'] ?? '').split(';')[0]?.trim() ?? ''

function object(call: Call, resource: Resource, server: ApiServer): AnyObject {
  const type = contentType(call)
  if (type && !['application/json', 'application/yaml', 'application/x-yaml', 'application/vnd.kubernetes.protobuf'].includes(type)) {
    throw unsupported('the body of the request was in an unknown format - accepted media types include: application/json, application/yaml, application/vnd.kubernetes.protobuf')
  }
  const scale = call.subresource?.name === 'scale'
  const decoded = decodeBody({
    body: call.request.body,
    yaml: type.endsWith('yaml'),
    schema: scale ? 'io.k8s.api.autoscaling.v1.Scale' : resource.schema,
    schemas: server.schemas,
    apiVersion: scale ? 'autoscaling/v1' : resource.groupVersion,
    kind: scale ? 'Scale' : resource.kind,
    fieldValidation: call.fieldValidation,
    warn: (text) => call.warnings.push(text),
  })
  if (!decoded.metadata) return { ...decoded, metadata: { name: '' } }
  return decoded
}

const unsupported = (message: string) => fail(415, 'UnsupportedMediaType', message)

const PATCHES: Record<string, PatchType> = {
  'application/json-patch+json': 'json',
  'application/merge-patch+json': 'merge',
  'application/strategic-merge-patch+json': 'strategic',
  'application/apply-patch+yaml': 'apply',
}

function patch(call: Call): void {
  const type = contentType(call)
  const known = PATCHES[type]
  if (!known) {
    throw unsupported(
      `the body of the request was in an unknown format - accepted media types include: ${Object.keys(PATCHES).join(', ')}`,
    )
  }
  call.patchType = known
  call.body = parseBody(call.request.body, known === 'apply')
}

function deleteOptions(call: Call, server: ApiServer): unknown {
  const { body } = call.request
  if (body === undefined || body === null || body === '') return null
  const parsed = parseBody(body, contentType(call).endsWith('yaml')) as Record<string, unknown>
  const kind = parsed?.['kind']
  if (kind !== undefined && kind !== 'DeleteOptions') {
    throw badRequest(`no kind "${kind}" is registered for version "${parsed['apiVersion'] ?? ''}" in scheme "pkg/runtime/scheme.go:111"`)
  }
  return decodeBody({
    body: parsed,
    yaml: false,
    schema: 'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions',
    schemas: server.schemas,
    apiVersion: 'meta.k8s.io/v1',
    kind: 'DeleteOptions',
    fieldValidation: 'Ignore',
    warn: () => {},
  })
}
