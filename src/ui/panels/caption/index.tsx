/** The caption: one line that says what just happened, by whom and why; read aloud politely. */
import { useStore } from 'zustand'
import './caption.css'
import { useClock, useDesk } from '../../state/hooks.ts'
import { isLoud } from '../../state/loud.ts'
import { t } from '../../words/index.ts'

export function Caption() {
  const { story, options, choices } = useDesk()
  const live = useStore(story.store, (s) => s.now)
  // In the past the caption says what had happened last by then.
  const then = useClock((s) => (s?.present === undefined ? null : story.at(s.now, (each) => isLoud(choices, each))))
  const now = then ?? live
  return (
    <p className="caption" aria-live="polite" data-tone={now?.tone}>
      <span className="dot" aria-hidden="true" />
      <span key={now?.seq} className="said">
        {now?.text ?? t('The cluster is quiet: what is there is what was asked for.')}
      </span>
      {options.embed && (
        <a className="whole" href={wholePage()} target="_blank" rel="noreferrer">
          {t('Open full sandbox')}
        </a>
      )}
    </p>
  )
}

/** The same page without the frame's options. */
function wholePage(): string {
  const url = new URL(location.href)
  url.searchParams.delete('embed')
  url.searchParams.delete('host')
  return url.href
}
