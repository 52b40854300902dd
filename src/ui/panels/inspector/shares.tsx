/** Of the requests to a Service, how many each Pod answered, and its share: a bar, a number and a percentage for each. */
import { useState } from 'react'
import type { Service } from '#api/kinds.ts'
import type { AnyObject } from '#api/meta.ts'
import { keyOf } from '#api/meta.ts'
import { select } from '../../state/choices.ts'
import { clockText } from '../../state/clock.ts'
import { useClock, useDesk, useScene } from '../../state/hooks.ts'
import { shortName } from '../../state/look.ts'
import { type Row, rowsOf, sharesOf } from '../../state/shares.ts'
import { useCalmTraffic } from '../../state/use-calm-traffic.ts'
import { num, t } from '../../words/index.ts'
import { Section } from './section.tsx'

export function Shares({ object }: { object: AnyObject }) {
  const desk = useDesk()
  const key = keyOf(object.metadata)
  const [whole, setWhole] = useState(false)
  useCalmTraffic()
  useScene(`service:${key}`)
  const epoch = useClock((status) => (status ? status.now - status.elapsed : 0))
  if (!desk.simulation) return null
  const shares = sharesOf(desk)
  const counts = whole ? shares.inAll(key) : shares.lastMinute(key, desk.clock.now())
  const { rows, answered, lost } = rowsOf(counts, desk.scene.endpoints(key))
  if (rows.length === 0) return null
  const most = Math.max(0, ...rows.map(({ share }) => share))
  return (
    <Section title={t('Who answered')} open>
      <fieldset className="segments" aria-label={t('Of which time')}>
        <button type="button" aria-pressed={!whole} onClick={() => setWhole(false)}>
          {t('the last minute')}
        </button>
        <button type="button" aria-pressed={whole} onClick={() => setWhole(true)}>
          {t('all since {clock}', { clock: clockText(Math.max(0, shares.since - epoch)) })}
        </button>
      </fieldset>
      <table className="shares">
        <thead className="visually-hidden">
          <tr>
            <th scope="col">{t('Pod')}</th>
            <th scope="col">{t('Share')}</th>
            <th scope="col">{t('Requests')}</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <Line key={row.pod} row={row} most={most} />
          ))}
        </tbody>
      </table>
      <p className="empty">
        {t('{answered} requests answered', { answered: num(answered) })}
        {lost > 0 && <b className="lost">{` · ${t('{lost} lost', { lost: num(lost) })}`}</b>}
        {shares.missed > 0 && whole && ` · ${t('{missed} passed too fast to be counted here', { missed: num(shares.missed) })}`}
      </p>
      <p className="empty">{t(ruleOf(object as unknown as Service))}</p>
    </Section>
  )
}

const ruleOf = ({ spec }: Service) =>
  spec.sessionAffinity === 'ClientIP'
    ? 'Who came once comes to the same Pod again (sessionAffinity: ClientIP).'
    : 'Each request is given to a Pod by lot: shares come close to each other, and are never quite equal.'

function Line({ row, most }: { row: Row; most: number }) {
  const { choices } = useDesk()
  const name = row.pod.slice(row.pod.indexOf('/') + 1)
  return (
    <tr data-gone={!row.here || undefined}>
      <th scope="row">
        {row.here ? (
          <button
            type="button"
            className="link mono"
            title={name}
            onClick={() => select(choices, { table: 'pods', key: row.pod })}
          >
            {shortName(name)}
          </button>
        ) : (
          <span className="mono" title={name}>
            {shortName(name)} <i>{t('(gone)')}</i>
          </span>
        )}
      </th>
      <td>
        <span className="share-bar" aria-hidden="true">
          <i style={{ width: `${most > 0 ? (row.share / most) * 100 : 0}%` }} />
        </span>
      </td>
      <td className="num">
        <b>{`${num(row.share * 100)}%`}</b> {num(row.answered)}
        {row.lost > 0 && <span className="lost">{` · ${t('{lost} lost', { lost: num(row.lost) })}`}</span>}
      </td>
    </tr>
  )
}
