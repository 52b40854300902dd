/** `kubeadm join`: a machine that only runs becomes a Node (cmd/kubeadm/app/cmd/join.go and its phases). */
import { encodeText } from '#api/base64.ts'
import type { AnyObject } from '#api/meta.ts'
import { fail, isAlreadyExists, isNotFound } from '#api/status.ts'
import { kubeconfig } from '../../addons/kubeadm/files.ts'
import * as files from '../node-files.ts'
import { releaseOf } from '../ports.ts'
import { type Discovered, discover } from './discovery.ts'
import { nodeRequest } from './keys.ts'
import { type Problem, preflight } from './preflight.ts'
import { phase, type Step, Stop, type Task, wordsOf } from './task.ts'
import { readToken } from './token.ts'

interface Joining extends Discovered {
  request?: string
  started?: number
}
type Joined = Task<Joining>

const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
const SIGNER = 'kubernetes.io/kube-apiserver-client-kubelet'
const HEALTHY_MS = 500
const RETRY_MS = 1000
const TIMEOUT_MS = 300_000

/** `kubeadm join IP:6443 --token … --discovery-token-ca-cert-hash …`. */
export function begin({ flags }: Pick<Task, 'flags'>): Joining {
  const token = flags.value('token') || flags.value('discovery-token')
  const endpoint = flags.args[0] ?? ''
  if (endpoint === '' && token === '') throw new Stop('discovery: Invalid value: "": bootstrapToken or file must be set')
  const wrong: string[] = []
  if (!flags.has('discovery-token-ca-cert-hash') && !flags.has('discovery-token-unsafe-skip-ca-verification'))
    wrong.push(
      'discovery.bootstrapToken.caCertHashes: Invalid value: "": using token-based discovery without caCertHashes can be unsafe. Set unsafeSkipCAVerification as true in your kubeadm config file or pass --discovery-token-unsafe-skip-ca-verification flag to continue',
    )
  const shown = JSON.stringify(token)
  if (!readToken(token))
    wrong.push(
      `discovery.bootstrapToken.token: Invalid value: ${shown}: the bootstrap token is invalid`,
      `discovery.tlsBootstrapToken: Invalid value: ${shown}: the bootstrap token is invalid`,
    )
  if (wrong.length > 0) throw new Stop(wrong.length > 1 ? `[${wrong.join(', ')}]` : (wrong[0] as string))
  return { endpoint, token }
}

const checks: Step<Joining> = (task) => {
  const { host } = task
  task.say('[preflight] Running pre-flight checks\n')
  const there = (path: string): Problem[] =>
    files.has(host, path) ? [{ check: `FileAvailable-${path.replaceAll('/', '-')}`, words: `${path} already exists` }] : []
  const runs = host.machine?.kubelet.status.isRegistered && !host.machine.isFrozen
  preflight(task, [
    ...there(files.KUBELET_CONF),
    ...(runs ? [{ check: 'Port-10250', words: 'Port 10250 is in use' }] : []),
    ...there(files.CA),
  ])
}

/** Asks as whoever its token says; throws what refuses it. */
function bearer({ host, memo }: Joined, method: 'GET' | 'POST', path: string, body?: unknown): AnyObject {
  const headers = {
    authorization: `Bearer ${memo.token}`,
    'user-agent': `kubelet/${releaseOf(host.packages.installed['kubelet'] ?? '')}`,
  }
  const answer = host.ports.ask({ method, path, headers, ...(body === undefined ? {} : { body }) })
  if (answer.status >= 200 && answer.status < 300) return answer.body as AnyObject
  const { message = '', reason = '' } = answer.body as { message?: string; reason?: string }
  throw fail(answer.status, reason, message)
}

const configMap = (name: string): string => `/api/v1/namespaces/kube-system/configmaps/${name}`

const readConfiguration: Step<Joining> = (task) => {
  const where = 'from the "kubeadm-config" ConfigMap in namespace "kube-system"'
  task.say(`[preflight] Reading configuration ${where}...\n`)
  task.say("[preflight] Use 'kubeadm init phase upload-config kubeadm --config your-config-file' to re-upload it.\n")
  try {
    bearer(task, 'GET', configMap('kubeadm-config'))
  } catch (error) {
    throw new Stop(`unable to fetch the kubeadm-config ConfigMap: failed to get config map: ${wordsOf(error)}`)
  }
  if (!task.flags.has('control-plane')) return
  throw new Stop(
    "\nOne or more conditions for hosting a new control plane instance is not satisfied.\n\nunable to add a new control plane instance to a cluster that doesn't have a stable controlPlaneEndpoint address\n\nPlease ensure that:\n* The cluster has a stable controlPlaneEndpoint address.\n* The certificates that must be shared among control plane instances are provided.\n\n",
  )
}

