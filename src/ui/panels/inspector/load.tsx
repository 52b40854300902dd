/** How many visitors a Service gets from the outside: a slider, so that load can be raised until something gives. */
import { useEffect, useRef, useState } from 'react'
import { perform, visitors } from '../../state/actions.ts'
import { useDesk, usePage } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'

/** Each step is felt: what matters is the order of magnitude. */
const RATES = [0, 1, 4, 10, 25, 50, 100, 200, 500]
/** Who drags across the slider asks once, where it is let go. */
const REST_MS = 400

export function Load({ service }: { service: string }) {
  const desk = useDesk()
  usePage('traffic')
  const { rate } = desk.traffic.of(service)
  const [asked, setAsked] = useState<number | null>(null)
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  useEffect(() => () => clearTimeout(timer.current), [])
  if (!desk.simulation) return null
  const nearest = RATES.reduce((best, each, i) => (Math.abs(each - rate) < Math.abs((RATES[best] ?? 0) - rate) ? i : best), 0)
  const at = asked ?? nearest
  const ask = (step: number): void => {
    setAsked(step)
    clearTimeout(timer.current)
    timer.current = setTimeout(() => void perform(desk, visitors(desk, service, RATES[step] ?? 0)), REST_MS)
  }
  const perSecond = RATES[at] ?? 0
  return (
    <label className="load">
      <span>{t('Visitors each second')}</span>
      <input
        type="range"
        min={0}
        max={RATES.length - 1}
        value={at}
        aria-valuetext={String(perSecond)}
        onChange={(event) => ask(Number(event.target.value))}
      />
      <output className="num">{perSecond}</output>
    </label>
  )
}
