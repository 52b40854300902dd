/** Another cluster as one wishes it: which wishes can be met, and the address that begins it. */
import { t, type Word } from '../words/index.ts'

/** As it stands in the fields: what was typed may be anything. */
export interface Wish {
  scene: string
  nodes: string
  controlPlanes: string
  addons: readonly string[]
  seed: string
}
export type Wrongs = Partial<Record<'nodes' | 'controlPlanes' | 'seed', string>>

interface SceneOffer {
  name: string
  title: Word
  about: Word
  /** What it has when nothing else is asked for. */
  addons: readonly string[]
}

export const SCENES: readonly [SceneOffer, ...SceneOffer[]] = [
  {
    name: 'shop',
    title: 'The shop',
    about: 'Three web servers behind a Service, with visitors, on small machines.',
    addons: ['metrics-server', 'cloud', 'local-path', 'dns', 'policy'],
  },
  { name: 'empty', title: 'Empty', about: 'Machines and a control plane: nothing is asked for yet.', addons: [] },
]

export const ADDONS: readonly (readonly [name: string, about: Word])[] = [
  ['dns', 'Names for Services: CoreDNS in two Pods'],
  ['metrics-server', 'What Pods and machines use: kubectl top, autoscaling by load'],
  ['local-path', 'Volumes on the machine of the Pod; the default StorageClass'],
  ['disk', 'Disks of a cloud by CSI: attached, moved, enlarged; the StorageClass disk'],
  ['cloud', 'Addresses from outside for Services of type LoadBalancer'],
  ['ingress', 'Routes by host and path: ingress-nginx and its class'],
  ['gateway', 'The Gateway API and a controller for it'],
  ['policy', 'A network that enforces NetworkPolicies'],
  ['busy-day', 'A busy day for the Service shop, once the ConfigMap day has the label doors=open'],
  ['cluster-autoscaler', 'Machines come when Pods wait, and go when they are idle'],
  ['kubeadm', 'The control plane as Pods on machines of its own, as kubeadm sets it up'],
  ['kubeadm-1.36.1', 'The same, two patches behind, with kubelets of v1.35.4: to be upgraded'],
]

export const MOST_NODES = 1000
const MOST_CONTROL_PLANES = 7
/** From here on the beginning is felt. */
export const MANY_NODES = 100

export const sceneOf = (name: string): SceneOffer => SCENES.find((scene) => scene.name === name) ?? SCENES[0]

/** What the scene brings stays the scene's: another scene brings its own, unless something else was chosen. */
export const withScene = (wish: Wish, scene: string): Wish =>
  isSame(wish.addons, sceneOf(wish.scene).addons) ? { ...wish, scene, addons: sceneOf(scene).addons } : { ...wish, scene }

/** What the page's own address asks for. */
export function wishFrom(options: {
  scene?: string
  nodes?: number
  controlPlanes?: number
  addons?: string
  seed?: string
}): Wish {
  const scene = sceneOf(options.scene ?? '')
  const named = options.addons?.split(',').filter((name) => ADDONS.some(([known]) => known === name))
  return {
    scene: scene.name,
    nodes: String(options.nodes ?? 3),
    controlPlanes: String(options.controlPlanes ?? 1),
    addons: named ?? scene.addons,
    seed: '',
  }
}

/** Why it cannot be begun so, by field; empty when it can. */
export function wrongsOf({ nodes, controlPlanes, seed }: Wish): Wrongs {
  const whole = (text: string, low: number, high: number): string | undefined =>
    /^\d+$/.test(text.trim()) && Number(text) >= low && Number(text) <= high
      ? undefined
      : t('A whole number from {low} to {high}, please.', { low, high })
  const found = {
    nodes: whole(nodes, 0, MOST_NODES),
    controlPlanes: whole(controlPlanes, 1, MOST_CONTROL_PLANES),
    seed: /^[\w.-]{0,60}$/.test(seed.trim()) ? undefined : t('Letters, digits, dots and dashes, 60 at most, please.'),
  }
  return Object.fromEntries(Object.entries(found).filter(([, wrong]) => wrong !== undefined))
}

/** Whose parts of the address say which cluster this is; the others say how it is shown. */
export const OF_THE_CLUSTER = ['seed', 'nodes', 'scene', 'src', 'lesson', 'addons', 'control-planes'] as const

/** The address that begins it; `chance` is the seed where none was chosen: whoever opens it finds the same cluster. */
export function addressOf(page: string, wish: Wish, chance: string): string {
  const url = new URL(page)
  for (const key of [...OF_THE_CLUSTER, 'focus']) url.searchParams.delete(key)
  url.hash = ''
  const { scene, addons } = wish
  url.searchParams.set('scene', scene)
  url.searchParams.set('nodes', String(Number(wish.nodes)))
  if (Number(wish.controlPlanes) > 1) url.searchParams.set('control-planes', String(Number(wish.controlPlanes)))
  if (!isSame(addons, sceneOf(scene).addons)) url.searchParams.set('addons', addons.join(',') || 'none')
  url.searchParams.set('seed', wish.seed.trim() || chance)
  return url.href.replaceAll('%2C', ',')
}

const isSame = (some: readonly string[], others: readonly string[]): boolean =>
  [...some].sort().join() === [...others].sort().join()
