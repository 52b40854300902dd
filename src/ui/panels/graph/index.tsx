/** The graph: cards for machines and services on a canvas one can pan and zoom, pods as tiles inside, edges and marks on top. */
import {
  Background,
  BackgroundVariant,
  type Node,
  type NodeTypes,
  ReactFlow,
  ReactFlowProvider,
  useReactFlow,
  useStore,
} from '@xyflow/react'
import '@xyflow/react/dist/base.css'
import './graph.css'
import './tile.css'
import {
  type CSSProperties,
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useMemo,
  useRef,
  useState,
} from 'react'
import { later } from '../../parts/later.tsx'
import { type Ref, select } from '../../state/choices.ts'
import type { Desk } from '../../state/desk.ts'
import { useChoice, useDesk, useScene } from '../../state/hooks.ts'
import { bestPlan, bulkOf, type Chosen } from './choose-plan.ts'
import { COMPACT_BELOW, type Size, viewFor } from './fit.ts'
import { gridFor } from './grid.ts'
import { type Box, type Layout, layoutOf } from './layout.ts'
import { Machine } from './machine.tsx'
import { Outside } from './outside.tsx'
import { ServiceCard } from './service.tsx'
import { WorkloadCard } from './workload.tsx'

const extras = () => import('./extras.tsx')
const [
  BrokenLinks,
  CloseUp,
  Edges,
  FlightCard,
  Ghosts,
  Hidden,
  Legend,
  LensChoice,
  LookAt,
  MarksLayer,
  Strip,
  WaitingRoom,
  ZoomButtons,
] = [
  later(extras, 'BrokenLinks'),
  later(extras, 'CloseUp'),
  later(extras, 'Edges'),
  later(extras, 'FlightCard'),
  later(extras, 'Ghosts'),
  later(extras, 'Hidden'),
  later(extras, 'Legend'),
  later(extras, 'LensChoice'),
  later(extras, 'LookAt'),
  later(extras, 'MarksLayer'),
  later(extras, 'Strip'),
  later(extras, 'WaitingRoom'),
  later(extras, 'ZoomButtons'),
]

const Zone = ({ data }: { data: { label?: string } }) => <div className="zone">{data.label}</div>
const nodeTypes: NodeTypes = {
  machine: Machine,
  service: ServiceCard,
  workload: WorkloadCard,
  outside: Outside,
  waiting: WaitingRoom,
  zone: Zone as NodeTypes[string],
}

export function Graph({ children }: { children?: ReactNode }) {
  return (
    <ReactFlowProvider>
      <GraphBody>{children}</GraphBody>
    </ReactFlowProvider>
  )
}

function GraphBody({ children }: { children?: ReactNode }) {
  const desk = useDesk()
  const frame = useRef<HTMLDivElement>(null)
  const many = useMany()
  const layout = useLayout(frame, many)
  const nodes = useMemo(() => flowNodes(layout, many), [layout, many])
  const level = useStore((s) => levelOf(layout.grid.h * s.transform[2]))
  const compact = useStore((s) => s.transform[2] < COMPACT_BELOW)
  const print = useStore((s) => printFor(s.transform[2]))
  const lens = useChoice((c) => c.lens)
  const ringOpen = useChoice((c) => c.ringOpen)
  const embed = desk.options.embed
  const fit = useFit(frame, layout.bounds)
  return (
    <div
      className="graph"
      ref={frame}
      data-level={level}
      data-grid={layout.grid.name}
      data-compact={compact || undefined}
      data-near={print > NEAR || undefined}
      data-lens={lens}
      data-free={freeIn(layout)}
      style={{ '--print': print } as CSSProperties}
      {...useTileEvents()}
    >
      <ReactFlow
        nodes={nodes}
        edges={NO_EDGES}
        nodeTypes={nodeTypes}
        minZoom={0.08}
        maxZoom={2.5}
        nodesDraggable={false}
        nodesConnectable={false}
        nodesFocusable={false}
        elementsSelectable={false}
        deleteKeyCode={null}
        selectionKeyCode={null}
        multiSelectionKeyCode={null}
        panActivationKeyCode={null}
        zoomActivationKeyCode={embed ? ['Control', 'Meta'] : null}
        zoomOnScroll={!embed}
        preventScrolling={!embed}
        zoomOnDoubleClick={false}
        onMove={fit.onMove}
        onPaneClick={() => select(desk.choices, null)}
        onlyRenderVisibleElements={layout.machines.size > 100}
      >
        <Background variant={BackgroundVariant.Dots} gap={22} size={1.2} />
        <Edges layout={layout} />
        <BrokenLinks layout={layout} />
        <Ghosts layout={layout} />
        <LookAt layout={layout} />
      </ReactFlow>
      <MarksLayer layout={layout} />
      <Strip />
      {children}
      <Hidden />
      <CloseUp />
      {ringOpen && <RaftCard />}
      <FlightCard />
      <Legend />
      <ZoomButtons onFit={fit.reset} />
      <LensChoice />
    </div>
  )
}

