/** The glyphs inside tiles: drawn, not typed, so that they look alike on every machine. */
import type { Glyph } from '../../state/look.ts'

/** As SVG paths in a square of 16. */
export const GLYPHS: Record<Exclude<Glyph, 'none'>, string> = {
  cross: 'M5 5l6 6M11 5l-6 6',
  loop: 'M12 8a4 4 0 1 1-1.2-2.85M12 3v2.6H9.4',
  pull: 'M8 3v8M4.8 8L8 11.2 11.2 8M4.5 13.5h7',
  burst: 'M8 2.5v2.6M8 10.9v2.6M2.5 8h2.6M10.9 8h2.6M4.1 4.1l1.9 1.9M10 10l1.9 1.9M11.9 4.1L10 6M6 10l-1.9 1.9',
  exit: 'M9 3.5H4.5v9H9M7.5 8H13M10.8 5.6L13.2 8l-2.4 2.4',
  tick: 'M3.8 8.4l2.8 2.8 5.6-6',
  unknown: 'M6 6.2a2.1 2.1 0 1 1 3 1.9c-.7.35-1 .8-1 1.6M8 12.2v.3',
}

export const GlyphMark = ({ glyph }: { glyph: Glyph }) =>
  glyph === 'none' ? null : (
    <svg className="glyph" viewBox="0 0 16 16" aria-hidden="true">
      <path d={GLYPHS[glyph]} />
    </svg>
  )
