/** The pool: what all machines can give together, asked for and used: two bars in the top bar, and all figures behind them. */
import './pool.css'
import { type ToggleEvent, useState } from 'react'
import { useStore } from 'zustand'
import type { Desk } from '../../state/desk.ts'
import { useCalmScene, useDesk } from '../../state/hooks.ts'
import { createPool, type Pool as Figures } from '../../state/pool.ts'
import { t } from '../../words/index.ts'
import { amountText, percentText } from './figures.ts'
import { Meter } from './meter.tsx'
import { Sheet } from './sheet.tsx'

/** Figures of which nobody needs each. */
const CALM_MS = 500

/** One pool per desk: it follows its mirror from when it is first looked at. */
const pools = new WeakMap<Desk, Figures>()

function poolOf(desk: Desk): Figures {
  const pool = pools.get(desk) ?? createPool(desk.mirror).pool
  pools.set(desk, pool)
  return pool
}

export function Pool() {
  const desk = useDesk()
  const pool = poolOf(desk)
  useCalmScene('pods', CALM_MS)
  useCalmScene('node changes', CALM_MS)
  const used = useStore(desk.usage, ({ nodes }) => nodes)
  const [open, setOpen] = useState(false)
  const sum = { cpu: 0, memory: 0 }
  for (const { cpu, memory } of used.values()) {
    sum.cpu += cpu
    sum.memory += memory
  }
  const { room, asked } = pool
  if (room.pods === 0) return null
  return (
    <span className="pool">
      <button
        type="button"
        popoverTarget="pool"
        aria-expanded={open}
        aria-label={t('One pool: CPU {cpu} of {cpus}, memory {memory} of {memories} asked for', {
          cpu: amountText('cpu', asked.cpu),
          cpus: amountText('cpu', room.cpu),
          memory: amountText('memory', asked.memory),
          memories: amountText('memory', room.memory),
        })}
        title={t('What all machines can give together')}
      >
        <Line label="CPU" asked={asked.cpu} room={room.cpu} used={used.size > 0 ? sum.cpu : undefined} />
        <Line label="Mem" asked={asked.memory} room={room.memory} used={used.size > 0 ? sum.memory : undefined} />
      </button>
      <section
        id="pool"
        popover="auto"
        className="pool-sheet"
        aria-label={t('One pool')}
        onToggle={(event: ToggleEvent<HTMLElement>) => setOpen(event.newState === 'open')}
      >
        {open && <Sheet pool={pool} used={used.size > 0 ? sum : null} />}
      </section>
    </span>
  )
}

interface LineProps {
  label: string
  asked: number
  room: number
  used: number | undefined
}

const Line = ({ label, asked, room, used }: LineProps) => (
  <span className="pool-line" aria-hidden="true">
    <i>{label}</i>
    <Meter asked={asked} room={room} used={used} />
    <i className="num">{percentText(asked, room)}</i>
  </span>
)
