/** What else kubeadm leaves below /etc/kubernetes: certificates and kubeconfigs (cmd/kubeadm/app/phases/certs, …/kubeconfig). */
import { decodeText, encodeText } from '#api/base64.ts'
import { type Certificate, readCertificate } from '#api/x509/certificate.ts'
import type { CertificateAuthority } from '../../machinery/issued-certificates.ts'
import { authorities, authorityKey, certificateFor, pairsOf, privateKey, publicKey, renewedCertificate, userOf } from './pki.ts'

export const PKI = '/etc/kubernetes/pki'
const KUBECONFIGS: Readonly<Record<string, string>> = {
  'admin.conf': 'kubernetes-admin',
  'controller-manager.conf': 'system:kube-controller-manager',
  'scheduler.conf': 'system:kube-scheduler',
  'super-admin.conf': 'kubernetes-super-admin',
}

/** How long kubeadm's certificates are good. */
export const YEAR_MS = 365 * 86_400_000

const EMBEDDED = /client-certificate-data: (\S+)/

/** The certificate in a file, or in a kubeconfig. */
const certificateIn = (text: string): Certificate | null => readCertificate(decodeText(EMBEDDED.exec(text)?.[1] ?? '') || text)

/** When the certificate in a file ends, in ms since 1970; NaN: it holds none. */
export const endOf = (text: string): number => certificateIn(text)?.until ?? Number.NaN

/** The same file with a certificate that holds from now until then. */
export function renewed(text: string, now: number, until: number, authority: CertificateAuthority): string {
  const old = certificateIn(text)
  if (!old) return text
  const pem = renewedCertificate(old, now, until, authority)
  return EMBEDDED.test(text) ? text.replace(EMBEDDED, `client-certificate-data: ${encodeText(pem)}`) : pem
}

/** `certificate`: the authority's, PEM; `how`: by what the user is known, as lines below `user:`. */
export const kubeconfig = (server: string, certificate: string, user: string, how: string): string => `apiVersion: v1
clusters:
- cluster:
    certificate-authority-data: ${encodeText(certificate)}
    server: ${server}
  name: kubernetes
contexts:
- context:
    cluster: kubernetes
    user: ${user}
  name: ${user}@kubernetes
current-context: ${user}@kubernetes
kind: Config
users:
- name: ${user}
  user:${how}`

/** Path and text of each. */
export function filesOf(
  host: { name: string; ip: string },
  authority: CertificateAuthority,
  now: number,
): [path: string, text: string][] {
  const pairs = Object.entries(pairsOf(host.name, host.ip))
  const known = Object.entries(authorities(authority))
  const made = (use: Parameters<typeof certificateFor>[0]): string => certificateFor(use, now, now + YEAR_MS, authority)
  const key = privateKey()
  const user = (name: string): string =>
    `\n    client-certificate-data: ${encodeText(made(userOf(name)))}\n    client-key-data: ${encodeText(key)}\n`
  return [
    ...known.flatMap(([name, each]): [string, string][] => [
      [`${PKI}/${name}.crt`, each.certificate],
      [`${PKI}/${name}.key`, authorityKey(each)],
    ]),
    ...pairs.flatMap(([name, use]): [string, string][] => [
      [`${PKI}/${name}.crt`, made(use)],
      [`${PKI}/${name}.key`, key],
    ]),
    [`${PKI}/sa.key`, key],
    [`${PKI}/sa.pub`, publicKey()],
    ...Object.entries(KUBECONFIGS).map(([file, name]): [string, string] => [
      `/etc/kubernetes/${file}`,
      kubeconfig(`https://${host.ip}:6443`, authority.certificate, name, user(name)),
    ]),
  ]
}
