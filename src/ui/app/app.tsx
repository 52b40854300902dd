/** The frame of the page: which panes are there, how large, and what each holds. The graph first; the rest follows. */
import './theme.css'
import './app.css'
import { lazy, Suspense, useEffect, useSyncExternalStore } from 'react'
import type { Session } from '#api/request.ts'
import { Graph } from '../panels/graph/index.tsx'
import { Boundary } from '../parts/boundary.tsx'
import { later } from '../parts/later.tsx'
import type { Desk } from '../state/desk.ts'
import { DeskContext, useChoice } from '../state/hooks.ts'
import { language, onLanguage, t } from '../words/index.ts'
import { useNarrow } from './narrow-query.ts'
import { useTheme } from './theme.ts'

const chrome = () => import('./chrome.tsx')
const TopBar = later(chrome, 'TopBar', () => <header className="top" />)
const TimeBar = later(chrome, 'TimeBar', () => <div className="time standing" />)
const LeftDock = later(chrome, 'LeftDock')
const RightDock = later(chrome, 'RightDock', StandingDock)
const Drawer = later(chrome, 'Drawer', StandingDrawer)
const NarrowPanes = later(chrome, 'NarrowPanes')
const NarrowTabs = later(chrome, 'NarrowTabs')
const Banner = later(chrome, 'Banner')
const Shortcuts = later(chrome, 'Shortcuts')
const Skip = later(chrome, 'Skip')
const Nothing = later(chrome, 'Nothing')
const Welcome = later(chrome, 'Welcome')
const PastBadge = later(chrome, 'PastBadge')
const Caption = later(chrome, 'Caption', () => <p className="caption standing" />)
const Tree = lazy(() => import('../panels/tree/index.tsx'))
const Embedding = lazy(() => import('./embedding.ts'))
const Overlays = lazy(() => import('./overlays.tsx'))

interface AppProps {
  desk: Desk
  keep?: (session: Session) => void
}

export function App({ desk, keep }: AppProps) {
  // Another language draws everything again, over the same desk.
  const spoken = useSyncExternalStore(onLanguage, language)
  useEffect(() => desk.start(keep), [desk, keep])
  return (
    <DeskContext value={desk}>
      <Frame key={spoken} desk={desk} />
    </DeskContext>
  )
}

function Frame({ desk }: { desk: Desk }) {
  useTheme()
  const narrow = useNarrow()
  const screen = useChoice((c) => c.screen)
  const { embed, hide, view } = desk.options
  const full = !embed && !narrow
  return (
    <div className="app" data-narrow={narrow || undefined}>
      <Skip />
      {!embed && <TopBar />}
      {(full || (embed && desk.options.lesson)) && <LeftDock />}
      <main className="main">
        {narrow && !embed && <NarrowPanes />}
        {(full || embed || screen === 'graph') && <Centre />}
        {(full || (embed && (view === 'split' || view === 'code'))) && !hide.has('editor') && <RightDock />}
      </main>
      {!hide.has('timeline') && <TimeBar />}
      {(full || (embed && view === 'terminal')) && !hide.has('terminal') && <Drawer />}
      {narrow && !embed && <NarrowTabs />}
      <Banner />
      <Shortcuts />
      <Boundary name={t('A window')}>
        <Suspense>
          <Overlays />
          {embed && <Embedding desk={desk} />}
        </Suspense>
      </Boundary>
    </div>
  )
}

function Centre() {
  return (
    <div className="centre" id="cluster">
      <Welcome />
      <Graph>
        <Boundary name={t('The table')}>
          <Nothing />
          <Suspense>
            <Tree />
          </Suspense>
        </Boundary>
      </Graph>
      <div className="said-line">
        <Caption />
        <PastBadge />
      </div>
    </div>
  )
}

/** The room that the right dock will take, so that the graph does not move when it comes. */
function StandingDock() {
  const open = useChoice((c) => c.deskOpen)
  const width = useChoice((c) => c.sizes.desk)
  return open ? <aside className="dock right" style={{ width: `min(${width}px, 42vw)` }} /> : null
}

function StandingDrawer() {
  const open = useChoice((c) => c.terminalOpen)
  const height = useChoice((c) => c.sizes.terminal)
  return open ? <section className="drawer" style={{ height }} /> : null
}
