/** The parameters a binding gives its policy (plugin/policy/generic/policy_dispatcher.go, CollectParams). */
import type { AnyObject, LabelSelector } from '#api/meta.ts'
import { selects } from '#api/selector.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'

export interface ParamKind {
  apiVersion?: string
  kind?: string
}
export interface ParamRef {
  name?: string
  namespace?: string
  selector?: LabelSelector
  parameterNotFoundAction?: string
}

/** What is wrong with how a policy or binding was set up. */
export class ConfigurationError extends Error {}

export function paramResource({ apiVersion, kind }: ParamKind, server: ApiServer): Resource | null {
  return server.resources.find((one) => one.groupVersion === apiVersion && one.kind === kind) ?? null
}

const kindText = ({ apiVersion = '', kind = '' }: ParamKind): string => {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion]
  return `${group}/${version}, Kind=${kind}`
}

/** The policy's own error, found when it is set up. */
export function checkParamKind(kind: ParamKind, server: ApiServer): Resource {
  const found = paramResource(kind, server)
  if (!found) throw new ConfigurationError(`failed to find resource referenced by paramKind: '${kindText(kind)}'`)
  return found
}

/** One entry per evaluation; `null` for an evaluation without parameters. */
export function collectParams(
  kind: ParamKind | undefined,
  ref: ParamRef | undefined,
  namespace: string,
  server: ApiServer,
): (AnyObject | null)[] {
  if (!kind || !ref) return [null]
  const resource = checkParamKind(kind, server)
  const at = spaceOf(resource, ref, namespace)
  const params = found(resource, ref, at, server)
  if (params.length === 0 && ref.parameterNotFoundAction === 'Deny') {
    throw new ConfigurationError('no params found for policy binding with `Deny` parameterNotFoundAction')
  }
  return params.map((object) => ({ ...object, apiVersion: resource.groupVersion, kind: resource.kind }))
}

function spaceOf(resource: Resource, ref: ParamRef, namespace: string): string {
  if (!resource.namespaced) {
    if (ref.namespace) throw new ConfigurationError('paramRef.namespace must not be provided for a cluster-scoped `paramKind`')
    return ''
  }
  if (ref.namespace) return ref.namespace
  if (namespace === '') {
    throw new ConfigurationError('cannot use namespaced paramRef in policy binding that matches cluster-scoped resources')
  }
  return namespace
}

function found(resource: Resource, { name, selector }: ParamRef, namespace: string, server: ApiServer): AnyObject[] {
  if (name) {
    const one = server.read(resource.id, namespace, name)
    return one ? [one] : []
  }
  return server.readAll(resource.id, namespace).filter(({ metadata }) => selects(selector, metadata.labels))
}
