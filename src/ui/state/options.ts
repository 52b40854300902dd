/** What the page's address asks for: view, embed, theme, lens, seed and the like; unknown values count as absent. */
import type { Lens, Theme } from './choices.ts'

export interface Options {
  embed: boolean
  present: boolean
  /** Which panes an embedded page shows beside the graph. */
  view: 'graph' | 'split' | 'code' | 'terminal' | 'present'
  /** `de`: the interface's language. */
  lang?: string
  /** Begins only when it is clicked. */
  poster: boolean
  /** Writes are refused. */
  readonly: boolean
  /** What is chosen at the start: `deploy/web`. */
  focus?: string
  /** A lesson to begin with, by its id. */
  lesson?: string
  /** The engine that embeds of one page share. */
  engine?: string
  /** Manifests to begin with, of this same origin. */
  src?: string
  theme?: Theme
  lens?: Lens
  speed?: number
  seed?: string
  nodes?: number
  /** Machines of the control plane. */
  controlPlanes?: number
  scene?: string
  /** What is added to the cluster instead of what the scene brings: `dns,cluster-autoscaler`. */
  addons?: string
  /** Does what another window's teacher does. */
  follow: boolean
  /** Which panes to leave out. */
  hide: ReadonlySet<string>
  fake: boolean
  /** The cluster behind this page's own server, not a simulated one. */
  real: boolean
  /** Origins of pages that may speak to this one in their frame. */
  hosts: readonly string[]
}

/** Only whole web origins: `null` and `*` name nobody. */
function originOf(text: string): string[] {
  try {
    const { origin, protocol } = new URL(text)
    return /^https?:$/.test(protocol) && origin === text ? [origin] : []
  } catch {
    return []
  }
}

/** `panes` names what is there; everything else of these is hidden. */
const withoutPanes = (panes: string): string[] =>
  ['terminal', 'timeline', 'editor'].filter((pane) => !panes.split(',').includes(pane))

export function readOptions(search: string): Options {
  const query = new URLSearchParams(search)
  const oneOf = <T extends string>(key: string, values: readonly T[]): T | undefined => {
    const value = query.get(key) as T | null
    return value !== null && values.includes(value) ? value : undefined
  }
  const number = (key: string, low: number, high: number): number | undefined => {
    const value = Number(query.get(key) ?? Number.NaN)
    return value >= low && value <= high ? value : undefined
  }
  const theme = oneOf('theme', ['auto', 'light', 'dark', 'contrast'] as const)
  const lens = oneOf('lens', ['places', 'traffic', 'ownership'] as const)
  const speed = number('speed', 0, 100)
  const nodes = number('nodes', 0, 5000)
  const controlPlanes = number('control-planes', 2, 7)
  const text = (key: string): Record<string, string> => (query.get(key) ? { [key]: query.get(key) ?? '' } : {})
  const flag = (key: string): boolean => query.has(key) && query.get(key) !== '0'
  const view = oneOf('view', ['graph', 'split', 'code', 'terminal', 'present'] as const) ?? 'graph'
  const panes = query.get('panes')
  return {
    embed: query.get('embed') === '1',
    present: view === 'present',
    view,
    poster: flag('ctl'),
    readonly: flag('readonly'),
    follow: flag('follow'),
    hide: new Set([...(query.get('hide') ?? '').split(',').filter(Boolean), ...(panes === null ? [] : withoutPanes(panes))]),
    fake: query.get('fake') === '1',
    real: query.get('cluster') === 'real',
    hosts: query.getAll('host').flatMap(originOf),
    ...(theme ? { theme } : {}),
    ...(lens ? { lens } : {}),
    ...(speed === undefined ? (query.get('autoplay') === '0' ? { speed: 0 } : {}) : { speed }),
    ...(nodes === undefined ? {} : { nodes: Math.floor(nodes) }),
    ...(controlPlanes === undefined ? {} : { controlPlanes: Math.floor(controlPlanes) }),
    ...Object.assign({}, ...['seed', 'scene', 'addons', 'lang', 'focus', 'src', 'lesson', 'engine'].map(text)),
  }
}
