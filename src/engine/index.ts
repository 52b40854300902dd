/** The only door of the engine. */
export { Cluster, type ClusterOptions, DEFAULT_OPTIONS } from './cluster.ts'
export type { WatchSession } from './apiserver/watching.ts'
