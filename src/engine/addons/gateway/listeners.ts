/** Which of a Gateway's listeners can be served, and if not why (nginx-gateway-fabric's graph/gateway_listener.go). */
import { decodeText } from '#api/base64.ts'
import { type FieldError, forbiddenField, invalid, notListed, notSupported, required, tooMany } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import { isGranted } from './grants.ts'
import { type Caches, type Condition, type Gateway, GROUP, type Listener } from './kinds.ts'
import { listenerInvalid, listenerUnresolved, protocolConflict, wrongRouteKinds } from './words.ts'

export interface JudgedListener {
  listener: Listener
  /** What is wrong with it. */
  conditions: Condition[]
  valid: boolean
  /** Routes may attach to it, even if it is not valid. */
  attachable: boolean
  kinds: { group: string; kind: string }[]
}

const PROTOCOLS = ['HTTP', 'HTTPS']
/** Requests in HTTP are all that this network carries. */
const ROUTE_KINDS = [{ group: GROUP, kind: 'HTTPRoute' }]
/** Ports that the proxy needs for itself. */
const OWN_PORTS: Readonly<Record<number, string>> = { 8081: 'HealthPort', 9113: 'MetricsPort' }

const text = ({ field, message }: FieldError): string => `${field}: ${message}`
const unsupported = (error: FieldError): Condition[] => listenerInvalid('UnsupportedValue', text(error))

export function judgeListeners(gateway: Gateway, caches: Caches): JudgedListener[] {
  const judged = gateway.spec.listeners.map(judge)
  clashes(judged)
  for (const each of judged) if (each.valid && each.listener.protocol === 'HTTPS') certificate(each, gateway, caches)
  return judged
}

function judge(listener: Listener): JudgedListener {
  const { protocol } = listener
  if (!PROTOCOLS.includes(protocol)) {
    const message = text(notListed('protocol', protocol, PROTOCOLS))
    const conditions = listenerInvalid('UnsupportedProtocol', message)
    return { listener, conditions, valid: false, attachable: false, kinds: [] }
  }
  const { conditions: kindsWrong, kinds } = kindsOf(listener)
  const selects = listener.allowedRoutes?.namespaces
  const noSelector =
    selects?.from === 'Selector' && !selects.selector
      ? listenerInvalid('UnsupportedValue', "Listener's AllowedRoutes Selector must be set when From is set to type Selector")
      : []
  const conditions = [
    ...kindsWrong,
    ...noSelector,
    ...portOf(listener),
    ...(protocol === 'HTTP' ? plain(listener) : secure(listener)),
  ]
  const attachable = kindsWrong.length + noSelector.length === 0
  return { listener, conditions, valid: conditions.length === 0, attachable, kinds }
}

function kindsOf({ protocol, allowedRoutes }: Listener): { conditions: Condition[]; kinds: JudgedListener['kinds'] } {
  if (!allowedRoutes?.kinds) return { conditions: [], kinds: ROUTE_KINDS }
  const conditions: Condition[] = []
  const kinds = new Map<string, { group: string; kind: string }>()
  for (const { group = GROUP, kind } of allowedRoutes.kinds) {
    if (ROUTE_KINDS.some((each) => each.group === group && each.kind === kind)) kinds.set(`${group}/${kind}`, { group, kind })
    else conditions.push(...wrongRouteKinds(`Unsupported route kind for protocol ${protocol} "${group}/${kind}"`))
  }
  return { conditions, kinds: [...kinds.values()] }
}

function portOf({ port }: Listener): Condition[] {
  const taken = OWN_PORTS[port]
  return taken === undefined ? [] : unsupported(invalid('port', port, `port is already in use as ${taken}`))
}

const plain = ({ tls }: Listener): Condition[] =>
  tls ? unsupported(forbiddenField('tls', 'tls is not supported for HTTP listener')) : []

function secure({ tls }: Listener): Condition[] {
  if (!tls) return unsupported(required('TLS', 'tls must be defined for HTTPS listener'))
  const { mode = 'Terminate', options = {}, certificateRefs = [] } = tls
  const found: Condition[] = []
  if (mode !== 'Terminate') found.push(...unsupported(notSupported('tls.mode', mode, ['Terminate'])))
  for (const key of Object.keys(options)) found.push(...unsupported(notSupported(`tls.options[${key}]`, key, [])))
  const [first, ...more] = certificateRefs
  if (!first) {
    const wrong = required('tls.certificateRefs', 'certificateRefs must be defined for TLS mode terminate')
    return [...found, ...listenerUnresolved('InvalidCertificateRef', text(wrong))]
  }
  const { group = '', kind = 'Secret' } = first
  const path = 'tls.certificateRefs[0]'
  if (kind !== 'Secret')
    found.push(...listenerUnresolved('InvalidCertificateRef', text(notSupported(`${path}.kind`, kind, ['Secret']))))
  if (group !== '') found.push(...listenerUnresolved('InvalidCertificateRef', text(notSupported(`${path}.group`, group, ['']))))
  if (more.length > 0) found.push(...unsupported(tooMany('tls.certificateRefs', certificateRefs.length, 1)))
  return found
}

/** Two protocols can't share a port. */
function clashes(judged: readonly JudgedListener[]): void {
  const byPort = new Map<number, JudgedListener[]>()
  for (const each of judged) {
    if (!each.valid) continue
    const { port } = each.listener
    byPort.set(port, [...(byPort.get(port) ?? []), each])
  }
  for (const [port, list] of byPort) {
    if (new Set(list.map(({ listener }) => listener.protocol)).size < 2) continue
    const message = `Multiple listeners for the same port ${port} specify incompatible protocols; ensure only one protocol per port`
    for (const each of list) {
      each.valid = false
      each.conditions.push(...protocolConflict(message))
    }
  }
}

function certificate(judged: JudgedListener, { metadata }: Gateway, caches: Caches): void {
  const own = metadata.namespace ?? ''
  const { name = '', namespace = own } = judged.listener.tls?.certificateRefs?.[0] ?? {}
  if (namespace !== own && !isGranted(caches, { kind: 'Gateway', namespace: own }, { kind: 'Secret', namespace, name })) {
    const message = `Certificate ref to secret ${namespace}/${name} not permitted by any ReferenceGrant`
    judged.conditions.push(...listenerUnresolved('RefNotPermitted', message))
    judged.valid = false
    return
  }
  const why = unfit(caches.cache<AnyObject>('secrets').get(namespace, name))
  if (why === null) return
  const wrong = invalid('tls.certificateRefs[0]', { Namespace: namespace, Name: name }, why)
  judged.conditions.push(...listenerUnresolved('InvalidCertificateRef', text(wrong)))
  judged.valid = false
}

const PEM = /^-----BEGIN [A-Z ]+-----/

/** Why a Secret can't be served with; null: it can. */
function unfit(secret: AnyObject | undefined): string | null {
  if (!secret) return 'secret does not exist'
  if (secret['type'] !== 'kubernetes.io/tls') return `unsupported secret type "${secret['type']}"`
  const { 'tls.crt': crt = '', 'tls.key': key = '' } = (secret['data'] ?? {}) as Record<string, string>
  const isPem = (value: string): boolean => PEM.test(decodeText(value) ?? '')
  if (!isPem(crt) || !isPem(key)) return 'TLS secret is invalid: tls: failed to find any PEM data in certificate input'
  return null
}
