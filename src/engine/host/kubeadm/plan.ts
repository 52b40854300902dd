/** `kubeadm upgrade plan`: what could be upgraded to what (cmd/kubeadm/app/cmd/upgrade/plan.go, phases/upgrade/compute.go). */
import { RELEASE } from '#api/release.ts'
import type { Api } from '../../machinery/client.ts'
import { releaseOf } from '../ports.ts'
import {
  COMPONENTS,
  checkJob,
  dnsVersion,
  type Health,
  healthProblems,
  NO_DNS,
  readConfiguration,
  versionsOf,
} from './cluster.ts'
import { preflight } from './preflight.ts'
import { compared, type Release, readRelease } from './release.ts'
import { table } from './tables.ts'
import { admin, type Step, Stop } from './task.ts'

const LINE = '_____________________________________________________________________\n\n'
const DNS = 'v1.14.2'
const ETCD = '3.6.8-0'

const look: Step<Health> = (task) => {
  task.say('[preflight] Running pre-flight checks.\n')
  const api = admin(task)
  preflight(task, dnsVersion(api) ? [] : NO_DNS)
  readConfiguration(task, api, 'upgrade/config')
}

const health: Step<Health> = (task) => checkJob(task, admin(task), task.memo)

const tell: Step<Health> = (task) => {
  const { host, flags, say } = task
  const api = admin(task)
  preflight(task, healthProblems(task, api, task.memo))
  const asked = flags.args[0]
  const target = readRelease(asked ?? RELEASE)
  if (!target)
    throw new Stop(
      `[upgrade/versions] FATAL: Couldn't parse version stable version: could not parse ${JSON.stringify(asked)} as version`,
    )
  say('[upgrade] Fetching available versions to upgrade to\n')
  const servers = [...versionsOf(api, 'kube-apiserver').keys()].flatMap((each) => readRelease(each) ?? [])
  const cluster = servers.sort(compared).at(-1)
  if (!cluster) throw new Stop('[upgrade/versions] FATAL: no kube-apiserver was found')
  const kubeadm = releaseOf(host.packages.installed['kubeadm'] ?? '')
  say(`[upgrade/versions] Cluster version: ${cluster.text.slice(1)}\n`)
  say(`[upgrade/versions] kubeadm version: ${kubeadm}\n`)
  say(`[upgrade/versions] Target version: ${target.text}\n`)
  const series = `version in the v1.${cluster.minor} series`
  say(`[upgrade/versions] Latest ${series}: ${target.text}\n\n`)
  if (compared(cluster, target) >= 0) return
  say(plan(api, cluster, target, series, kubeadm))
  say(STATES)
}

function plan(api: Api, cluster: Release, target: Release, series: string, kubeadm: string): string {
  const kubelets = versionsOf(api, 'kubelet')
  const header = ['COMPONENT', 'NODE', 'CURRENT', 'TARGET']
  const rows = (name: string, to: string, found = versionsOf(api, name)): string[][] =>
    [...found].flatMap(([version, nodes]) => nodes.map((node) => [name, node, version, to]))
  const mayUpgrade = kubelets.size > 1 || (kubelets.size === 1 && !kubelets.has(target.text))
  const components = [
    ...COMPONENTS.flatMap((name) => rows(name, target.text)),
    ['kube-proxy', '', cluster.text.slice(1), target.text],
    ['CoreDNS', '', dnsVersion(api), DNS],
    ...rows('etcd', ETCD),
  ]
  const note =
    kubeadm === target.text ? '' : `Note: Before you can perform this upgrade, you have to update kubeadm to ${target.text}.\n\n`
  return `Components that must be upgraded manually after you have upgraded the control plane with 'kubeadm upgrade apply':
${table([header, ...(mayUpgrade ? rows('kubelet', target.text, kubelets) : [])])}
Upgrade to the latest ${series}:

${table([header, ...components])}
You can now apply the upgrade by executing the following command:

\tkubeadm upgrade apply ${target.text}

${note}${LINE}`
}

const STATES = `
The table below shows the current state of component configs as understood by this version of kubeadm.
Configs that have a "yes" mark in the "MANUAL UPGRADE REQUIRED" column require manual config upgrade or
resetting to kubeadm defaults before a successful upgrade can be performed. The version to manually
upgrade to is denoted in the "PREFERRED VERSION" column.

${table([
  ['API GROUP', 'CURRENT VERSION', 'PREFERRED VERSION', 'MANUAL UPGRADE REQUIRED'],
  ['kubeproxy.config.k8s.io', 'v1alpha1', 'v1alpha1', 'no'],
  ['kubelet.config.k8s.io', 'v1beta1', 'v1beta1', 'no'],
])}${LINE}`

export const upgradePlan: readonly Step<Health>[] = [look, health, tell]
