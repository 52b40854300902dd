/** What is on paper under the graph: the story so far, the editor's files, and what is asked of the cluster when it was gathered. */
import './print.css'
import { useEffect, useState } from 'react'
import { flushSync } from 'react-dom'
import { readFiles } from '../panels/editor/files.ts'
import { clockText } from '../state/clock.ts'
import type { Desk } from '../state/desk.ts'
import { useChoice, useDesk } from '../state/hooks.ts'
import { t } from '../words/index.ts'

/** More would be a book. */
const SENTENCES = 60

export default function Paper() {
  const desk = useDesk()
  const yaml = useChoice((c) => c.printed)
  const [printing, setPrinting] = useState(false)
  useEffect(() => {
    const root = document.documentElement
    let theme: string | undefined
    const before = (): void => {
      // Paper is light.
      theme ??= root.dataset['theme']
      root.dataset['theme'] = 'light'
      flushSync(() => setPrinting(true))
    }
    const after = (): void => {
      if (theme) root.dataset['theme'] = theme
      theme = undefined
      setPrinting(false)
      desk.choices.setState({ printed: null })
    }
    addEventListener('beforeprint', before)
    addEventListener('afterprint', after)
    return () => {
      removeEventListener('beforeprint', before)
      removeEventListener('afterprint', after)
    }
  }, [desk])
  // Printed by our own button, with everything that is asked for.
  useEffect(() => {
    if (yaml !== null) print()
  }, [yaml])
  return printing ? <Sheet desk={desk} yaml={yaml} /> : null
}

function Sheet({ desk, yaml }: { desk: Desk; yaml: string | null }) {
  const told = desk.story.store.getState().told.slice(-SENTENCES)
  const { status } = desk.clock.store.getState()
  const start = status ? status.now - status.elapsed : 0
  const files = Object.entries(readFiles(desk.storage)).filter(([, text]) => text.trim() !== '')
  return (
    <section className="paper">
      <h2>{t('What happened')}</h2>
      <ol>
        {told.map((each) => (
          <li key={`${each.seq} ${each.at}`}>
            <span className="num">{status ? clockText(Math.max(0, each.at - start)) : ''}</span>
            <span>{each.text}</span>
          </li>
        ))}
      </ol>
      {yaml !== null && (
        <>
          <h2>{t('YAML of everything')}</h2>
          <pre>{yaml}</pre>
        </>
      )}
      {yaml === null &&
        files.map(([name, text]) => (
          <div key={name}>
            <h2 className="mono">{name}</h2>
            <pre>{text}</pre>
          </div>
        ))}
    </section>
  )
}
