/** The treegrid's rows: zone, machine, pod, in the order one walks them. Pure, from the scene. */
import type { Node, Pod } from '#api/kinds.ts'
import { keyOf } from '#api/meta.ts'
import type { Ref } from '../../state/choices.ts'
import { lookOf, nodeLook } from '../../state/look.ts'
import { type Scene, uidOf, WAITING } from '../../state/scene.ts'
import { t } from '../../words/index.ts'

export interface Row {
  id: string
  level: number
  name: string
  state: string
  detail: string
  /** Absent for leaves. */
  expanded?: boolean
  ref: Ref | null
  /** Place among its siblings, from 1. */
  position: number
  siblings: number
}

const zoneOf = (node: Node): string => node.metadata.labels?.['topology.kubernetes.io/zone'] ?? t('no zone')

/** Rows of everything that is not folded away. `folded` holds row ids. */
export function rowsOf(scene: Scene, folded: ReadonlySet<string>): Row[] {
  const nodes = scene.nodes()
  const zones = [...new Set(nodes.map(zoneOf))].sort()
  const waiting = scene.podsOn(WAITING)
  const tops = zones.length + (waiting.length > 0 ? 1 : 0)
  const rows = zones.flatMap((zone, i) => {
    const members = nodes.filter((node) => zoneOf(node) === zone)
    const id = `zone ${zone}`
    const expanded = !folded.has(id)
    const top: Row = {
      id,
      level: 1,
      name: t('Zone {zone}', { zone }),
      state: '',
      detail: t('{n} machines', { n: members.length }),
      expanded,
      ref: null,
      position: i + 1,
      siblings: tops,
    }
    return expanded ? [top, ...members.flatMap((node, j) => machineRows(scene, node, folded, j + 1, members.length))] : [top]
  })
  return waiting.length > 0 ? [...rows, ...waitingRows(waiting, folded, tops)] : rows
}

function machineRows(scene: Scene, node: Node, folded: ReadonlySet<string>, position: number, siblings: number): Row[] {
  const { name } = node.metadata
  const pods = scene.podsOn(name)
  const look = nodeLook(node)
  const id = `node ${name}`
  const expanded = !folded.has(id)
  const bad = pods.filter((pod) => lookOf(pod).family === 'bad').length
  const row: Row = {
    id,
    level: 2,
    name,
    state: look.cordoned ? `${look.word}, cordoned` : look.word,
    detail: bad > 0 ? t('{pods} pods, {bad} in trouble', { pods: pods.length, bad }) : t('{n} pods', { n: pods.length }),
    expanded,
    ref: { table: 'nodes', key: name },
    position,
    siblings,
  }
  return expanded ? [row, ...pods.map((pod, i) => podRow(pod, 3, i + 1, pods.length))] : [row]
}

function waitingRows(pods: Pod[], folded: ReadonlySet<string>, tops: number): Row[] {
  const expanded = !folded.has('waiting')
  const top: Row = {
    id: 'waiting',
    level: 1,
    name: t('Waiting room'),
    state: '',
    detail: t('{pods} unscheduled', { pods: pods.length }),
    expanded,
    ref: null,
    position: tops,
    siblings: tops,
  }
  return expanded ? [top, ...pods.map((pod, i) => podRow(pod, 2, i + 1, pods.length))] : [top]
}

const podRow = (pod: Pod, level: number, position: number, siblings: number): Row => {
  const look = lookOf(pod)
  const detail = look.restarts > 0 ? `${look.restarts} restarts` : ''
  return {
    id: `pod ${uidOf(pod)}`,
    level,
    name: pod.metadata.name,
    state: look.word,
    detail,
    ref: { table: 'pods', key: keyOf(pod.metadata) },
    position,
    siblings,
  }
}

export interface Move {
  /** Index of the row to go to. */
  to: number
  fold?: string
  unfold?: string
}

/** Arrow keys in a treegrid: up and down by row; right opens, then enters; left closes, then goes to the parent. */
export function move(rows: readonly Row[], at: number, key: string): Move | null {
  const row = rows[at]
  if (!row) return null
  switch (key) {
    case 'ArrowDown':
      return { to: Math.min(rows.length - 1, at + 1) }
    case 'ArrowUp':
      return { to: Math.max(0, at - 1) }
    case 'Home':
      return { to: 0 }
    case 'End':
      return { to: rows.length - 1 }
    case 'ArrowRight':
      if (row.expanded === false) return { to: at, unfold: row.id }
      return row.expanded ? { to: Math.min(rows.length - 1, at + 1) } : null
    case 'ArrowLeft':
      if (row.expanded) return { to: at, fold: row.id }
      return {
        to: Math.max(
          0,
          rows.findLastIndex((r, i) => i < at && r.level < row.level),
        ),
      }
    default:
      return null
  }
}
