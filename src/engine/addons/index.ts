/** All addons. Adding one: its file, and a line here. */
import type { Addon } from './addon.ts'
import { busyDay } from './busy-day/index.ts'
import { clusterAutoscaler } from './cluster-autoscaler/index.ts'
import { disk } from './disk/index.ts'
import { FIRST } from './first.ts'
import { gateway } from './gateway/index.ts'
import { ingress } from './ingress/index.ts'
import { kubeadm, olderKubeadm } from './kubeadm/index.ts'

export { allAddons } from './install.ts'

export const ADDONS: readonly Addon[] = [...FIRST, busyDay, clusterAutoscaler, disk, gateway, ingress, kubeadm, olderKubeadm]
