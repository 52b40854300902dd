/** The first sentence a newcomer reads; gone for good once they did something. */
import './welcome.css'
import { useEffect, useState } from 'react'
import { useStore } from 'zustand'
import type { Pod } from '#api/kinds.ts'
import { useChoice, useDesk, useScene } from '../state/hooks.ts'
import { lookOf } from '../state/look.ts'
import { uidOf } from '../state/scene.ts'
import { isSystem } from '../state/seats.ts'

export function Welcome() {
  const desk = useDesk()
  const [known, setKnown] = useState(() => desk.storage.get('welcomed') === '1')
  const selected = useChoice((c) => c.selected)
  const ready = useStore(desk.clock.store, ({ status }) => status !== null)
  useScene('pods')
  const pods = desk.mirror.all('pods').size
  const first = [...desk.mirror.all('pods').values()].find(
    (pod) => lookOf(pod as unknown as Pod).family === 'good' && !isSystem(pod.metadata.namespace),
  )
  const hint = known || selected || !first || desk.options.present ? null : uidOf(first)
  useEffect(() => desk.choices.setState({ hint }), [desk, hint])
  const shop = desk.mirror.get('deployments', 'default/shop') !== undefined
  if (!shop || known || !ready || pods === 0 || desk.options.present) return null
  const leave = (): void => {
    desk.storage.set('welcomed', '1')
    setKnown(true)
  }
  return (
    <div className="welcome">
      <p>
        <b>This shop runs on Kubernetes. Try to break it.</b>
        <span>
          {selected
            ? 'Now press “Kill this pod”, and watch who repairs it.'
            : 'Click any blue tile: that is a pod, one running copy of the shop.'}
        </span>
      </p>
      <button type="button" className="icon" aria-label="Hide this hint" onClick={leave}>
        ×
      </button>
    </div>
  )
}
