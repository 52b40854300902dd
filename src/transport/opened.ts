/** A stream of the engine that an upgraded connection is for. */
import type { ApiRequest, StreamEvent } from '#api/request.ts'
import type { StreamSession } from '#engine'

export interface Opened {
  session: StreamSession
  /** What has come with its head. */
  events: StreamEvent[]
}

export type Open = (request: ApiRequest) => StreamSession
