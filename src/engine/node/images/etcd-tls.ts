/** Certificates as far as an etcd and its clients look at them here: whom one names, and who has signed it. */
import { decodeBytes } from '#api/base64.ts'

interface Certificate {
  issuer: string
  subject: string
}

/** What a DER value at `at` has as its content. */
function content(bytes: Uint8Array, at: number): { from: number; to: number } {
  const first = bytes[at + 1] ?? 0
  if (first < 128) return { from: at + 2, to: at + 2 + first }
  let length = 0
  for (let i = 0; i < first - 128; i++) length = length * 256 + (bytes[at + 2 + i] ?? 0)
  const from = at + 2 + first - 128
  return { from, to: from + length }
}

const CONTEXT_0 = 0xa0

/** The first certificate in a PEM text; null when there is none. */
export function certificateIn(pem: string): Certificate | null {
  const [, base64 = ''] = /-----BEGIN CERTIFICATE-----([^-]+)-----END CERTIFICATE-----/.exec(pem) ?? []
  const bytes = decodeBytes(base64.replace(/\s/g, ''))
  if (!bytes || bytes.length === 0) return null
  let at = content(bytes, content(bytes, 0).from).from
  if (bytes[at] === CONTEXT_0) at = content(bytes, at).to
  const part = (): string => {
    const { to } = content(bytes, at)
    const text = String.fromCharCode(...bytes.slice(at, to))
    at = to
    return text
  }
  // Serial number and algorithm come before the issuer, the validity before the subject.
  part()
  part()
  const issuer = part()
  part()
  return { issuer, subject: part() }
}

/** Whether one of these authorities has signed it. */
export function isSignedBy(pem: string, authorities: string): boolean {
  const certificate = certificateIn(pem)
  const blocks = authorities.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []
  return certificate !== null && blocks.some((each) => certificateIn(each)?.subject === certificate.issuer)
}

/** The protocol in which a server asks whose data it will find here, and a client says hello. */
export const ETCD = 'etcd'

/** Before it says anything, a client of etcd's own shows what it has, and sees whom it has found. */
export interface Hello {
  /** PEM. */
  certificate?: string
}
/** `alert`: why the server hangs up. */
export interface ServerHello {
  certificate: string
  alert?: 'certificate required' | 'bad certificate'
}
