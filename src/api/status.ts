/** `Status`, Kubernetes' answer to everything that is not an object, and the constructors of its usual forms. */
import type { ListMeta } from './meta.ts'

export interface StatusCause {
  reason?: string
  message?: string
  field?: string
}

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: ListMeta
  status: 'Success' | 'Failure'
  message?: string
  reason?: string
  details?: StatusDetails
  code?: number
}

const stacks = Error as { stackTraceLimit?: number | undefined }

/** An API error on its way out of a stage or a part; the machinery turns it into an answer or a retry. */
export class ApiError extends Error {
  override name = 'ApiError'
  readonly status: Status
  /** The stage of the API server's path that said no. */
  stage = ''
  constructor(status: Status) {
    // Refusals are ordinary and need no stack, which would cost more than all the rest.
    const limit = stacks.stackTraceLimit
    stacks.stackTraceLimit = 0
    super(status.message ?? status.reason ?? 'API error')
    stacks.stackTraceLimit = limit
    this.status = status
  }
  get code(): number {
    return this.status.code ?? 500
  }
  get reason(): string {
    return this.status.reason ?? ''
  }
}

export const failure = (code: number, reason: string, message: string, details?: StatusDetails): Status => ({
  kind: 'Status',
  apiVersion: 'v1',
  metadata: {},
  status: 'Failure',
  message,
  ...(reason ? { reason } : {}),
  ...(details ? { details } : {}),
  code,
})

export const fail = (code: number, reason: string, message: string, details?: StatusDetails): ApiError =>
  new ApiError(failure(code, reason, message, details))

/** What an error is about: `deployments.apps`, or `pods`. `kind` in details is the resource, as in apimachinery errors. */
export interface Subject {
  group: string
  resource: string
}

export const qualified = ({ group, resource }: Subject): string => (group ? `${resource}.${group}` : resource)

const details = (s: Subject, name: string): StatusDetails => ({
  name,
  ...(s.group ? { group: s.group } : {}),
  kind: s.resource,
})

export const notFound = (s: Subject, name: string): ApiError =>
  fail(404, 'NotFound', `${qualified(s)} "${name}" not found`, details(s, name))

export const alreadyExists = (s: Subject, name: string): ApiError =>
  fail(409, 'AlreadyExists', `${qualified(s)} "${name}" already exists`, details(s, name))

export const conflict = (s: Subject, name: string, why: string): ApiError =>
  fail(409, 'Conflict', `Operation cannot be fulfilled on ${qualified(s)} "${name}": ${why}`, details(s, name))

export const OBJECT_MODIFIED = 'the object has been modified; please apply your changes to the latest version and try again'

export const forbidden = (s: Subject, name: string, why: string): ApiError =>
  fail(403, 'Forbidden', `${qualified(s)}${name ? ` "${name}"` : ''} is forbidden: ${why}`, details(s, name))

export const badRequest = (message: string): ApiError => fail(400, 'BadRequest', message)

export const methodNotSupported = (s: Subject, verb: string): ApiError =>
  fail(405, 'MethodNotAllowed', `${verb} is not supported on resources of kind "${qualified(s)}"`, {
    ...(s.group ? { group: s.group } : {}),
    kind: s.resource,
  })

export const isNotFound = (e: unknown): e is ApiError => e instanceof ApiError && e.reason === 'NotFound'
export const isConflict = (e: unknown): e is ApiError => e instanceof ApiError && e.reason === 'Conflict'
export const isAlreadyExists = (e: unknown): e is ApiError => e instanceof ApiError && e.reason === 'AlreadyExists'
