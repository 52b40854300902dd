/** The menu of one object: what one can do to it, by mouse or by arrow keys. */
import { Copy } from 'lucide-react'
import { type KeyboardEvent, useEffect, useLayoutEffect, useRef } from 'react'
import './menu.css'
import { type Action, actionsFor, perform } from '../../state/actions.ts'
import { select } from '../../state/choices.ts'
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
  const [kind, name] = [at.ref.table.replace(/s$/, ''), at.ref.key.split('/').at(-1)]
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
      {actionsFor(desk, at.ref).map((action, i) => (
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
          {!tour && action.command.startsWith('kubectl') && <CopyCommand command={action.command} onDone={close} />}
        </div>
      ))}
      {!desk.options.embed && !tour && (
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
