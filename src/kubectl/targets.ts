/** Targets: what `TYPE NAME`, `TYPE/NAME`, `a,b`, `all`, selectors and files on a command line mean (cli-runtime's resource builder). */

import type { AnyObject } from '#api/meta.ts'
import { ApiError, isNotFound } from '#api/status.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { type Context, KubectlError } from './command.ts'
import { checkKnown } from './known-kinds.ts'
import { asListed, listOf, readInOrder } from './manifests.ts'
import { besides, each, isRefusal, together } from './report.ts'

/** Objects of one resource: named ones, or all that the selectors pick. */
export interface Target {
  info: ResourceInfo
  /** Empty: the whole collection. */
  names: string[]
  /** Where a file says that they are. */
  namespace?: string
  /** The words the user chose for it. */
  word: string
  /** Which of the files' objects they are. */
  places?: number[]
  /** The Lists that they are items of. */
  lists?: (object | undefined)[]
}

/** Something that went wrong, and with which of the files' objects. */
export interface Placed {
  place: number
  error: Error
  list?: object | undefined
}

export const inOrder = (errors: readonly Placed[]): Error[] => placed(errors).map(({ error }) => error)

const placed = (errors: readonly Placed[]): Placed[] => [...errors].sort((a, b) => a.place - b.place)

/** What items of one List do wrong is one error of several: without its code, in brackets (cli-runtime's FlattenListVisitor). */
export function byList(errors: readonly Placed[]): Error[] {
  const told: Error[] = []
  const ordered = placed(errors)
  for (const [i, { error, list }] of ordered.entries()) {
    if (!list) told.push(error)
    else if (ordered[i - 1]?.list !== list) {
      const words = new Set(ordered.filter((other) => other.list === list).map((other) => other.error.message))
      told.push(new KubectlError(words.size > 1 ? `[${[...words].join(', ')}]` : [...words].join(''), 1, true))
    }
  }
  return told
}

export const noSuchResource = (word: string): KubectlError =>
  new KubectlError(`the server doesn't have a resource type "${word.split('.')[0]}"`)

/** A lookup within a group that found nothing; kubectl says it without `error: `. */
export const noResourceIn = (name: string, group: string): KubectlError =>
  new KubectlError(
    `the server doesn't have a resource type ${JSON.stringify(name)}${group ? ` in group ${JSON.stringify(group)}` : ''}`,
    1,
    true,
  )

export async function resourceOf(context: Context, word: string): Promise<ResourceInfo> {
  const info = await context.client.discovery.find(word)
  if (!info) throw noSuchResource(word)
  return info
}

export const NOTHING_GIVEN =
  "You must provide one or more resources by argument or filename.\nExample resource specifications include:\n   '-f rsrc.yaml'\n   '--filename=rsrc.json'\n   '<resource> <name>'\n   '<resource>'"

/** Targets of the arguments. Throws kubectl's own words when they don't go together. */
export async function targetsOf(context: Context, args: readonly string[] = context.args, selects = true): Promise<Target[]> {
  if (args.length === 0) return []
  const slashes = args.some((arg) => arg.includes('/'))
  if (slashes) {
    const targets = await slashed(context, args)
    if (selects) refuseSelection(context, true)
    return targets
  }
  if (selects && args.length > 1) refuseSelection(context, false)
  const [types = '', ...names] = args
  const words = types.split(',')
  const targets: Target[] = []
  for (const word of words) {
    const members = await context.client.discovery.category(word)
    if (members.length > 0 && !(await context.client.discovery.find(word))) {
      if (members.length > 1 && names.length > 0) throw new KubectlError('you must specify only one resource')
      for (const info of members) targets.push({ info, names: [], word: info.plural })
    } else targets.push({ info: await resourceOf(context, word), names, word })
    if (names.includes('')) throw new KubectlError('resource name may not be empty')
  }
  return targets
}

/** Names and selectors do not go together. */
function refuseSelection({ flags }: Context, slashes: boolean): void {
  if (flags.text('selector') === '' && flags.text('field-selector') === '' && !flags.is('all')) return
  throw new KubectlError(
    slashes
      ? 'selectors and the all flag cannot be used when passing resource/name arguments'
      : 'name cannot be provided when a selector is specified',
  )
}

