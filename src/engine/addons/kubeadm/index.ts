/** The control plane as kubeadm sets it up: on machines that are Nodes, in static Pods, with kube-proxy on every machine. */
import type { Addon } from '../addon.ts'
import { StaticControlPods } from './control-pods.ts'
import { objectsOf } from './objects.ts'
import { BEHIND, NEWEST, type Releases } from './versions.ts'

const withReleases = (name: string, releases: Releases): Addon => ({
  name,
  manifests: objectsOf(releases.controlPlane),
  kubelet: releases.workers,
  controlPlane: { name: 'control-plane', start: (ports) => new StaticControlPods(ports, releases.controlPlane) },
})

export const kubeadm = withReleases('kubeadm', NEWEST)
/** The same, when there was less to be had: for who wants to upgrade it. */
export const olderKubeadm = withReleases('kubeadm-1.36.1', BEHIND)
