/** A release's manifest as objects of the cluster's kinds (helm's kube.Client.Build). */
import { parseYaml, YamlError } from '#api/go-yaml/read.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Client } from '#client/client.ts'
import type { ResourceInfo } from '#client/discovery.ts'
import { HelmError } from '../io.ts'
import { splitManifests } from '../render/manifests.ts'

export interface Target {
  info: ResourceInfo
  namespace: string
  name: string
  object: AnyObject
}

export const keyOf = ({ info, namespace, name }: Target): string =>
  `${info.group}/${info.version}/${info.kind}/${namespace}/${name}`
/** Versions aside: what kubectl's Difference compares. */
export const placeOf = ({ info, namespace, name }: Target): string => `${info.group}/${info.kind}/${namespace}/${name}`

/** Throws the one error, or all of them in brackets. */
export async function build(client: Client, manifest: string, namespace: string): Promise<Target[]> {
  const targets: Target[] = []
  const errors: string[] = []
  for (const text of splitManifests(manifest)) {
    try {
      for (const object of objectsOf(text)) targets.push(await targetOf(client, object, namespace))
    } catch (error) {
      if (!(error instanceof HelmError)) throw error
      errors.push(error.message)
    }
  }
  if (errors.length > 0) throw new HelmError(errors.length === 1 ? (errors[0] as string) : `[${errors.join(', ')}]`)
  return targets
}

function objectsOf(text: string): AnyObject[] {
  let value: unknown
  try {
    ;({ value } = parseYaml(text))
  } catch (error) {
    if (error instanceof YamlError) throw new HelmError(`error parsing : error converting YAML to JSON: ${error.message}`)
    throw error
  }
  if (value === null) return []
  const object = value as AnyObject
  const missing = [...(object.apiVersion ? [] : ['apiVersion not set']), ...(object.kind ? [] : ['kind not set'])]
  if (missing.length > 0)
    throw new HelmError(
      `error validating "": error validating data: ${missing.length > 1 ? `[${missing.join(', ')}]` : missing[0]}`,
    )
  if (object.kind.endsWith('List') && Array.isArray(object['items'])) return object['items'] as AnyObject[]
  return [object]
}

async function targetOf(client: Client, object: AnyObject, namespace: string): Promise<Target> {
  const { name = '', namespace: own } = object.metadata ?? ({} as AnyObject['metadata'])
  const info = await client.discovery.byKind(object.apiVersion, object.kind)
  if (!info)
    throw new HelmError(
      `resource mapping not found for name: ${JSON.stringify(name)} namespace: ${JSON.stringify(own ?? '')} from "": no matches for kind ${JSON.stringify(object.kind)} in version ${JSON.stringify(object.apiVersion)}\nensure CRDs are installed first`,
    )
  const where = info.namespaced ? (own ?? namespace) : ''
  return {
    info,
    namespace: where,
    name,
    object: where ? { ...object, metadata: { ...object.metadata, namespace: where } } : object,
  }
}

const MANAGED_BY = 'app.kubernetes.io/managed-by'
const RELEASE_NAME = 'meta.helm.sh/release-name'
const RELEASE_NAMESPACE = 'meta.helm.sh/release-namespace'

/** The release's marks on everything that it owns. */
export const marked = (target: Target, release: string, namespace: string): Target => {
  const { labels, annotations, ...metadata } = target.object.metadata
  const marks = { [RELEASE_NAME]: release, [RELEASE_NAMESPACE]: namespace }
  return {
    ...target,
    object: {
      ...target.object,
      metadata: { ...metadata, labels: { ...labels, [MANAGED_BY]: 'Helm' }, annotations: { ...annotations, ...marks } },
    },
  }
}

/** What exists already and may be taken over; throws at what belongs to somebody else. `take`: whosever it is. */
export async function adopted(
  client: Client,
  targets: readonly Target[],
  release: string,
  namespace: string,
  take: boolean,
): Promise<Target[]> {
  const found: Target[] = []
  for (const target of targets) {
    const existing = await client.find(target.info, target.namespace, target.name)
    if (!existing) continue
    const wrong = take ? '' : ownership(existing, release, namespace)
    if (wrong)
      throw new HelmError(
        `${target.info.kind} ${JSON.stringify(target.name)} in namespace ${JSON.stringify(target.namespace)} exists and cannot be imported into the current release: invalid ownership metadata${wrong}`,
      )
    found.push(target)
  }
  return found
}

function ownership({ metadata }: AnyObject, release: string, namespace: string): string {
  const check = (what: string, map: Record<string, string> | undefined, key: string, wanted: string): string => {
    const value = map?.[key]
    if (value === undefined) return `; ${what} validation error: missing key "${key}": must be set to ${JSON.stringify(wanted)}`
    if (value === wanted) return ''
    return `; ${what} validation error: key "${key}" must equal ${JSON.stringify(wanted)}: current value is ${JSON.stringify(value)}`
  }
  return (
    check('label', metadata.labels, MANAGED_BY, 'Helm') +
    check('annotation', metadata.annotations, RELEASE_NAME, release) +
    check('annotation', metadata.annotations, RELEASE_NAMESPACE, namespace)
  )
}
