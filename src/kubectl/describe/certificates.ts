/** `kubectl describe` of requests for certificates. */
import type { AnyObject } from '#api/meta.ts'
import { humanDuration } from '#api/time.ts'
import { requestSubject } from '../config/certificate.ts'
import { describer } from './describer.ts'
import { longTime, mapText, type Page } from './page.ts'

interface Condition {
  type: string
  reason?: string
}

/** Approved, Denied, Failed, and whether it is issued. */
function statusText({ status }: AnyObject): string {
  const has = (type: string): boolean => ((status?.conditions ?? []) as Condition[]).some((condition) => condition.type === type)
  const verdict = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'
  return `${verdict}${has('Failed') ? ',Failed' : ''}${status?.certificate ? ',Issued' : ''}`
}

export const certificateSigningRequest = describer({
  kinds: ['CertificateSigningRequest.certificates.k8s.io'],
  describe(object: AnyObject, page) {
    const { metadata, spec } = object
    page.field(0, 'Name', metadata.name)
    page.field(0, 'Labels', mapText(metadata.labels))
    page.field(0, 'Annotations', mapText(metadata.annotations))
    page.field(0, 'CreationTimestamp', longTime(metadata.creationTimestamp))
    page.field(0, 'Requesting User', spec.username ?? '')
    if (spec.signerName) page.field(0, 'Signer', spec.signerName)
    if (spec.expirationSeconds !== undefined) page.field(0, 'Requested Duration', humanDuration(spec.expirationSeconds * 1000))
    page.field(0, 'Status', statusText(object))
    page.put(0, 'Subject:\n')
    subject(page, String(spec.request ?? ''))
  },
})

function subject(page: Page, request: string): void {
  const of = requestSubject(request)
  page.put(0, `\tCommon Name:\t${of('commonName')[0] ?? ''}\n`)
  page.put(0, `\tSerial Number:\t${of('serialNumber')[0] ?? ''}\n`)
  const list = (name: string, values: readonly string[]): void => {
    if (values.length > 0) page.put(0, `\t${name}:\t${values.join('\n\t\t')}\n`)
  }
  list('Organization', of('organization'))
  list('Organizational Unit', of('organizationalUnit'))
  list('Country', of('country'))
  list('Locality', of('locality'))
  list('Province', of('province'))
}
