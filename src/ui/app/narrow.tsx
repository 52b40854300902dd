/** The page on a narrow screen: one pane at a time with tabs below, and a strip of the cluster that never leaves. */
import { BookOpen, Boxes, Code, SquareTerminal } from 'lucide-react'
import { lazy } from 'react'
import { Pane } from '../parts/pane.tsx'
import type { Screen } from '../state/choices.ts'
import { useCalmScene, useChoice, useDesk, useScene } from '../state/hooks.ts'
import { type Family, lookOf, nodeLook } from '../state/look.ts'
import { t, type Word } from '../words/index.ts'
import { DeskBody } from './docks.tsx'
import { Drawer } from './drawer.tsx'
import { LookInto } from './look-into.tsx'

const Lessons = lazy(() => import('../panels/lesson/index.tsx'))

const SCREENS: [Screen, Word, typeof Boxes][] = [
  ['lesson', 'Lesson', BookOpen],
  ['graph', 'Cluster', Boxes],
  ['code', 'Code', Code],
  ['terminal', 'Terminal', SquareTerminal],
]

/** Everything but the graph, one at a time; the graph itself belongs to the frame. */
export function NarrowPanes() {
  const screen = useChoice((c) => c.screen)
  return (
    <>
      {screen !== 'graph' && <ClusterStrip />}
      {screen === 'lesson' && (
        <aside className="dock" aria-label={t('Lessons')}>
          <Pane name={t('The lessons')}>
            <Lessons />
          </Pane>
        </aside>
      )}
      {screen === 'code' && (
        <aside className="dock" aria-label={t('Editor and inspector')}>
          <DeskBody />
        </aside>
      )}
      {screen === 'terminal' && <Drawer filling />}
      {screen === 'graph' && <LookInto />}
    </>
  )
}

export function NarrowTabs() {
  const { choices } = useDesk()
  const screen = useChoice((c) => c.screen)
  return (
    <nav className="tabs-bottom" aria-label={t('Panes')}>
      {SCREENS.map(([id, name, Icon]) => (
        <button key={id} type="button" aria-current={screen === id} onClick={() => choices.setState({ screen: id })}>
          <Icon size={18} aria-hidden="true" />
          {t(name)}
        </button>
      ))}
    </nav>
  )
}

/** Machines as bars of their pods' families, so that cause and effect share a screen. */
function ClusterStrip() {
  const { scene } = useDesk()
  useCalmScene('pods', 250)
  useScene('node changes')
  return (
    <ul className="cluster-strip" aria-label={t('Cluster')}>
      {scene.nodes().map((node) => {
        const families = scene.podsOn(node.metadata.name).map((pod) => lookOf(pod).family)
        const count = (family: Family): number => families.filter((f) => f === family).length
        return (
          <li key={node.metadata.name} data-ready={nodeLook(node).ready || undefined}>
            <b className="mono">{node.metadata.name}</b>
            <span className="bars">
              {(['good', 'waiting', 'bad', 'done'] as const).map((f) =>
                count(f) > 0 ? <i key={f} data-family={f} style={{ flex: count(f) }} /> : null,
              )}
            </span>
            <span className="num">{families.length}</span>
          </li>
        )
      })}
    </ul>
  )
}
