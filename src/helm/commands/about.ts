/** helm version, env, and what this helm cannot do. */
import { type Command, command } from '../command.ts'
import { bool, text } from '../flags.ts'
import { HelmError } from '../io.ts'
import { HELM_VERSION } from '../render/capabilities.ts'

const GO_VERSION = 'go1.26.8'

export const versionCommand = command({
  name: 'version',
  short: 'print the client version information',
  flags: [
    bool('short', 'print the version number'),
    text('template', 'template for version string format'),
    bool('client', 'print the client version information', 'c'),
  ],
  async run({ io, flags }) {
    if (flags.has('template')) throw new HelmError('--template is not supported here')
    io.out(
      flags.is('short')
        ? `${HELM_VERSION}\n`
        : `version.BuildInfo{Version:"${HELM_VERSION}", GitCommit:"", GitTreeState:"clean", GoVersion:"${GO_VERSION}"}\n`,
    )
  },
})

export const envCommand = command({
  name: 'env',
  short: 'helm client environment information',
  args: { atMost: 1 },
  async run({ io, args, namespace }) {
    const known: Record<string, string> = {
      HELM_BIN: 'helm',
      HELM_DEBUG: 'false',
      HELM_DRIVER: 'secret',
      HELM_MAX_HISTORY: '10',
      HELM_NAMESPACE: namespace,
      HELM_REPOSITORY_CONFIG: '.config/helm/repositories.yaml',
    }
    const [name] = args
    if (name !== undefined) return io.out(`${known[name] ?? ''}\n`)
    io.out(
      Object.entries(known)
        .map(([key, value]) => `${key}="${value}"\n`)
        .join(''),
    )
  },
})

/** What needs other servers, keys or programs, and says so. */
const refused = (name: string, short: string, why: string): Command => ({
  name,
  short,
  async run() {
    throw new HelmError(`helm ${name} is not supported here: ${why}`)
  },
})

export const refusedCommands: readonly Command[] = [
  refused('completion', 'generate autocompletion scripts for the specified shell', 'the terminal completes by itself'),
  refused('plugin', 'install, list, or uninstall Helm plugins', 'there are no programs to run'),
  refused('push', 'push a chart to remote', 'no registry can be reached'),
  refused('registry', 'login to or logout from a registry', 'no registry can be reached'),
  refused('verify', 'verify that a chart at the given path has been signed and is valid', 'there are no keys'),
]
