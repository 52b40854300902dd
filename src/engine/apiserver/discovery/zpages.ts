/** `/statusz` and `/flagz`: since when the API server runs and as what, and with which flags (component-base/zpages). */
import { fail } from '#api/status.ts'
import { formatTime, wordsOfTime } from '#api/time.ts'
import { JSON_TYPE, onlyThese, writtenBy, YAML_TYPE } from '../accept.ts'
import type { Answer, Call } from '../call.ts'
import { clausesOf, servedBy } from '../negotiation.ts'
import { written } from '../projection.ts'
import type { ApiServer } from '../server.ts'

const TEXT = 'text/plain'
const TYPES = [JSON_TYPE, YAML_TYPE, TEXT]
const GROUP = 'config.k8s.io'
const VERSIONS = ['v1alpha1', 'v1beta1']
const PATHS = ['/flagz', '/healthz', '/livez', '/metrics', '/readyz', '/statusz', '/version']

/** The flags that say something of a simulated server; all others have their defaults. */
const FLAGS: Record<string, string> = {
  'allow-privileged': 'true',
  'anonymous-auth': 'true',
  'authorization-mode': '[Node,RBAC]',
  'client-ca-file': '/etc/kubernetes/pki/ca.crt',
  'enable-admission-plugins': '[NodeRestriction]',
  'etcd-servers': '[https://127.0.0.1:2379]',
  profiling: 'false',
  'secure-port': '6443',
  'service-account-issuer': '[https://kubernetes.default.svc.cluster.local]',
  'service-cluster-ip-range': '10.96.0.0/16',
  'tls-cert-file': '/etc/kubernetes/pki/apiserver.crt',
  'tls-private-key-file': '/etc/kubernetes/pki/apiserver.key',
}

export interface Facts {
  address: string
  goVersion: string
}

export function statusz(call: Call, server: ApiServer, { goVersion }: Facts): Answer {
  const { now, epoch } = server.world
  const seconds = Math.floor((now - epoch) / 1000)
  const [binary, emulation] = [server.release.slice(1), '1.36']
  const up = `${Math.floor(seconds / 3600)} hr ${Math.floor(seconds / 60) % 60} min ${seconds % 60} sec`
  const lines = {
    Started: goDate(epoch),
    Up: up,
    'Go version': goVersion,
    'Binary version': binary,
    'Emulation version': emulation,
  }
  const said = Object.entries({ ...lines, Paths: PATHS.join(' ') }).map(([key, value]) => `${key}: ${value}\n`)
  return page(call, server, 'Statusz', `\n${said.join('')}`, {
    startTime: formatTime(epoch),
    uptimeSeconds: seconds,
    goVersion,
    binaryVersion: binary,
    emulationVersion: emulation,
    paths: PATHS,
  })
}

export function flagz(call: Call, server: ApiServer, { address }: Facts): Answer {
  const flags: Record<string, string> = { 'advertise-address': address, ...FLAGS }
  const lines = Object.entries(flags).map(([name, value]) => `${name}: ${value}\n`)
  return page(call, server, 'Flagz', lines.join(''), { flags })
}

/** `Mon Nov 30 09:53:44 UTC 2026` (time.UnixDate). */
function goDate(ms: number): string {
  const { weekday, month, day, clock, year } = wordsOfTime(ms)
  return `${weekday} ${month} ${String(Number(day)).padStart(2)} ${clock} UTC ${year}`
}

const PRIVATE = { 'cache-control': 'no-cache, private' }

/** As text for people, and as an object for whoever asks for exactly that. */
function page(call: Call, server: ApiServer, kind: string, text: string, facts: object): Answer {
  for (const { type, parameters } of clausesOf(call.request.headers?.['accept'] || '*/*')) {
    const { as, g, v = '' } = parameters
    if (as === undefined && (type === TEXT || type === '*/*' || type === 'text/*')) {
      const warning =
        'Warning: This endpoint is not meant to be machine parseable, has no formatting compatibility guarantees and is for debugging purposes only.\n'
      const body = `\napiserver ${kind.toLowerCase()}\n${warning}${text}`
      return { status: 200, headers: { ...PRIVATE, 'content-type': `${TEXT}; charset=utf-8` }, body }
    }
    const found = servedBy(type, writtenBy(server))
    if (as !== kind || g !== GROUP || !VERSIONS.includes(v) || (found !== JSON_TYPE && found !== YAML_TYPE)) continue
    const document = { kind, apiVersion: `${GROUP}/${v}`, metadata: { name: 'apiserver' }, ...facts }
    if (v === 'v1alpha1') {
      call.warnings.push(`This version of the ${kind.toLowerCase()} endpoint is deprecated. Please use a newer version.`)
    }
    const warnings = call.warnings.map((said) => `299 - "${said}"`).join('\n')
    return {
      status: 200,
      headers: { ...PRIVATE, 'content-type': `${found};g=${g};v=${v};as=${as}`, ...(warnings ? { warning: warnings } : {}) },
      body: found === JSON_TYPE ? JSON.stringify(document, null, 2) : written(server, document, found, false),
    }
  }
  throw fail(406, 'NotAcceptable', onlyThese(TYPES))
}
