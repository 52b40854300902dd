/** What else kubeadm leaves below /etc/kubernetes: certificates and kubeconfigs (cmd/kubeadm/app/phases/certs, …/kubeconfig). */
import { formatTime, parseTime } from '#api/time.ts'

export const PKI = '/etc/kubernetes/pki'
const AUTHORITIES = ['ca', 'etcd/ca', 'front-proxy-ca']
const PAIRS = ['apiserver', 'apiserver-etcd-client', 'apiserver-kubelet-client', 'front-proxy-client']
const ETCD_PAIRS = ['etcd/healthcheck-client', 'etcd/peer', 'etcd/server']
const KUBECONFIGS: Readonly<Record<string, string>> = {
  'admin.conf': 'kubernetes-admin',
  'controller-manager.conf': 'system:kube-controller-manager',
  'scheduler.conf': 'system:kube-scheduler',
  'super-admin.conf': 'kubernetes-super-admin',
}

/** How long kubeadm's certificates are good. */
export const YEAR_MS = 365 * 86_400_000

/** Where a file says until when its certificate is good. */
const ENDS = '# Its certificate ends: '
const ends = (until: number): string => `${ENDS}${formatTime(until)}\n`

/** When the certificate in a file ends, in ms since 1970; NaN: it holds none. */
export const endOf = (text: string): number => parseTime(new RegExp(`${ENDS}(\\S+)`).exec(text)?.[1])

/** The same file with a certificate that ends then. */
export const renewed = (text: string, until: number): string => text.replace(new RegExp(`${ENDS}.*\n`), ends(until))

/** Nobody needs these keys here: who a part is, is known without. */
const SIMULATED = '# This cluster is simulated: nothing is kept in this file.\n'

/** `how`: by what the user is known, as lines below `user:`. */
export const kubeconfig = (server: string, user: string, how: string): string => `apiVersion: v1
clusters:
- cluster:
    certificate-authority: ${PKI}/ca.crt
    server: ${server}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: ${user}
  name: ${user}@kubernetes
current-context: ${user}@kubernetes
kind: Config
users:
- name: ${user}
  user:${how}`

/** Path and text of each. `certificate`: the cluster's authority's, which stands for all three. */
export function filesOf(ip: string, certificate: string, now: number): [path: string, text: string][] {
  const pairs = [...PAIRS, ...ETCD_PAIRS]
  const until = now + YEAR_MS
  return [
    ...AUTHORITIES.map((name): [string, string] => [`${PKI}/${name}.crt`, certificate]),
    ...[...AUTHORITIES, ...pairs, 'sa'].map((name): [string, string] => [`${PKI}/${name}.key`, SIMULATED]),
    ...pairs.map((name): [string, string] => [`${PKI}/${name}.crt`, `${SIMULATED}${ends(until)}`]),
    [`${PKI}/sa.pub`, SIMULATED],
    ...Object.entries(KUBECONFIGS).map(([file, user]): [string, string] => [
      `/etc/kubernetes/${file}`,
      kubeconfig(`https://${ip}:6443`, user, ` {}\n${ends(until)}`),
    ]),
  ]
}
