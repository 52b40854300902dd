/** Commands of the real kubectl that this one does not have, each with a reason and what to do instead. */
import { type Command, command, KubectlError } from '../command.ts'
import { findObjects } from '../targets.ts'

/** Those that concern a Pod say first if it is not there. */
const refusal = (name: string, short: string, why: string, ofPod = false): Command =>
  command({
    name,
    short: `${short} (not supported here)`,
    usage: name,
    lenient: true,
    async run(context) {
      const [target] = context.words.filter((word) => !word.startsWith('-'))
      if (ofPod && target) await findObjects(context, target.includes('/') ? [target] : ['pods', target])
      throw new KubectlError(`kubectl ${name} is not supported here: ${why}`)
    },
  })

const top = (name: string, aliases: string[]): Command =>
  command({
    name,
    aliases,
    short: `Display resource (CPU/memory) usage of ${name}s`,
    usage: `top ${name}`,
    lenient: true,
    async run() {
      throw new KubectlError('Metrics API not available')
    },
  })

export const refused: readonly Command[] = [
  command({
    name: 'top',
    short: 'Display resource (CPU/memory) usage',
    usage: 'top',
    subcommands: [top('node', ['nodes', 'no']), top('pod', ['pods', 'po'])],
  }),
  refusal(
    'attach',
    'Attach to a running container',
    'containers cannot be typed into; "kubectl logs -f" shows what they print',
    true,
  ),
  refusal('certificate', 'Modify certificate resources', 'patch the approval subresource of the CertificateSigningRequest'),
  refusal('completion', 'Output shell completion code for the specified shell', 'this terminal completes by itself: press Tab'),
  refusal('cp', 'Copy files and directories to and from containers', 'containers cannot be entered'),
  refusal('debug', 'Create debugging sessions for troubleshooting workloads and nodes', 'containers cannot be entered', true),
  refusal(
    'edit',
    'Edit a resource on the server',
    'there is no editor in this terminal; use "kubectl patch", or "kubectl get -o yaml" and "kubectl apply -f"',
  ),
  refusal('exec', 'Execute a command in a container', 'containers cannot be entered', true),
  refusal('kustomize', 'Build a kustomization target from a directory or URL', 'write plain manifests'),
  refusal('plugin', 'Provides utilities for interacting with plugins', 'there are no plugins in this terminal'),
  refusal(
    'port-forward',
    'Forward one or more local ports to a pod',
    'there are no ports of your own machine in this terminal',
    true,
  ),
  refusal(
    'proxy',
    'Run a proxy to the Kubernetes API server',
    'the terminal reaches the API server already; "kubectl get --raw" asks any path',
  ),
]
