/** The causal chain behind an object: each write, and the write before it that it answered, back to whoever began. */
import type { AnyObject } from '#api/meta.ts'
import type { TraceLine } from '#api/request.ts'
import type { Ref } from '../choices.ts'
import type { Desk } from '../desk.ts'
import { type Scene, tableOf } from '../scene.ts'
import { speakerOf } from '../speaker.ts'

export interface Link {
  line: TraceLine
  who: string
  /** The object that was written, if it is still there. */
  ref: Ref | null
}

const LONGEST = 8
/** Reports on what is so cause little; decisions do. */
const isDecision = ({ verb, resource, code }: TraceLine): boolean =>
  code < 400 && (!resource.includes('/status') || /^nodes/.test(resource)) && /^(?:create|update|patch|apply|delete)/.test(verb)

const pluralOf = (line: TraceLine): string => line.resource.split(/[./]/)[0] ?? ''

/** Newest first: how it came to be as it is; the last link is whoever began. */
export function chainOf(desk: Desk, object: AnyObject): Link[] {
  const { journal, clock, mirror, scene } = desk
  const table = tableOf(object.kind)
  if (!table) return []
  const now = clock.now()
  const lines = journal.since(now, Number.POSITIVE_INFINITY).filter(isDecision)
  const own = journal.about(table, object.metadata.namespace ?? '', object.metadata.name, now).filter(isDecision)
  const links: Link[] = []
  for (let line = own[0]; line && links.length < LONGEST; line = causeOf(lines, line, scene)) {
    const ref = { table: pluralOf(line), key: line.namespace ? `${line.namespace}/${line.name}` : line.name }
    links.push({ line, who: speakerOf(line.by).name, ref: mirror.get(ref.table, ref.key) ? ref : null })
    if (speakerOf(line.by).id === 'you') break
  }
  return links
}

/** The latest earlier write that this one answers: to the object itself, to its owner, or to a sibling that went. */
function causeOf(lines: readonly TraceLine[], line: TraceLine, scene: Scene): TraceLine | undefined {
  const family = namesAround(line, scene)
  for (let i = lines.length - 1; i >= 0; i -= 1) {
    const before = lines[i] as TraceLine
    if (before.seq >= line.seq) continue
    const plural = pluralOf(before)
    if (before.namespace !== line.namespace && plural !== 'nodes') continue
    if (before.name === line.name && plural === pluralOf(line)) return before
    if (family.owners.has(`${plural} ${before.name}`)) return before
    if (
      plural === 'pods' &&
      before.verb.startsWith('delete') &&
      family.siblings.some((prefix) => before.name.startsWith(prefix)) &&
      line.verb === 'create'
    )
      return before
    if (plural === 'nodes' && line.because.includes(before.name)) return before
  }
  return undefined
}

/** By their names: a pod's ReplicaSet, a ReplicaSet's Deployment, a slice's Service. */
function namesAround({ name, namespace, resource }: TraceLine, scene: Scene): { owners: Set<string>; siblings: string[] } {
  const owners = new Set<string>()
  const siblings: string[] = []
  const plural = resource.split(/[./]/)[0]
  const cut = (text: string): string => text.replace(/-[^-]+$/, '')
  if (plural === 'pods') {
    const object = scene.mirror.get('pods', `${namespace}/${name}`)
    const chain = object ? scene.owners(object) : []
    for (const owner of chain) owners.add(`${tableOf(owner.kind)} ${owner.metadata.name}`)
    owners.add(`replicasets ${cut(name)}`)
    for (const table of ['statefulsets', 'daemonsets', 'jobs']) owners.add(`${table} ${cut(name)}`)
    siblings.push(`${cut(name)}-`)
  }
  if (plural === 'replicasets') owners.add(`deployments ${cut(name)}`)
  if (plural === 'jobs') owners.add(`cronjobs ${cut(name)}`)
  if (plural === 'endpointslices') {
    owners.add(`services ${cut(name)}`)
    siblings.push(cut(name))
  }
  return { owners, siblings }
}
