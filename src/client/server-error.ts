/** How kubectl words what the server refused (cmdutil.CheckErr, and the `when creating` of its builders). */
import { ApiError } from '#api/status.ts'

export function serverError(error: ApiError): string {
  const { reason, message = '', details } = error.status
  if (reason === 'Invalid') {
    if (!details) return `The request is invalid: ${message}`
    const fields = [...new Set((details.causes ?? []).map((c) => `${c.field ?? ''}: ${c.message}`))]
    const named = details.kind || details.name
    const head = named ? `The ${details.kind ?? ''} ${JSON.stringify(details.name ?? '')} is invalid` : 'The request is invalid'
    if (fields.length === 0) return named || !message ? head : `${head}: ${message}`
    return fields.length === 1 ? `${head}: ${fields[0]}` : `${head}: \n* ${fields.join('\n* ')}`
  }
  return plainServerError(error)
}

/** As one of several: without taking apart what is invalid (cmdutil.StandardErrorMessage). */
export function plainServerError(error: ApiError): string {
  const { reason, message = '' } = error.status
  if (error.code === 401) return `error: You must be logged in to the server (${message || 'Unauthorized'})`
  return reason ? `Error from server (${reason}): ${message}` : `Error from server: ${message}`
}

/** The same refusal, saying of which file's object it is told (cmdutil.AddSourceToErr). */
export const withSource = (error: ApiError, source: string, verb: string): ApiError =>
  new ApiError({
    ...error.status,
    message: `error when ${verb} ${JSON.stringify(source)}: ${error.status.message ?? ''}`,
  })

/** For objects from a file most refusals say which. */
export function serverErrorFor(error: ApiError, source: string, verb = 'creating'): string {
  return serverError(withSource(error, source, verb))
}
