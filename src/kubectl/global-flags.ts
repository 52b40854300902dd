/** Flags that every command takes. */
import type { Flag } from './command.ts'

export const GLOBAL_FLAGS: readonly Flag[] = [
  { name: 'namespace', short: 'n', type: 'string', help: 'If present, the namespace scope for this CLI request' },
  { name: 'help', short: 'h', type: 'bool', help: 'help for this command' },
  { name: 'as', type: 'string', help: 'Username to impersonate for the operation.' },
  { name: 'as-group', type: 'strings', help: 'Group to impersonate for the operation.' },
  {
    name: 'request-timeout',
    type: 'string',
    default: '0',
    help: 'The length of time to wait before giving up on a single server request.',
  },
  { name: 'v', short: 'v', type: 'int', default: '0', help: 'number for the log level verbosity' },
  { name: 'context', type: 'string', help: 'The name of the kubeconfig context to use' },
  { name: 'kubeconfig', type: 'string', help: 'Path to the kubeconfig file to use for CLI requests.' },
  {
    name: 'warnings-as-errors',
    type: 'bool',
    help: 'Treat warnings received from the server as errors and exit with a non-zero exit code',
  },
]
