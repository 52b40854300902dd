/** What kubeadm 1.36.3 installs (cmd/kubeadm/app/constants), and which releases a cluster of kubeadm's may begin with. */
import { RELEASE } from '#api/release.ts'

export const ETCD_VERSION = '3.6.8-0'

/** What runs where when the cluster is set up. */
export interface Releases {
  controlPlane: string
  /** Kubelets of the other machines. */
  workers: string
}

export const NEWEST: Releases = { controlPlane: RELEASE, workers: RELEASE }
/** Two patches behind, and kubelets that still wait for the last minor version. */
export const BEHIND: Releases = { controlPlane: 'v1.36.1', workers: 'v1.35.4' }