/** The kubelet is told how to ask for a certificate, and what else it is to do. */
const configure: Step<Joining> = (task) => {
  const { host, memo } = task
  files.put(
    host,
    files.BOOTSTRAP_CONF,
    kubeconfig(
      files.serverOf(host),
      host.ports.authority.certificate,
      'tls-bootstrap-token-user',
      `\n    token: ${memo.token}\n`,
    ),
    0o600,
  )
  files.put(host, files.CA, host.ports.authority.certificate)
  refuseTwin(task)
  const { data } = bearer(task, 'GET', configMap('kubelet-config')) as AnyObject & { data?: Record<string, string> }
  write(task, files.INSTANCE_CONFIG, files.instanceConfig)
  write(task, files.CONFIG, data?.['kubelet'] ?? '')
  files.put(host, files.FLAGS, files.flags)
  task.say(`[kubelet-start] Writing kubelet environment file with flags to file "${files.FLAGS}"\n`)
  task.say('[kubelet-start] Starting the kubelet\n')
}

export function write({ host, say }: Pick<Task, 'host' | 'say'>, path: string, text: string): void {
  files.put(host, path, text)
  say(`[kubelet-start] Writing kubelet configuration to file "${path}"\n`)
}

/** Two machines can't be one Node. */
function refuseTwin(task: Joined): void {
  const { name } = task.host
  try {
    const node = bearer(task, 'GET', `/api/v1/nodes/${name}`) as AnyObject & { status?: any }
    const isReady = node.status?.conditions?.some((each: any) => each.type === 'Ready' && each.status === 'True')
    if (isReady)
      throw new Stop(
        `a Node with name "${name}" and status "Ready" already exists in the cluster. You must delete the existing Node or change the name of this new joining Node`,
      )
  } catch (error) {
    if (!isNotFound(error)) throw error
  }
}

const waitForKubelet: Step<Joining> = (task) => {
  const { memo, host } = task
  if (memo.started === undefined) {
    memo.started = host.ports.world.now
    task.say('[kubelet-check] Waiting for a healthy kubelet at http://127.0.0.1:10248/healthz. This can take up to 4m0s\n')
    return { wait: HEALTHY_MS }
  }
  const took = (HEALTHY_MS + host.ports.world.random('kubeadm').fraction() * 3).toFixed(6)
  task.say(`[kubelet-check] The kubelet is healthy after ${took}ms\n`)
  task.say('[kubelet-start] Waiting for the kubelet to perform the TLS Bootstrap\n')
}

/** The kubelet asks for a certificate in its token's name, and begins its work when it has it. */
const bootstrap: Step<Joining> = (task) => {
  const { memo, host } = task
  const { world } = host.ports
  if (memo.request === undefined) {
    const random = world.random(`kubelet/${host.name}/key`)
    const key = Array.from({ length: 8 }, () => random.below(0x7fffffff).toString(16).padStart(8, '0')).join('')
    const { pem, name } = nodeRequest(host.name, key)
    const spec = { request: encodeText(pem), signerName: SIGNER, usages: ['digital signature', 'client auth'] }
    memo.request = name
    try {
      bearer(task, 'POST', REQUESTS, {
        apiVersion: 'certificates.k8s.io/v1',
        kind: 'CertificateSigningRequest',
        metadata: { name },
        spec,
      })
    } catch (error) {
      if (!isAlreadyExists(error)) throw error
    }
    return { wait: RETRY_MS }
  }
  const certificate = issued(task, memo.request)
  if (certificate === '') {
    if (world.now - (memo.started ?? 0) < TIMEOUT_MS) return { wait: RETRY_MS }
    throw new Stop('failed while waiting for TLS bootstrap: context deadline exceeded')
  }
  files.put(host, files.CERTIFICATE, certificate, 0o600)
  files.placeKubeletConf(host)
  host.machine?.restart(releaseOf(host.packages.installed['kubelet'] ?? ''))
  task.say(
    "\nThis node has joined the cluster:\n* Certificate signing request was sent to apiserver and a response was received.\n* The Kubelet was informed of the new secure connection details.\n\nRun 'kubectl get nodes' on the control-plane to see this node join the cluster.\n\n",
  )
}

function issued(task: Joined, name: string): string {
  try {
    return (bearer(task, 'GET', `${REQUESTS}/${name}`) as AnyObject & { status?: any }).status?.certificate ?? ''
  } catch {
    // Nobody serves just now, or it is not for this token to see.
    return ''
  }
}

export const join: readonly Step<Joining>[] = [
  ...phase('preflight', checks, discover, readConfiguration),
  ...phase('kubelet-start', configure),
  ...phase('kubelet-wait-bootstrap', waitForKubelet, bootstrap),
]
