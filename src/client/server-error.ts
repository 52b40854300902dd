/** How kubectl words what the server refused (cmdutil.CheckErr, and the `when creating` of its builders). */
import type { ApiError } from '#api/status.ts'

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
  if (error.code === 401) return `error: You must be logged in to the server (${message || 'Unauthorized'})`
  return reason ? `Error from server (${reason}): ${message}` : `Error from server: ${message}`
}

/** For objects from a file most refusals say which. */
export function serverErrorFor(error: ApiError, source: string, verb = 'creating'): string {
  if (error.reason === 'Invalid') return serverError(error)
  const { reason, message = '' } = error.status
  return `Error from server${reason ? ` (${reason})` : ''}: error when ${verb} ${JSON.stringify(source)}: ${message}`
}