async function slashed(context: Context, args: readonly string[]): Promise<Target[]> {
  const targets: Target[] = []
  for (const arg of args) {
    const [type = '', name = '', ...more] = arg.split('/')
    if (!arg.includes('/')) {
      throw new KubectlError(
        "there is no need to specify a resource type as a separate argument when passing arguments in resource/name form (e.g. 'kubectl get resource/<resource_name>' instead of 'kubectl get resource resource/<resource_name>'",
      )
    }
    if (more.length > 0) throw new KubectlError('arguments in resource/name form may not have more than one slash')
    if (!type || !name || type.includes(','))
      throw new KubectlError('arguments in resource/name form must have a single resource and name')
    targets.push({ info: await resourceOf(context, type), names: [name], word: type })
  }
  return targets
}

/** One object at hand, with where it lives. */
export interface Found {
  info: ResourceInfo
  namespace: string
  name: string
  object: AnyObject
}

/** The namespace a target's objects are looked for in. */
export const namespaceFor = (context: Context, info: ResourceInfo): string =>
  !info.namespaced || context.flags.is('all-namespaces') ? '' : context.namespace

/** What findObjects may do without being told which objects. */
export interface Selection {
  /** `TYPE` alone means all of them. */
  everything?: boolean
  /** One that is missing ends it all, where the others could be done. */
  strict?: boolean
  /** `--selector` means something else to the command. */
  selectorIsOwn?: boolean
  /** Only of kinds that kubectl itself knows. */
  known?: boolean
  /** What items of one List do wrong is told as one error. */
  listed?: boolean
  /** Objects of files are taken as they stand there, whether the server has them or not. */
  asInFiles?: boolean
}

/** Whether what was said means one object, however many there are (cli-runtime's IntoSingleItemImplied). */
export function impliesOne({ flags }: Context, words: readonly string[]): boolean {
  if (flags.has('filename')) return flags.all('filename').length === 1 && flags.text('filename') !== '-'
  return words.some((word) => word.includes('/')) ? words.length === 1 : words.length === 2
}

/** Reads every object that arguments, selectors or `-f` name, from the server. */
export async function findObjects(
  context: Context,
  args: readonly string[] = context.args,
  selection: Selection = {},
): Promise<Found[]> {
  const looked = await lookedFor(context, args, selection)
  const found = looked.filter((one): one is Found => !(one instanceof Error))
  const missed = looked.filter((one) => one instanceof Error)
  const refused = selection.listed ? byList(missed.map((error, place) => ({ place, error, list: listOf(error) }))) : missed
  if (refused.length > 0 && (found.length === 0 || selection.strict)) throw together(refused)
  context.late.push(...refused)
  return found
}

/** Does the work for each object that arguments, selectors or `-f` name; refusals, also of what is missing, wait for the end. */
export async function eachFound(
  context: Context,
  selection: Selection,
  work: (found: Found) => unknown,
  args = context.args,
): Promise<number> {
  const looked = await lookedFor(context, args, selection)
  const missed = looked.filter((one) => one instanceof Error)
  const files = context.flags.has('filename') || context.flags.has('kustomize')
  // What files say that cannot be had is told after what was refused.
  await each(context, files ? looked.filter((one) => !(one instanceof Error)) : looked, async (one) => {
    if (one instanceof Error) throw one
    await work(one)
  })
  if (files) context.late.push(...besides(missed, context.late.length > 0))
  return looked.length
}

