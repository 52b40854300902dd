/** The terminal: xterm in a drawer, with the learner's shell behind it. */
import { FitAddon } from '@xterm/addon-fit'
import { Terminal as Xterm } from '@xterm/xterm'
import '@xterm/xterm/css/xterm.css'
import './terminal.css'
import { X } from 'lucide-react'
import { useEffect, useRef, useState } from 'react'
import { isTouch } from '../../app/narrow-query.ts'
import { useDesk } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'
import { Session } from './session.ts'
import { openTerminal } from './shell.ts'

const THEME = {
  background: '#10172a',
  foreground: '#e4eaf6',
  cursor: '#86aeff',
  selectionBackground: '#34466f',
  brightBlack: '#93a0bd',
}

export default function Terminal() {
  const desk = useDesk()
  const element = useRef<HTMLDivElement>(null)
  const press = useRef<(key: string) => void>(() => {})
  // A program has the whole screen: who has never met vi must find the way out.
  const [whole, setWhole] = useState(false)
  useEffect(() => {
    if (!element.current) return
    const term = new Xterm({
      cursorBlink: !matchMedia('(prefers-reduced-motion: reduce)').matches,
      screenReaderMode: true,
      fontSize: desk.options.present ? 22 : 13.5,
      lineHeight: 1.25,
      fontFamily: getComputedStyle(document.documentElement).getPropertyValue('--mono'),
      scrollback: 5000,
      theme: THEME,
    })
    const fit = new FitAddon()
    term.loadAddon(fit)
    term.open(element.current)
    fit.fit()
    const session = new Session(term, openTerminal(desk), desk.storage, (line) => void desk.simulation?.mark(line))
    const typed = term.onData((text) => session.data(text))
    term.attachCustomKeyEventHandler((event) => !isForBrowser(event, term))
    term.buffer.onBufferChange(({ type }) => setWhole(type === 'alternate'))
    press.current = (key) => {
      term.focus()
      session.data(key)
    }
    const stop = desk.terminal.read((line) => session.show(line))
    const watch = new ResizeObserver(() => {
      fit.fit()
      session.resize()
    })
    watch.observe(element.current)
    return () => {
      watch.disconnect()
      stop()
      session.dispose()
      typed.dispose()
      term.dispose()
    }
  }, [desk])
  return (
    <div className="terminal nokey">
      <header>
        <span>{t('Terminal')}</span>
        <span className="hint">
          {whole
            ? t('q leaves · in vi: i writes; Esc, then :wq saves, :q! does not')
            : t('Tab completes · Ctrl+C stops · ↑ recalls')}
        </span>
        <button
          type="button"
          className="icon"
          aria-label={t('Close the terminal')}
          onClick={() => desk.choices.setState({ terminalOpen: false, screen: 'graph' })}
        >
          <X size={15} />
        </button>
      </header>
      <div ref={element} className="screen" data-testid="terminal" />
      {isTouch() && <TouchKeys press={(key) => press.current(key)} />}
    </div>
  )
}

/** Ctrl+V pastes, and Ctrl+C copies what is marked, as everywhere else on the page. */
function isForBrowser({ type, key, ctrlKey, altKey, metaKey }: KeyboardEvent, term: Xterm): boolean {
  if (!ctrlKey || altKey || metaKey) return false
  if (key === 'v' || key === 'V') return true
  if (key !== 'c' || !term.hasSelection()) return false
  // Once copied it is let go: the next Ctrl+C stops what runs.
  if (type === 'keydown') setTimeout(() => term.clearSelection(), 0)
  return true
}

/** Keys that the keyboards of phones lack or hide, as they arrive at a terminal. */
const TOUCH_KEYS: readonly (readonly [face: string, key: string])[] = [
  ['Tab', '\t'],
  ['↑', '\x1b[A'],
  ['↓', '\x1b[B'],
  ['←', '\x1b[D'],
  ['→', '\x1b[C'],
  ['^C', '\x03'],
  ['-', '-'],
  ['/', '/'],
  ['|', '|'],
]

function TouchKeys({ press }: { press(key: string): void }) {
  return (
    <div className="touch-keys" role="toolbar" aria-label={t('Keys')}>
      {TOUCH_KEYS.map(([face, key]) => (
        // The terminal keeps the focus, and with it the phone's keyboard.
        <button key={face} type="button" onPointerDown={(event) => event.preventDefault()} onClick={() => press(key)}>
          {face}
        </button>
      ))}
    </div>
  )
}
