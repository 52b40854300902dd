/** The request path: a call walks the stages in reading order until one replies. */
import { Query } from '#api/query.ts'
import { ApiError, type Status } from '#api/status.ts'
import { JSON_TYPE, negotiation, plain, saysLittle, writtenBy } from './accept.ts'
import type { Answer, Call } from './call.ts'
import { written } from './projection.ts'
import type { ApiServer } from './server.ts'
import type { Stage, Step } from './stage.ts'
import { warningHeader } from './stages/respond.ts'
import { route } from './stages/route.ts'

const AS_IT_IS = plain()

export const newCall = (request: Call['request']): Call => ({
  request,
  path: '',
  query: NO_QUERY,
  accepts: AS_IT_IS,
  verb: 'get',
  resource: null,
  subresource: null,
  namespace: '',
  name: '',
  user: ANONYMOUS,
  dryRun: false,
  fieldManager: '',
  fieldValidation: 'Warn',
  patchType: null,
  body: null,
  object: null,
  old: null,
  warnings: [],
  problems: [],
  because: '',
  shortcut: undefined,
  audit: null,
  answer: null,
  stream: undefined,
})

const ANONYMOUS = { name: 'system:anonymous', groups: ['system:unauthenticated'] }
const NO_QUERY = new Query()

/** Walks `stages`; refusals become a Status. Waiting for a quorum is not possible with one etcd member. */
export function walk(call: Call, server: ApiServer, stages: readonly Stage[]): Answer {
  try {
    return travel(call, server, stages)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    return refusal(call, server, error)
  }
}

/** Like {@link walk}, but refusals stay thrown: for parts of the control plane. */
export function travel(call: Call, server: ApiServer, stages: readonly Stage[]): Answer {
  for (const stage of stages) {
    const step = taken(stage, call, server)
    if (step === 'on') continue
    if ('reply' in step) return step.reply
    throw new Error(`the store asked to wait at ${stage.name}, but it has one member`)
  }
  throw new Error(`no stage answered ${call.request.method} ${call.request.path}`)
}

/** One stage; a refusal learns where it was spoken. */
function taken(stage: Stage, call: Call, server: ApiServer): Step {
  try {
    return stage.step(call, server)
  } catch (error) {
    if (error instanceof ApiError) error.stage ||= stage.name
    throw error
  }
}

const formOf = (header: string | undefined, server: ApiServer): { type: string; raw: boolean } =>
  saysLittle(header) ? { type: JSON_TYPE, raw: false } : negotiation.get().statusForm(header as string, writtenBy(server))

/** A Status in the form asked for. */
function shownStatus(call: Call, server: ApiServer, status: Status, form: { type: string; raw: boolean }): unknown {
  if (form.raw) return JSON.stringify(status, null, 2)
  return written(server, status, form.type, call.accepts.pretty)
}

/** Who is not known is turned away before anything else; what they asked for is noted all the same, as an audit log does. */
function noteWhat(call: Call, server: ApiServer): void {
  try {
    route.step(call, server)
  } catch {
    call.resource = null
  }
}

function refusal(call: Call, server: ApiServer, { status, stage }: ApiError): Answer {
  if (stage === 'authenticate') noteWhat(call, server)
  const code = status.code ?? 500
  const form = formOf(call.request.headers?.['accept'], server)
  const reads = call.verb === 'get' || call.verb === 'list' || call.verb === 'watch'
  // A refused read changes nothing, but who may not read wants to know why.
  if ((!reads || code === 403) && call.resource) {
    server.world.trace({
      by: call.user.name,
      verb: call.verb,
      resource: call.subresource ? `${call.resource.id}/${call.subresource.name}` : call.resource.id,
      namespace: call.namespace,
      name: call.name,
      code,
      because: status.message ?? '',
      stage,
    })
  }
  return {
    status: code,
    headers: {
      'content-type': form.type,
      ...(stage === 'authorize' ? { 'x-content-type-options': 'nosniff' } : {}),
      'cache-control': 'no-cache, private',
      ...(status.details?.retryAfterSeconds ? { 'retry-after': String(status.details.retryAfterSeconds) } : {}),
      ...warningHeader(call),
    },
    body: shownStatus(call, server, status, form),
  }
}
