/** A kubelet's key, what it asks a certificate with, and the authority's key as joining machines are told it. */
import { encodeUrlBytes, utf8 } from '#api/base64.ts'
import { hex, sha256 } from '#api/sha256.ts'
import { bits, integer, oid, partsOf, readAll, sequence, tlv } from '#api/x509/der.ts'
import { publicKey, sign } from '#api/x509/p256.ts'
import { fromPem, toPem } from '#api/x509/pem.ts'

const [EC, P256, ECDSA_SHA256] = ['1.2.840.10045.2.1', '1.2.840.10045.3.1.7', '1.2.840.10045.4.3.2'].map(oid) as [
  number[],
  number[],
  number[],
]
const [ORGANIZATION, COMMON_NAME] = ['2.5.4.10', '2.5.4.3'].map(oid) as [number[], number[]]

const named = (type: readonly number[], text: string): number[] => tlv(0x31, sequence(type, tlv(0x13, utf8(text))))

/** `sha256:` and the digest of the public key in a certificate (util/pubkeypin). */
export function keyHash(certificate: string): string {
  const [whole] = readAll(fromPem('CERTIFICATE', certificate) ?? new Uint8Array()) ?? []
  const key = partsOf(partsOf(whole)[0])[6]
  return `sha256:${hex(sha256([...(key?.whole ?? [])])).toLowerCase()}`
}

/** A certificate request of a node's kubelet, and the name that its object gets. `key`: hexadecimal text. */
export function nodeRequest(node: string, key: string): { pem: string; name: string } {
  const info = sequence(sequence(EC, P256), bits(publicKey(key)))
  const subject = sequence(named(ORGANIZATION, 'system:nodes'), named(COMMON_NAME, `system:node:${node}`))
  const body = sequence(integer([0]), subject, info, tlv(0xa0))
  const pem = toPem('CERTIFICATE REQUEST', sequence(body, sequence(ECDSA_SHA256), bits(sign(body, key))))
  return { pem, name: `node-csr-${encodeUrlBytes(sha256(info))}` }
}
