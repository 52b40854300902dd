/**
 * OpenAPI v2 as protobuf (gnostic's Document): what kubectl asks for when version 3 doesn't know a kind, and what old kubectls
 * ask for always. Only what they read: which kinds a patch may be tried on, and with which parameters.
 */
import { utf8 } from '#api/base64.ts'
import type { Resource } from '../resource.ts'

function varint(value: number): number[] {
  const out: number[] = []
  let left = value
  for (; left > 127; left = Math.floor(left / 128)) out.push((left % 128) | 128)
  out.push(left)
  return out
}

/** A field of length-delimited bytes. */
function field(number: number, ...parts: number[][]): number[] {
  const body = parts.flat()
  return [...varint(number * 8 + 2), ...varint(body.length), ...body]
}
const text = (number: number, value: string): number[] => field(number, [...utf8(value)])

/** `Operation.parameters`: a query parameter with its name. */
const parameter = (name: string): number[] => field(8, field(1, field(2, field(3, [...text(2, 'query'), ...text(4, name)]))))

const PARAMETERS = ['dryRun', 'fieldManager', 'fieldValidation', 'force'].flatMap(parameter)

function path(resource: Resource): number[] {
  const { group, version, kind, plural, namespaced } = resource
  const root = group ? `/apis/${group}/${version}` : `/api/${version}`
  const yaml = `group: "${group}"\nkind: ${kind}\nversion: ${version}\n`
  const extension = field(13, text(1, 'x-kubernetes-group-version-kind'), field(2, text(2, yaml)))
  const item = field(8, PARAMETERS, extension)
  return field(2, text(1, `${root}${namespaced ? '/namespaces/{namespace}' : ''}/${plural}/{name}`), field(2, item))
}

export function documentV2Protobuf(resources: readonly Resource[]): Uint8Array {
  const info = field(2, text(1, 'Kubernetes'), text(2, 'v1.36.3'))
  const patchable = resources.filter((r) => r.verbs.includes('patch'))
  return Uint8Array.from([...text(1, '2.0'), ...info, ...field(8, ...patchable.map(path))])
}
