/** The editor of small screens: a text field that any phone's keyboard can handle. */
import { type KeyboardEvent, useEffect, useRef } from 'react'
import { t } from '../../words/index.ts'
import type { Surface } from './surface.ts'

export function Plain({ text, goTo, onChange, onApply }: Surface) {
  const field = useRef<HTMLTextAreaElement>(null)
  useEffect(() => {
    if (!goTo || !field.current) return
    const before = field.current.value.split('\n').slice(0, goTo.line - 1)
    const start = before.reduce((sum, line) => sum + line.length + 1, 0)
    field.current.focus()
    field.current.setSelectionRange(start + goTo.column - 1, start + goTo.column - 1)
  }, [goTo])
  const onKeyDown = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return
    event.preventDefault()
    onApply()
  }
  return (
    <textarea
      ref={field}
      className="nokey plain mono"
      aria-label={t('Manifest')}
      spellCheck={false}
      autoCapitalize="off"
      autoCorrect="off"
      value={text}
      placeholder={'apiVersion: v1\nkind: Pod\nmetadata:\n  name: web\nspec:\n  containers:\n    - name: web\n      image: nginx'}
      onChange={(event) => onChange(event.target.value)}
      onKeyDown={onKeyDown}
    />
  )
}
