/** The docks left and right of the graph: lessons on one side; editor and inspector share the other. */
import { X } from 'lucide-react'
import { lazy } from 'react'
import { Pane } from '../parts/pane.tsx'
import type { Tab } from '../state/choices.ts'
import { useChoice, useDesk } from '../state/hooks.ts'
import { t, type Word } from '../words/index.ts'
import { LookInto } from './look-into.tsx'
import { Splitter } from './splitter.tsx'

const Editor = lazy(() => import('../panels/editor/index.tsx'))
const Inspector = lazy(() => import('../panels/inspector/index.tsx'))
const Lessons = lazy(() => import('../panels/lesson/index.tsx'))

const TABS: [Tab, Word][] = [
  ['editor', 'Editor'],
  ['inspector', 'Inspector'],
]

export function LeftDock() {
  const { choices } = useDesk()
  const open = useChoice((c) => c.lessonOpen)
  const sizes = useChoice((c) => c.sizes)
  if (!open) return null
  return (
    <aside className="lesson-side" aria-label={t('Lessons')}>
      <div className="dock left" style={{ width: `min(${sizes.lesson}px, 34vw)` }}>
        <Pane name={t('The lessons')}>
          <Lessons />
        </Pane>
      </div>
      <Splitter
        label={t('Width of the lesson')}
        orientation="vertical"
        className="at-left"
        value={sizes.lesson}
        least={260}
        most={560}
        initial={340}
        sense={1}
        onChange={(lesson) => choices.setState({ sizes: { ...sizes, lesson } })}
      />
    </aside>
  )
}

export function RightDock() {
  const { choices } = useDesk()
  const open = useChoice((c) => c.deskOpen)
  const sizes = useChoice((c) => c.sizes)
  if (!open) return <LookInto />
  return (
    <>
      <Splitter
        label={t('Width of the editor')}
        orientation="vertical"
        className="at-right"
        value={sizes.desk}
        least={300}
        most={760}
        initial={420}
        sense={-1}
        onChange={(desk) => choices.setState({ sizes: { ...sizes, desk } })}
      />
      <aside className="dock right" style={{ width: `min(${sizes.desk}px, 42vw)` }} aria-label={t('Editor and inspector')}>
        <DeskBody />
      </aside>
    </>
  )
}

export function DeskBody() {
  const { choices } = useDesk()
  const tab = useChoice((c) => c.tab)
  return (
    <>
      <header>
        <div className="segments" role="tablist" aria-label={t('Editor or inspector')}>
          {TABS.map(([id, name]) => (
            <button key={id} type="button" role="tab" aria-selected={tab === id} onClick={() => choices.setState({ tab: id })}>
              {t(name)}
            </button>
          ))}
        </div>
        <span style={{ flex: 1 }} />
        <button
          type="button"
          className="icon"
          aria-label={t('Close this pane')}
          title={t('Close')}
          onClick={() => choices.setState({ deskOpen: false, screen: 'graph' })}
        >
          <X size={16} />
        </button>
      </header>
      <div className="body" hidden={tab !== 'editor'} id="editor">
        <Pane name={t('The editor')}>
          <Editor />
        </Pane>
      </div>
      {tab === 'inspector' && (
        <div className="body">
          <Pane name={t('The inspector')}>
            <Inspector />
          </Pane>
        </div>
      )}
    </>
  )
}
