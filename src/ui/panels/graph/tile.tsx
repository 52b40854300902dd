/** One pod as a tile: a plain button whose family, fill and glyph say its state. */
import { memo } from 'react'
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { lookOf, suffixOf } from '../../state/look.ts'
import { t } from '../../words/index.ts'
import { GlyphMark } from './glyph.tsx'

interface TileProps {
  pod: Pod
  /** Its seat; as two numbers, for two points are never the same one. */
  x: number
  y: number
  size: 'roomy' | 'dense' | 'small'
  dim: boolean
  /** Pulses, to catch a newcomer's eye. */
  hint?: boolean
  selected: boolean
  /** Which of two or more ReplicaSets of one workload this pod belongs to. */
  hull?: 'new' | 'old' | undefined
  /** The revision, on the first tile of its kind on a card. */
  revision?: number | undefined
}

export const Tile = memo(function Tile({ pod, x, y, size, dim, hint, selected, hull, revision }: TileProps) {
  const look = lookOf(pod)
  const { name } = pod.metadata
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`tile ${size}${hint ? ' pulse' : ''}`}
      data-ref={`pods ${keyOf(pod.metadata)}`}
      data-family={look.family}
      data-fill={look.fill}
      data-shape={look.family === 'bad' ? 'octagon' : undefined}
      data-dim={dim || undefined}
      data-selected={selected || undefined}
      data-hull={hull}
      style={{ left: x, top: y }}
      aria-label={t('Pod {name}: {word}', { name, word: look.word })}
      title={`${name}\n${look.word}${look.restarts > 0 ? ` · ${look.restarts} restarts` : ''}`}
    >
      <span className="body">
        <GlyphMark glyph={look.glyph} />
        <span className="cells" aria-hidden="true">
          {(pod.status?.containerStatuses ?? []).map((c) => (
            <i key={c.name} data-ready={c.ready || undefined} data-started={c.started || undefined} />
          ))}
        </span>
      </span>
      {size !== 'small' && (
        <span className="tag" aria-hidden="true">
          {suffixOf(name)}
        </span>
      )}
      {look.restarts > 0 && size === 'roomy' && (
        <span className="restarts num" aria-hidden="true">
          ↻{look.restarts}
        </span>
      )}
      {revision !== undefined && (
        <span className="revision num" aria-hidden="true">
          {size === 'roomy' ? t('rev {revision}', { revision }) : revision}
        </span>
      )}
    </button>
  )
})
