/** Where objects live in etcd. */
import type { Resource } from './resource.ts'

export const keyFor = (resource: Resource, namespace: string, name: string): string =>
  resource.namespaced ? `${resource.directory}${namespace}/${name}` : resource.directory + name

/** The prefix of a whole collection, or of one namespace's part of it. */
export const prefixFor = (resource: Resource, namespace: string): string =>
  resource.namespaced && namespace ? `${resource.directory}${namespace}/` : resource.directory
