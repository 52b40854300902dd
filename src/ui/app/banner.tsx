/** What the page says when its cluster has died, is silent, or began in a special way. */
import { useState } from 'react'
import { useStore } from 'zustand'
import { useDesk } from '../state/hooks.ts'
import { t } from '../words/index.ts'

export function Banner() {
  const { lifeline } = useDesk()
  const { broken, silent, late, notice } = useStore(lifeline)
  const [read, setRead] = useState(false)
  if (broken) return <Broken message={broken} />
  if (silent)
    return (
      <div className="banner" role="status">
        <span>{t('The cluster is busy and has not answered for a while.')}</span>
        <button type="button" className="button" onClick={() => lifeline.getState().restart(lifeline.getState().lastSession())}>
          {t('Restart it')}
        </button>
      </div>
    )
  if (late)
    return (
      <div className="banner calm" role="status">
        <span>{t('The cluster’s engine is still on its way. What you ask for meanwhile is done as soon as it is here.')}</span>
      </div>
    )
  if (!notice || read) return null
  return (
    <div className="banner calm" role="status">
      <span>{notice}</span>
      <button type="button" className="icon" aria-label={t('Close')} onClick={() => setRead(true)}>
        ×
      </button>
    </div>
  )
}

function Broken({ message }: { message: string }) {
  const { lifeline, clock } = useDesk()
  const { restart, lastSession } = lifeline.getState()
  const session = lastSession()
  const report = (): void => {
    const status = clock.store.getState().status
    void navigator.clipboard?.writeText(`${message}\n${JSON.stringify({ status, session })}`)
  }
  return (
    <div className="banner" role="alert">
      <span>
        <b>{t('The cluster has stopped.')}</b> {t('Nothing you wrote is lost.')}
        <code>{message.split('\n')[0]}</code>
      </span>
      {session && (
        <button type="button" className="button primary" onClick={() => restart(session)}>
          {t('Restart from the saved session')}
        </button>
      )}
      <button type="button" className="button" onClick={() => restart(null)}>
        {t('Start over')}
      </button>
      <button type="button" className="button" onClick={report}>
        {t('Copy report')}
      </button>
    </div>
  )
}
