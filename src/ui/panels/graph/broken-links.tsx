/** Links that were broken on purpose, drawn between the machines they join; and the line under one's hand while a link is chosen. */
import { useReactFlow, useStoreApi, ViewportPortal } from '@xyflow/react'
import { useEffect } from 'react'
import { useChoice, useDesk } from '../../state/hooks.ts'
import { t } from '../../words/index.ts'
import type { Box, Layout, Point } from './layout.ts'

const middle = ({ x, y, w, h }: Box): Point => ({ x: x + w / 2, y: y + h - 34 })

export function BrokenLinks({ layout }: { layout: Layout }) {
  const wires = useChoice((c) => c.broken.wires)
  const drag = useChoice((c) => c.linking)
  useLinkGesture()
  if (wires.length === 0 && !drag) return null
  const from = drag && layout.machines.get(drag.from)
  return (
    <ViewportPortal>
      <svg className="edges links" aria-hidden="true">
        {wires.map((wire) => {
          const [a, b] = [layout.machines.get(wire.a), layout.machines.get(wire.b)]
          if (!a || !b) return null
          const [p, q] = [middle(a), middle(b)]
          return (
            <g key={`${wire.a} ${wire.b}`} data-cut={wire.loss >= 100 || undefined}>
              <path d={arc(p, q)} />
              <text x={(p.x + q.x) / 2} y={(p.y + q.y) / 2 + BOW + 4} textAnchor="middle">
                {wire.loss >= 100
                  ? t('cut')
                  : [wire.ms > 0 && t('+{ms} ms', { ms: wire.ms }), wire.loss > 0 && t('{loss} % lost', { loss: wire.loss })]
                      .filter(Boolean)
                      .join(', ')}
              </text>
            </g>
          )
        })}
        {drag && from && <path className="drawing" d={`M${middle(from).x} ${middle(from).y}L${drag.x} ${drag.y}`} />}
      </svg>
    </ViewportPortal>
  )
}

/** A drag must be meant. */
const MEANT_PX = 10

const machineAt = (target: Element | null): string | undefined =>
  target?.closest('.machine')?.querySelector<HTMLElement>('.card-foot')?.dataset['ref']?.replace('nodes ', '')

/** From the foot of one machine to another: what may befall the link between them is offered there. */
function useLinkGesture(): void {
  const { choices, simulation } = useDesk()
  const { screenToFlowPosition } = useReactFlow()
  const flow = useStoreApi()
  useEffect(() => {
    const { domNode } = flow.getState()
    if (!domNode || !simulation) return
    let from: { name: string; x: number; y: number } | null = null
    const onDown = (event: PointerEvent): void => {
      const foot = (event.target as Element).closest('.card-foot')
      const name = foot ? machineAt(foot) : undefined
      from = name && event.button === 0 && !choices.getState().tour ? { name, x: event.clientX, y: event.clientY } : null
    }
    const onMove = (event: PointerEvent): void => {
      if (!from || Math.hypot(event.clientX - from.x, event.clientY - from.y) < MEANT_PX) return
      const at = screenToFlowPosition({ x: event.clientX, y: event.clientY })
      choices.setState({ linking: { from: from.name, ...at } })
    }
    const onUp = (event: PointerEvent): void => {
      const { linking } = choices.getState()
      from = null
      if (!linking) return
      choices.setState({ linking: null })
      addEventListener('click', (click) => click.stopPropagation(), { capture: true, once: true })
      const to = machineAt(document.elementFromPoint(event.clientX, event.clientY))
      if (to && to !== linking.from)
        choices.setState({ menu: { ref: { table: 'links', key: `${linking.from} ${to}` }, x: event.clientX, y: event.clientY } })
    }
    domNode.addEventListener('pointerdown', onDown)
    addEventListener('pointermove', onMove)
    addEventListener('pointerup', onUp)
    return () => {
      domNode.removeEventListener('pointerdown', onDown)
      removeEventListener('pointermove', onMove)
      removeEventListener('pointerup', onUp)
    }
  }, [choices, simulation, screenToFlowPosition, flow])
}

/** How far below the cards the links hang. */
const BOW = 46
const arc = (p: Point, q: Point): string =>
  `M${p.x} ${p.y + 30}C${p.x} ${p.y + 30 + BOW} ${q.x} ${q.y + 30 + BOW} ${q.x} ${q.y + 30}`
