/** The parameters of requests: which there are, and which kinds of operations take them. */

export interface Parameter {
  name: string
  in: 'path' | 'query'
  type: 'string' | 'integer' | 'boolean'
}

const query = (names: string, type: Parameter['type']): Parameter[] =>
  names.split(' ').map((name) => ({ name, in: 'query' as const, type }))

export const inPath = (name: string): Parameter => ({ name, in: 'path', type: 'string' })

export const READ = query('resourceVersion', 'string')
export const PRETTY = query('pretty', 'string')
export const WRITE = query('dryRun fieldManager fieldValidation', 'string')
export const PATCH = [...WRITE, ...query('force', 'boolean')]
export const DELETE = [
  ...query('dryRun propagationPolicy', 'string'),
  ...query('gracePeriodSeconds', 'integer'),
  ...query('ignoreStoreReadErrorWithClusterBreakingPotential orphanDependents', 'boolean'),
]
const SELECT = [
  ...query('continue fieldSelector labelSelector resourceVersion resourceVersionMatch shardSelector', 'string'),
  ...query('limit timeoutSeconds', 'integer'),
  ...query('sendInitialEvents', 'boolean'),
]
export const LIST = [...SELECT, ...query('allowWatchBookmarks watch', 'boolean')]
export const DELETE_MANY = [...DELETE, ...SELECT]

const STREAMS = query('stderr stdin stdout tty', 'boolean')

/** What the options of connections and logs are called in the query. */
export const OPTIONS: Record<string, Parameter[]> = {
  PodAttachOptions: [...query('container', 'string'), ...STREAMS],
  PodExecOptions: [...query('command container', 'string'), ...STREAMS],
  PodPortForwardOptions: query('ports', 'integer'),
  PodProxyOptions: query('path', 'string'),
  NodeProxyOptions: query('path', 'string'),
  ServiceProxyOptions: query('path', 'string'),
}
export const LOG = [
  ...query('container stream', 'string'),
  ...query('follow insecureSkipTLSVerifyBackend previous timestamps', 'boolean'),
  ...query('limitBytes sinceSeconds tailLines', 'integer'),
]

/** By name, and path before query, as they are published. */
export const sorted = (parameters: readonly Parameter[]): Parameter[] =>
  [...parameters].sort((a, b) => (a.name === b.name ? (a.in < b.in ? -1 : 1) : a.name < b.name ? -1 : 1))
