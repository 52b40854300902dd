/** Version 2 names the parameters that are no kind's own once for all, by a hash of what they say (deduplicateParameters). */
import { encodeUrlBytes, utf8 } from '#api/base64.ts'
import { htmlSafe } from '#api/go-json.ts'
import type { OpenApiNode } from './definitions.ts'

const META = '#/definitions/io.k8s.apimachinery'
/** kubectl once looked for these two where they are used. */
const OWN = ['fieldValidation', 'dryRun']

function isShared(parameter: OpenApiNode): boolean {
  const { name, in: place, schema } = parameter as { name: string; in: string; schema?: { $ref?: string } }
  if (place === 'body') return schema?.$ref?.startsWith(META) ?? true
  return name !== 'name' && !(place === 'query' && OWN.includes(name))
}

/** As Go's struct has the fields. */
function textOf({ uniqueItems, type, description, name, in: place, required, schema }: OpenApiNode): string {
  return htmlSafe(JSON.stringify({ uniqueItems, type, description, name, in: place, required, schema }))
}

const PRIME = 0x100000001b3n

/** FNV-1, 64 bits; the first six bytes as eight characters. */
function hashOf(text: string): string {
  let hash = 0xcbf29ce484222325n
  for (const byte of utf8(text)) hash = BigInt.asUintN(64, hash * PRIME) ^ BigInt(byte)
  return encodeUrlBytes(Array.from({ length: 6 }, (_, i) => Number((hash >> BigInt(56 - 8 * i)) & 255n)))
}

/** The paths with references, and what they refer to. */
export function withSharedParameters(paths: OpenApiNode): { paths: OpenApiNode; parameters: OpenApiNode } {
  const names = new Map<string, string>()
  const parameters: OpenApiNode = {}
  const referred = (parameter: OpenApiNode): OpenApiNode => {
    if (!isShared(parameter)) return parameter
    const text = textOf(parameter)
    let name = names.get(text)
    if (name === undefined) {
      name = `${parameter['name']}-${hashOf(text)}`
      names.set(text, name)
      parameters[name] = parameter
    }
    return { $ref: `#/parameters/${name}` }
  }
  const inside = (node: Record<string, any>): OpenApiNode =>
    node['parameters'] ? { ...node, parameters: node['parameters'].map(referred) } : node
  const item = (node: Record<string, any>): OpenApiNode =>
    inside(Object.fromEntries(Object.entries(node).map(([key, each]) => [key, key === 'parameters' ? each : inside(each)])))
  const written = Object.fromEntries(Object.entries(paths).map(([path, node]) => [path, item(node as object)]))
  return {
    paths: written,
    parameters: Object.fromEntries(
      Object.keys(parameters)
        .sort()
        .map((name) => [name, parameters[name]]),
    ),
  }
}
