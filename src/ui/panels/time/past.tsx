/** The badge of the past: how far back one looks, and the ways on from there. */
import { GitBranch, History, Play } from 'lucide-react'
import { clockText } from '../../state/clock.ts'
import { useClock, useDesk } from '../../state/hooks.ts'
import { seeker } from '../../state/past.ts'
import { t } from '../../words/index.ts'

export function PastBadge() {
  const desk = useDesk()
  const behind = useClock((s) => (s?.present === undefined ? null : Math.max(0, Math.round((s.present - s.elapsed) / 1000))))
  const paused = useClock((s) => s?.speed === 'paused')
  if (behind === null) return null
  const far = behind < 120 ? `${behind} s` : clockText(behind * 1000)
  return (
    <div className="past" role="status">
      <History size={16} aria-hidden="true" />
      <span>{t('You are {far} in the past', { far })}</span>
      {paused && (
        <button type="button" className="button" onClick={() => void desk.simulation?.setSpeed(1)}>
          <Play size={14} aria-hidden="true" /> {t('Play from here')}
        </button>
      )}
      <button type="button" className="button primary" onClick={() => void seeker(desk).resume()}>
        {t('Resume')}
      </button>
      <button
        type="button"
        className="button"
        title={t('What came later never happens: the cluster goes on from this moment')}
        onClick={() => void seeker(desk).fork()}
      >
        <GitBranch size={14} aria-hidden="true" /> {t('Fork here')}
      </button>
    </div>
  )
}

/** After a fork the life that was left can be taken up again. */
export function Rejoin() {
  const desk = useDesk()
  const can = useClock((s) => s?.canRejoin === true && s.present === undefined)
  if (!can) return null
  const back = async (): Promise<void> => {
    await desk.simulation?.rejoin()
    desk.story.say(t('Back in the life that was left.'))
  }
  return (
    <button
      type="button"
      className="icon"
      aria-label={t('Back to the life that was left')}
      title={t('Back to the life that was left')}
      onClick={() => void back()}
    >
      <GitBranch size={16} />
    </button>
  )
}
