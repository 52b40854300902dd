/** The projector view's own: a remote's keys, a blank screen, the keys that were typed, and ink on paper. */
import './presenting.css'
import { useEffect, useState } from 'react'
import { stepOnce } from '../panels/time/index.tsx'
import { undo } from '../state/actions.ts'
import type { Desk } from '../state/desk.ts'
import { useDesk } from '../state/hooks.ts'
import { t } from '../words/index.ts'

const SHOWN_MS = 1600
const MOST = 6
const TYPING = 'input, textarea, select, [contenteditable], .native-edit-context, .monaco-editor, .xterm'

export default function Presenting() {
  const desk = useDesk()
  const [blank, setBlank] = useState(false)
  const [keys, setKeys] = useState<{ id: number; name: string }[]>([])
  useEffect(() => {
    let serial = 0
    const timers = new Set<ReturnType<typeof setTimeout>>()
    const show = (name: string): void => {
      serial += 1
      const key = { id: serial, name }
      setKeys((now) => [...now, key].slice(-MOST))
      const timer = setTimeout(() => {
        timers.delete(timer)
        setKeys((now) => now.filter(({ id }) => id !== key.id))
      }, SHOWN_MS)
      timers.add(timer)
    }
    const onKey = (event: KeyboardEvent): void => {
      show(nameOf(event))
      if ((event.target as Element | null)?.closest?.(TYPING) || event.ctrlKey || event.metaKey || event.altKey) return
      const run = REMOTE[event.key]
      if (event.key === 'b' || event.key === 'B') setBlank((now) => !now)
      else if (run) void run(desk)
      else return
      event.preventDefault()
      event.stopPropagation()
    }
    const onClick = (event: PointerEvent): void => show(event.button === 2 ? t('right click') : t('click'))
    addEventListener('keydown', onKey, true)
    addEventListener('pointerdown', onClick, true)
    return () => {
      removeEventListener('keydown', onKey, true)
      removeEventListener('pointerdown', onClick, true)
      for (const timer of timers) clearTimeout(timer)
    }
  }, [desk])
  return (
    <>
      <p className="typed-keys" aria-hidden="true">
        {keys.map(({ id, name }) => (
          <kbd key={id}>{name}</kbd>
        ))}
      </p>
      {blank && (
        <button
          type="button"
          className="blank"
          aria-label={t('The screen is blank: show it again')}
          onClick={() => setBlank(false)}
        />
      )}
    </>
  )
}

/** Next is the lesson's next step where one is under way, else the next event of the cluster; back likewise, or undo. */
const REMOTE: Record<string, (desk: Desk) => Promise<unknown>> = {
  PageDown: (desk) => turn(desk, 1),
  '.': (desk) => turn(desk, 1),
  PageUp: (desk) => turn(desk, -1),
}

async function turn(desk: Desk, by: 1 | -1): Promise<void> {
  if (desk.storage.get('lesson') !== null && desk.choices.getState().lessonOpen) {
    const { roomOf } = await import('../panels/lesson/room.ts')
    const { store } = roomOf(desk)
    const { lesson, shown } = store.getState()
    if (lesson) return store.setState({ shown: Math.max(0, Math.min(lesson.steps.length - 1, shown + by)) })
  }
  await (by > 0 ? stepOnce(desk, { kind: 'write' }) : undo(desk))
}

const NAMES: Record<string, string> = { ' ': 'Space', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Enter: '⏎' }
const nameOf = ({ key, ctrlKey, metaKey }: KeyboardEvent): string =>
  `${ctrlKey && key !== 'Control' ? 'Ctrl+' : ''}${metaKey && key !== 'Meta' ? '⌘' : ''}${NAMES[key] ?? key}`