const NO_EDGES: never[] = []
/** Only control planes of several machines have it to show. */
const RaftCard = later(() => import('../raft/index.tsx'), 'RaftCard')

/** Of a frame's one button, in graph units. */
const WIDEST_BUTTON = 330
/** Where it covers no card. */
const freeIn = ({ slim, waiting, services, bounds }: Layout): 'right' | 'left' | 'top' =>
  slim
    ? waiting.w === 0 && [...services.values()].every((box) => box.x + box.w + WIDEST_BUTTON <= bounds.w)
      ? 'top'
      : 'right'
    : waiting.y > 0 && waiting.x === 0 && waiting.y + waiting.h < bounds.h - 60
      ? 'left'
      : 'top'

/** Above it small print grows as the cards shrink, in steps; so much larger there is room for. */
const PRINT_MOST = 1.25
/** Print so large leaves no room for a verdict beside the name. */
const NEAR = 1.1
const printFor = (zoom: number): number => Math.min(PRINT_MOST, Math.max(1, Math.ceil(18.6 / zoom) / 20))

/** Below 5 px a tile is only part of a bar, below 15 px it is plain, above 40 px it shows its containers. */
const levelOf = (px: number): number => (px < 5 ? 0 : px < 15 ? 1 : px < 40 ? 2 : 3)

/** More pods than this are drawn on canvases instead of being built as buttons; back again with far fewer. */
const MANY = 240

function useMany(): boolean {
  const { mirror } = useDesk()
  useScene('seats')
  const many = useRef(false)
  const pods = mirror.all('pods').size
  many.current = pods > (many.current ? MANY * 0.7 : MANY)
  return many.current
}

/** Follows the scene; the plan is chosen anew only when the room or the number of cards changes, so nothing jumps about. */
function useLayout(frame: RefObject<HTMLDivElement | null>, many: boolean): Layout {
  const { scene } = useDesk()
  const nodes = useScene('nodes')
  const seats = useScene('seats')
  const services = useScene('services')
  const owners = useChoice((c) => c.lens === 'ownership')
  const workloads = useScene('workload list')
  const size = useSize(frame)
  const last = useRef<Layout | null>(null)
  const chosen = useRef<Chosen | null>(null)
  const grid = gridFor(scene, last.current?.grid, size.height < LOW || size.width < 600, many)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the versions say when the scene's plain data has changed
  const plan = useMemo(() => {
    chosen.current = bestPlan(scene, size, grid, owners, chosen.current)
    return chosen.current.plan
  }, [scene, size, grid, owners, nodes, services, workloads, bulkOf(scene)])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the versions say when the scene's plain data has changed
  return useMemo(() => {
    const next = layoutOf(scene, plan, grid, owners)
    const same = last.current && JSON.stringify(flat(last.current)) === JSON.stringify(flat(next))
    if (!same) last.current = next
    return last.current ?? next
  }, [scene, plan, grid, owners, nodes, seats, services, workloads])
}

/** Below this height cards show the least. */
const LOW = 460

function useSize(frame: RefObject<HTMLDivElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 1000, height: 600 })
  useEffect(() => {
    const element = frame.current
    if (!element) return
    const watch = new ResizeObserver(() => setSize({ width: element.clientWidth, height: element.clientHeight }))
    watch.observe(element)
    return () => watch.disconnect()
  }, [frame])
  return size
}

const flat = (l: Layout) => [l.grid.name, l.outside, l.waiting, [...l.services], [...l.workloads], [...l.machines], l.zones]

