/** `kubectl apply --applyset`: a parent object keeps which kinds and namespaces its members have; who leaves the set is pruned. */
import { encodeUrlBytes, utf8 } from '#api/base64.ts'
import type { AnyObject } from '#api/meta.ts'
import { sha256 } from '#api/sha256.ts'
import { isConflict, isNotFound } from '#api/status.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { type Context, KubectlError } from '../../command.ts'
import { dryRunOf } from '../../dry-run.ts'
import { logHead } from '../../klog.ts'
import type { Manifest } from '../../manifests.ts'
import { together } from '../../report.ts'
import { VERSION } from '../../version.ts'
import { pruneOne } from './prune.ts'
import { validationOf } from './validation.ts'

const WORD = 'applyset.kubernetes.io'
const [TOOLING, NAMESPACES, KINDS, OLD_KINDS] = [
  `${WORD}/tooling`,
  `${WORD}/additional-namespaces`,
  `${WORD}/contains-group-kinds`,
  `${WORD}/contains-group-resources`,
]
const [ID, MEMBER, PARENT_TYPE] = [`${WORD}/id`, `${WORD}/part-of`, `${WORD}/is-parent-type`]
const TOOL = 'kubectl'

interface Kinds {
  /** `Deployment.apps` → the resource. */
  kinds: Map<string, ResourceInfo>
  namespaces: Set<string>
}

export interface ApplySet {
  info: ResourceInfo
  name: string
  namespace: string
  id: string
  /** What it held when the command began. */
  before: Kinds
  /** What it holds afterwards. */
  after: Kinds
}

const nothing = (): Kinds => ({ kinds: new Map(), namespaces: new Set() })
const groupKind = ({ kind, group }: ResourceInfo): string => (group ? `${kind}.${group}` : kind)
const shown = ({ info, name }: ApplySet): string => JSON.stringify(`${info.plural}.${info.group}/${name}`)

/** The set that `--applyset` names; null where none is asked for. */
export async function applySetOf(context: Context): Promise<ApplySet | null> {
  const { client, flags } = context
  if (!flags.knows('applyset') || !flags.text('applyset')) return null
  const reference = flags.text('applyset')
  const wrong = (why: string): KubectlError => new KubectlError(`invalid parent reference ${JSON.stringify(reference)}: ${why}`)
  const cut = reference.indexOf('/')
  const [type, name] = cut < 0 ? ['secrets', reference] : [reference.slice(0, cut), reference.slice(cut + 1)]
  if (name === '') throw wrong('name cannot be blank')
  const info = await client.discovery.find(type)
  if (!info) throw wrong(`no matches for ${resourceWords(type)}`)
  const namespace = context.explicitNamespace && info.namespaced ? context.namespace : ''
  const unencoded = [name, namespace, info.kind, info.group].join('.')
  const id = encodeUrlBytes(sha256(utf8(unencoded)))
  return { info, name, namespace, id: `applyset-${id}-v1`, before: nothing(), after: nothing() }
}

const resourceWords = (type: string): string => {
  const [resource = '', ...group] = type.split('.')
  return `${group.length > 0 ? `${group.join('.')}/` : '/'}, Resource=${resource}`
}

/** Whether the parent may be one. */
export async function checkApplySet({ client, flags }: Context, set: ApplySet | null): Promise<void> {
  if (!set) return
  if (!flags.is('prune')) throw new KubectlError('--applyset requires --prune')
  const { info, namespace } = set
  const problems: string[] = []
  if (info.namespaced && namespace === '') problems.push('namespace is required to use namespace-scoped ApplySet')
  if (!isBuiltIn(info)) {
    const definitions = await client.discovery.find('customresourcedefinitions.apiextensions.k8s.io')
    const { items } = definitions ? await client.list(definitions, '', { labelSelector: PARENT_TYPE }) : { items: [] }
    const own = info.group ? `${info.plural}.${info.group}` : info.plural
    if (!items.some(({ metadata }) => metadata.name === own)) {
      const resource = `${info.group}/${info.version}, Resource=${info.plural}`
      problems.push(`resource ${JSON.stringify(resource)} is not permitted as an ApplySet parent`)
    }
  }
  if (problems.length > 0) throw together(problems.map((problem) => new KubectlError(problem)))
}

const isBuiltIn = ({ group, version, plural }: ResourceInfo): boolean =>
  group === '' && version === 'v1' && (plural === 'secrets' || plural === 'configmaps')

/** The objects as members. */
export function labelled({ id }: ApplySet, object: AnyObject): AnyObject {
  const labels = object.metadata.labels ?? {}
  if (Object.hasOwn(labels, MEMBER)) throw new KubectlError(`ApplySet label ${JSON.stringify(MEMBER)} already set in input data`)
  return { ...object, metadata: { ...object.metadata, labels: { ...labels, [MEMBER]: id } } }
}

/** Reads what the set held, and has its parent name all that it may hold while objects come and go. */
export async function beforeApply(context: Context, set: ApplySet, manifests: readonly Manifest[]): Promise<void> {
  await readParent(context, set)
  for (const { info, namespace } of manifests) {
    set.after.kinds.set(groupKind(info), info)
    if (info.namespaced && namespace) set.after.namespaces.add(namespace)
  }
  await updateParent(context, set, {
    kinds: new Map([...set.before.kinds, ...set.after.kinds]),
    namespaces: new Set([...set.before.namespaces, ...set.after.namespaces]),
  })
}

