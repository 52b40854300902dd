/** The kubeconfig that a server of ours writes: its address, its authority, and a certificate for the administrator. */
import type { Authority } from './x509.ts'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

/** For the administrator of the cluster at this address. */
export function kubeconfigOf(authority: Authority, url: string): string {
  const admin = authority.client({ name: 'kubernetes-admin', groups: ['system:masters'] })
  return `apiVersion: v1
kind: Config
clusters:
- name: tabernetes
  cluster:
    server: ${url}
    certificate-authority-data: ${base64(authority.certificate)}
users:
- name: kubernetes-admin
  user:
    client-certificate-data: ${base64(admin.certificate)}
    client-key-data: ${base64(admin.key)}
contexts:
- name: tabernetes
  context:
    cluster: tabernetes
    user: kubernetes-admin
    namespace: default
current-context: tabernetes
`
}
