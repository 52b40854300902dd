/** The certificates of a control plane's machine: which kubeadm makes, by whom they are signed, and for whom (cmd/kubeadm/app/phases/certs). */
import { bytesOf } from '#api/bytes.ts'
import { sha256 } from '#api/sha256.ts'
import { type Certificate, readCertificate } from '#api/x509/certificate.ts'
import { oid, sequence, tlv } from '#api/x509/der.ts'
import { privatePem, publicInfo, publicOf } from '#api/x509/keys.ts'
import { nameParts } from '#api/x509/names.ts'
import { toPem } from '#api/x509/pem.ts'
import { type CertificateAuthority, issue, reissued } from '../../machinery/issued-certificates.ts'

/** Keys that everybody may read, as the cluster's own: the world isn't real. */
const ETCD_CA: CertificateAuthority = {
  certificate: `-----BEGIN CERTIFICATE-----
MIIBfzCCASSgAwIBAgIUeAuGIo3nvspB3jdBBGq7VGM96B0wCgYIKoZIzj0EAwIw
EjEQMA4GA1UEAwwHZXRjZC1jYTAgFw0yNjEyMDExNTUwNDlaGA8yMTI2MTEwNzE1
NTA0OVowEjEQMA4GA1UEAwwHZXRjZC1jYTBZMBMGByqGSM49AgEGCCqGSM49AwEH
A0IABNq7U9hS/HvRv07a3GaVie0AZkEKQjgRijJEX6jgMbS2Spxz8bf9KTMh8Dfb
7Qx9/8UgMRxVluyiJ0WOTpYlfdCjVjBUMA4GA1UdDwEB/wQEAwICpDAPBgNVHRMB
Af8EBTADAQH/MB0GA1UdDgQWBBTzeyr3zp7/yOh+mmo1kMfYzJI0VzASBgNVHREE
CzAJggdldGNkLWNhMAoGCCqGSM49BAMCA0kAMEYCIQDiIsHa9SKpGwuwgZ9oBs5E
+Jiq776nNd9IQ0l5KLnsZAIhAKhCsa97qLwgq1I/StL+qLyaSngwwZoWGDg1FDnW
4vAm
-----END CERTIFICATE-----
`,
  key: '041a3cd62666b24b0db2412a80a2954e1fb3f8945f5ad014554dc2b5670ff74b',
}
const FRONT_PROXY_CA: CertificateAuthority = {
  certificate: `-----BEGIN CERTIFICATE-----
MIIBkzCCATmgAwIBAgIUJ8e91hUqdvofezv4r1QMeAZNwzAwCgYIKoZIzj0EAwIw
GTEXMBUGA1UEAwwOZnJvbnQtcHJveHktY2EwIBcNMjYxMjAxMTU1MDQ5WhgPMjEy
NjExMDcxNTUwNDlaMBkxFzAVBgNVBAMMDmZyb250LXByb3h5LWNhMFkwEwYHKoZI
zj0CAQYIKoZIzj0DAQcDQgAER+YNntiUNelY8dOkg+zUHcQvt18JNDeEQYm2vfGh
UewJJWRY82nXDNoKcd8KtxaE+X+UAaj8yFrGdr3oiPVQhqNdMFswDgYDVR0PAQH/
BAQDAgKkMA8GA1UdEwEB/wQFMAMBAf8wHQYDVR0OBBYEFB7WnmCV9L3w6yyXXYPV
iPtcUeS4MBkGA1UdEQQSMBCCDmZyb250LXByb3h5LWNhMAoGCCqGSM49BAMCA0gA
MEUCIDQTeiXd5ZmoidcMR9OAVl4Kt0LI76tlzhOyXBU8WYMrAiEAw/r12QLpEMVW
UgeisKEnLU4LLdjTwWOCX6/0ucignIo=
-----END CERTIFICATE-----
`,
  key: 'e4e2de07a129c4f7f4114a8d084673c49f663748e2ab4812af12d18e719ea219',
}

/** The key of all that are signed here. */
const LEAF = { kind: 'EC', d: '5a0cf4d1d6f7a3c2b98e7f10c4d3e2a1968778695a4b3c2d1e0f112233445566' } as const

let leaf: { pem: string; info: Uint8Array; open: string } | null = null
const leafKey = (): { pem: string; info: Uint8Array; open: string } => {
  if (leaf) return leaf
  const info = publicInfo(publicOf(LEAF))
  leaf = { pem: privatePem(LEAF, 'traditional'), info: Uint8Array.from(info), open: toPem('PUBLIC KEY', info) }
  return leaf
}
export const privateKey = (): string => leafKey().pem
export const publicKey = (): string => leafKey().open
export const authorityKey = ({ key }: CertificateAuthority): string => privatePem({ kind: 'EC', d: key }, 'traditional')

