/** The control plane as kubeadm sets it up: on machines that are Nodes, in static Pods, with kube-proxy on every machine. */
import type { Addon } from '../addon.ts'
import { StaticControlPods } from './control-pods.ts'
import { objects } from './objects.ts'

export const kubeadm: Addon = {
  name: 'kubeadm',
  manifests: objects,
  controlPlane: { name: 'control-plane', start: (ports) => new StaticControlPods(ports) },
}
