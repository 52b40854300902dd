/** The same state on a real cluster of one's own: a script that makes one with kind, as many machines, and applies what was asked for. */

/** `yaml` goes to kubectl as it is; the first machine of kind is the control plane. */
export function kindScript(yaml: string, machines: number): string {
  const workers = Array.from({ length: Math.max(0, machines) }, () => '- role: worker')
  return `${[
    '#!/bin/sh',
    '# The cluster of Tabernetes as a real one: needs Docker, kind and kubectl.',
    'set -e',
    "kind create cluster --name tabernetes --config - <<'END_OF_KIND'",
    'kind: Cluster',
    'apiVersion: kind.x-k8s.io/v1alpha4',
    'nodes:',
    '- role: control-plane',
    ...workers,
    'END_OF_KIND',
    "kubectl --context kind-tabernetes apply -f - <<'END_OF_YAML'",
    yaml.replace(/\n*$/, ''),
    'END_OF_YAML',
  ].join('\n')}\n`
}
