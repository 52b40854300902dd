/** The certificates of a control plane's machine: which there are, and `kubeadm certs` (cmd/kubeadm/app/cmd/certs.go). */
import { humanDuration, MONTHS, wordsOfTime } from '#api/time.ts'
import { readFile } from '#posix/disk-paths.ts'
import { endOf, PKI, renewed, YEAR_MS } from '../../addons/kubeadm/files.ts'
import { endOf as authorityEnds } from '../../machinery/issued-certificates.ts'
import { put } from '../node-files.ts'
import type { Host } from '../ports.ts'
import { readConfiguration } from './cluster.ts'
import { table } from './tables.ts'
import { type Step, Stop, type Task, wordsOf } from './task.ts'

interface Kept {
  path: string
  authority: string
  words: string
}

const certificate = (file: string, authority: string, words: string): Kept => ({ path: `${PKI}/${file}.crt`, authority, words })
const embedded = (file: string, words: string): Kept => ({
  path: `/etc/kubernetes/${file}`,
  authority: 'ca',
  words: `certificate embedded in the kubeconfig file for the ${words}`,
})

/** In the order of their names. */
const CERTIFICATES: Readonly<Record<string, Kept>> = {
  'admin.conf': embedded('admin.conf', 'admin to use and for kubeadm itself'),
  apiserver: certificate('apiserver', 'ca', 'certificate for serving the Kubernetes API'),
  'apiserver-etcd-client': certificate('apiserver-etcd-client', 'etcd-ca', 'certificate the apiserver uses to access etcd'),
  'apiserver-kubelet-client': certificate(
    'apiserver-kubelet-client',
    'ca',
    'certificate for the API server to connect to kubelet',
  ),
  'controller-manager.conf': embedded('controller-manager.conf', 'controller manager to use'),
  'etcd-healthcheck-client': certificate(
    'etcd/healthcheck-client',
    'etcd-ca',
    'certificate for liveness probes to healthcheck etcd',
  ),
  'etcd-peer': certificate('etcd/peer', 'etcd-ca', 'certificate for etcd nodes to communicate with each other'),
  'etcd-server': certificate('etcd/server', 'etcd-ca', 'certificate for serving etcd'),
  'front-proxy-client': certificate('front-proxy-client', 'front-proxy-ca', 'certificate for the front proxy client'),
  'scheduler.conf': embedded('scheduler.conf', 'scheduler manager to use'),
  'super-admin.conf': embedded('super-admin.conf', 'super-admin'),
}

const AUTHORITIES: Readonly<Record<string, string>> = { ca: 'ca', 'etcd-ca': 'etcd/ca', 'front-proxy-ca': 'front-proxy-ca' }

/** What each component's upgrade renews (phases/upgrade/staticpods.go). */
export const RENEWED_WITH: Readonly<Record<string, readonly string[]>> = {
  etcd: ['etcd-server', 'etcd-peer', 'etcd-healthcheck-client'],
  'kube-apiserver': ['apiserver', 'apiserver-kubelet-client', 'front-proxy-client', 'apiserver-etcd-client'],
  'kube-controller-manager': ['controller-manager.conf'],
  'kube-scheduler': ['scheduler.conf'],
}

/** False: the file is not there. */
export function renew(host: Host, name: string): boolean {
  const { path } = CERTIFICATES[name] as Kept
  const text = readFile(host.disk, path)
  if (text === undefined) return false
  const { world, authority } = host.ports
  put(host, path, renewed(text, world.now, world.now + YEAR_MS, authority), 0o600)
  return true
}

/** `Dec 01, 2027 08:57 UTC`. */
function dated(ms: number): string {
  const { day, month, year, clock } = wordsOfTime(ms)
  return `${MONTHS.find((each) => month.startsWith(each)) ?? month} ${day.padStart(2, '0')}, ${year} ${clock.slice(0, 5)} UTC`
}

function configuration(task: Task, prefix: string): void {
  try {
    const api = task.host.as('admin.conf')
    if (!api) throw new Stop('')
    readConfiguration(task, api, prefix)
    task.say('\n')
  } catch (error) {
    wordsOf(error)
    task.say(`[${prefix}] Error reading configuration from the Cluster. Falling back to default configuration\n\n`)
  }
}

export const checkExpiration: Step = (task) => {
  const { host, say } = task
  const { now } = host.ports.world
  configuration(task, 'check-expiration')
  const left = (until: number): string => humanDuration(until - now)
  const rows = Object.entries(CERTIFICATES).map(([name, { path, authority }]) => {
    const text = readFile(host.disk, path)
    if (text === undefined) return [`!MISSING! ${name}`, '', '', '', '']
    return [name, dated(endOf(text)), left(endOf(text)), authority, 'no      ']
  })
  const authorities = Object.entries(AUTHORITIES).map(([name, file]) => {
    const text = readFile(host.disk, `${PKI}/${file}.crt`)
    if (text === undefined) return [`!MISSING! ${name}`, '', '', '']
    return [name, dated(authorityEnds(text)), left(authorityEnds(text)), 'no      ']
  })
  say(table([['CERTIFICATE', 'EXPIRES', 'RESIDUAL TIME', 'CERTIFICATE AUTHORITY', 'EXTERNALLY MANAGED'], ...rows]))
  say('\n')
  say(table([['CERTIFICATE AUTHORITY', 'EXPIRES', 'RESIDUAL TIME', 'EXTERNALLY MANAGED'], ...authorities]))
}

export const renewCertificates: Step = (task) => {
  const { host, flags, say } = task
  const [which = ''] = flags.args
  if (which !== 'all' && !Object.hasOwn(CERTIFICATES, which))
    throw new Stop(`unknown command ${JSON.stringify(which)} for "kubeadm certs renew"`)
  configuration(task, 'renew')
  for (const [name, { words }] of Object.entries(CERTIFICATES))
    if (which === 'all' || which === name) say(renew(host, name) ? `${words} renewed\n` : `MISSING! ${words}\n`)
  if (which === 'all')
    say(
      '\nDone renewing certificates. You must restart the kube-apiserver, kube-controller-manager, kube-scheduler and etcd, so that they can use the new certificates.\n',
    )
}
