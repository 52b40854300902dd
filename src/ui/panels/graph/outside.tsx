/** The outside: the place that is no machine, whose visitors come in. */
import { Handle, type NodeProps, Position } from '@xyflow/react'
import { memo } from 'react'
import { useDesk, usePage } from '../../state/hooks.ts'
import { num, perSecond, t } from '../../words/index.ts'

export const Outside = memo(function Outside(_: NodeProps) {
  const { traffic } = useDesk()
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
          <dd className="num">{num(ok)}</dd>
        </div>
        <div data-bad={lost > 0 || undefined}>
          <dt>{t('lost')}</dt>
          <dd className="num">{num(lost)}</dd>
        </div>
      </dl>
      <Handle type="source" position={Position.Right} isConnectable={false} />
    </section>
  )
})
