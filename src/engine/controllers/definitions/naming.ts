/** Accepts the names of a definition unless another of its group has them already (apiextensions' controller/status). */
import { isConflict, isNotFound } from '#api/status.ts'
import { type Context, controller } from '../../machinery/controller.ts'
import { semanticallyEqual } from '../equal.ts'
import {
  conditionOf,
  DEFINITIONS,
  type Definition,
  type DefinitionCondition,
  INSIDE,
  type Names,
  withCondition,
} from './conditions.ts'

/** Updates from a cache that is behind come to nothing: the key comes again with the newer version. */
export function writeStatus(next: Definition, because: string, { api }: Context): boolean {
  try {
    api.update(DEFINITIONS, next, { subresource: 'status', because })
    return true
  } catch (error) {
    if (isConflict(error) || isNotFound(error)) return false
    throw error
  }
}

interface Taken {
  resources: Set<string>
  kinds: Set<string>
}

/** The names that the group's definitions have been accepted with, this one's among them. */
function takenIn(group: string, { cache }: Context): Taken {
  const taken: Taken = { resources: new Set(), kinds: new Set() }
  for (const { spec, status } of cache<Definition>(DEFINITIONS).all()) {
    const names = spec.group === group ? status?.acceptedNames : undefined
    if (!names) continue
    for (const name of [names.plural, names.singular ?? '', ...(names.shortNames ?? [])]) taken.resources.add(name)
    for (const kind of [names.kind, names.listKind ?? '']) taken.kinds.add(kind)
  }
  return taken
}

interface Outcome {
  names: Names
  accepted: DefinitionCondition
}

const inUse = (name: string): string => `"${name}" is already in use`

const SINGLE = [
  ['plural', 'PluralConflict', 'resources'],
  ['singular', 'SingularConflict', 'resources'],
] as const
const KINDS = [
  ['kind', 'KindConflict', 'kinds'],
  ['listKind', 'ListKindConflict', 'kinds'],
] as const

function settle(definition: Definition, taken: Taken): Outcome {
  const asked = definition.spec.names
  const had: Names = definition.status?.acceptedNames ?? { plural: '', kind: '' }
  const names: Names = { ...had }
  let accepted: DefinitionCondition | null = null
  const refuse = (reason: string, message: string): void => {
    accepted = { type: 'NamesAccepted', status: 'False', reason, message }
  }
  const one = ([key, reason, kind]: (typeof SINGLE)[number] | (typeof KINDS)[number]): void => {
    const name = asked[key] ?? ''
    if (name !== (had[key] ?? '') && taken[kind].has(name)) refuse(reason, inUse(name))
    else names[key] = name
  }
  SINGLE.forEach(one)
  const short = asked.shortNames ?? []
  const lost = short.filter((name) => !had.shortNames?.includes(name) && taken.resources.has(name)).map(inUse)
  if (lost.length > 0)
    refuse('ShortNamesConflict', lost.length === 1 ? (lost[0] as string) : `[${[...new Set(lost)].join(', ')}]`)
  else if (asked.shortNames) names.shortNames = short
  else delete names.shortNames
  KINDS.forEach(one)
  if (asked.categories) names.categories = asked.categories
  else delete names.categories
  const fine: DefinitionCondition = {
    type: 'NamesAccepted',
    status: 'True',
    reason: 'NoConflicts',
    message: 'no conflicts found',
  }
  return { names, accepted: accepted ?? fine }
}

function established(definition: Definition, accepted: DefinitionCondition): DefinitionCondition {
  const old = conditionOf(definition, 'Established')
  if (old?.status === 'True') return old
  if (accepted.status === 'True') {
    return { type: 'Established', status: 'False', reason: 'Installing', message: 'the initial names have been accepted' }
  }
  return old ?? { type: 'Established', status: 'False', reason: 'NotAccepted', message: 'not all names are accepted' }
}

const same = (a: DefinitionCondition, b: DefinitionCondition | undefined): boolean =>
  b !== undefined && a.status === b.status && a.reason === b.reason && a.message === b.message

/** A name that has become free may be what others of the group wait for. */
function askOthers(name: string, context: Context): void {
  const group = name.slice(name.indexOf('.') + 1)
  for (const { metadata, spec } of context.cache<Definition>(DEFINITIONS).all()) {
    if (metadata.name !== name && spec.group === group) context.later(metadata.name, 0)
  }
}

export const naming = controller({
  ...INSIDE,
  name: 'crd-naming-condition-controller',
  watches: [{ resource: DEFINITIONS, keys: (_change, { metadata }) => [metadata.name] }],
  reconcile(name, context) {
    const definition = context.cache<Definition>(DEFINITIONS).get('', name)
    if (!definition) return askOthers(name, context)
    if (semanticallyEqual(definition.spec.names, definition.status?.acceptedNames)) return
    const { names, accepted } = settle(definition, takenIn(definition.spec.group, context))
    if (semanticallyEqual(names, definition.status?.acceptedNames) && same(accepted, conditionOf(definition, 'NamesAccepted')))
      return
    const time = context.world.timestamp()
    const named = { ...definition, status: { ...definition.status, acceptedNames: names } }
    const next = withCondition(withCondition(named, accepted, time), established(definition, accepted), time)
    const because = accepted.status === 'True' ? 'nobody else has its names' : (accepted.message ?? '')
    if (writeStatus(next, because, context)) askOthers(name, context)
  },
})
