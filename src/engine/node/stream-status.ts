/** The last word on a stream of exec or attach: how it ended, as a Status in JSON. */
import type { Style } from '../machinery/streams.ts'

export const successStatus = '{"metadata":{},"status":"Success"}'

export function exitStatus(code: number, style: Style, argv: readonly string[]): string {
  const how =
    style === 'v5'
      ? `command terminated with exit code ${code}`
      : `error executing command [${argv.join(' ')}], exit code ${code}`
  return JSON.stringify({
    metadata: {},
    status: 'Failure',
    message: `command terminated with non-zero exit code: ${how}`,
    reason: 'NonZeroExitCode',
    details: { causes: [{ reason: 'ExitCode', message: String(code) }] },
  })
}

/** Version 5 goes through a translator, which takes the first message for its own error. */
export function failureStatus(error: string, style: Style): string {
  const inner = style === 'v5' ? `Internal error occurred: ${error}` : error
  return JSON.stringify({
    metadata: {},
    status: 'Failure',
    message: `Internal error occurred: ${inner}`,
    reason: 'InternalError',
    details: { causes: [{ message: inner }] },
    code: 500,
  })
}
