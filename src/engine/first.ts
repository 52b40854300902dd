/** The door for hosts that load the rest (`rest.ts`) while the first scene is already looked at. */

export type { Auditor } from './apiserver/server.ts'
export type { WatchSession } from './apiserver/watching.ts'
export { Cluster, type ClusterOptions, DEFAULT_OPTIONS, type Moment } from './cluster.ts'
export type { ControlPlanePart } from './control-plane.ts'
export type { StreamSession } from './machinery/streams.ts'
export { Timeline } from './timeline.ts'
