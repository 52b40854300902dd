/** One pod as a tile: a plain button whose family, fill and glyph say its state. */
import { memo } from 'react'
import type { Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import { lookOf, suffixOf } from '../../state/look.ts'
import { GlyphMark } from './glyph.tsx'
import type { Point } from './layout.ts'

interface TileProps {
  pod: Pod
  at: Point
  small?: boolean
  dim: boolean
  /** Pulses, to catch a newcomer's eye. */
  hint?: boolean
  selected: boolean
  /** Which of two or more ReplicaSets of the selected workload this pod belongs to. */
  hull?: 'new' | 'old' | undefined
}

export const Tile = memo(function Tile({ pod, at, small, dim, hint, selected, hull }: TileProps) {
  const look = lookOf(pod)
  const { name } = pod.metadata
  return (
    <button
      type="button"
      tabIndex={-1}
      className={`tile${small ? ' small' : ''}${hint ? ' pulse' : ''}`}
      data-ref={`pods ${keyOf(pod.metadata)}`}
      data-family={look.family}
      data-fill={look.fill}
      data-shape={look.family === 'bad' ? 'octagon' : undefined}
      data-dim={dim || undefined}
      data-selected={selected || undefined}
      data-hull={hull}
      style={{ left: at.x, top: at.y }}
      aria-label={`Pod ${name}: ${look.word}`}
      title={`${name}\n${look.word}${look.restarts > 0 ? ` · ${look.restarts} restarts` : ''}`}
    >
      <span className="body">
        <GlyphMark glyph={look.glyph} />
      </span>
      <span className="cells" aria-hidden="true">
        {(pod.status?.containerStatuses ?? []).map((c) => (
          <i key={c.name} data-ready={c.ready || undefined} />
        ))}
      </span>
      <span className="tag" aria-hidden="true">
        {suffixOf(name)}
      </span>
    </button>
  )
})
