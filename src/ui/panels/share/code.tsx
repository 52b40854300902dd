/** A link as a picture that a telephone reads: the QR code of what fits into one. */
import { encode } from 'uqr'
import { t } from '../../words/index.ts'

/** What the largest code holds at its lowest correction; denser ones no telephone reads from a projector. */
const MOST = 1800

export default function Code({ link }: { link: string }) {
  if (link.length > MOST) return <p role="note">{t('This link is too long for a QR code that a telephone could read.')}</p>
  const { data, size } = encode(link, { ecc: 'L', border: 2 })
  const path = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} role="img" aria-label={t('QR code of the link')}>
      <rect width={size} height={size} fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