/** By the folder and name of its file. */
export const authorities = (cluster: CertificateAuthority): Readonly<Record<string, CertificateAuthority>> => ({
  ca: cluster,
  'etcd/ca': ETCD_CA,
  'front-proxy-ca': FRONT_PROXY_CA,
})

interface Use {
  by: keyof ReturnType<typeof authorities>
  name: string
  group?: string
  /** By clients, by servers. */
  client: boolean
  server?: boolean
  dns?: readonly string[]
  addresses?: readonly (readonly number[])[]
}

const LOOPBACK = [
  [127, 0, 0, 1],
  [...new Array<number>(15).fill(0), 1],
]
const SERVICE = ['kubernetes', 'kubernetes.default', 'kubernetes.default.svc', 'kubernetes.default.svc.cluster.local']
const FIRST_SERVICE_IP = [10, 96, 0, 1]
const addressOf = (ip: string): number[] => ip.split('.').map(Number)

/** Those in files of their own. */
export function pairsOf(host: string, ip: string): Readonly<Record<string, Use>> {
  const client = (by: string, name: string, group?: string): Use => ({ by, name, client: true, ...(group ? { group } : {}) })
  const etcd: Use = {
    ...client('etcd/ca', host),
    server: true,
    dns: [host, 'localhost'],
    addresses: [addressOf(ip), ...LOOPBACK],
  }
  const server = { dns: [host, ...SERVICE], addresses: [FIRST_SERVICE_IP, addressOf(ip)] }
  return {
    apiserver: { by: 'ca', name: 'kube-apiserver', client: false, server: true, ...server },
    'apiserver-etcd-client': client('etcd/ca', 'kube-apiserver-etcd-client'),
    'apiserver-kubelet-client': client('ca', 'kube-apiserver-kubelet-client', 'kubeadm:cluster-admins'),
    'front-proxy-client': client('front-proxy-ca', 'front-proxy-client'),
    'etcd/healthcheck-client': client('etcd/ca', 'kube-etcd-healthcheck-client'),
    'etcd/peer': etcd,
    'etcd/server': etcd,
  }
}

/** Those in kubeconfigs, by the user's name. */
export const userOf = (name: string): Use => {
  const group = { 'kubernetes-admin': 'kubeadm:cluster-admins', 'kubernetes-super-admin': 'system:masters' }[name]
  return { by: 'ca', name, client: true, ...(group ? { group } : {}) }
}

const named = (type: string, text: string): number[] => tlv(0x31, sequence(oid(type), tlv(0x13, [...bytesOf(text)])))

function alternativeNames({ dns = [], addresses = [] }: Use): Uint8Array | null {
  if (dns.length + addresses.length === 0) return null
  const names = [...dns.map((name) => tlv(0x82, [...bytesOf(name)])), ...addresses.map((bytes) => tlv(0x87, bytes))]
  return Uint8Array.from(sequence(...names))
}

const serialOf = (text: string): number[] => [0x10, ...sha256([...bytesOf(text)]).slice(0, 7)]

/** PEM. Times are milliseconds since 1970. */
export function certificateFor(use: Use, from: number, until: number, cluster: CertificateAuthority): string {
  const group = use.group ? [named('2.5.4.10', use.group)] : []
  const request = {
    subject: Uint8Array.from(sequence(...group, named('2.5.4.3', use.name))),
    publicKey: leafKey().info,
    names: alternativeNames(use),
  }
  const purposes = [...(use.server ? ['server auth'] : []), ...(use.client ? ['client auth'] : [])]
  const usages = ['digital signature', 'key encipherment', ...purposes]
  const authority = authorities(cluster)[use.by] as CertificateAuthority
  return issue({ request, usages, serial: serialOf(`${use.by} ${use.name} ${until}`), from, until }, authority)
}

/** The same certificate, by the same authority, for other times. */
export function renewedCertificate(old: Certificate, from: number, until: number, cluster: CertificateAuthority): string {
  const [, issuer = ''] = nameParts(old.issuer)[0] ?? []
  const by = Object.values(authorities(cluster)).find(({ certificate }) => {
    const own = readCertificate(certificate)
    return own !== null && nameParts(own.subject)[0]?.[1] === issuer
  })
  return reissued(old, { serial: serialOf(`${issuer} ${old.serial.join()} ${until}`), from, until }, by ?? cluster)
}
