/** Errors of kubectl's own. */

/** An error of kubectl's own, printed as `error: MESSAGE`. */
export class KubectlError extends Error {
  override name = 'KubectlError'
  readonly status: number
  /** Printed as it is, without `error: ` in front. */
  readonly bare: boolean
  /** What stands on standard output before the error is told. */
  written = ''
  constructor(message: string, status = 1, bare = false) {
    super(message)
    this.status = status
    this.bare = bare
  }
}

/** `See 'kubectl X -h' for help and examples`, as usage errors end. */
export const usageError = (name: string, message: string): KubectlError =>
  new KubectlError(`${message}\nSee 'kubectl ${name} -h' for help and examples`)

/** Ends the command without a word more. */
export const quiet = (status = 1): KubectlError => new KubectlError('', status, true)

/** A server that doesn't answer. */
export class Unreachable extends KubectlError {
  readonly server: string
  /** What was asked for. */
  readonly path: string
  constructor(server: string, path: string) {
    super(`The connection to the server ${new URL(server).host} was refused - did you specify the right host or port?`, 1, true)
    this.server = server
    this.path = path
  }
}
