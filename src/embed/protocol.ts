/** What a page and the sandbox in its frame say to each other: calls with an answer, and events; over one MessageChannel. */

/** Every message: `id` numbers a call and its answer, events have none. */
export interface Envelope {
  k8sbox: 1
  id?: number
  /** A call, an event, `answer`; or, by way of the window: `connect` (brings the port) and `hello`. */
  type: string
  payload?: unknown
  error?: { code: string; message: string }
}

/** What a host may ask for, and what it gets. */
export interface Calls {
  /** Begins anew: manifests on an empty cluster, or what a share link holds. Answered when the cluster is there. */
  load: { ask: { manifests: string } | { link: string }; answer: null }
  apply: { ask: { text: string }; answer: Outcome[] }
  /** One line in the sandbox's terminal shell. */
  exec: { ask: { command: string }; answer: { output: string; code: number } }
  /** A GET of the Kubernetes API. */
  get: { ask: { path: string }; answer: { status: number; body: unknown } }
  /** Simulated ms since the cluster was made; without: back to the present. */
  seek: { ask: { elapsed?: number }; answer: null }
  play: { ask: { speed?: number }; answer: null }
  pause: { ask: undefined; answer: null }
  fault: { ask: Record<string, unknown> & { kind: string }; answer: null }
  /** `deploy/web`, `svc/shop`, `pod/x`, `node/node-1`; null lets go. */
  highlight: { ask: { ref: string | null; namespace?: string }; answer: null }
  setTheme: { ask: { theme: 'auto' | 'light' | 'dark' | 'contrast' }; answer: null }
  setLang: { ask: { lang: string }; answer: null }
  /** How far the lesson under way is. */
  check: { ask: undefined; answer: LessonState }
  /** The session as a link, and how the cluster fares. */
  snapshot: { ask: undefined; answer: { link: string; summary: Summary } }
}
export type Call = keyof Calls

/** What a host hears without asking. */
export interface Events {
  ready: { version: 1 }
  /** The height that the page would like. */
  resize: { height: number }
  state: { rv: string; summary: Summary }
  /** An Event of the cluster, as `kubectl get events` has it. */
  event: { type: string; reason: string; about: string; message: string }
  progress: LessonState
  /** Proves nothing: whoever has the page can say it too. */
  completed: { receipt: { lesson: string; version: 1; seed: string; steps: number; time: number; hash: string } }
  error: { message: string }
}
export type EventName = keyof Events

export interface Outcome {
  name: string
  outcome: string
  problems: { line: number; column: number; message: string }[]
  warnings: string[]
}

export interface LessonState {
  lesson: string
  step: number
  steps: number
  passed: boolean
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

export const isOurs = (data: unknown): data is Envelope =>
  typeof data === 'object' &&
  data !== null &&
  (data as { k8sbox?: unknown }).k8sbox === 1 &&
  typeof (data as Envelope).type === 'string'
