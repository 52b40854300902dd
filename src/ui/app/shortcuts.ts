/** Single-key shortcuts: off while one types, and off altogether for those who switch them off (WCAG 2.1.4). */

import { useEffect } from 'react'
import { keyOf } from '#api/meta.ts'
import { CLOCK } from '#lessons/without.ts'
import { stepOnce } from '../panels/time/index.tsx'
import { killPod, perform, undo } from '../state/actions.ts'
import { select } from '../state/choices.ts'
import type { Desk } from '../state/desk.ts'
import { useDesk } from '../state/hooks.ts'

const TYPING = 'input, textarea, select, [contenteditable], .native-edit-context, .monaco-editor, .xterm'

export function Shortcuts(): null {
  const desk = useDesk()
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      const target = event.target as Element | null
      if (event.defaultPrevented || event.altKey || target?.closest?.(TYPING)) return
      if (event.ctrlKey || event.metaKey) {
        if (event.key === 'z') void undo(desk)
        return
      }
      if (event.key === 'Escape') letGo(desk)
      if (!desk.choices.getState().shortcuts || target?.closest?.('[role="treegrid"], [role="menu"], [role="dialog"]')) return
      const run = KEYS[event.key]
      if (!run || (OF_THE_CLOCK.has(event.key) && desk.choices.getState().without.includes(CLOCK))) return
      if (event.key === ' ' && target?.closest?.('button, [role="separator"], a')) return
      event.preventDefault()
      run(desk)
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [desk])
  return null
}

function letGo(desk: Desk): void {
  const { menu, dialog, closeUp, legendOpen, selected } = desk.choices.getState()
  if (menu || dialog || closeUp) desk.choices.setState({ menu: null, dialog: null, closeUp: null })
  else if (legendOpen) desk.choices.setState({ legendOpen: false })
  else if (selected) select(desk.choices, null)
}

const toggle = (key: 'legendOpen' | 'stripOpen' | 'terminalOpen' | 'deskOpen' | 'lessonOpen') => (desk: Desk) =>
  desk.choices.setState((c) => ({ [key]: !c[key] }))

const OF_THE_CLOCK = new Set([' ', '.', ','])

const KEYS: Record<string, (desk: Desk) => void> = {
  '?': (desk) => desk.choices.setState({ dialog: 'help' }),
  '/': () => document.querySelector<HTMLElement>('#search')?.focus(),
  c: toggle('stripOpen'),
  l: toggle('legendOpen'),
  t: toggle('terminalOpen'),
  e: toggle('deskOpen'),
  1: (desk) => desk.choices.setState({ lens: 'places' }),
  2: (desk) => desk.choices.setState({ lens: 'traffic' }),
  3: (desk) => desk.choices.setState({ lens: 'ownership' }),
  ' ': (desk) => {
    const speed = desk.clock.store.getState().status?.speed
    void desk.simulation?.setSpeed(speed === 'paused' ? 1 : 'paused')
  },
  '.': (desk) => void stepOnce(desk, { kind: 'write' }),
  ',': (desk) => void stepOnce(desk, { kind: 'reconcile' }),
  k: (desk) => {
    const { selected, hint } = desk.choices.getState()
    const hinted = hint ? desk.scene.pod(hint) : undefined
    const key = selected?.table === 'pods' ? selected.key : hinted && keyOf(hinted.metadata)
    if (key) void perform(desk, killPod(desk, key))
  },
}
