/** All figures of the pool: allocatable, requested, used; volumes; and what one should know of a pool made of pieces. */
import { useEffect, useState } from 'react'
import type { AnyObject } from '#api/meta.ts'
import { amount } from '../../state/asks.ts'
import { useDesk } from '../../state/hooks.ts'
import { closedOff, largestPiece, type Pool, RESOURCES, type Resource } from '../../state/pool.ts'
import { t, type Word } from '../../words/index.ts'
import { amountText, percentText } from './figures.ts'
import { Meter } from './meter.tsx'

const NAMES: Record<Resource, Word> = {
  cpu: 'CPU cores',
  memory: 'Memory',
  'ephemeral-storage': 'Disks of the machines',
  pods: 'Pods',
}

export function Sheet({ pool, used }: { pool: Pool; used: { cpu: number; memory: number } | null }) {
  const { room, asked } = pool
  return (
    <>
      <h2>{t('One pool')}</h2>
      <p>{t('What all machines can give together. Kubernetes decides on which of them a Pod runs.')}</p>
      <table>
        <thead>
          <tr>
            <td />
            <th scope="col">{t('asked for')}</th>
            <th scope="col">{t('used')}</th>
            <th scope="col">{t('can be given')}</th>
          </tr>
        </thead>
        <tbody>
          {RESOURCES.map((what) => {
            const usage = what === 'cpu' || what === 'memory' ? used?.[what] : undefined
            return (
              <tr key={what}>
                <th scope="row">
                  {t(NAMES[what])}
                  <Meter asked={asked[what]} room={room[what]} used={usage} />
                </th>
                <Cell what={what} part={asked[what]} whole={room[what]} />
                {usage === undefined ? <td className="num">–</td> : <Cell what={what} part={usage} whole={room[what]} />}
                <td className="num">{amountText(what, room[what])}</td>
              </tr>
            )
          })}
          <Volumes />
        </tbody>
      </table>
      <Remarks pool={pool} measured={used !== null} />
    </>
  )
}

const Cell = ({ what, part, whole }: { what: Resource; part: number; whole: number }) => (
  <td className="num">
    {amountText(what, part)} <i>{percentText(part, whole)}</i>
  </td>
)

/** Persistent volumes are not mirrored: they are asked for when somebody looks. */
function Volumes() {
  const { transport } = useDesk()
  const [volumes, setVolumes] = useState<AnyObject[]>([])
  useEffect(() => {
    let current = true
    const take = (body: unknown): void => {
      if (current) setVolumes((body as { items?: AnyObject[] } | null)?.items ?? [])
    }
    transport.request({ method: 'GET', path: '/api/v1/persistentvolumes' }).then(
      ({ status, body }) => take(status === 200 ? body : null),
      () => {},
    )
    return () => {
      current = false
    }
  }, [transport])
  if (volumes.length === 0) return null
  const size = (list: AnyObject[]): number => list.reduce((sum, v) => sum + amount(v['spec']?.capacity?.storage), 0)
  const [bound, all] = [size(volumes.filter((v) => v['status']?.phase === 'Bound')), size(volumes)]
  return (
    <tr>
      <th scope="row">
        {t('Persistent volumes')}
        <Meter asked={bound} room={all} used={undefined} />
      </th>
      <Cell what="ephemeral-storage" part={bound} whole={all} />
      <td className="num">–</td>
      <td className="num">{amountText('ephemeral-storage', all)}</td>
    </tr>
  )
}

function Remarks({ pool, measured }: { pool: Pool; measured: boolean }) {
  const { waiting } = pool
  const piece = largestPiece(pool)
  const closed = closedOff(pool)
  const figures = ({ cpu, memory }: { cpu: number; memory: number }) => ({
    cpu: amountText('cpu', cpu),
    memory: amountText('memory', memory),
  })
  return (
    <ul>
      {waiting.pods > 0 && (
        <li data-waiting>
          {t('{pods} Pods wait for a machine, and ask for {cpu} CPU and {memory} of memory more.', {
            pods: amountText('pods', waiting.pods),
            ...figures(waiting),
          })}
        </li>
      )}
      <li>
        {piece
          ? t('A Pod must fit into one piece. The largest that is free: {cpu} CPU and {memory} on {name}.', {
              name: piece.name,
              ...figures(piece),
            })
          : t('A Pod must fit into one piece, and no machine has one left.')}
      </li>
      {closed.count > 0 && (
        <li>
          {t(
            closed.count === 1
              ? '1 machine takes no ordinary Pod (a taint keeps them off): {cpu} CPU and {memory} of it.'
              : '{count} machines take no ordinary Pod (a taint keeps them off): {cpu} CPU and {memory} of it.',
            {
              count: closed.count,
              ...figures(closed),
            },
          )}
        </li>
      )}
      {!measured && <li>{t('Nobody measures what is used: the addon metrics-server does, when a cluster begins with it.')}</li>}
    </ul>
  )
}
