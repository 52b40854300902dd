/** The caption: one line that says what just happened, by whom and why; read aloud politely. */
import { useStore } from 'zustand'
import './caption.css'
import { Whole } from '../../parts/whole.tsx'
import { select } from '../../state/choices.ts'
import { useCalmScene, useClock, useDesk, useScene } from '../../state/hooks.ts'
import { lookOf } from '../../state/look.ts'
import { isLoud } from '../../state/loud.ts'
import type { Sentence } from '../../state/sentences.ts'
import { t } from '../../words/index.ts'

export function Caption() {
  const { story, options, choices, mirror } = useDesk()
  useCalmScene('pods', 1000)
  useScene('mirror')
  const said = useStore(story.store, (s) => s.now)
  // What is not so any more is not news.
  const live = said?.holds?.() === false ? null : said
  // In the past the caption says what had happened last by then.
  const then = useClock((s) => (s?.present === undefined ? null : story.at(s.now, (each) => isLoud(choices, each))))
  const now = then ?? live
  // Nobody has asked for pods that crash or wait.
  const well = (): boolean => {
    for (const pod of mirror.all('pods').values()) {
      const { family, fill } = lookOf(pod as never)
      if (family === 'bad' || family === 'waiting' || fill === 'half') return false
    }
    return true
  }
  return (
    <p className="caption" aria-live="polite" data-tone={now?.tone}>
      <span className="dot" aria-hidden="true" />
      <span key={now?.seq} className="said">
        <Whole>
          {now?.text ??
            (mirror.state('pods') === 'loading'
              ? t('The cluster is being made…')
              : well()
                ? t('The cluster is quiet: what is there is what was asked for.')
                : t('Nothing new for now.'))}
        </Whole>
      </span>
      {now?.tone === 'bad' && !options.embed && <Why of={now.object} />}
      {options.embed && (
        <a className="whole" href={wholePage()} target="_blank" rel="noreferrer">
          {t('Open full sandbox')}
        </a>
      )}
    </p>
  )
}

/** From trouble to its reasons: the object is chosen where it still is; who was refused stands in the overview. */
function Why({ of: { resource, namespace, name } }: { of: Sentence['object'] }) {
  const { choices, mirror } = useDesk()
  const key = namespace ? `${namespace}/${name}` : name
  const look = (): void => {
    select(choices, mirror.get(resource, key) ? { table: resource, key } : null)
    choices.setState({ deskOpen: true, tab: 'inspector', screen: 'code' })
  }
  return (
    <button type="button" className="link why" onClick={look}>
      {t('Why?')}
    </button>
  )
}

/** The same page without the frame's options. */
function wholePage(): string {
  const url = new URL(location.href)
  url.searchParams.delete('embed')
  url.searchParams.delete('host')
  return url.href
}
