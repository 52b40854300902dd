/** What a newcomer meets first: the shop, one sentence, one pulsing tile; gone for good once they went through it or left it. */
import './welcome.css'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { Pod } from '#api/kinds.ts'
import { useChoice, useDesk, useScene } from '../state/hooks.ts'
import { lookOf } from '../state/look.ts'
import { uidOf } from '../state/scene.ts'
import { isSystem } from '../state/seats.ts'

const Tour = lazy(() => import('./tour.tsx'))

export function Welcome() {
  const desk = useDesk()
  const [known, setKnown] = useState(() => {
    const welcomed = desk.storage.get('welcomed')
    // Whom somebody has sent a link came to see what is in it.
    return welcomed === '1' || (welcomed === null && /^#[rs]=/.test(location.hash))
  })
  const menu = useChoice((c) => c.menu)
  const ready = useStore(desk.clock.store, ({ status }) => status !== null)
  useScene('pods')
  const pods = desk.mirror.all('pods').size
  const first = [...desk.mirror.all('pods').values()].find(
    (pod) => lookOf(pod as unknown as Pod).family === 'good' && !isSystem(pod.metadata.namespace),
  )
  const hint = known || menu || !first || desk.options.present ? null : uidOf(first)
  const touring = useChoice((c) => c.tour)
  // The first steps point at what is to be clicked themselves.
  useEffect(() => {
    if (!touring) desk.choices.setState({ hint })
  }, [desk, hint, touring])
  const shop = desk.mirror.get('deployments', 'default/shop') !== undefined
  // Once begun it stays, whatever becomes of the shop.
  if (known || !ready || desk.options.present || desk.options.embed) return null
  if (!touring && (!shop || pods === 0)) return null
  const leave = (): void => {
    desk.storage.set('welcomed', '1')
    setKnown(true)
  }
  return (
    <Suspense fallback={<div className="tour" />}>
      <Tour onLeave={leave} />
    </Suspense>
  )
}
