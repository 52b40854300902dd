/** Service edges: to ready pods only, a dotted stub for those that are not, bundled per machine when there are many. */
import { ViewportPortal } from '@xyflow/react'
import { memo, useMemo } from 'react'
import type { Pod } from '#api/kinds.ts'
import { controllerOf, keyOf } from '#api/meta.ts'
import { type Passes, passesOf } from '../../state/filter.ts'
import { type Focus, focusOn, rootOf, staleReplicaSets } from '../../state/focus.ts'
import { useChoice, useDesk, usePage, useScene } from '../../state/hooks.ts'
import { type Scene, uidOf } from '../../state/scene.ts'
import { isSystem } from '../../state/seats.ts'
import { rowsOf, sharesOf } from '../../state/shares.ts'
import { useCalmTraffic } from '../../state/use-calm-traffic.ts'
import { num, perSecond } from '../../words/index.ts'
import { bundleCurves, type Curve, endOf, outsideCurves, pathOf, pointAlong, serviceCurves } from './curves.ts'
import { anchorOf, type Box, type Layout, SERVICE_H } from './layout.ts'

const BUNDLE_ABOVE = 12

interface Edge {
  id: string
  /** Empty for the edges of owners. */
  service: string
  curves: Curve[]
  ready: boolean
  count: number
  pod: Pod | null
  /** Belongs to a ReplicaSet that a rollout has left behind. */
  stale?: boolean
}

export const Edges = memo(function Edges({ layout }: { layout: Layout }) {
  const { scene } = useDesk()
  const endpoints = useScene('endpoints')
  const seats = useScene('seats')
  const selected = useChoice((c) => c.selected)
  const lens = useChoice((c) => c.lens)
  // biome-ignore lint/correctness/useExhaustiveDependencies: the versions say when the scene's plain data has changed
  const edges = useMemo(() => [...edgesOf(scene, layout), ...ownerEdges(scene, layout)], [scene, layout, endpoints, seats])
  const focus = focusOn(scene, selected)
  const passes = passesOf(useChoice((c) => c.filter))
  const isShown = shownIn(scene, passes)
  return (
    <ViewportPortal>
      <svg className="edges" data-lens={lens} data-focused={selected !== null || undefined} aria-hidden="true">
        <Doors layout={layout} focus={focus} isShown={isShown} />
        {edges
          .filter(({ pod, service }) => (!pod || passes(pod)) && (service === '' || isShown(service)))
          .map((edge) => (
            <EdgeLine
              key={edge.id}
              edge={edge}
              asked={edge.pod !== null && selected?.table === 'services' && selected.key === edge.service}
              dim={
                edge.pod
                  ? !focus.pod(edge.pod) || (edge.service !== '' && !focus.service(edge.service))
                  : !focus.service(edge.service)
              }
            />
          ))}
      </svg>
    </ViewportPortal>
  )
})

const shownIn =
  (scene: Scene, passes: Passes) =>
  (service: string): boolean => {
    const object = scene.mirror.get('services', service)
    return object !== undefined && passes(object)
  }

interface DoorsProps {
  layout: Layout
  focus: Focus
  isShown(service: string): boolean
}

/** The ways in from the outside; they alone follow how much is under way. */
function Doors({ layout, focus, isShown }: DoorsProps) {
  const { scene, traffic } = useDesk()
  usePage('traffic')
  const visited = traffic.visited.size
  const endpoints = useScene('endpoints')
  // biome-ignore lint/correctness/useExhaustiveDependencies: the versions say when the scene's plain data has changed
  const doors = useMemo(() => doorsOf(scene, layout, traffic.visited), [scene, layout, traffic, endpoints, visited])
  return doors
    .filter(({ id }) => isShown(id))
    .map(({ id, curves }) => (
      <g key={id} data-dim={!focus.service(id) || undefined}>
        <path className="edge door" d={pathOf(curves)} strokeWidth={widthFor(traffic.of(id).rate)} />
        <RateLabel curves={curves} rate={traffic.of(id).rate} />
      </g>
    ))
}

/** The busier an edge, the wider: by doublings. */
const widthFor = (rate: number): number => 1.6 + Math.min(4, Math.log2(1 + rate) * 0.5)

/** In the lens of traffic an edge says how much it carries. */
function RateLabel({ curves, rate }: { curves: readonly Curve[]; rate: number }) {
  if (rate <= 0) return null
  const { x, y } = pointAlong(curves, 0.5)
  return (
    <text className="edge-rate num" x={x} y={y - 8}>
      {perSecond(rate)}
    </text>
  )
}

