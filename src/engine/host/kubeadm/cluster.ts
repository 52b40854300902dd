/** What kubeadm asks a cluster before it upgrades it: its configuration, its health, and which versions run where. */
import type { AnyObject } from '#api/meta.ts'
import { nodeAt } from '#posix/disk-paths.ts'
import type { Api } from '../../machinery/client.ts'
import { type Pause, type Task, wordsOf } from './task.ts'

const SYSTEM = 'kube-system'
export const COMPONENTS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler']
export const manifestPath = (component: string): string => `/etc/kubernetes/manifests/${component}.yaml`

/** `prefix`: `upgrade/config`. */
export function readConfiguration(
  { say }: Pick<Task, 'say'>,
  api: Api,
  prefix: string,
): AnyObject & { data: Record<string, string> } {
  say(`[${prefix}] Reading configuration from the "kubeadm-config" ConfigMap in namespace "kube-system"...\n`)
  say(`[${prefix}] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.\n`)
  return api.get('configmaps', SYSTEM, 'kubeadm-config') as AnyObject & { data: Record<string, string> }
}

export const podsOf = (api: Api, component: string): (AnyObject & { spec: any; status?: any })[] =>
  (api.list('pods', SYSTEM) as (AnyObject & { spec: any })[]).filter(
    ({ metadata }) => metadata.labels?.['component'] === component && metadata.labels['tier'] === 'control-plane',
  )

const tagOf = (image: string): string => image.slice(image.lastIndexOf(':') + 1)

/** By version: the nodes it runs on. */
export function versionsOf(api: Api, component: string): Map<string, string[]> {
  const found = new Map<string, string[]>()
  const add = (version: string, node: string): void => void found.set(version, [...(found.get(version) ?? []), node])
  if (component === 'kubelet')
    for (const node of api.list('nodes') as (AnyObject & { status: any })[])
      add(node.status.nodeInfo.kubeletVersion, node.metadata.name)
  else for (const { spec } of podsOf(api, component)) add(tagOf(spec.containers[0].image), spec.nodeName)
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)))
}

/** The version of the DNS addon; empty: there is none. */
export function dnsVersion(api: Api): string {
  const found = (api.list('deployments.apps', SYSTEM) as (AnyObject & { spec: any })[]).find(
    ({ metadata }) => metadata.labels?.['k8s-app'] === 'kube-dns',
  )
  return found ? tagOf(found.spec.template.spec.containers[0].image) : ''
}

export const NO_DNS = [
  { check: 'CoreDNSUnsupportedPlugins', words: "start version '' not supported" },
  { check: 'CoreDNSMigration', words: "CoreDNS will not be upgraded: start version '' not supported" },
]

export interface Health {
  job?: string
  since?: number
  unhealthy?: string
}

const TIMEOUT_MS = 60_000
const POLL_MS = 1000

const jobOf = (name: string) => ({
  metadata: { name, namespace: SYSTEM },
  spec: {
    backoffLimit: 0,
    ttlSecondsAfterFinished: 65,
    activeDeadlineSeconds: 65,
    template: {
      spec: {
        restartPolicy: 'Never',
        securityContext: { runAsUser: 999, runAsGroup: 999, runAsNonRoot: true },
        tolerations: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
        containers: [{ name: 'upgrade-health-check', image: 'registry.k8s.io/pause:3.10.2', args: ['-v'] }],
      },
    },
  },
})

/** Whether the cluster takes a Job and finishes it within a minute. */
export function checkJob({ host, say }: Task, api: Api, memo: Health): Pause {
  const { now } = host.ports.world
  if (memo.job === undefined) {
    say('[upgrade] Running cluster health checks\n')
    memo.job = `upgrade-health-check-${now}`
    memo.since = now
    api.create('jobs.batch', jobOf(memo.job) as never, { because: 'whether the cluster takes work before it is upgraded' })
    return { wait: POLL_MS }
  }
  if (isComplete(api, memo.job)) return
  if (now - (memo.since ?? 0) < TIMEOUT_MS) return { wait: POLL_MS }
  memo.unhealthy = `Job "${memo.job}" in the namespace "${SYSTEM}" did not complete in 1m0s: no condition of type Complete`
}

function isComplete(api: Api, name: string): boolean {
  try {
    const { status } = api.get('jobs.batch', SYSTEM, name) as AnyObject & { status?: any }
    return (status?.conditions ?? []).some(({ type }: { type: string }) => type === 'Complete')
  } catch (error) {
    wordsOf(error)
    return false
  }
}

const ROLE = 'node-role.kubernetes.io/control-plane'

/** What is wrong with the cluster, once its Job has been looked at. */
export function healthProblems({ host }: Task, api: Api, memo: Health): { check: string; words: string }[] {
  const notReady = (api.list('nodes') as (AnyObject & { status: any })[])
    .filter(({ metadata, status }) => {
      const ready = status.conditions?.find(({ type }: { type: string }) => type === 'Ready')
      return metadata.labels?.[ROLE] !== undefined && ready?.status !== 'True'
    })
    .map(({ metadata }) => metadata.name)
  const missing = COMPONENTS.map(manifestPath).filter((path) => !nodeAt(host.disk, path))
  return [
    ...(memo.unhealthy ? [{ check: 'CreateJob', words: memo.unhealthy }] : []),
    ...(notReady.length > 0
      ? [{ check: 'ControlPlaneNodesReady', words: `there are NotReady control-planes in the cluster: [${notReady.join(' ')}]` }]
      : []),
    ...(missing.length > 0 ? [{ check: 'StaticPodManifest', words: `manifest files not found: [${missing.join(' ')}]` }] : []),
  ]
}
