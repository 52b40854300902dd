/** What lies over the page now and then: the menu of an object, the dialogs. */
import { lazy, Suspense, useEffect } from 'react'
import { Menu } from '../panels/menu/index.tsx'
import { useChoice, useDesk } from '../state/hooks.ts'
import { refFrom } from '../state/ref-words.ts'
import { otherTabs } from './other-tabs.ts'

const Presenting = lazy(() => import('./presenting.tsx'))
const Paper = lazy(() => import('./paper.tsx'))
const Help = lazy(() => import('../panels/help/index.tsx'))
const Begin = lazy(() => import('../panels/begin/index.tsx'))
const Share = lazy(() => import('../panels/share/index.tsx'))

export default function Overlays() {
  const dialog = useChoice((c) => c.dialog)
  const desk = useDesk()
  useFocus()
  useEffect(() => otherTabs(desk), [desk])
  useTeacher()
  return (
    <Suspense>
      <Menu />
      <Paper />
      {desk.options.present && <Presenting />}
      {dialog === 'help' && <Help />}
      {dialog === 'share' && <Share />}
      {dialog === 'begin' && <Begin />}
    </Suspense>
  )
}

/** Presenters are followed by who asks for it; others when they say so. */
function useTeacher(): void {
  const desk = useDesk()
  const teaching = useChoice((c) => c.teaching)
  const { follow: follows, present } = desk.options
  useEffect(() => {
    if (!follows && !teaching && !present) return
    let stop = (): void => {}
    let stopped = false
    void import('./following.ts').then(({ follow, teach }) => {
      if (!stopped) stop = (follows ? follow : teach)(desk)
    })
    return () => {
      stopped = true
      stop()
    }
  }, [desk, teaching, follows, present])
}

const LOOK_MS = 300
const PATIENCE_MS = 30_000

/** `?focus=deploy/web` is chosen as soon as it is there. */
function useFocus(): void {
  const desk = useDesk()
  useEffect(() => {
    const { focus } = desk.options
    if (!focus) return
    const until = performance.now() + PATIENCE_MS
    const timer = setInterval(() => {
      const selected = refFrom(desk, focus)
      if (selected) desk.choices.setState({ selected })
      if (selected || performance.now() > until) clearInterval(timer)
    }, LOOK_MS)
    return () => clearInterval(timer)
  }, [desk])
}
