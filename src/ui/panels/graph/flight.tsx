/** One request on its way, stopped under the pointer: who asked whom, hop by hop, and what came back. */
import { X } from 'lucide-react'
import { useEffect, useRef } from 'react'
import { Way } from '../../parts/way.tsx'
import { useChoice, useDesk } from '../../state/hooks.ts'
import { isLost } from '../../state/traffic.ts'
import { t } from '../../words/index.ts'

export function FlightCard() {
  const { choices } = useDesk()
  const at = useChoice((c) => c.flight)
  const card = useRef<HTMLElement>(null)
  useEffect(() => {
    const frame = card.current?.parentElement?.getBoundingClientRect()
    if (!at || !card.current || !frame) return
    const { width, height } = card.current.getBoundingClientRect()
    card.current.style.left = `${Math.max(8, Math.min(at.x + 14, frame.width - width - 8))}px`
    card.current.style.top = `${Math.max(8, Math.min(at.y + 14, frame.height - height - 8))}px`
  }, [at])
  if (!at) return null
  const { flight } = at
  const [first] = flight.hops
  const close = (): void => choices.setState({ flight: null })
  return (
    <section className="close-up flight-card" ref={card} aria-label={t('A request on its way')}>
      <header>
        <b className="mono">{first?.did}</b>
        <button type="button" className="icon" aria-label={t('Close the request')} onClick={close}>
          <X size={15} />
        </button>
      </header>
      <Way flight={flight} />
      <p data-lost={isLost(flight) || undefined}>
        {isLost(flight)
          ? t('Lost after {ms} ms: {status}', { ms: flight.ms, status: flight.status || t('no answer') })
          : t('Answered {status} in {ms} ms', { status: flight.status, ms: flight.ms })}
      </p>
    </section>
  )
}
