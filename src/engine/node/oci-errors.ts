/** What containerd and runc say when a program cannot be started. */

const CREATE =
  'failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: error during container init'

const missing = (word: string | undefined): string =>
  (word ?? '').includes('/') ? `stat ${word}: no such file or directory` : 'executable file not found in $PATH'

const exec = ([first]: readonly string[]): string => `exec: "${first ?? ''}": ${missing(first)}`

export const cannotStart = (argv: readonly string[]): string => `${CREATE}: ${exec(argv)}`

export const cannotExec = (id: string, argv: readonly string[]): string =>
  `rpc error: code = Unknown desc = failed to exec in container: failed to start exec "${id}": OCI runtime exec failed: exec failed: unable to start container process: ${exec(argv)}`
