/** The frame of the page: which panes are there, how large, and what each holds. */
import './theme.css'
import './app.css'
import { lazy, Suspense, useEffect } from 'react'
import { Caption } from '../panels/caption/index.tsx'
import { Graph } from '../panels/graph/index.tsx'
import { TimeBar } from '../panels/time/index.tsx'
import type { Desk } from '../state/desk.ts'
import { DeskContext } from '../state/hooks.ts'
import { LeftDock, RightDock } from './docks.tsx'
import { Drawer } from './drawer.tsx'
import { Narrow, useNarrow } from './narrow.tsx'
import { useShortcuts } from './shortcuts.ts'
import { Skip } from './skip.tsx'
import { useTheme } from './theme.ts'
import { TopBar } from './top-bar.tsx'
import { Welcome } from './welcome.tsx'

const Overlays = lazy(() => import('./overlays.tsx'))
const Tree = lazy(() => import('../panels/tree/index.tsx'))

export function App({ desk }: { desk: Desk }) {
  useEffect(() => desk.start(), [desk])
  return (
    <DeskContext value={desk}>
      <Frame desk={desk} />
    </DeskContext>
  )
}

function Frame({ desk }: { desk: Desk }) {
  useTheme()
  useShortcuts()
  const narrow = useNarrow()
  const { embed, hide } = desk.options
  return (
    <div className="app" data-narrow={narrow || undefined}>
      <Skip />
      {!embed && <TopBar />}
      {narrow && !embed ? (
        <Narrow />
      ) : (
        <main className="main">
          {!embed && <LeftDock />}
          <Centre />
          {!embed && <RightDock />}
        </main>
      )}
      {!hide.has('timeline') && <TimeBar />}
      {!narrow && !embed && !hide.has('terminal') && <Drawer />}
      <Suspense>
        <Overlays />
      </Suspense>
    </div>
  )
}

export function Centre() {
  return (
    <div className="centre" id="cluster">
      <Graph>
        <Welcome />
        <Suspense>
          <Tree />
        </Suspense>
      </Graph>
      <Caption />
    </div>
  )
}
