/** What travels between the page and the worker: arrays of these, one message per batch. */
import type {
  ApiRequest,
  ApiResponse,
  Session,
  SessionInput,
  SimulationNews,
  SimulationPort,
  StreamEvent,
  WatchEvent,
} from '#api/request.ts'

/** How the worker's cluster comes to be. */
export type Beginning =
  | {
      kind: 'fresh'
      seed: string
      epoch: number
      nodes: number
      scene: string
      addons?: readonly string[]
      controlPlanes?: number
    }
  | { kind: 'replay'; session: Session }
  /** `text` is what `save` gave, some time before the session's end. */
  | { kind: 'load'; text: string; session?: Session }

/** Every call of the port that is answered. */
export type SimulationCall = Exclude<keyof SimulationPort, 'subscribe'>

export type ToWorker =
  | { type: 'begin'; beginning: Beginning }
  | { type: 'request'; id: number; request: ApiRequest }
  | { type: 'watch'; id: number; request: ApiRequest }
  | { type: 'stop'; id: number }
  | { type: 'stream'; id: number; request: ApiRequest }
  /** Input for a stream; without data: nothing more will come on this channel. */
  | { type: 'send'; id: number; channel: number; data?: string }
  | { type: 'simulation'; id: number; call: SimulationCall; args: unknown[] }
  | { type: 'news' }
  /** The page has drawn the last batch: the next may come. */
  | { type: 'drawn' }
  /** Texts for OpenAPI and explain, which the page has fetched. */
  | { type: 'descriptions'; descriptions: Record<string, Record<string, string>> }

export type FromWorker =
  | { type: 'ready' }
  | { type: 'answer'; id: number; response: ApiResponse }
  | { type: 'open'; id: number; response: ApiResponse }
  | { type: 'events'; id: number; events: WatchEvent[] }
  | { type: 'end'; id: number }
  | { type: 'streamed'; id: number; events: StreamEvent[] }
  | { type: 'value'; id: number; value: unknown }
  | { type: 'failed'; id: number; message: string }
  | { type: 'news'; news: SimulationNews }
  /** Inputs of the session from the one with this number on, as they happened; earlier than the answer to them. */
  | { type: 'inputs'; from: number; inputs: readonly SessionInput[] }
