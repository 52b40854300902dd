/** What lies over the page now and then: the menu of an object, the dialogs. */
import { lazy, Suspense } from 'react'
import { Menu } from '../panels/menu/index.tsx'
import { useChoice } from '../state/hooks.ts'

const Help = lazy(() => import('../panels/help/index.tsx'))
const Share = lazy(() => import('../panels/share/index.tsx'))

export default function Overlays() {
  const dialog = useChoice((c) => c.dialog)
  return (
    <Suspense>
      <Menu />
      {dialog === 'help' && <Help />}
      {dialog === 'share' && <Share />}
    </Suspense>
  )
}
