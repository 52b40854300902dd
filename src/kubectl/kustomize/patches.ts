/** Patches of a kustomization: strategic or JSON6902, at what they name or at what their target picks. */
import { parseAllDocuments } from 'yaml'
import type { AnyObject } from '#api/meta.ts'
import { applyJsonPatch } from '#api/patch/json.ts'
import { applyMergePatch } from '#api/patch/merge.ts'
import type { Dict } from '#api/patch/parts.ts'
import { applyStrategicMerge } from '#api/patch/strategic.ts'
import { matches } from '#api/selector.ts'
import { parseLabelSelector } from '#api/selector-parse.ts'
import type { Client } from '#client/client.ts'
import { patchSchemaOf } from '#client/patch-schema.ts'
import { KubectlError } from '../error.ts'
import type { Patch, Resource, Selector } from './kustomization.ts'

const anchored = (pattern: string): RegExp => new RegExp(`^(?:${pattern})$`)

/** Whether a resource is meant, by its present or a former name. */
export function selected(
  { object, names }: Resource,
  { group, version, kind, name, namespace, labelSelector, annotationSelector }: Selector,
): boolean {
  const [first = '', second] = object.apiVersion.split('/')
  const [itsGroup, itsVersion] = second === undefined ? ['', first] : [first, second]
  const all = [object.metadata.name, ...names.map((old) => old.name)]
  return (
    (!group || anchored(group).test(itsGroup)) &&
    (!version || anchored(version).test(itsVersion)) &&
    (!kind || anchored(kind).test(object.kind)) &&
    (!name || all.some((one) => anchored(name).test(one))) &&
    (!namespace ||
      [object.metadata.namespace ?? '', ...names.map((old) => old.namespace)].some((one) => anchored(namespace).test(one))) &&
    (!labelSelector || chosen(labelSelector, object.metadata.labels)) &&
    (!annotationSelector || chosen(annotationSelector, object.metadata.annotations))
  )
}

function chosen(text: string, labels: Record<string, string> | undefined): boolean {
  const parsed = parseLabelSelector(text)
  if (typeof parsed === 'string') throw new KubectlError(parsed)
  return matches(parsed, labels)
}

/** Applies one patch, whose text has been read. */
export async function applyPatch(
  client: Client,
  resources: Resource[],
  { target, options = {} }: Patch,
  text: string,
): Promise<void> {
  const documents = parseAllDocuments(text, { version: '1.1' })
  for (const document of 'empty' in documents ? [] : documents) {
    const patch: unknown = document.toJS()
    if (patch === null || patch === undefined) continue
    if (Array.isArray(patch)) {
      if (!target) throw new KubectlError('must specify a target for JSON patch')
      const meant = resources.filter((resource) => selected(resource, target))
      for (const resource of meant) changed(resource, json(resource.object, patch))
    } else await strategic(client, resources, patch as AnyObject & { $patch?: string }, target, options)
  }
}

function json(object: AnyObject, patch: unknown): AnyObject {
  try {
    return applyJsonPatch(structuredCopy(object), patch) as AnyObject
  } catch (error) {
    throw new KubectlError(error instanceof Error ? error.message : String(error))
  }
}

const structuredCopy = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T

async function strategic(
  client: Client,
  resources: Resource[],
  patch: AnyObject & { $patch?: string },
  target: Selector | undefined,
  options: { allowNameChange?: boolean; allowKindChange?: boolean },
): Promise<void> {
  const own: Selector = {
    kind: patch.kind,
    name: patch.metadata?.name,
    ...(patch.metadata?.namespace ? { namespace: patch.metadata.namespace } : {}),
  }
  const meant = target
    ? resources.filter((resource) => selected(resource, target))
    : resources.filter((resource) => selected(resource, own) && resource.object.apiVersion === patch.apiVersion)
  if (!target && meant.length === 0) {
    const [group, version] = patch.apiVersion.includes('/') ? patch.apiVersion.split('/') : ['', patch.apiVersion]
    throw new KubectlError(
      `no resource matches strategic merge patch "${patch.kind}.${version}.${group || '[noGrp]'}/${patch.metadata?.name}.${patch.metadata?.namespace ?? '[noNs]'}": no matches for Id ${patch.kind}.${version}.${group || '[noGrp]'}/${patch.metadata?.name}.${patch.metadata?.namespace ?? '[noNs]'}; failed to find unique target for patch ${patch.kind}.${version}.${group || '[noGrp]'}/${patch.metadata?.name}.${patch.metadata?.namespace ?? '[noNs]'}`,
    )
  }
  for (const resource of meant) {
    if (patch.$patch === 'delete') {
      resources.splice(resources.indexOf(resource), 1)
      continue
    }
    const { object } = resource
    const info = await client.discovery.byKind(object.apiVersion, object.kind)
    const schema = info && (await patchSchemaOf(client, info))
    const whole = {
      ...patch,
      ...(options.allowKindChange ? {} : { kind: object.kind, apiVersion: object.apiVersion }),
      metadata: { ...patch.metadata, ...(options.allowNameChange ? {} : { name: object.metadata.name }) },
    }
    const next = schema
      ? (applyStrategicMerge(
          structuredCopy(object) as unknown as Dict,
          structuredCopy(whole) as unknown as Dict,
          schema,
        ) as unknown as AnyObject)
      : (applyMergePatch(object, whole) as AnyObject)
    changed(resource, newFirst(object, next) as AnyObject)
  }
}

function changed(resource: Resource, object: AnyObject): void {
  const before = resource.object.metadata.name
  if (object.metadata.name !== before) resource.names.push({ name: before, namespace: resource.object.metadata.namespace ?? '' })
  resource.object = object
}

/** kustomize puts what a patch adds to a list in front of what was there. */
function newFirst(before: unknown, after: unknown): unknown {
  if (Array.isArray(before) && Array.isArray(after)) {
    const keyOf = (item: unknown): unknown =>
      typeof item === 'object' && item !== null ? ((item as AnyObject)['name'] ?? JSON.stringify(item)) : item
    const old = before.map(keyOf)
    const kept = after.filter((item) => old.includes(keyOf(item)))
    const added = after.filter((item) => !old.includes(keyOf(item)))
    return [...added, ...kept.map((item) => newFirst(before[old.indexOf(keyOf(item))], item))]
  }
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null || Array.isArray(after))
    return after
  return Object.fromEntries(
    Object.entries(after).map(([key, value]) => [key, newFirst((before as Record<string, unknown>)[key], value)]),
  )
}
