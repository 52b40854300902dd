/** Validation of CertificateSigningRequests (pkg/apis/certificates/validation); signatures are believed. */

import { decodeBytes, decodeText } from '#api/base64.ts'
import { equal } from '#api/equal.ts'
import { duplicate, type FieldError, forbiddenField, invalid, notSupported, required } from '#api/field-error.ts'
import type { AnyObject } from '#api/meta.ts'
import type { Found } from '../pod/checks.ts'
import { unifiedDiff } from '../pod/diff.ts'
import { signerName } from './signer-name.ts'

type Fields = Record<string, any>

const USAGES = [
  'any',
  'cert sign',
  'client auth',
  'code signing',
  'content commitment',
  'crl sign',
  'data encipherment',
  'decipher only',
  'digital signature',
  'email protection',
  'encipher only',
  'ipsec end system',
  'ipsec tunnel',
  'ipsec user',
  'key agreement',
  'key encipherment',
  'microsoft sgc',
  'netscape sgc',
  'ocsp signing',
  's/mime',
  'server auth',
  'signing',
  'timestamping',
]
const LEAST_SECONDS = 600
/** ASN.1: what a request begins with, and lengths that take bytes of their own. */
const SEQUENCE = 0x30
const LONG_FORM = 0x80
const LEGACY = 'kubernetes.io/legacy-unknown'
const ONLY_TRUE = ['Approved', 'Denied', 'Failed']
const STATUSES = ['False', 'True', 'Unknown']

const PEM = /^-----BEGIN ([^-\r\n]+)-----[\s\S]*?^-----END \1-----/m

/** The kinds of the PEM blocks in a base64 text. */
function blocks(base64: string): string[] {
  const text = decodeText(base64) ?? ''
  // What is no base64 between its lines is no block.
  const held = (block: string): boolean => decodeBytes(block.split(/\r?\n/).slice(1, -1).join('').replace(/\s/g, '')) !== null
  return [...text.matchAll(new RegExp(PEM, 'gm'))].filter(([block]) => held(block)).map(([, type]) => type ?? '')
}

/** Whether what the first block holds says that it is longer than it is. */
function isTruncated(base64: string): boolean {
  const block = (decodeText(base64) ?? '').match(PEM)?.[0] ?? ''
  const [tag, first = 0, ...rest] = decodeBytes(block.split(/\r?\n/).slice(1, -1).join('').replace(/\s/g, '')) ?? []
  if (tag !== SEQUENCE) return false
  const digits = first < LONG_FORM ? 0 : first - LONG_FORM
  const length = digits === 0 ? first : rest.slice(0, digits).reduce((sum, byte) => sum * 256 + byte, 0)
  return rest.length - digits < length
}

function request(found: Found, text: string | undefined): void {
  if (blocks(text ?? '')[0] === 'CERTIFICATE REQUEST') {
    if (isTruncated(text ?? '')) found.push(invalid('spec.request', text ?? null, 'asn1: syntax error: data truncated'))
    return
  }
  found.push(invalid('spec.request', text ?? null, 'PEM block type must be CERTIFICATE REQUEST'))
}

function usages(found: Found, list: string[], old: string[] | null): void {
  const path = 'spec.usages'
  if (list.length === 0) found.push(required(path))
  if (!old?.some((usage) => !USAGES.includes(usage))) {
    for (const [i, usage] of list.entries()) if (!USAGES.includes(usage)) found.push(notSupported(`${path}[${i}]`, usage, USAGES))
  }
  if (old && new Set(old).size < old.length) return
  for (const [i, usage] of list.entries()) if (list.indexOf(usage) < i) found.push(duplicate(`${path}[${i}]`, usage))
}

function conditions(found: Found, list: Fields[]): void {
  const path = 'status.conditions'
  const seen = new Set<string>()
  for (const [i, { type = '', status = '' }] of list.entries()) {
    if (type === '') found.push(required(`${path}[${i}].type`))
    const allowed = ONLY_TRUE.includes(type) ? ['True'] : STATUSES
    if (status === '') found.push(required(`${path}[${i}].status`))
    else if (!allowed.includes(status)) found.push(notSupported(`${path}[${i}].status`, status, allowed))
    const opposite = type === 'Approved' ? 'Denied' : type === 'Denied' ? 'Approved' : ''
    if (seen.has(opposite)) found.push(invalid(path, type, 'Approved and Denied conditions are mutually exclusive'))
    if (seen.has(type)) found.push(duplicate(`${path}[${i}].type`, type))
    seen.add(type)
  }
}

function certificate(found: Found, text: string | undefined, old: string | undefined): void {
  if (!text || text === old) return
  const types = blocks(text)
  const odd = types.find((type) => type !== 'CERTIFICATE')
  const wrong = odd
    ? `only CERTIFICATE PEM blocks are allowed, found "${odd}"`
    : types.length === 0
      ? 'must contain at least one CERTIFICATE PEM block'
      : null
  if (wrong) found.push(invalid('status.certificate', '<certificate data>', wrong))
}

const ofType = ({ status }: AnyObject, type: string): Fields[] =>
  (status?.conditions ?? []).filter((condition: Fields) => condition['type'] === type)

/** Which road an update takes: the approval decides, the status issues. */
type Road = 'main' | 'approval' | 'status'

function changes(found: Found, next: AnyObject, old: AnyObject, road: Road): void {
  const path = 'status.conditions'
  for (const type of ['Approved', 'Denied', 'Failed']) {
    if (ofType(next, type).length >= ofType(old, type).length) continue
    found.push(forbiddenField(path, `updates may not remove a condition of type "${type}"`))
  }
  for (const type of road === 'approval' ? [] : ['Approved', 'Denied']) {
    const [now, before] = [ofType(next, type), ofType(old, type)]
    if (now.length > before.length) found.push(forbiddenField(path, `updates may not add a condition of type "${type}"`))
    else if (now.length === before.length && !equal(now, before)) {
      const diff = unifiedDiff(JSON.stringify(before, null, 1), JSON.stringify(now, null, 1))
      found.push(forbiddenField(path, `updates may not modify a condition of type "${type}"\n${diff}`))
    }
  }
  const [now, before] = [next['status']?.certificate ?? '', old['status']?.certificate ?? '']
  if (now === before) return
  const at = 'status.certificate'
  if (road !== 'status') found.push(forbiddenField(at, 'updates may not set certificate content'))
  else if (before !== '') found.push(forbiddenField(at, 'updates may not modify existing certificate content'))
}

export function validateRequest(next: AnyObject, old: AnyObject | null, road: Road = 'main'): FieldError[] {
  const found: Found = []
  const spec: Fields = next['spec'] ?? {}
  request(found, spec['request'] ?? undefined)
  usages(found, spec['usages'] ?? [], old ? (old['spec']?.usages ?? []) : null)
  const signer: string = spec['signerName'] ?? ''
  if (signer === LEGACY && old?.['spec']?.signerName !== LEGACY) {
    found.push(invalid('spec.signerName', signer, 'the legacy signerName is not allowed via this API version'))
  } else signerName(found, 'spec.signerName', signer)
  const seconds = spec['expirationSeconds']
  if (seconds !== undefined && seconds < LEAST_SECONDS) {
    const why = 'may not specify a duration less than 600 seconds (10 minutes)'
    found.push(invalid('spec.expirationSeconds', seconds, why))
  }
  conditions(found, next['status']?.conditions ?? [])
  certificate(found, next['status']?.certificate, old?.['status']?.certificate)
  if (old) changes(found, next, old, road)
  return found
}
