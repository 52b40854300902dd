/** The buttons at the right edge: one more machine, nearer, further, all of it. */
import { useReactFlow } from '@xyflow/react'
import { t } from '../../words/index.ts'
import { AddNode } from './add-node.tsx'

export function ZoomButtons({ onFit }: { onFit(): void }) {
  const { zoomIn, zoomOut } = useReactFlow()
  return (
    <fieldset className="zoom-buttons" aria-label={t('View')}>
      <AddNode />
      <button type="button" className="icon by-hand" aria-label={t('Zoom in')} title={t('Zoom in')} onClick={() => zoomIn()}>
        <Sign path="M8 3v10M3 8h10" />
      </button>
      <button type="button" className="icon by-hand" aria-label={t('Zoom out')} title={t('Zoom out')} onClick={() => zoomOut()}>
        <Sign path="M3 8h10" />
      </button>
      <button type="button" className="icon" aria-label={t('Show everything')} title={t('Show everything')} onClick={onFit}>
        <Sign path="M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10" />
      </button>
    </fieldset>
  )
}

const Sign = ({ path }: { path: string }) => (
  <svg className="sign" viewBox="0 0 16 16" aria-hidden="true">
    <path d={path} />
  </svg>
)