const EdgeLine = memo(function EdgeLine({ edge, dim, asked }: { edge: Edge; dim: boolean; asked: boolean }) {
  const end = endOf(edge.curves)
  return (
    <g data-dim={dim || undefined}>
      <path
        className={edge.ready ? (edge.stale ? 'edge stale' : 'edge') : 'edge stub'}
        d={pathOf(edge.curves)}
        strokeWidth={edge.count > 1 ? 1.5 + Math.log2(edge.count) / 2 : undefined}
      />
      {edge.ready && <circle className="edge-end" cx={end.x} cy={end.y} r={2.6} />}
      {edge.count > 1 && (
        <text className="edge-count" x={end.x + 6} y={end.y - 7}>
          ×{edge.count}
        </text>
      )}
      {asked && edge.pod && <Share edge={edge} pod={keyOf(edge.pod.metadata)} />}
    </g>
  )
})

/** Of the last minute's requests to the chosen Service, how many this Pod answered. */
function Share({ edge: { service, curves }, pod }: { edge: Edge; pod: string }) {
  const desk = useDesk()
  useCalmTraffic()
  const { rows } = rowsOf(sharesOf(desk).lastMinute(service, desk.clock.now()), desk.scene.endpoints(service))
  const row = rows.find((each) => each.pod === pod)
  if (!row || row.answered === 0) return null
  const { x, y } = pointAlong(curves, 0.82)
  return (
    <text className="edge-share num" x={x + 8} y={y}>
      {num(row.share * 100)}%
    </text>
  )
}

function edgesOf(scene: Scene, layout: Layout): Edge[] {
  return [...layout.services].flatMap(([service, box]) => {
    const from = { x: box.x + box.w / 2, y: box.y + SERVICE_H }
    const endpoints = scene.endpoints(service)
    if (endpoints.length > BUNDLE_ABOVE) return bundled(scene, layout, service, from)
    return endpoints.flatMap(({ pod: key, ready }): Edge[] => {
      const pod = scene.mirror.get('pods', key) as unknown as Pod | undefined
      const to = pod && anchorOf(layout, scene, pod.spec.nodeName, uidOf(pod), isSystem(pod.metadata.namespace))
      return to ? [{ id: `${service}>${key}`, service, pod, ready, count: 1, curves: serviceCurves(from, to, ready) }] : []
    })
  })
}

function bundled(scene: Scene, layout: Layout, service: string, from: { x: number; y: number }): Edge[] {
  const counts = new Map<string, number>()
  for (const { pod, ready } of scene.endpoints(service)) {
    const node = ready ? scene.mirror.get('pods', pod)?.['spec']?.nodeName : undefined
    if (node) counts.set(node, (counts.get(node) ?? 0) + 1)
  }
  return [...counts].flatMap(([node, count]): Edge[] => {
    const box = layout.machines.get(node)
    if (!box) return []
    return [{ id: `${service}>${node}`, service, pod: null, ready: true, count, curves: bundleCurves(from, box) }]
  })
}

/** From each workload to all its pods, whichever ReplicaSet they belong to. */
function ownerEdges(scene: Scene, layout: Layout): Edge[] {
  if (layout.workloads.size === 0) return []
  const stale = staleReplicaSets(scene)
  const byRoot = new Map<string, { box: Box; key: string }>()
  for (const [key, box] of layout.workloads) {
    const [table = '', name = ''] = key.split(' ')
    const object = scene.mirror.get(table, name)
    if (object) byRoot.set(uidOf(object), { box, key })
  }
  return ([...scene.mirror.all('pods').values()] as unknown as Pod[]).flatMap((pod): Edge[] => {
    const owner = byRoot.get(rootOf(scene, pod))
    const to = owner && anchorOf(layout, scene, pod.spec.nodeName, uidOf(pod), isSystem(pod.metadata.namespace))
    if (!owner || !to) return []
    const from = { x: owner.box.x + owner.box.w / 2, y: owner.box.y + SERVICE_H }
    const old = stale.has(controllerOf(pod.metadata)?.uid ?? '')
    return [
      {
        id: `${owner.key}>${uidOf(pod)}`,
        service: '',
        pod,
        ready: true,
        stale: old,
        count: 1,
        curves: serviceCurves(from, to, true),
      },
    ]
  })
}

/** Services that the outside can reach: by a node's port or a load balancer. */
function doorsOf(scene: Scene, layout: Layout, visited: ReadonlySet<string>): { id: string; curves: Curve[] }[] {
  return scene
    .services()
    .filter(({ spec, metadata }) => spec.type === 'NodePort' || spec.type === 'LoadBalancer' || visited.has(keyOf(metadata)))
    .flatMap((service) => {
      const id = keyOf(service.metadata)
      const box = layout.services.get(id)
      return box ? [{ id, curves: outsideCurves(layout.outside, box) }] : []
    })
}
