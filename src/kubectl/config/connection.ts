/** From flags and kubeconfig to a connection: which server, as whom, in which namespace. */

import { decodeText } from '#api/base64.ts'
import type { ApiRequest, Transport, UserInfo } from '#api/request.ts'
import { base64 } from '../base64.ts'
import { KubectlError, Unreachable } from '../error.ts'
import type { Flags } from '../flags.ts'
import type { Io } from '../io.ts'
import { notAPair } from './certificate.ts'
import type { Fields, Kubeconfig } from './kubeconfig.ts'

/** A server and an identity, as a kubeconfig and flags give them. */
export interface Target {
  server: string
  contextName: string
  namespace: string
  clusterName: string
  userName: string
  cluster: Fields
  user: Fields
}

export interface Connection {
  transport: Transport
  user?: UserInfo
  headers?: Record<string, string>
}

/** Opens connections; throws a `KubectlError` where that cannot be. */
export type Connect = (target: Target) => Connection

/** What client-go makes of both, with its words for what is missing; `connects`: before anything else is looked at. */
export function targetOf(config: Kubeconfig, flags: Flags, connects = false): Target {
  const contextName = flags.text('context') || config.currentContext
  const context = config.contexts.get(contextName)
  const none = (what: string, name: string): KubectlError => new KubectlError(`${what} ${JSON.stringify(name)} does not exist`)
  if (flags.text('context') && !context && connects) throw none('context', contextName)
  if (flags.text('context') && !context) throw invalid(`context was not found for specified context: ${contextName}`)
  if (!context && contextName && !flags.text('server'))
    throw invalid(`context was not found for specified context: ${contextName}`)
  const clusterName = flags.text('cluster') || String(context?.['cluster'] ?? '')
  const userName = flags.text('user') || String(context?.['user'] ?? '')
  if (flags.text('cluster') && !config.clusters.has(clusterName))
    throw connects ? none('cluster', clusterName) : new KubectlError(`no server found for cluster ${JSON.stringify(clusterName)}`)
  if (flags.text('user') && !config.users.has(userName)) throw none('auth info', userName)
  const cluster: Fields = { ...config.clusters.get(clusterName) }
  const user: Fields = { ...config.users.get(userName) }
  override(cluster, flags, ['server', 'certificate-authority', 'tls-server-name'])
  override(user, flags, ['client-certificate', 'client-key', 'token', 'username', 'password'])
  if (flags.has('insecure-skip-tls-verify')) cluster['insecure-skip-tls-verify'] = flags.is('insecure-skip-tls-verify')
  const server = String(cluster['server'] ?? '')
  return {
    server: server === '' ? 'http://localhost:8080' : /^https?:/.test(server) ? server : `http://${server}`,
    contextName,
    clusterName,
    userName,
    namespace: flags.text('namespace') || String(context?.['namespace'] ?? '') || 'default',
    cluster,
    user,
  }
}

const CREDENTIALS = [
  ['cluster', 'certificate-authority', 'certificate-authority'],
  ['user', 'client-certificate', 'client-cert'],
  ['user', 'client-key', 'client-key'],
] as const

/** Files that are named must be there before anybody is asked; whom a certificate is for is read from its text. */
export async function checkFiles(io: Io, target: Target): Promise<void> {
  for (const [part, field, word] of CREDENTIALS) {
    const path = target[part][field]
    if (typeof path !== 'string' || path === '' || target[part][`${field}-data`]) continue
    const text = await io.read(path).catch((error: unknown) => {
      const whose = part === 'cluster' ? target.clusterName : target.userName
      throw new KubectlError(
        `unable to read ${word} ${path} for ${whose} due to ${error instanceof Error ? error.message : error}`,
      )
    })
    if (part === 'user') target[part][`${field}-data`] = base64(text)
  }
  if (target.user['client-certificate-data'] && !target.user['client-key-data'])
    throw new KubectlError(
      `client-key-data or client-key must be specified for ${target.userName} to use the clientCert authentication method.`,
    )
}

const invalid = (why: string): KubectlError => new KubectlError(`Error in configuration: ${why}`, 1, true)

