/** What kubeadm and the kubelet have left on a machine that has joined. */
import { nodeAt, putFile } from '#posix/disk-paths.ts'
import { kubeconfig, PKI } from '../addons/kubeadm/files.ts'
import type { Host } from './ports.ts'

export const KUBELET_CONF = '/etc/kubernetes/kubelet.conf'
export const BOOTSTRAP_CONF = '/etc/kubernetes/bootstrap-kubelet.conf'
export const CA = `${PKI}/ca.crt`
export const CONFIG = '/var/lib/kubelet/config.yaml'
export const INSTANCE_CONFIG = '/var/lib/kubelet/instance-config.yaml'
export const FLAGS = '/var/lib/kubelet/kubeadm-flags.env'
export const CERTIFICATE = '/var/lib/kubelet/pki/kubelet-client-current.pem'

const SOCKET = 'unix:///var/run/containerd/containerd.sock'

export const serverOf = ({ ports }: Host): string => `https://${ports.hosts()[0]?.ip ?? ''}:6443`

/** The kubelet's own, once it has a certificate. */
export function placeKubeletConf(host: Host): void {
  const how = `\n    client-certificate: ${CERTIFICATE}\n    client-key: ${CERTIFICATE}\n`
  put(host, KUBELET_CONF, kubeconfig(serverOf(host), host.ports.authority.certificate, `system:node:${host.name}`, how), 0o600)
}

export const instanceConfig = `apiVersion: kubelet.config.k8s.io/v1beta1
containerRuntimeEndpoint: ${SOCKET}
kind: KubeletConfiguration
`
export const flags = 'KUBELET_KUBEADM_ARGS=""\n'

export function put({ disk, ports }: Host, path: string, text: string, mode = 0o644): void {
  putFile(disk, path, text, { mode, mtime: ports.world.now })
}

export const has = ({ disk }: Host, path: string): boolean => nodeAt(disk, path) !== undefined

/** Of a machine that was a node before anybody logged in. */
export function nodeFiles(host: Host): void {
  if (!host.machine?.kubelet.status.isRegistered || has(host, KUBELET_CONF)) return
  placeKubeletConf(host)
  if (!has(host, CA)) put(host, CA, host.ports.authority.certificate)
  put(host, INSTANCE_CONFIG, instanceConfig)
  put(host, FLAGS, flags)
  const config = host.ports.connect({ user: `system:node:${host.name}`, groups: ['system:nodes'], manager: 'kubeadm' })
  try {
    put(
      host,
      CONFIG,
      (config.get('configmaps', 'kube-system', 'kubelet-config') as { data?: Record<string, string> }).data?.['kubelet'] ?? '',
    )
  } catch {
    // Nobody serves just now: the file is written by the next upgrade.
  }
}
