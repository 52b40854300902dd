/** Brings what was searched for into view, when it is not there already. */
import { useReactFlow } from '@xyflow/react'
import { useEffect } from 'react'
import { useChoice, useDesk } from '../../state/hooks.ts'
import type { Layout } from './layout.ts'

export function LookAt({ layout }: { layout: Layout }): null {
  const { choices, mirror } = useDesk()
  const { setCenter, getZoom } = useReactFlow()
  const wish = useChoice((c) => c.lookAt)
  useEffect(() => {
    if (!wish) return
    const node = wish.table === 'nodes' ? wish.key : mirror.get('pods', wish.key)?.['spec']?.nodeName
    const box = layout.machines.get(node) ?? layout.services.get(wish.key) ?? layout.workloads.get(`${wish.table} ${wish.key}`)
    if (box) void setCenter(box.x + box.w / 2, box.y + box.h / 2, { zoom: Math.max(getZoom(), 0.7) })
    choices.setState({ lookAt: null })
  }, [wish, layout, choices, mirror, setCenter, getZoom])
  return null
}
