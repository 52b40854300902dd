import { expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { createSeats } from '../../state/seats.ts'
import { pathOf, serviceCurves } from './curves.ts'
import { DENSE, type Grid, gridFor, ROOMY } from './grid.ts'
import { anchorOf, CARD_W, cardHeight, layoutOf, plans, slimPlans } from './layout.ts'

const machine = (i: number): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Node',
  metadata: { name: `node-${i}`, labels: { 'topology.kubernetes.io/zone': `zone-${'abc'[i % 3]}` } },
  spec: {},
})

function sceneOf(machines: number, services: number) {
  const seats = createSeats()
  const nodes = Array.from({ length: machines }, (_, i) => machine(i))
  const list = Array.from({ length: services }, (_, i) => ({ metadata: { name: `s${i}`, namespace: 'default' } }))
  return { seats, nodes: () => nodes, services: () => list, workloads: () => [] } as any
}

const overlap = (a: any, b: any) => a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h

it('lets no card cover another, whatever the plan', () => {
  for (const [machines, plan] of [...plans(14).map((p) => [14, p] as const), ...slimPlans(7).map((p) => [7, p] as const)]) {
    const layout = layoutOf(sceneOf(machines, 5), plan, ROOMY)
    const boxes = [layout.outside, layout.waiting, ...layout.services.values(), ...layout.machines.values()].filter(
      (b) => b.w > 0,
    )
    for (const [i, a] of boxes.entries())
      for (const b of boxes.slice(i + 1)) expect(overlap(a, b), JSON.stringify({ plan, a, b })).toBe(false)
  }
})

it('puts zones side by side as far as the plan goes', () => {
  const layout = layoutOf(sceneOf(60, 1), { beside: true, abreast: 9 }, DENSE)
  expect(new Set(layout.zones.map((z) => z.box.y)).size).toBe(1)
  expect(layout.bounds.w).toBeLessThan(3 * 3 * 300 + 260)
})

it('puts all machines in one row where there is room, also when a zone has more than others', () => {
  const layout = layoutOf(sceneOf(4, 1), { beside: true, abreast: 4 }, ROOMY)
  expect(new Set([...layout.machines.values()].map((box) => box.y)).size).toBe(1)
  for (const [i, a] of layout.zones.entries())
    for (const b of layout.zones.slice(i + 1)) expect(overlap(a.box, b.box)).toBe(false)
})

it('keeps room below the machines of a zone for its name, where no edge passes', () => {
  const layout = layoutOf(sceneOf(3, 1), { beside: true, abreast: 3 }, ROOMY)
  const [zone, machine] = [layout.zones[0]?.box, layout.machines.get('node-0')]
  expect((zone?.y ?? 0) + (zone?.h ?? 0) - (machine?.y ?? 0) - (machine?.h ?? 0)).toBeGreaterThanOrEqual(24)
})

it('leads edges past the machines that stand above, not across them', () => {
  const scene = sceneOf(3, 1)
  scene.seats.seat('node-1', 'pod')
  const layout = layoutOf(scene, { beside: true, abreast: 1 }, ROOMY)
  const anchor = anchorOf(layout, scene, 'node-1', 'pod', false)
  const curves = anchor ? serviceCurves({ x: 300, y: 80 }, anchor, true) : []
  const above = layout.machines.get('node-0')
  const down = curves[1]
  expect(down?.[0].x).toBeLessThan(above?.x ?? 0)
  expect(down?.[3].y).toBeGreaterThan((above?.y ?? 0) + (above?.h ?? 0))
  expect(pathOf(curves)).not.toContain('NaN')
})

it('packs the pods of a full machine, so that its card is hardly taller than wide, and does not go to and fro', () => {
  const scene = sceneOf(50, 1)
  let seated = 0
  const gridAt = (pods: number, before: Grid): Grid => {
    for (; seated < pods; seated++) scene.seats.seat('node-0', `pod-${seated}`)
    return gridFor(scene, before, false, true)
  }
  const dense = gridAt(40, DENSE)
  const packed = gridAt(110, dense)
  expect([dense.name, packed.name]).toEqual(['dense', 'packed'])
  expect(cardHeight(packed, 110, 2)).toBeLessThan(CARD_W * 1.5)
  expect(cardHeight(DENSE, 110, 2)).toBeGreaterThan(CARD_W * 3)
  // As buttons they could not be that small.
  expect(gridFor(scene, packed, false, false).name).toBe('dense')
  for (let i = 44; i < 110; i++) scene.seats.leave('node-0', `pod-${i}`)
  expect([gridFor(scene, packed, false, true).name, gridFor(scene, DENSE, false, true).name]).toEqual(['packed', 'dense'])
})
