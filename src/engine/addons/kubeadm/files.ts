/** What else kubeadm leaves below /etc/kubernetes: certificates and kubeconfigs (cmd/kubeadm/app/phases/certs, …/kubeconfig). */

const PKI = '/etc/kubernetes/pki'
const AUTHORITIES = ['ca', 'etcd/ca', 'front-proxy-ca']
const PAIRS = ['apiserver', 'apiserver-etcd-client', 'apiserver-kubelet-client', 'front-proxy-client']
const ETCD_PAIRS = ['etcd/healthcheck-client', 'etcd/peer', 'etcd/server']
const KUBECONFIGS: Readonly<Record<string, string>> = {
  'admin.conf': 'kubernetes-admin',
  'controller-manager.conf': 'system:kube-controller-manager',
  'scheduler.conf': 'system:kube-scheduler',
  'super-admin.conf': 'kubernetes-super-admin',
}

/** Nobody needs these keys here: who a part is, is known without. */
const SIMULATED = '# This cluster is simulated: nothing is kept in this file.\n'

const kubeconfig = (server: string, user: string): string => `apiVersion: v1
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
preferences: {}
users:
- name: ${user}
  user: {}
`

/** Path and text of each. `certificate`: the cluster's authority's, which stands for all three. */
export function filesOf(ip: string, certificate: string): [path: string, text: string][] {
  const pairs = [...PAIRS, ...ETCD_PAIRS]
  return [
    ...AUTHORITIES.map((name): [string, string] => [`${PKI}/${name}.crt`, certificate]),
    ...[...AUTHORITIES, ...pairs, 'sa'].map((name): [string, string] => [`${PKI}/${name}.key`, SIMULATED]),
    ...pairs.map((name): [string, string] => [`${PKI}/${name}.crt`, SIMULATED]),
    [`${PKI}/sa.pub`, SIMULATED],
    ...Object.entries(KUBECONFIGS).map(([file, user]): [string, string] => [
      `/etc/kubernetes/${file}`,
      kubeconfig(`https://${ip}:6443`, user),
    ]),
  ]
}
