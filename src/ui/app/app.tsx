/** The frame of the page: which panes are there, how large, and what each holds. */
import './theme.css'
import './app.css'
import { lazy, Suspense, useEffect } from 'react'
import type { Session } from '#api/request.ts'
import { TimeBar } from '../panels/time/index.tsx'
import { Boundary } from '../parts/boundary.tsx'
import type { Desk } from '../state/desk.ts'
import { DeskContext } from '../state/hooks.ts'
import { Banner } from './banner.tsx'
import { Centre } from './centre.tsx'
import { LeftDock, RightDock } from './docks.tsx'
import { Drawer } from './drawer.tsx'
import { Narrow, useNarrow } from './narrow.tsx'
import { useShortcuts } from './shortcuts.ts'
import { Skip } from './skip.tsx'
import { useTheme } from './theme.ts'
import { TopBar } from './top-bar.tsx'

const Embedding = lazy(() => import('./embedding.ts'))
const Overlays = lazy(() => import('./overlays.tsx'))

export function App({ desk, keep }: { desk: Desk; keep?: (session: Session) => void }) {
  useEffect(() => desk.start(keep), [desk, keep])
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
      <Banner />
      <Boundary name="A window">
        <Suspense>
          <Overlays />
          {embed && <Embedding desk={desk} />}
        </Suspense>
      </Boundary>
    </div>
  )
}
