/** Choices: what the person at the screen picked (selection, theme, lens, panes), in one store created per page. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Broken, Flight } from '#api/request.ts'
import type { Storage } from './storage.ts'

export type Theme = 'auto' | 'light' | 'dark' | 'contrast'
export type Lens = 'places' | 'traffic' | 'ownership'
export type Tab = 'editor' | 'inspector'
export type Screen = 'graph' | 'lesson' | 'code' | 'terminal'

/** Names one object: the mirror's table, and the key in it. */
export interface Ref {
  table: string
  key: string
}
/** `text` holds labels (`app=web`, `tier!=db`) and parts of names, separated by blanks. */
export interface Filter {
  namespace: string
  text: string
}
export interface MenuAt {
  ref: Ref
  x: number
  y: number
}

/** What would come of something: pods by uid that would go, and those that would come. */
export interface Outlook {
  title: string
  lines: readonly string[]
  gone: readonly string[]
  come: readonly { name: string; node: string; ready: boolean }[]
  /** Of a deed that was only tried out: with the next real one it is of yesterday. */
  tried?: true
}

export interface Choices {
  selected: Ref | null
  /** Uid of the pod or the machine that a newcomer is shown. */
  hint: string | null
  menu: MenuAt | null
  /** The pod one looks at from closest. */
  closeUp: MenuAt | null
  /** The request one looks at, and where on the graph. */
  flight: { flight: Flight; x: number; y: number } | null
  /** Drawn as ghosts beside what is there. */
  outlook: Outlook | null
  /** Commands that the lesson under way does without. */
  without: readonly string[]
  /** A link is being chosen: from this machine to where the hand is, in graph units. */
  linking: { from: string; x: number; y: number } | null
  /** What was done last by a click. */
  deed: { id: string } | null
  /** The first steps are being taken: a click offers what one can do at once. */
  tour: boolean
  /** What the graph is to bring into view. */
  lookAt: Ref | null
  theme: Theme
  lens: Lens
  tab: Tab
  /** The file that the editor is to show: one that was just handed out. */
  file: string | null
  /** Which pane a narrow screen shows. */
  screen: Screen
  lessonOpen: boolean
  deskOpen: boolean
  terminalOpen: boolean
  legendOpen: boolean
  /** The control plane's strip over the graph. */
  stripOpen: boolean
  /** The card of etcd's members, where the control plane has several machines. */
  ringOpen: boolean
  /** What the graph shows: a namespace, and words or labels; empty shows everything. */
  filter: Filter
  dialog: 'help' | 'share' | 'begin' | null
  /** Other windows of this browser may follow. */
  teaching: boolean
  /** What is asked of the cluster, as YAML, on its way to paper. */
  printed: string | null
  shortcuts: boolean
  /** Machines whose power was switched off here; the API learns of it only from their silence. */
  off: readonly string[]
  /** What else was broken on purpose. */
  broken: Broken
  sizes: { lesson: number; desk: number; terminal: number }
}

export type ChoicesStore = StoreApi<Choices>

const KEPT = ['theme', 'lens', 'lessonOpen', 'deskOpen', 'terminalOpen', 'stripOpen', 'shortcuts', 'sizes'] as const

/** On a small screen the graph keeps its part of it. */
function panesFor({ innerWidth = 1440, innerHeight = 900 }: { innerWidth?: number; innerHeight?: number }) {
  return {
    desk: Math.round(Math.min(420, Math.max(392, innerWidth * 0.3))),
    terminal: Math.round(Math.min(208, Math.max(160, innerHeight * 0.24))),
  }
}

const defaults: Choices = {
  selected: null,
  hint: null,
  menu: null,
  closeUp: null,
  flight: null,
  outlook: null,
  without: [],
  linking: null,
  deed: null,
  tour: false,
  lookAt: null,
  theme: 'auto',
  lens: 'places',
  tab: 'editor',
  file: null,
  screen: 'graph',
  lessonOpen: false,
  deskOpen: true,
  terminalOpen: true,
  legendOpen: false,
  stripOpen: true,
  ringOpen: false,
  filter: { namespace: '', text: '' },
  dialog: null,
  printed: null,
  teaching: false,
  shortcuts: true,
  off: [],
  broken: { components: [], cut: [], kubelets: [], disks: [], plugins: [], registries: [], wires: [] },
  sizes: { lesson: 340, ...panesFor(globalThis) },
}

/** Takes up what an earlier visit chose, and keeps what this one chooses. */
export function createChoices(storage: Storage, start: Partial<Choices> = {}): ChoicesStore {
  const store = createStore<Choices>()(() => ({ ...defaults, ...remembered(storage), ...start }))
  store.subscribe((now, before) => {
    if (KEPT.every((key) => now[key] === before[key])) return
    storage.set('choices', JSON.stringify(Object.fromEntries(KEPT.map((key) => [key, now[key]]))))
  })
  return store
}

/** Only fields we know, and only with the type they should have: storage may hold anything. */
function remembered(storage: Storage): Partial<Choices> {
  try {
    const found = JSON.parse(storage.get('choices') ?? '{}') as Record<string, unknown>
    const sane = KEPT.filter((key) => typeof found[key] === typeof defaults[key] && found[key] !== null)
    const kept: Partial<Choices> = Object.fromEntries(sane.map((key) => [key, found[key]]))
    const sizes = Object.entries(kept.sizes ?? {}).filter(([, size]) => Number.isFinite(size))
    return { ...kept, sizes: { ...defaults.sizes, ...Object.fromEntries(sizes) } }
  } catch {
    return {}
  }
}

/** A lesson is opened: the cluster has the room beside it; the editor comes when the lesson hands something out. */
export const forLesson = (): Partial<Choices> => ({ lessonOpen: true, screen: 'lesson', deskOpen: false })

/** Beside a lesson and the editor a smaller screen would have no room for the cluster. */
export const WIDE_PX = 1400

/** The selection toggles: picking what is picked already lets it go. */
export const select = (store: ChoicesStore, ref: Ref | null): void =>
  store.setState(ref ? { selected: ref, tab: 'inspector', menu: null } : { selected: null, menu: null, tab: 'editor' })
