/** Manifests: objects from files, directories and standard input; YAML or JSON, several documents, Lists taken apart. */
import type { AnyObject } from '#api/meta.ts'
import { matches } from '#api/selector.ts'
import { parseLabelSelector } from '#api/selector-parse.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { invalid, problemsOf, validates } from './client-validation.ts'
import { type Context, KubectlError } from './command.ts'
import { decoded, isList, type Listed } from './decoded.ts'
import { documentsOf } from './documents.ts'
import { Unreachable } from './error.ts'
import { isCompiledIn, SCHEME } from './known-kinds.ts'
import { together } from './report.ts'
import { DISCOVERED, noDiscovery } from './told.ts'

export interface Manifest {
  info: ResourceInfo
  namespace: string
  object: AnyObject
  /** The file it came from, as named. */
  source: string
}

/** Which List an object of a file, or what is wrong with it, is an item of; what several of one List do wrong is one error. */
const lists = new WeakMap<object, object>()

export const listOf = (read: object): object | undefined => lists.get(read)

/** Errors that are told of an item belong to its List, too. */
export function asListed<T extends object>(told: T, read: object): T {
  const list = lists.get(read)
  if (list) lists.set(told, list)
  return told
}

export const STDIN_TWICE = 'standard input cannot be used for multiple arguments'

/** What is wrong with one of several objects is told at the command's end. */
export async function readManifests(context: Context): Promise<Manifest[]> {
  const refused: KubectlError[] = []
  const manifests: Manifest[] = []
  await eachManifest(
    context,
    (manifest) => manifests.push(manifest),
    (error) => refused.push(error),
  )
  if (refused.length > 0 && manifests.length === 0) throw together(refused)
  context.late.push(...refused)
  return picked(context, manifests)
}

/** In the files' order, with what could not be read in its place: for commands that end with the first error of all. */
export async function readInOrder(context: Context, known = false): Promise<(Manifest | KubectlError)[]> {
  const all: (Manifest | KubectlError)[] = []
  const add = (read: Manifest | KubectlError): unknown => all.push(read)
  await eachManifest(context, add, add, known)
  return all.flatMap((read): (Manifest | KubectlError)[] => (read instanceof KubectlError ? [read] : picked(context, [read])))
}

/** `-l` picks among the objects of files as well; only for `expose` it means something else. */
function picked({ flags, entry }: Context, manifests: Manifest[]): Manifest[] {
  const text = flags.knows('selector') && entry.path !== 'expose' ? flags.text('selector') : ''
  if (!text) return manifests
  const selector = parseLabelSelector(text)
  if (typeof selector === 'string')
    throw new KubectlError(`the provided selector ${JSON.stringify(text)} is not valid: ${selector}`)
  return manifests.filter(({ object }) => matches(selector, object.metadata?.labels))
}

async function eachManifest(
  context: Context,
  keep: (manifest: Manifest) => unknown,
  refuse: (error: KubectlError) => unknown,
  known = false,
): Promise<void> {
  const add = async (read: Listed, source: string): Promise<void> => {
    const { object, listed } = read
    try {
      keep(asListed(await manifest(context, object, { source, listed, known }), read))
    } catch (error) {
      if (!(error instanceof KubectlError)) throw error
      refuse(asListed(error, read))
    }
  }
  const folder = context.flags.text('kustomize')
  if (folder) {
    if (context.flags.has('filename')) throw new KubectlError('only one of -f or -k can be specified')
    const { buildKustomization } = await import('./kustomize/build.ts')
    for (const object of await buildKustomization(context.io, context.client, folder))
      await add({ object, listed: false }, folder)
  }
  if (context.flags.all('filename').filter((file) => file === '-').length > 1) throw new KubectlError(STDIN_TWICE)
  for (const { name, text } of await allTexts(context)) {
    for (const document of documentsOf(text, name)) {
      const wrong = validates(context) && !(document instanceof KubectlError) ? await problemsOf(context, document.value) : []
      if (wrong.length > 0) refuse(invalid(name, wrong))
      // What does not validate ends the file.
      if (wrong.length > 0) break
      const list = document instanceof KubectlError || !isList(document.value) ? undefined : document
      for (const read of document instanceof KubectlError ? [document] : decoded(document, name)) {
        if (list) lists.set(read, list)
        if (read instanceof KubectlError) refuse(read)
        else await add(read, name)
      }
    }
  }
}

