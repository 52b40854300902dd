/** Which kinds are compiled into kubectl (client-go's scheme): some commands take no others. */
import type { ResourceInfo } from '#client/discovery.ts'
import { KubectlError } from './error.ts'

const k8sIo = (name: string): string => `${name}.k8s.io`

const GROUPS = [
  ...['', 'apps', 'autoscaling', 'batch', 'extensions', 'policy'],
  ...['admissionregistration', 'authentication', 'authorization', 'certificates', 'coordination', 'discovery', 'events'].map(
    k8sIo,
  ),
  ...['flowcontrol.apiserver', 'internal.apiserver', 'networking', 'node', 'rbac.authorization', 'resource'].map(k8sIo),
  ...['scheduling', 'storage', 'storagemigration'].map(k8sIo),
]

export const SCHEME = 'pkg/runtime/scheme.go:111'

export const isCompiledIn = (group: string): boolean => GROUPS.includes(group)

export function checkKnown({ group, version, kind }: ResourceInfo, suffix = ''): void {
  if (isCompiledIn(group)) return
  throw new KubectlError(`no kind "${kind}${suffix}" is registered for version "${group}/${version}" in scheme "${SCHEME}"`)
}
