/** ControllerRevisions: the versions of a template that StatefulSets and DaemonSets can go back to (pkg/controller/history). */
import type { ControllerRevision, PodTemplateSpec } from '#api/kinds.ts'
import { controllerOf, type KubeObject, type LabelSelector } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import { isAlreadyExists } from '#api/status.ts'
import type { Context } from '../machinery/controller.ts'
import { controlledBy, controllerRef, orphansIn } from '../machinery/owners.ts'
import { semanticallyEqual } from './equal.ts'
import { hashOf } from './hash.ts'

export const REVISIONS = 'controllerrevisions.apps'
/** Pods name their revision by this label, and a DaemonSet's revisions themselves; a StatefulSet's by the other. */
export const HASH_LABEL = 'controller-revision-hash'
export const REVISION_LABEL = 'controller.kubernetes.io/hash'

const MAX_PREFIX = 223

export const revisionName = (owner: KubeObject, hash: string): string => `${owner.metadata.name.slice(0, MAX_PREFIX)}-${hash}`

/** A patch that brings this template back; with its keys in order, for clients compare it byte by byte with what they make of the template. */
export const dataOf = (template: PodTemplateSpec) => ({ spec: { template: inOrder({ ...template, $patch: 'replace' }) } })

function inOrder<T>(value: T): T {
  if (Array.isArray(value)) return value.map(inOrder) as T
  if (typeof value !== 'object' || value === null) return value
  const keys = Object.keys(value).sort() as (keyof T & string)[]
  return Object.fromEntries(keys.map((key) => [key, inOrder(value[key])])) as T
}

/** The template that a revision keeps. */
export function templateOf(revision: ControllerRevision): PodTemplateSpec {
  const { $patch: _, ...template } = (revision.data as ReturnType<typeof dataOf>).spec.template
  return template
}

export const sameData = (a: ControllerRevision, b: ControllerRevision): boolean => semanticallyEqual(a.data, b.data)

const older = (a: ControllerRevision, b: ControllerRevision): number => {
  const text = (x = '', y = ''): number => (x < y ? -1 : x > y ? 1 : 0)
  return (
    a.revision - b.revision ||
    text(a.metadata.creationTimestamp, b.metadata.creationTimestamp) ||
    text(a.metadata.name, b.metadata.name)
  )
}

/** The owner's revisions and the orphans that its selector fits, lowest revision first. */
export function listRevisions(owner: KubeObject, selector: LabelSelector, { cache }: Context): ControllerRevision[] {
  const revisions = cache<ControllerRevision>(REVISIONS)
  return [...controlledBy(revisions, owner.metadata.uid ?? ''), ...orphansIn(revisions, owner.metadata.namespace ?? '')]
    .filter((revision) => selects(selector, revision.metadata.labels))
    .sort(older)
}

export const orphanedRevisions = (revisions: readonly ControllerRevision[]): ControllerRevision[] =>
  revisions.filter((revision) => !controllerOf(revision.metadata))

export function draftRevision(
  owner: KubeObject,
  template: PodTemplateSpec,
  revision: number,
  collisions: number,
): ControllerRevision {
  const data = dataOf(template)
  const hash = hashOf(data, `#${collisions}`)
  const { namespace, annotations } = owner.metadata
  return {
    apiVersion: 'apps/v1',
    kind: 'ControllerRevision',
    metadata: {
      name: revisionName(owner, hash),
      ...(namespace ? { namespace } : {}),
      labels: { ...template.metadata?.labels, [owner.kind === 'DaemonSet' ? HASH_LABEL : REVISION_LABEL]: hash },
      ...(annotations ? { annotations } : {}),
      ownerReferences: [controllerRef(owner)],
    },
    data,
    revision,
  }
}

/** Creates a revision; when its name is taken by other data, under another name. Returns it with the collisions counted. */
export function createRevision(owner: KubeObject, draft: ControllerRevision, collisions: number, { api }: Context) {
  const because = `${owner.kind} ${owner.metadata.name} has a new template`
  for (let count = collisions; ; count++) {
    const metadata = { ...draft.metadata, name: revisionName(owner, hashOf(draft.data, `#${count}`)) }
    try {
      return { revision: api.create<ControllerRevision>(REVISIONS, { ...draft, metadata }, { because }), collisions: count }
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
      const present = api.get<ControllerRevision>(REVISIONS, metadata.namespace ?? '', metadata.name)
      if (sameData(present, draft)) return { revision: present, collisions: count }
    }
  }
}

/** Gives a revision a new number: it has become the newest again. */
export function renumber(found: ControllerRevision, revision: number, { api }: Context): ControllerRevision {
  if (found.revision === revision) return found
  return api.update<ControllerRevision>(REVISIONS, { ...found, revision }, { because: 'its template is the current one again' })
}

/** Deletes the oldest revisions that nothing uses, beyond the limit. */
export function truncate(
  revisions: readonly ControllerRevision[],
  live: ReadonlySet<string>,
  limit: number,
  { api }: Context,
): void {
  const unused = revisions.filter(({ metadata }) => !live.has(metadata.name))
  for (const { metadata } of unused.slice(0, Math.max(0, unused.length - limit))) {
    api.delete(REVISIONS, metadata.namespace ?? '', metadata.name, { because: `only ${limit} old revisions are kept` })
  }
}
