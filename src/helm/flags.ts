/** Flags that several commands share. */
import type { Flag } from './command.ts'

const bool = (name: string, help: string, short?: string): Flag => ({ name, type: 'bool', help, ...(short ? { short } : {}) })
const text = (name: string, help: string, short?: string): Flag => ({ name, type: 'string', help, ...(short ? { short } : {}) })
const list = (name: string, help: string, short?: string): Flag => ({ name, type: 'array', help, ...(short ? { short } : {}) })

export { bool, list, text }

export const GLOBAL: readonly Flag[] = [
  bool('debug', 'enable verbose output'),
  text('namespace', 'namespace scope for this request', 'n'),
  text('kube-context', 'name of the kubeconfig context to use'),
  text('kubeconfig', 'path to the kubeconfig file'),
  text('kube-apiserver', 'the address and the port for the Kubernetes API server'),
  text('kube-token', 'bearer token used for authentication'),
  text('kube-as-user', 'username to impersonate for the operation'),
  text('registry-config', 'path to the registry config file'),
  text('repository-cache', 'path to the directory containing cached repository indexes'),
  text('repository-config', 'path to the file containing repository names and URLs'),
  { name: 'burst-limit', type: 'int', default: '100', help: 'client-side default throttling limit' },
  { name: 'qps', type: 'string', help: 'queries per second used when communicating with the Kubernetes API' },
  bool('help', 'help for this command', 'h'),
]

export const TIMEOUT: Flag = {
  name: 'timeout',
  type: 'duration',
  default: '5m0s',
  help: 'time to wait for any individual Kubernetes operation (like Jobs for hooks)',
}
export const OUTPUT: Flag = {
  name: 'output',
  short: 'o',
  type: 'string',
  default: 'table',
  help: 'prints the output in the specified format. Allowed values: table, json, yaml',
}
export const REVISION: Flag = { name: 'revision', type: 'int', help: 'use the release with this revision' }

export const VALUES: readonly Flag[] = [
  { name: 'values', short: 'f', type: 'strings', help: 'specify values in a YAML file or a URL (can specify multiple)' },
  list('set', 'set values on the command line (can specify multiple or separate values with commas: key1=val1,key2=val2)'),
  list('set-string', 'set STRING values on the command line'),
  list('set-file', 'set values from respective files specified via the command line'),
  list('set-json', 'set JSON values on the command line'),
  list('set-literal', 'set a literal STRING value on the command line'),
]

export const CHART: readonly Flag[] = [
  text('version', 'specify a version constraint for the chart version to use'),
  bool('verify', 'verify the package before using it'),
  text('repo', 'chart repository url where to locate the requested chart'),
  bool('devel', 'use development versions, too'),
  text('username', 'chart repository username'),
  text('password', 'chart repository password'),
  bool('insecure-skip-tls-verify', 'skip tls certificate checks for the chart download'),
  bool('plain-http', 'use insecure HTTP connections for the chart download'),
  bool('pass-credentials', 'pass credentials to all domains'),
]

const NOT_HERE = 'unsupported here'
export const POST_RENDER: readonly Flag[] = [
  text('post-renderer', `the path to an executable to be used for post rendering (${NOT_HERE})`),
  list('post-renderer-args', `an argument to the post-renderer (${NOT_HERE})`),
]

/** What install, upgrade and template have in common. */
export const INSTALLING: readonly Flag[] = [
  ...VALUES,
  ...CHART,
  ...POST_RENDER,
  TIMEOUT,
  bool('create-namespace', 'create the release namespace if not present'),
  { name: 'dry-run', type: 'optional', alone: 'client', default: 'none', help: 'simulate an install' },
  bool('force', 'force resource updates through a replacement strategy'),
  bool('no-hooks', 'prevent hooks from running during install'),
  bool('wait', 'wait until all resources are in a ready state before marking the release as successful'),
  bool('wait-for-jobs', 'if set and --wait enabled, will wait until all Jobs have been completed'),
  bool('skip-crds', 'if set, no CRDs will be installed'),
  bool('render-subchart-notes', 'if set, render subchart notes along with the parent'),
  bool('skip-schema-validation', 'if set, disables JSON schema validation'),
  bool('disable-openapi-validation', 'if set, the process will not validate rendered templates against the OpenAPI schema'),
  bool('dependency-update', 'update dependencies if they are missing before installing the chart'),
  bool('enable-dns', 'enable DNS lookups when rendering templates'),
  bool('take-ownership', 'ignore the check for helm annotations and take ownership of the existing resources'),
  bool('hide-secret', 'hide Kubernetes Secrets when also using the --dry-run flag'),
  bool('hide-notes', 'if set, do not show notes in the output'),
  bool('atomic', 'if set, the process undoes itself when it fails; --wait will be set automatically'),
  text('description', 'add a custom description'),
  { name: 'labels', short: 'l', type: 'strings', help: 'labels that would be added to release metadata' },
]
