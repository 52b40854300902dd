/** CertificateSigningRequest: a wish for a certificate, to be approved and signed. */
import type { AnyObject } from '#api/meta.ts'
import { humanDuration } from '#api/time.ts'
import { type Details, freshStatus } from '../details.ts'
import { ageColumn, column, nameColumn } from '../pod/cells.ts'

/** Denied goes before Approved; what followed is added. */
function condition({ status }: AnyObject): string {
  const has = (type: string) => status?.conditions?.some((c: { type: string }) => c.type === type)
  const word = has('Denied') ? 'Denied' : has('Approved') ? 'Approved' : 'Pending'
  return word + (has('Failed') ? ',Failed' : '') + (status?.certificate ? ',Issued' : '')
}

const lasting = ({ spec }: AnyObject): string =>
  spec?.expirationSeconds === undefined ? '<none>' : humanDuration(spec.expirationSeconds * 1000)

export const signingRequests: Details = {
  prepareCreate: freshStatus(),
  fields: { 'spec.signerName': (object) => object['spec']?.signerName ?? '' },
  columns: [
    nameColumn,
    ageColumn,
    column('SignerName', ({ spec }: AnyObject) => spec?.signerName || '<none>'),
    column('Requestor', ({ spec }: AnyObject) => spec?.username ?? ''),
    column('RequestedDuration', lasting),
    column('Condition', condition),
  ],
}
