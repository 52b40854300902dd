/** The outside: the place that is no machine, whose visitors come in. */
import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import { useChoice, useDesk, usePage } from '../../state/hooks.ts'
import { num, perSecond, t } from '../../words/index.ts'

export const Outside = memo(function Outside(_: NodeProps) {
  const { traffic, simulation } = useDesk()
  usePage('traffic')
  const { ok, lost, rate } = traffic.total()
  return (
    <section className="card outside" aria-label={t('The outside: {ok} requests served, {lost} lost', { ok, lost })}>
      <header>
        <svg className="sign" viewBox="0 0 16 16" aria-hidden="true">
          <path d="M8 1.8a6.2 6.2 0 1 0 0 12.4A6.2 6.2 0 1 0 8 1.8M1.8 8h12.4M8 1.8c2.6 2.6 2.6 9.8 0 12.4M8 1.8c-2.6 2.6-2.6 9.8 0 12.4" />
        </svg>
        <b>{t('Outside')}</b>
        <span className="num rate">{rate > 0 ? perSecond(rate) : t('quiet')}</span>
      </header>
      <dl className="tally">
        <div>
          <dt>{t('served')}</dt>
          <dd className="num">{briefly(ok)}</dd>
        </div>
        <div data-bad={lost > 0 || undefined}>
          <dt>{t('lost')}</dt>
          <dd className="num">{briefly(lost)}</dd>
        </div>
        {simulation && <Registries />}
      </dl>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </section>
  )
})

/** Three figures stand beside each other: millions and thousands are told as such. */
const briefly = (count: number): string =>
  count < 10_000
    ? num(count)
    : count < 1_000_000
      ? `${num(Math.floor(count / 1000))}k`
      : `${num(count / 1e6, count < 1e8 ? 1 : 0)}M`

/** As a place in the menus of faults. */
const REGISTRIES = 'registries'

/** Where images come from: a click offers to break it. */
function Registries() {
  const state = useChoice((c) => c.broken.registries[0]?.state ?? 'well')
  const words = { well: t('up'), slow: t('slow'), down: t('down') }
  return (
    <div data-bad={state !== 'well' || undefined}>
      <dt>{t('registry')}</dt>
      <dd className="num">
        <button
          type="button"
          className="chip"
          data-ref={`components ${REGISTRIES}`}
          data-stopped={state === 'down' || undefined}
          aria-label={t('Image registries: {state}', { state: words[state] })}
          aria-haspopup="menu"
        >
          {words[state]}
        </button>
      </dd>
    </div>
  )
}