async function readParent({ client }: Context, set: ApplySet): Promise<void> {
  let parent: AnyObject
  try {
    parent = await client.get(set.info, set.namespace, set.name)
  } catch (error) {
    if (isNotFound(error)) {
      if (!isBuiltIn(set.info)) throw new KubectlError('custom resource ApplySet parents cannot be created automatically')
      return
    }
    throw new KubectlError(`failed to fetch ApplySet parent object ${shown(set)}: ${(error as Error).message}`)
  }
  const { labels = {}, annotations = {} } = parent.metadata
  const tooling = annotations[TOOLING]
  if (tooling === undefined)
    throw new KubectlError(
      `ApplySet parent object ${shown(set)} already exists and is missing required annotation ${JSON.stringify(TOOLING)}`,
    )
  const tool = tooling.includes('/') ? tooling.slice(0, tooling.lastIndexOf('/')) : tooling
  if (tool !== TOOL)
    throw new KubectlError(
      `ApplySet parent object ${shown(set)} already exists and is managed by tooling ${JSON.stringify(tool)} instead of "${TOOL}"`,
    )
  const id = labels[ID]
  if (id === undefined)
    throw new KubectlError(`ApplySet parent object ${shown(set)} exists and does not have required label ${ID}`)
  if (id !== set.id)
    throw new KubectlError(
      `ApplySet parent object ${shown(set)} exists and has incorrect value for label ${JSON.stringify(ID)} (got: ${id}, want: ${set.id})`,
    )
  set.before.kinds = await kindsIn(client, annotations, (why) => {
    throw new KubectlError(`parsing ApplySet annotation on ${shown(set)}: ${why}`)
  })
  set.before.namespaces = new Set((annotations[NAMESPACES] ?? '').split(',').filter(Boolean))
  if (set.info.namespaced) set.before.namespaces.add(set.namespace)
}

async function kindsIn(
  { discovery }: Context['client'],
  annotations: Record<string, string>,
  fail: (why: string) => never,
): Promise<Map<string, ResourceInfo>> {
  const kinds = new Map<string, ResourceInfo>()
  const old = annotations[KINDS] === undefined && Boolean(annotations[OLD_KINDS])
  const text = annotations[old ? OLD_KINDS : KINDS]
  if (text === undefined)
    return fail(`kubectl requires the ${JSON.stringify(KINDS)} annotation to be set on all ApplySet parent objects`)
  for (const word of text.split(',').filter(Boolean)) {
    const [kind = '', ...rest] = word.split('.')
    const group = rest.join('.')
    const all = await discovery.all()
    const info = old ? await discovery.find(word) : all.find((one) => one.kind === kind && one.group === group)
    if (info) kinds.set(groupKind(info), info)
    else if (old) fail(`invalid group resource in ${JSON.stringify(OLD_KINDS)} annotation: no matches for ${resourceWords(word)}`)
    else
      fail(
        `could not find mapping for kind in ${JSON.stringify(KINDS)} annotation: no matches for kind ${JSON.stringify(kind)} in group ${JSON.stringify(group)}`,
      )
  }
  return kinds
}

async function updateParent(context: Context, set: ApplySet, { kinds, namespaces }: Kinds): Promise<void> {
  const { client, io } = context
  const dry = dryRunOf(context)
  if (dry === 'client') return
  const { info, name, namespace } = set
  const parent = {
    kind: info.kind,
    apiVersion: info.group ? `${info.group}/${info.version}` : info.version,
    metadata: {
      name,
      ...(namespace ? { namespace } : {}),
      annotations: {
        [TOOLING]: `${TOOL}/${VERSION}`,
        [KINDS]: [...kinds.keys()].sort().join(','),
        [NAMESPACES]: [...namespaces]
          .filter((one) => one !== namespace)
          .sort()
          .join(','),
      },
      labels: { [ID]: set.id },
    },
  }
  const query = {
    fieldManager: `${TOOL}-applyset`,
    fieldValidation: validationOf(context),
    dryRun: dry === 'server' ? 'All' : undefined,
  }
  const send = (force: string) => client.patch(info, namespace, name, 'apply', parent, { ...query, force })
  try {
    await send('false').catch((error: unknown) => {
      if (!isConflict(error)) throw error
      io.err(
        `${logHead('W', 'applyset.go:453', io.now())} WARNING: failed to update ApplySet: ${(error as Error).message}\nApplySet field manager ${TOOL}-applyset should own these fields. Retrying with conflicts forced.\n`,
      )
      return send('true')
    })
  } catch (error) {
    throw new KubectlError(`failed to update ApplySet: ${(error as Error).message}`)
  }
}

/** Deletes the members that have not just been applied; then the parent names what is left. */
export async function pruneSet(context: Context, set: ApplySet, uids: ReadonlySet<string>): Promise<void> {
  const { client } = context
  const members: { info: ResourceInfo; object: AnyObject }[] = []
  for (const info of set.before.kinds.values()) {
    for (const namespace of info.namespaced ? set.before.namespaces : ['']) {
      const { items } = await client.list(info, namespace, { labelSelector: `${MEMBER}=${set.id}` })
      for (const object of items) if (!uids.has(object.metadata.uid ?? '')) members.push({ info, object })
    }
  }
  for (const { info, object } of members) {
    try {
      await pruneOne(context, info, object)
    } catch (error) {
      const { namespace, name } = object.metadata
      throw new KubectlError(`pruning ${groupKind(info)} ${namespace ? `${namespace}/` : ''}${name}: ${(error as Error).message}`)
    }
  }
  try {
    await updateParent(context, set, set.after)
  } catch (error) {
    throw new KubectlError(`apply and prune succeeded, but ApplySet update failed: ${(error as Error).message}`)
  }
}
