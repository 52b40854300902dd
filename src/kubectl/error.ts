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
  readonly method: string
  constructor(server: string, path: string, method = 'GET') {
    super(`The connection to the server ${new URL(server).host} was refused - did you specify the right host or port?`, 1, true)
    this.server = server
    this.path = path
    this.method = method
  }

  /** As Go's client words a request that found nobody: `Get "https://10.0.0.1:6443/api/v1/pods": dial tcp …`. */
  dialled(path = this.path): string {
    const { host } = new URL(this.server)
    const named = host.includes(':') ? host : `${host}:${this.server.startsWith('https') ? 443 : 80}`
    const verb = this.method.charAt(0) + this.method.slice(1).toLowerCase()
    return `${verb} "${this.server}${path}": dial tcp ${named.replace(/^localhost:/, '127.0.0.1:')}: connect: connection refused`
  }
}
