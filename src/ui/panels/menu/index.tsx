/** The menu of one object: what one can do to it, by mouse or by arrow keys. */
import { ChevronRight, Copy, Eye } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react'
import './menu.css'
import { type Action, actionsFor, perform } from '../../state/actions.ts'
import { type Ref, select } from '../../state/choices.ts'
import type { Desk } from '../../state/desk.ts'
import { faultsFor, linkActions } from '../../state/fault-actions.ts'
import { useChoice, useDesk } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'

export function Menu() {
  const desk = useDesk()
  const at = useChoice((c) => c.menu)
  const tour = useChoice((c) => c.tour)
  const list = useRef<HTMLDivElement>(null)
  const before = useRef<Element | null>(null)
  useLayoutEffect(() => {
    if (!at || !list.current) return
    before.current = document.activeElement
    keepInside(list.current, at.x, at.y)
    list.current.querySelector('button')?.focus()
  }, [at])
  useEffect(() => {
    if (!at) return
    const away = (event: PointerEvent): void => {
      if (!list.current?.contains(event.target as globalThis.Node)) desk.choices.setState({ menu: null })
    }
    addEventListener('pointerdown', away)
    return () => removeEventListener('pointerdown', away)
  }, [at, desk])
  if (!at) return null
  const close = (): void => {
    desk.choices.setState({ menu: null })
    if (before.current instanceof HTMLElement) before.current.focus()
  }
  const run = (action: Action) => (): void => {
    close()
    if (tour) select(desk.choices, null)
    void perform(desk, action)
  }
  const [kind, name] = [at.ref.table.replace(/s$/, ''), at.ref.key.split('/').at(-1)?.replace(' ', ' – ')]
  const foresees = !tour && !desk.options.embed && canForesee(desk)
  return (
    <div
      ref={list}
      className="menu"
      role="menu"
      tabIndex={-1}
      aria-label={`${kind} ${name}`}
      onKeyDown={(event) => moveFocus(event, close)}
    >
      <p>
        {kind} <b className="mono">{name}</b>
      </p>
      {offersFor(desk, at.ref).map((action, i) => (
        <div key={action.id + action.label} className="menu-row" role="none">
          <button
            type="button"
            role="menuitem"
            tabIndex={-1}
            data-danger={action.danger || undefined}
            data-first={(i === 0 && tour) || undefined}
            title={action.command}
            onClick={run(action)}
          >
            {tour && action.id === 'kill' ? t('Kill it') : action.label}
          </button>
          {foresees && <WhatIf action={action} at={at.ref} onDone={close} />}
          {!tour && action.command.startsWith('kubectl') && <CopyCommand command={action.command} onDone={close} />}
        </div>
      ))}
      {!tour && at.ref.table === 'nodes' && <Links node={at.ref.key} />}
      {!desk.options.embed && !tour && desk.mirror.get(at.ref.table, at.ref.key) && (
        <button
          type="button"
          role="menuitem"
          tabIndex={-1}
          onClick={() => {
            close()
            select(desk.choices, at.ref)
            desk.choices.setState({ deskOpen: true })
          }}
        >
          {t('Inspect')}
        </button>
      )}
    </div>
  )
}

/** Everything one can do there: to an object of the API, or to what lies below it. */
function offersFor(desk: Desk, ref: Ref): Action[] {
  const faults = faultsFor(desk, ref)
  if (faults) return faults
  const { tour } = desk.choices.getState()
  return [...actionsFor(desk, ref), ...(ref.table === 'nodes' && desk.simulation && !tour ? linkActions(desk, ref.key) : [])]
}

/** A copy of a large cluster takes longer than one would wait; of the past there is none. */
const FORESEE_MOST = 400
const canForesee = ({ simulation, mirror, clock }: Desk): boolean =>
  simulation !== undefined && mirror.all('pods').size <= FORESEE_MOST && clock.store.getState().status?.present === undefined

/** Tries it out on a copy of this moment, and shows as ghosts what came of it. */
function WhatIf({ action, at, onDone }: { action: Action; at: Ref; onDone(): void }) {
  const desk = useDesk()
  const label = t('What if: {deed}', { deed: action.label })
  const look = async (): Promise<void> => {
    onDone()
    desk.choices.setState({ outlook: { title: label, lines: [t('Trying it out on a copy…')], gone: [], come: [], tried: true } })
    const { foresee } = await import('../../state/rehearsal.ts')
    const same = (other: Desk) => offersFor(other, at).find(({ id, label: name }) => id === action.id && name === action.label)
    const outlook = await foresee(desk, label, same).catch((error: unknown) => ({
      title: label,
      lines: [String(error)],
      gone: [],
      come: [],
    }))
    if (desk.choices.getState().outlook?.title === label) desk.choices.setState({ outlook: { ...outlook, tried: true } })
  }
  return (
    <button
      type="button"
      role="menuitem"
      tabIndex={-1}
      className="icon"
      aria-label={t('What if?')}
      title={label}
      onClick={() => void look()}
    >
      <Eye size={14} />
    </button>
  )
}

const LINKS_SHOWN = 6

/** The same as drawing a line from one machine to another. */
function Links({ node }: { node: string }) {
  const { choices, scene, simulation } = useDesk()
  if (!simulation) return null
  const others = scene.nodes().filter(({ metadata }) => metadata.name !== node)
  return others.slice(0, LINKS_SHOWN).map(({ metadata: { name } }) => (
    <button
      key={name}
      type="button"
      role="menuitem"
      tabIndex={-1}
      onClick={() =>
        choices.setState(({ menu }) => ({ menu: menu && { ...menu, ref: { table: 'links', key: `${node} ${name}` } } }))
      }
    >
      {t('Link to {name}…', { name })} <ChevronRight size={13} aria-hidden="true" />
    </button>
  ))
}

/** Every click is a command: here it is, to be typed elsewhere. */
function CopyCommand({ command, onDone }: { command: string; onDone(): void }) {
  const copy = (): void => {
    onDone()
    void navigator.clipboard?.writeText(command).catch(() => {})
  }
  const label = t('Copy: {command}', { command })
  return (
    <button type="button" role="menuitem" tabIndex={-1} className="icon" aria-label={label} title={label} onClick={copy}>
      <Copy size={14} />
    </button>
  )
}

function keepInside(menu: HTMLElement, x: number, y: number): void {
  const { width, height } = menu.getBoundingClientRect()
  menu.style.left = `${Math.max(8, Math.min(x, innerWidth - width - 8))}px`
  menu.style.top = `${Math.max(8, Math.min(y, innerHeight - height - 8))}px`
}

function moveFocus(event: KeyboardEvent<HTMLElement>, close: () => void): void {
  const items = [...event.currentTarget.querySelectorAll<HTMLElement>('[role="menuitem"]')]
  const now = items.indexOf(document.activeElement as HTMLElement)
  const to = { ArrowDown: now + 1, ArrowUp: now - 1, Home: 0, End: items.length - 1 }[event.key]
  if (event.key === 'Escape' || event.key === 'Tab') close()
  else if (to !== undefined) items[(to + items.length) % items.length]?.focus()
  else return
  event.preventDefault()
  event.stopPropagation()
}
