/** Where what a query asks for beyond the plain is read and, in Kubernetes' words, refused; it comes with the rest of the engine. */
import type { Query } from '#api/query.ts'
import type { ApiError } from '#api/status.ts'
import { later } from '../../sim/later.ts'
import type { Answer, Call } from '../call.ts'
import type { Resource } from '../resource.ts'
import type { ApiServer } from '../server.ts'

export interface QueryOptions {
  /** A path that names a way of asking, and nothing that is asked for. */
  ofNothing(call: Call): Answer
  /** What `?timeout=` comes to before anything else is looked at. */
  deadline(call: Call, text: string): Answer | null
  /** Throws where ListOptions can't be read or don't go together. */
  list(query: Query, resource: Resource, verb: 'list' | 'watch', name: string): void
  /** Throws where the options of a create, update or patch are none. */
  write(call: Call): void
  /** Throws where the numbers of DeleteOptions are none. */
  remove(query: Query): void
  /** Why a text is no resourceVersion. */
  noVersion(text: string, verb: 'get' | 'list' | 'watch'): ApiError
  encodeContinue(revision: number, lastKey: string, prefix: string): string
  decodeContinue(query: Query, prefix: string, server: ApiServer): Continue | null
  /** 410 for a token whose revision is gone. */
  expired(start: string, prefix: string): ApiError
}

export interface Continue {
  revision: number
  /** The last key of the page before. */
  start: string
}

export const queryOptions = later<QueryOptions>('query options')
