/** Patches of a kustomization: strategic or JSON6902, at what they name or at what their target picks. */
import { parseAllDocuments } from 'yaml'
import type { AnyObject } from '#api/meta.ts'
import { applyMergePatch } from '#api/patch/merge.ts'
import type { Dict } from '#api/patch/parts.ts'
import { applyStrategicMerge } from '#api/patch/strategic.ts'
import { compileRegexp, type Regexp } from '#api/regexp/index.ts'
import { matches } from '#api/selector.ts'
import { parseLabelSelector } from '#api/selector-parse.ts'
import { toYaml } from '#api/yaml.ts'
import type { Client } from '#client/client.ts'
import { patchSchemaOf } from '#client/patch-schema.ts'
import { KubectlError } from '../error.ts'
import { json } from './json-patch.ts'
import type { Patch, Resource, Selector } from './kustomization.ts'

/** kustomize reads with go-yaml's third version: no `y` or `on` means true. */
const AS_GO = { version: '1.2', merge: true } as const

function anchored(pattern: string): Regexp {
  const compiled = compileRegexp(`^(?:${pattern})$`)
  if (typeof compiled === 'string') throw new KubectlError(compiled)
  return compiled
}

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

/** What is wrong with an entry of `patches`, which is told whole. */
export const patchTrouble = ({ path, patch, target, options }: Patch, why: string): KubectlError =>
  transformerTrouble('PatchTransformer', { path, patch: patch?.trim(), target, options }, why)

export const transformerTrouble = (transformer: string, given: object, why: string): KubectlError =>
  new KubectlError(`trouble configuring builtin ${transformer} with config: \`\n${toYaml(given)}\`: ${why}`)

/** A patch is a list of operations (JSON, where it begins with a bracket) or objects with kind and name. */
export function checkPatch(one: Patch, text: string): void {
  const trimmed = text.trim()
  if (trimmed.startsWith('[') ? readsAsJson(trimmed) : areObjects(trimmed)) return
  const source = one.patch ? `patch: ${JSON.stringify(trimmed)}` : `path: ${JSON.stringify(one.path)}`
  throw patchTrouble(one, `unable to parse SM or JSON patch from [${source}]`)
}

function readsAsJson(text: string): boolean {
  try {
    return Array.isArray(JSON.parse(text))
  } catch {
    return false
  }
}

function areObjects(text: string): boolean {
  const documents = parseAllDocuments(text, AS_GO)
  return [...('empty' in documents ? [] : documents)].every((document) => {
    if (document.errors.length > 0) return false
    const read = document.toJS() as AnyObject | unknown[] | null
    return !read || Array.isArray(read) || Boolean(read.kind && read.metadata?.name)
  })
}

/** Applies one patch, whose text has been read. */
export async function applyPatch(
  client: Client,
  resources: Resource[],
  { target, options = {} }: Patch,
  text: string,
): Promise<void> {
  const documents = parseAllDocuments(text, AS_GO)
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
    changed(resource, patchFirst(whole, next) as AnyObject)
  }
}

function changed(resource: Resource, object: AnyObject): void {
  const before = resource.object.metadata.name
  if (object.metadata.name !== before) resource.names.push({ name: before, namespace: resource.object.metadata.namespace ?? '' })
  resource.object = object
}

/** What tells the items of a list apart, the most telling first. */
const KEYS = ['containerPort', 'mountPath', 'devicePath', 'port', 'topologyKey', 'name', 'ip', 'key', 'uid', 'type']

function keyOf(item: unknown): string {
  if (typeof item !== 'object' || item === null) return String(item)
  const key = KEYS.find((name) => name in item)
  return key ? `${key}=${String((item as Record<string, unknown>)[key])}` : JSON.stringify(item)
}

/** In kustomize's lists what a patch speaks of stands first, as the patch has it; then comes what was there besides. */
function patchFirst(patch: unknown, after: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || typeof after !== 'object' || after === null) return after
  if (Array.isArray(after)) {
    if (!Array.isArray(patch) || JSON.stringify(patch) === JSON.stringify(after)) return after
    const spoken = patch.map(keyOf)
    const rank = (item: unknown): number => (spoken.includes(keyOf(item)) ? spoken.indexOf(keyOf(item)) : spoken.length)
    return after
      .map((item) => ({ item: patchFirst(patch[spoken.indexOf(keyOf(item))], item), at: rank(item) }))
      .sort((a, b) => a.at - b.at)
      .map(({ item }) => item)
  }
  return Object.fromEntries(
    Object.entries(after).map(([key, value]) => [key, patchFirst((patch as Record<string, unknown>)[key], value)]),
  )
}
