/** Who a client certificate is for: common name and organizations of its subject. */
import { textOf } from '#api/bytes.ts'
import type { UserInfo } from '#api/request.ts'
import { KubectlError } from '../error.ts'

interface Item {
  tag: number
  from: number
  to: number
}

/** One item of DER at a place. */
function itemAt(bytes: Uint8Array, at: number): Item {
  const tag = bytes[at] ?? 0
  let length = bytes[at + 1] ?? 0
  let from = at + 2
  if (length > 0x80) {
    const count = length & 0x7f
    length = 0
    for (let i = 0; i < count; i++) length = length * 256 + (bytes[from++] ?? 0)
  }
  if (from + length > bytes.length) throw new KubectlError('tls: failed to find any PEM data in certificate input')
  return { tag, from, to: from + length }
}

function within(bytes: Uint8Array, { from, to }: Item): Item[] {
  const items: Item[] = []
  for (let at = from; at < to; ) {
    const item = itemAt(bytes, at)
    items.push(item)
    at = item.to
  }
  return items
}

/** What names a subject may have, by their object identifiers. */
const NAMES = {
  commonName: '550403',
  serialNumber: '550405',
  country: '550406',
  locality: '550407',
  province: '550408',
  organization: '55040a',
  organizationalUnit: '55040b',
} as const

type SubjectOf = (name: keyof typeof NAMES) => string[]

/** The bytes of a PEM text that stands in base64. */
function derOf(data: string, kind: string): Uint8Array {
  const body = new RegExp(`-----BEGIN ${kind}-----([^-]+)-----END`).exec(atob(data.replace(/\s/g, '')))?.[1]
  if (!body) throw new KubectlError('tls: failed to find any PEM data in certificate input')
  return Uint8Array.from(atob(body.replace(/\s/g, '')), (c) => c.charCodeAt(0))
}

function subjectOf(bytes: Uint8Array, subject: Item): SubjectOf {
  const pairs = within(bytes, subject).flatMap((set) => within(bytes, set))
  return (wanted) =>
    pairs.flatMap((pair) => {
      const [type, value] = within(bytes, pair)
      const hex = [...bytes.slice(type?.from, type?.to)].map((b) => b.toString(16).padStart(2, '0')).join('')
      return hex === NAMES[wanted] ? [textOf(bytes.slice(value?.from, value?.to))] : []
    })
}

/** Whom a client certificate is for; `data` as kubeconfigs hold it. */
export function certificateSubject(data: string): UserInfo {
  const bytes = derOf(data, 'CERTIFICATE')
  const [signed] = within(bytes, itemAt(bytes, 0))
  // serial, algorithm, issuer, validity, subject
  const fields = within(bytes, signed as Item).filter(({ tag }) => tag !== 0xa0)
  const of = subjectOf(bytes, fields[4] as Item)
  return { name: of('commonName')[0] ?? '', groups: [...of('organization'), 'system:authenticated'] }
}

/** The subject of a request for a certificate. */
export function requestSubject(data: string): SubjectOf {
  const bytes = derOf(data, 'CERTIFICATE REQUEST')
  const [info] = within(bytes, itemAt(bytes, 0))
  const [, subject] = within(bytes, info as Item)
  return subjectOf(bytes, subject as Item)
}