function flowNodes(layout: Layout, many: boolean): Node[] {
  const { grid } = layout
  const card = (id: string, type: string, { x, y, w, h }: Box, data: Record<string, unknown> = {}): Node => ({
    id,
    type,
    position: { x, y },
    width: w,
    height: h,
    // React Flow makes nodes without handlers of its own transparent to the pointer.
    style: { pointerEvents: 'all' },
    data,
  })
  return [
    ...layout.zones.map((zone) => ({ ...card(`zone:${zone.name}`, 'zone', zone.box, { label: zone.name }), zIndex: -1 })),
    card('outside', 'outside', layout.outside),
    ...(layout.waiting.w > 0 ? [card('waiting', 'waiting', layout.waiting)] : []),
    // Above the edges, which pass behind them on their way to the machines.
    ...[...layout.services].map(([key, box]) => ({ ...card(`service:${key}`, 'service', box), zIndex: 2 })),
    ...[...layout.workloads].map(([key, box]) => ({ ...card(`workload:${key}`, 'workload', box), zIndex: 2 })),
    ...[...layout.machines].map(([name, box]) => card(`machine:${name}`, 'machine', box, { grid, many, slim: layout.slim })),
  ]
}

/** Keeps the whole cluster in view until the person moves the view themselves; never smaller than readable. */
function useFit(frame: RefObject<HTMLDivElement | null>, bounds: Box): { onMove(event: unknown): void; reset(): void } {
  const { setViewport } = useReactFlow()
  const moved = useRef(false)
  const { x, y, w, h } = bounds
  const refit = useCallback(() => {
    if (frame.current && !moved.current) setViewport(viewFor(frame.current, { x, y, w, h }))
  }, [frame, setViewport, x, y, w, h])
  useEffect(() => {
    if (!frame.current) return
    const watch = new ResizeObserver(refit)
    watch.observe(frame.current)
    refit()
    return () => watch.disconnect()
  }, [frame, refit])
  return {
    onMove: (event) => {
      // Without an event it was us who moved it.
      if (event) moved.current = true
    },
    reset: () => {
      moved.current = false
      refit()
    },
  }
}

/** The first steps are about to begin, or under way: whoever clicks before they are drawn is taken along. */
const isNewcomer = ({ storage, options, mirror }: Desk): boolean =>
  !options.present && storage.get('welcomed') !== '1' && mirror.get('deployments', 'default/shop') !== undefined

/** Where the inspector is not on the screen, or of no use yet, a click offers what one can do; a teacher's click only points. */
function offersAtOnce(desk: Desk): boolean {
  const { options, choices } = desk
  const { tour, deskOpen } = choices.getState()
  if (options.embed || tour || isNewcomer(desk)) return true
  return !options.present && (!deskOpen || innerWidth < 900)
}

/** So wide may a menu be. */
const MENU_PX = 320

/** A tile stays in sight: its menu opens beside it, or below where there is no room. */
function placeBeside(event: MouseEvent): { x: number; y: number } {
  const tile = (event.target as Element).closest('.tile')?.getBoundingClientRect()
  if (!tile) return { x: event.clientX, y: event.clientY }
  return tile.right + MENU_PX < innerWidth ? { x: tile.right + 8, y: tile.top - 4 } : { x: tile.left, y: tile.bottom + 8 }
}

/** One listener for all tiles and cards: a click selects, a right click (or the menu key) opens the menu. */
function useTileEvents() {
  const desk = useDesk()
  const { choices } = desk
  const refAt = (event: MouseEvent): Ref | null => {
    const target = (event.target as Element).closest<HTMLElement>('[data-ref]')
    const [table, key] = target?.dataset['ref']?.split(/ (.*)/) ?? []
    return table && key ? { table, key } : null
  }
  return {
    onClick: (event: MouseEvent) => {
      const ref = refAt(event)
      if (!ref) return
      // Of what is no object there is nothing to look into.
      const { broken, ringOpen } = choices.getState()
      if (ref.key === 'etcd' && broken.controlPlanes) choices.setState({ ringOpen: !ringOpen })
      else if (ref.table === 'components') choices.setState({ menu: { ref, ...placeBeside(event) } })
      else if (offersAtOnce(desk)) choices.setState({ menu: { ref, ...placeBeside(event) }, selected: ref })
      else select(choices, ref)
    },
    onDoubleClick: (event: MouseEvent) => {
      const ref = refAt(event)
      if (ref?.table === 'pods')
        choices.setState({ closeUp: { ref, x: event.clientX + 24, y: event.clientY }, menu: null, selected: ref })
    },
    onContextMenu: (event: MouseEvent) => {
      const ref = refAt(event)
      if (!ref) return
      event.preventDefault()
      choices.setState({ menu: { ref, x: event.clientX, y: event.clientY }, selected: ref, tab: 'inspector' })
    },
  }
}
