/** Manifests: objects from files, directories and standard input; YAML or JSON, several documents, Lists taken apart. */
import { LineCounter, parseAllDocuments } from 'yaml'
import type { AnyObject } from '#api/meta.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { type Context, KubectlError } from './command.ts'

export interface Manifest {
  info: ResourceInfo
  namespace: string
  object: AnyObject
  /** The file it came from, as named. */
  source: string
}

/** Aliases may not grow a document beyond this (yaml's own guard against billion laughs). */
const MAX_ALIASES = 100

export async function readManifests(context: Context): Promise<Manifest[]> {
  if (context.flags.has('kustomize'))
    throw new KubectlError('kustomizations (-k) are not supported here; write plain manifests and use -f')
  const manifests: Manifest[] = []
  for (const file of context.flags.all('filename')) {
    for (const { name, text } of await textsOf(context, file)) {
      for (const object of objectsOf(text, name)) manifests.push(await manifest(context, object, name))
    }
  }
  return manifests
}

async function textsOf({ io, flags }: Context, file: string): Promise<{ name: string; text: string }[]> {
  if (file === '-') return [{ name: 'STDIN', text: await io.stdin() }]
  if (/^https?:/.test(file)) throw new KubectlError(`unable to read URL "${file}", this page reaches no other servers`)
  const names = await io.list(file)
  if (names === null) {
    try {
      return [{ name: file, text: await io.read(file) }]
    } catch (error) {
      throw new KubectlError(
        `the path "${file}" does not exist${error instanceof Error && !/no such file/.test(error.message) ? `: ${error.message}` : ''}`,
      )
    }
  }
  const texts: { name: string; text: string }[] = []
  for (const name of [...names].sort()) {
    const path = `${file.replace(/\/$/, '')}/${name}`
    if ((await io.list(path)) !== null) {
      if (flags.is('recursive')) texts.push(...(await textsOf({ io, flags } as Context, path)))
    } else if (/\.(ya?ml|json)$/.test(name)) texts.push({ name: path, text: await io.read(path) })
  }
  if (texts.length === 0) throw new KubectlError(`error reading [${file}]: recognized file extensions are [.json .yaml .yml]`)
  return texts
}

/** Go's words for what the parser finds. */
const WORDS: Record<string, string> = {
  TAB_AS_INDENT: 'found character that cannot start any token',
  BAD_INDENT: 'did not find expected key',
  MULTILINE_IMPLICIT_KEY: "could not find expected ':'",
  BLOCK_AS_IMPLICIT_KEY: 'mapping values are not allowed in this context',
  UNEXPECTED_TOKEN: 'did not find expected node content',
}

/** The objects of a text; errors name the source and the line, as kubectl's decoder does. */
export function objectsOf(text: string, source: string): AnyObject[] {
  const counter = new LineCounter()
  const documents = parseAllDocuments(text, { version: '1.1', lineCounter: counter, uniqueKeys: false })
  const objects: AnyObject[] = []
  for (const document of 'empty' in documents ? [] : documents) {
    const [error] = document.errors
    if (error) {
      const line = error.linePos?.[0].line
      throw new KubectlError(
        `error parsing ${source}: error converting YAML to JSON: yaml: ${line ? `line ${line}: ` : ''}${WORDS[error.code] ?? error.message.split('\n')[0]}`,
      )
    }
    const value: unknown = document.toJS({ maxAliasCount: MAX_ALIASES })
    if (value === null || value === undefined) continue
    objects.push(...checked(value, source))
  }
  return objects
}

function checked(value: unknown, source: string): AnyObject[] {
  if (typeof value !== 'object' || Array.isArray(value)) {
    throw new KubectlError(
      `error parsing ${source}: json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value} into Go value of type unstructured.detector`,
      1,
    )
  }
  const object = value as AnyObject
  const shown = JSON.stringify(source)
  if (!object.kind)
    throw new KubectlError(
      `error validating ${shown}: error validating data: kind not set; if you choose to ignore these errors, turn validation off with --validate=false`,
    )
  if (!object.apiVersion)
    throw new KubectlError(
      `error validating ${shown}: error validating data: apiVersion not set; if you choose to ignore these errors, turn validation off with --validate=false`,
    )
  if (object.kind.endsWith('List') && Array.isArray(object['items']))
    return (object['items'] as unknown[]).flatMap((item) => checked(item, source))
  return [object]
}

async function manifest(context: Context, object: AnyObject, source: string): Promise<Manifest> {
  const info = await context.client.discovery.byKind(object.apiVersion, object.kind)
  const name = object.metadata?.name ?? object.metadata?.generateName ?? ''
  if (!info) {
    throw new KubectlError(
      `resource mapping not found for name: "${name}" namespace: "${object.metadata?.namespace ?? ''}" from "${source}": no matches for kind "${object.kind}" in version "${object.apiVersion}"\nensure CRDs are installed first`,
    )
  }
  const own = object.metadata?.namespace
  if (info.namespaced && own && context.explicitNamespace && own !== context.namespace) {
    throw new KubectlError(
      `the namespace from the provided object "${own}" does not match the namespace "${context.namespace}". You must pass '--namespace=${own}' to perform this operation.`,
    )
  }
  return { info, namespace: info.namespaced ? (own ?? context.namespace) : '', object, source }
}
