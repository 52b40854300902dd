/** Who a client certificate is for: common name and organizations of its subject. */
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

const COMMON_NAME = '550403'
const ORGANIZATION = '55040a'

/** `data`: a certificate in PEM, in base64, as kubeconfigs hold it. */
export function certificateSubject(data: string): UserInfo {
  const pem = atob(data.replace(/\s/g, ''))
  const body = /-----BEGIN CERTIFICATE-----([^-]+)-----END/.exec(pem)?.[1]
  if (!body) throw new KubectlError('tls: failed to find any PEM data in certificate input')
  const bytes = Uint8Array.from(atob(body.replace(/\s/g, '')), (c) => c.charCodeAt(0))
  const [signed] = within(bytes, itemAt(bytes, 0))
  const fields = within(bytes, signed as Item).filter(({ tag }) => tag !== 0xa0)
  // serial, algorithm, issuer, validity, subject
  const names = within(bytes, fields[4] as Item).flatMap((set) => within(bytes, set))
  const of = (wanted: string): string[] =>
    names.flatMap((pair) => {
      const [type, value] = within(bytes, pair)
      const hex = [...bytes.slice(type?.from, type?.to)].map((b) => b.toString(16).padStart(2, '0')).join('')
      return hex === wanted ? [new TextDecoder().decode(bytes.slice(value?.from, value?.to))] : []
    })
  return { name: of(COMMON_NAME)[0] ?? '', groups: [...of(ORGANIZATION), 'system:authenticated'] }
}
