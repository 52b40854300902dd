/** The names of the simulated disk driver, and who its parts are. */
import type { Identity } from '../../machinery/client.ts'

export const DRIVER = 'disk.csi.tabernetes.dev'
export const NAMESPACE = 'kube-system'
export const ACCOUNT = 'csi-disk-controller'
export const ZONE = 'topology.kubernetes.io/zone'

export const identity: Identity = { user: `system:serviceaccount:${NAMESPACE}:${ACCOUNT}`, manager: 'csi-disk-controller' }
