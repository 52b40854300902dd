/** The last word on a stream before version 4 of the protocol: nothing when all went well, else the bare message. */

export function plainStatus(json: string): string {
  const { status, message } = JSON.parse(json) as { status: string; message?: string }
  return status === 'Success' ? '' : (message ?? '')
}
