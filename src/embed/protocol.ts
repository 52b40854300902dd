/** What a page and the sandbox in its frame say to each other: calls with an answer, and events; over one MessageChannel. */

/** The host's first word; it brings the port with it. */
export interface Connect {
  tabernetes: 1
  type: 'connect'
}

/** The guest's word to a host it was told of: it is there, connect now. */
export interface Hello {
  tabernetes: 1
  type: 'hello'
}

export type Call = 'get' | 'apply' | 'play' | 'pause' | 'setTheme' | 'session'

export interface CallMessage {
  tabernetes: 1
  id: number
  type: Call
  payload?: unknown
}

export interface AnswerMessage {
  tabernetes: 1
  id: number
  payload?: unknown
  error?: { code: string; message: string }
}

export interface EventMessage {
  tabernetes: 1
  event: 'ready' | 'state' | 'error'
  payload: unknown
}

/** How the cluster fares, in one line. */
export interface Summary {
  nodes: number
  nodesReady: number
  pods: number
  podsReady: number
  served: number
  lost: number
}

export const isOurs = (data: unknown): data is { tabernetes: 1; type?: string; id?: number; event?: string } =>
  typeof data === 'object' && data !== null && (data as { tabernetes?: unknown }).tabernetes === 1
