/** Generators of ConfigMaps and Secrets: from literals, files and files of variables, with a hash of what is inside. */
import { isText } from '#api/bytes.ts'
import type { AnyObject } from '#api/meta.ts'
import { base64 } from '../base64.ts'
import { contentHash } from '../commands/create/data.ts'
import { KubectlError } from '../error.ts'
import type { Io } from '../io.ts'
import { type Generator, type GeneratorOptions, joined, leadsNowhere, type Resource } from './kustomization.ts'

const unquoted = (text: string): string => /^(["'])(.*)\1$/s.exec(text)?.[2] ?? text

async function dataOf(
  io: Io,
  folder: string,
  { literals = [], files = [], envs = [], env }: Generator,
): Promise<Record<string, string>> {
  const data: Record<string, string> = {}
  const variables = [...envs, ...(env ? [env] : [])]
  const read = (path: string, sources: string): Promise<string> =>
    io.read(joined(folder, path)).catch(async () => {
      throw new KubectlError(`loading KV pairs: ${sources}: ${await leadsNowhere(io, joined(folder, path))}`)
    })
  for (const path of variables) {
    for (const line of (await read(path, `env source files: [${variables.join(' ')}]`)).replace(/^\ufeff/, '').split(/\r?\n/)) {
      const text = line.trimStart()
      if (text === '' || text.startsWith('#')) continue
      const [key = '', ...value] = text.split('=')
      data[key] = value.length > 0 ? value.join('=') : (io.env?.(key) ?? '')
    }
  }
  for (const literal of literals) {
    const cut = literal.indexOf('=')
    if (cut < 1)
      throw new KubectlError(
        `loading KV pairs: literal sources [${literals.join(' ')}]: invalid literal source ${literal}, expected key=value`,
      )
    data[literal.slice(0, cut)] = unquoted(literal.slice(cut + 1))
  }
  for (const source of files) {
    const cut = source.indexOf('=')
    const path = cut < 0 ? source : source.slice(cut + 1)
    data[cut < 0 ? (path.split('/').at(-1) as string) : source.slice(0, cut)] = await read(
      path,
      `file sources: [${files.join(' ')}]`,
    )
  }
  return data
}

export async function generate(
  io: Io,
  folder: string,
  kind: 'ConfigMap' | 'Secret',
  generator: Generator,
  common: GeneratorOptions,
): Promise<Resource> {
  const { name, namespace, behavior, type, options = {} } = generator
  const data = await dataOf(io, folder, generator)
  const values = Object.fromEntries(Object.entries(data).map(([key, value]) => [key, kind === 'Secret' ? base64(value) : value]))
  const plain = Object.entries(values).filter(([, value]) => isText(value))
  const binary = Object.entries(values).filter(([, value]) => !isText(value))
  const labels = { ...common.labels, ...options.labels }
  const annotations = { ...common.annotations, ...options.annotations }
  const object = {
    apiVersion: 'v1',
    kind,
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      ...(Object.keys(labels).length > 0 ? { labels } : {}),
      ...(Object.keys(annotations).length > 0 ? { annotations } : {}),
    },
    ...(plain.length > 0 ? { data: Object.fromEntries(plain) } : {}),
    ...(binary.length > 0 ? { binaryData: Object.fromEntries(binary.map(([key, value]) => [key, base64(value)])) } : {}),
    ...(kind === 'Secret' ? { type: type ?? 'Opaque' } : {}),
    ...(options.immutable || common.immutable ? { immutable: true } : {}),
  } as unknown as AnyObject
  const hashed = !(options.disableNameSuffixHash ?? common.disableNameSuffixHash ?? false)
  return { object, names: [{ name, namespace: namespace ?? '' }], hashed, behavior: behavior ?? 'create' }
}

/** The name's last part: a hash of the content. Their hasher looks for the name where it isn't, so it is always empty. */
export async function hashOf({ kind, ...rest }: AnyObject): Promise<string> {
  const { data = '', binaryData, type } = rest as { data?: unknown; binaryData?: unknown; type?: string }
  if (kind === 'Secret') return contentHash({ kind, type, name: '', data })
  return contentHash({ kind, name: '', data, ...(binaryData ? { binaryData } : {}) })
}
