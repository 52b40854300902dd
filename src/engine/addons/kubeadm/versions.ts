/** What kubeadm 1.36.3 installs (cmd/kubeadm/app/constants). */

export const VERSION = 'v1.36.3'
export const ETCD_VERSION = '3.6.8-0'
