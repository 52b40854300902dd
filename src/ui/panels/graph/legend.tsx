/** The legend: every shape the graph uses, and what it means. */

import { useChoice, useDesk } from '../../state/hooks.ts'
import type { Family, Fill, Glyph } from '../../state/look.ts'
import { t, type Word } from '../../words/index.ts'
import { GlyphMark } from './glyph.tsx'

const ROWS: [Family, Fill, Glyph, Word][] = [
  ['good', 'solid', 'none', 'Ready'],
  ['good', 'half', 'none', 'Running, not ready'],
  ['waiting', 'hollow', 'none', 'Unscheduled'],
  ['waiting', 'ring', 'none', 'Starting'],
  ['good', 'hatch', 'none', 'Terminating'],
  ['bad', 'solid', 'cross', 'Failed'],
  ['bad', 'solid', 'loop', 'Crash loop'],
  ['bad', 'solid', 'pull', 'Image pull'],
  ['bad', 'solid', 'burst', 'Out of memory'],
  ['bad', 'solid', 'exit', 'Evicted'],
  ['done', 'hollow', 'tick', 'Completed'],
  ['done', 'hatch', 'unknown', 'Unknown'],
]

export function Legend() {
  const { choices } = useDesk()
  if (!useChoice((c) => c.legendOpen)) return null
  return (
    <aside className="legend" aria-label={t('Legend')}>
      <header>
        <b>{t('Legend')}</b>
        <button
          type="button"
          className="icon"
          aria-label={t('Close the legend')}
          onClick={() => choices.setState({ legendOpen: false })}
        >
          ×
        </button>
      </header>
      <ul>
        {ROWS.map(([family, fill, glyph, word]) => (
          <li key={word}>
            <span
              className="tile still"
              data-family={family}
              data-fill={fill}
              data-shape={family === 'bad' ? 'octagon' : undefined}
            >
              <span className="body">
                <GlyphMark glyph={glyph} />
              </span>
            </span>
            {t(word)}
          </li>
        ))}
        <li>
          <span className="key-mark circle" /> {t('request answered')}
        </li>
        <li>
          <span className="key-mark diamond" /> {t('request lost')}
        </li>
        <li>
          <span className="key-mark square" /> {t('name looked up')}
        </li>
        <li>
          <span className="key-line" /> {t('Service to ready pod')}
        </li>
        <li>
          <span className="key-line stub" /> {t('pod not ready')}
        </li>
        <li>
          <span className="key-hull" /> {t('newest revision')}
        </li>
        <li>
          <span className="key-hull old" /> {t('earlier revision')}
        </li>
        <li>
          <span className="key-bar" /> {t('asked for, and used')}
        </li>
      </ul>
    </aside>
  )
}