interface Text {
  name: string
  text: string
}

/** All files that are named; every path that leads nowhere is told of before anything is done (cli-runtime's Builder.Path). */
async function allTexts(context: Context): Promise<Text[]> {
  const texts: Text[] = []
  const lost: KubectlError[] = []
  for (const file of context.flags.all('filename')) {
    try {
      texts.push(...(await textsOf(context, file)))
    } catch (error) {
      if (!(error instanceof LostPath)) throw error
      lost.push(error)
    }
    if (texts.length === 0 && lost.length === 0)
      lost.push(new KubectlError(`error reading [${file}]: recognized file extensions are [.json .yaml .yml]`))
  }
  if (lost.length > 0) throw together(lost)
  return texts
}

/** A path that leads nowhere. */
class LostPath extends KubectlError {}

/** A path that leads nowhere is told of, what is in the way on it, and why a file that is there cannot be opened. */
function unreadable(file: string, why: string): KubectlError {
  if (/no such file/.test(why)) return new LostPath(`the path "${file}" does not exist`)
  if (/not a directory$/.test(why)) return new LostPath(`the path "${file}" cannot be accessed: stat ${file}: not a directory`)
  return new KubectlError(why)
}

async function textsOf({ io, flags }: Context, file: string): Promise<Text[]> {
  if (file === '-') return [{ name: 'STDIN', text: await io.stdin() }]
  if (/^https?:/.test(file)) {
    if (!io.fetch) throw new KubectlError(`unable to read URL "${file}", other servers cannot be reached from here`)
    const text = await io.fetch(file).catch((error: unknown) => {
      throw new KubectlError(error instanceof Error ? error.message : String(error))
    })
    return [{ name: file, text }]
  }
  const names = await io.list(file)
  if (names === null) {
    try {
      return [{ name: file, text: await io.read(file) }]
    } catch (error) {
      throw unreadable(file, error instanceof Error ? error.message : String(error))
    }
  }
  const texts: Text[] = []
  for (const name of [...names].sort()) {
    const path = `${file.replace(/\/$/, '')}/${name}`
    if ((await io.list(path)) !== null) {
      if (flags.is('recursive')) texts.push(...(await textsOf({ io, flags } as Context, path)))
    } else if (/\.(ya?ml|json)$/.test(name)) texts.push({ name: path, text: await io.read(path) })
  }
  return texts
}

const placedIn = (object: AnyObject, namespace: string): AnyObject => ({
  ...object,
  metadata: { ...object.metadata, namespace },
})

/** Which resource it is; a server that does not answer is told of with the file. */
async function recognized(context: Context, { apiVersion, kind }: AnyObject, source: string): Promise<ResourceInfo | undefined> {
  try {
    return await context.client.discovery.byKind(apiVersion, kind)
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error
    context.io.err(noDiscovery(error, context.io.now()))
    throw new KubectlError(`unable to recognize ${JSON.stringify(source)}: ${error.dialled(DISCOVERED)}`)
  }
}

interface Origin {
  source: string
  /** It is an item of a list. */
  listed: boolean
  /** Only of kinds that kubectl itself knows. */
  known: boolean
}

async function manifest(context: Context, object: AnyObject, { source, listed, known }: Origin): Promise<Manifest> {
  const info = await recognized(context, object, source)
  const name = object.metadata?.name ?? object.metadata?.generateName ?? ''
  if (known && !(info && isCompiledIn(info.group)))
    throw new KubectlError(
      `unable to decode ${JSON.stringify(source)}: no kind "${object.kind}" is registered for version "${object.apiVersion}" in scheme "${SCHEME}"`,
    )
  if (!info && listed)
    throw new KubectlError(`unable to recognize no matches for kind "${object.kind}" in version "${object.apiVersion}"`, 1, true)
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
  const namespace = info.namespaced ? (own ?? context.namespace) : ''
  // Objects say where they are from now on, but for what is only changed here; roles are reconciled as they stand.
  const asTheyStand = context.flags.is('local') || context.entry.path === 'auth reconcile'
  const placed = !namespace || own || asTheyStand ? object : placedIn(object, namespace)
  return { info, namespace, object: placed, source }
}