/** What was found, and why the rest was not, in the order in which it was asked for. */
export async function lookedFor(
  context: Context,
  args: readonly string[],
  { everything, selectorIsOwn, asInFiles, known }: Selection,
): Promise<(Found | Error)[]> {
  const { client, flags } = context
  const found: (Found | Error)[] = []
  const named = async (info: ResourceInfo, namespace: string, name: string): Promise<Found | Error> => {
    try {
      const object = await getNamed(context, info, namespace, name)
      if (known) checkKnown(info)
      return { info, namespace, name, object }
    } catch (error) {
      if (!isRefusal(error)) throw error
      return error
    }
  }
  if (flags.has('filename') || flags.has('kustomize')) {
    for (const read of await readInOrder(context, known)) {
      if (read instanceof KubectlError) {
        found.push(read)
        continue
      }
      const { info, namespace, object } = read
      const name = object.metadata?.name ?? ''
      if (asInFiles || !name) found.push({ info, namespace, name, object })
      else found.push(asListed(await named(info, namespace, name), read))
    }
    return found
  }
  const labelSelector = selectorIsOwn ? '' : flags.text('selector')
  const selected = everything || flags.is('all') || labelSelector !== '' || flags.text('field-selector') !== ''
  for (const { info, names } of await targetsOf(context, args, !selectorIsOwn)) {
    const namespace = namespaceFor(context, info)
    for (const name of names) found.push(await named(info, namespace, name))
    if (names.length > 0) continue
    if (!selected) throw new KubectlError('resource(s) were provided, but no name was specified')
    const list = await selecting(context, info, () =>
      client.list(info, namespace, { labelSelector, fieldSelector: flags.text('field-selector') }),
    )
    if (known) checkKnown(info, 'List')
    for (const object of list.items)
      found.push({ info, namespace: object.metadata.namespace ?? '', name: object.metadata.name, object })
  }
  return found
}

/** A list that is refused says what was looked for (cli-runtime's Selector). */
export async function selecting<T>(
  { flags }: Context,
  { group, version, plural }: ResourceInfo,
  list: () => Promise<T>,
): Promise<T> {
  try {
    return await list()
  } catch (error) {
    if (!(error instanceof ApiError) || (error.code !== 400 && error.code !== 404)) throw error
    const [labels, fields] = [flags.text('selector'), flags.text('field-selector')]
    const what = JSON.stringify(`${group}/${version}, Resource=${plural}`)
    const sought =
      labels || fields
        ? `find ${what} that match label selector ${JSON.stringify(labels)}, field selector ${JSON.stringify(fields)}`
        : `list ${what}`
    throw new ApiError({ ...error.status, message: `Unable to ${sought}: ${error.message}` })
  }
}

/** One object; where it is missing because its whole namespace is, that is said (cli-runtime's Info.Get). */
export async function getNamed(
  { client }: Context,
  info: ResourceInfo,
  namespace: string,
  name: string,
  subresource = '',
): Promise<AnyObject> {
  if (!name) throw new KubectlError('resource name may not be empty')
  try {
    return await client.get(info, namespace, name, subresource)
  } catch (error) {
    throw isNotFound(error) ? await missing(client, namespace, error) : error
  }
}

/** The refusal of the namespace itself if there is none. */
export async function missing(client: Context['client'], namespace: string, error: ApiError): Promise<ApiError> {
  if (namespace === '' || namespace === 'default') return error
  const info = await client.discovery.find('namespaces')
  if (!info) return error
  try {
    await client.get(info, '', namespace)
    return error
  } catch (other) {
    return isNotFound(other) ? other : error
  }
}

/** What files name, and what of them could not be read; throws when that is all of it. */
export async function targetsOfFiles(
  context: Context,
  told: (error: Error) => Error,
): Promise<{ targets: Target[]; unread: Placed[] }> {
  const targets: Target[] = []
  const unread: Placed[] = []
  for (const [place, read] of (await readInOrder(context)).entries()) {
    const list = listOf(read)
    if (read instanceof KubectlError) unread.push({ place, list, error: told(read) })
    else {
      const { info, namespace, object } = read
      targets.push({ info, namespace, names: [object.metadata?.name ?? ''], word: '', places: [place], lists: [list] })
    }
  }
  if (targets.length === 0 && unread.length > 0) throw together(inOrder(unread))
  return { targets, unread }
}

/** `deployment.apps/web`, `pod/web`: how results are named. */
export const shownName = (info: ResourceInfo, name: string): string =>
  `${info.kind.toLowerCase()}${info.group ? `.${info.group}` : ''}/${name}`

/** By the object's own kind: a subresource answers with another one (`scale.autoscaling/web`). */
export function shownObject(info: ResourceInfo, { apiVersion, kind, metadata }: AnyObject): string {
  const name = metadata?.name || '<unknown>'
  if (!kind || kind === info.kind) return shownName(info, name)
  const group = apiVersion?.includes('/') ? `.${apiVersion.split('/')[0]}` : ''
  return `${kind.toLowerCase()}${group}/${name}`
}
