/** The only door of the engine. */

export type { WatchSession } from './apiserver/watching.ts'
export { Cluster, type ClusterOptions, DEFAULT_OPTIONS } from './cluster.ts'
export type { StreamSession } from './machinery/streams.ts'
export { Timeline } from './timeline.ts'