function override(fields: Fields, flags: Flags, names: readonly string[]): void {
  for (const name of names) {
    if (!flags.has(name)) continue
    fields[name] = flags.text(name)
    delete fields[`${name}-data`]
  }
}

/** The API server of one of the control plane's machines, where it has several: whether there is such a one, the cluster says. */
const MACHINE = /^https:\/\/(172\.18\.255\.\d+:6443)\/?$/

/** Connections of a terminal that reaches one simulated cluster: any identity, but no address elsewhere. */
export function inTerminal(transport: Transport, address: string, admin: UserInfo | undefined): Connect {
  const all = worded(transport)
  return ({ server, user }) => {
    const [, host] = MACHINE.exec(server) ?? []
    if (!host && server.replace(/\/$/, '') !== address.replace(/\/$/, '')) return { transport: nobodyThere(server) }
    const own = host ? askedAt(all, host) : all
    if (user[OWN]) return { transport: own, ...(admin ? { user: admin } : {}) }
    const token = user['token']
    if (token) return { transport: own, headers: { authorization: `Bearer ${token}` } }
    const certificate = user['client-certificate-data']
    if (typeof certificate === 'string') return { transport: certified(own, certificate, user['client-key-data']) }
    return { transport: own, user: NOBODY }
  }
}

/** As whoever a client certificate is for; with a key that is another's no connection comes about. Both in base64. */
function certified(transport: Transport, data: string, key: unknown): Transport {
  const certificate = decodeText(data) ?? ''
  const problem = notAPair(certificate, decodeText(String(key ?? '')) ?? '')
  if (problem === null) return changed(transport, (request) => ({ ...request, certificate }))
  return unreached(() => new KubectlError(`Unable to connect to the server: ${problem}`, 1, true))
}

/** Marks the user of the page's own kubeconfig: it has no secrets to show. */
export const OWN = 'tabernetes.dev/own'
const NOBODY: UserInfo = { name: 'system:anonymous', groups: ['system:unauthenticated'] }

/** Every request names the server that it is for, as HTTP does. */
const askedAt = (transport: Transport, host: string): Transport =>
  changed(transport, (request) => ({ ...request, headers: { ...request.headers, host } }))

function changed(transport: Transport, change: (request: ApiRequest) => ApiRequest): Transport {
  const { stream } = transport
  return {
    ...transport,
    request: (request) => transport.request(change(request)),
    watch: (request, handlers) => transport.watch(change(request), handlers),
    ...(stream ? { stream: (request, handlers) => stream(change(request), handlers) } : {}),
  }
}

/** What a server that is down is told by: the address stands in the words of whoever could not reach it. */
const REFUSED = /^The connection to the server (\S+) was refused/

/** One for each: what is discovered is kept beside the connection. */
const wordings = new WeakMap<Transport, Transport>()

function worded(transport: Transport): Transport {
  const known = wordings.get(transport) ?? wording(transport)
  wordings.set(transport, known)
  return known
}

/** What it can is handed on one by one: it may be a class of its own. */
function wording(transport: Transport): Transport {
  const { joinsHeaders, simulation, stream } = transport
  return {
    ...(joinsHeaders === undefined ? {} : { joinsHeaders }),
    ...(simulation === undefined ? {} : { simulation }),
    ...(stream === undefined ? {} : { stream: (request, handlers) => stream.call(transport, request, handlers) }),
    watch: (request, handlers) => transport.watch(request, handlers),
    request: (request) =>
      transport.request(request).catch((error: unknown) => {
        const [, address] = (error instanceof Error && REFUSED.exec(error.message)) || []
        throw address === undefined ? error : new Unreachable(`https://${address}`, request.path, request.method)
      }),
  }
}

/** A server that isn't there. */
const nobodyThere = (server: string): Transport => unreached(({ path, method }) => new Unreachable(server, path, method))

const unreached = (why: (request: ApiRequest) => KubectlError): Transport => ({
  request: (request) => Promise.reject(why(request)),
  watch(_, { onEnd }) {
    onEnd?.()
    return () => {}
  },
})
