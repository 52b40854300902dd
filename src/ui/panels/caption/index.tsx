/** The caption: one line that says what just happened, by whom and why; read aloud politely. */
import { useStore } from 'zustand'
import './caption.css'
import { useDesk } from '../../state/hooks.ts'

export function Caption() {
  const { story } = useDesk()
  const now = useStore(story.store, (s) => s.now)
  return (
    <p className="caption" aria-live="polite" data-tone={now?.tone}>
      <span className="dot" aria-hidden="true" />
      <span key={now?.seq} className="said">
        {now?.text ?? 'The cluster is quiet: what is there is what was asked for.'}
      </span>
    </p>
  )
}
