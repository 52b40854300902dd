/** Pods drawn on a canvas: the same families, fills and glyphs as the tiles, for clusters of hundreds and thousands. */
import type { Pod } from '#api/kinds.ts'
import { ink } from '../../parts/ink.ts'
import { lookOf } from '../../state/look.ts'
import { GLYPHS } from './glyph.tsx'
import type { Grid } from './grid.ts'
import type { Point } from './layout.ts'

export interface PodInk {
  fill: Record<string, string>
  edge: Record<string, string>
  on: Record<string, string>
  surface: string
  accent: string
}

/** Colours of the theme. */
function podInk(): PodInk {
  const families = ['good', 'waiting', 'bad', 'done'] as const
  const each = (make: (family: string) => string) => Object.fromEntries(families.map((f) => [f, make(f)]))
  return {
    fill: each((f) => ink(`--${f}`)),
    edge: each((f) => ink(`--${f}-edge`)),
    on: { good: '#fff', waiting: '#3b2600', bad: ink('--on-bad'), done: ink('--ink') },
    surface: ink('--surface'),
    accent: ink('--accent'),
  }
}

const paths = new Map<string, Path2D>()
function glyphPath(glyph: keyof typeof GLYPHS): Path2D {
  const path = paths.get(glyph) ?? new Path2D(GLYPHS[glyph])
  paths.set(glyph, path)
  return path
}

export interface PodState {
  dim: boolean
  selected: boolean
  /** Part of a rollout: the new ReplicaSet or an old one. */
  hull?: 'new' | 'old' | undefined
}

/** Tiles look alike by the thousand: each look is drawn once per scale and theme, and stamped from then on. */
const sprites = new Map<string, OffscreenCanvas>()
const SPRITES = 400
const MARGIN = 5

/** Stamps one tile onto a canvas whose units are `1 / scale` pixels. */
export function stampPod(
  c: CanvasRenderingContext2D,
  pod: Pod,
  { x, y }: Point,
  grid: Grid,
  state: PodState,
  { px, scale }: { px: number; scale: number },
): void {
  const { family, fill, glyph } = lookOf(pod)
  const theme = document.documentElement.dataset['theme'] ?? ''
  const key = `${theme} ${scale} ${grid.w} ${px >= 12} ${family} ${fill} ${glyph} ${state.dim} ${state.selected} ${state.hull ?? ''}`
  let sprite = sprites.get(key)
  const [w, h] = [grid.w + MARGIN * 2, grid.h + MARGIN * 2]
  if (!sprite) {
    sprite = new OffscreenCanvas(Math.ceil(w * scale), Math.ceil(h * scale))
    const context = sprite.getContext('2d') as unknown as CanvasRenderingContext2D
    context.setTransform(scale, 0, 0, scale, MARGIN * scale, MARGIN * scale)
    drawPod(context, pod, { x: 0, y: 0 }, grid, state, px, podInk())
    if (sprites.size > SPRITES) sprites.clear()
    sprites.set(key, sprite)
  }
  c.drawImage(sprite, x - MARGIN, y - MARGIN, sprite.width / scale, sprite.height / scale)
}

/** One tile at its place; `px` is how large it will be on the screen: small ones lose their glyphs. */
function drawPod(
  c: CanvasRenderingContext2D,
  pod: Pod,
  { x, y }: Point,
  grid: Grid,
  state: PodState,
  px: number,
  dye: PodInk,
): void {
  const look = lookOf(pod)
  const [fill, edge] = [dye.fill[look.family] ?? '', dye.edge[look.family] ?? '']
  const { w, h } = grid
  c.globalAlpha = state.dim ? 0.35 : 1
  c.beginPath()
  if (look.family === 'bad') octagon(c, x, y, w, h)
  else c.roundRect(x + 1, y + 1, w - 2, h - 2, px < 12 ? 4 : 7)
  c.fillStyle = look.fill === 'solid' ? fill : dye.surface
  c.fill()
  if (look.fill === 'half') {
    c.fillStyle = fill
    c.fillRect(x + 2, y + h / 2, w - 4, h / 2 - 2)
  } else if (look.fill === 'hatch') hatch(c, x, y, w, h, fill)
  c.lineWidth = 2
  c.strokeStyle = edge
  c.setLineDash(look.fill === 'hollow' && look.family === 'waiting' ? [4, 3] : [])
  c.stroke()
  c.setLineDash([])
  if (look.fill === 'ring') {
    c.beginPath()
    c.arc(x + w / 2, y + h / 2, h / 4, -Math.PI / 2, Math.PI)
    c.stroke()
  }
  if (look.glyph !== 'none' && (px >= 12 || look.family === 'bad'))
    mark(c, glyphPath(look.glyph), x, y, w, h, dye.on[look.family] ?? '')
  if (state.selected || state.hull) outline(c, x, y, w, h, state, dye.accent)
  c.globalAlpha = 1
}

function octagon(c: CanvasRenderingContext2D, x: number, y: number, w: number, h: number): void {
  const [a, b] = [w * 0.28, h * 0.28]
  const corners: [number, number][] = [
    [x + a, y],
    [x + w - a, y],
    [x + w, y + b],
    [x + w, y + h - b],
    [x + w - a, y + h],
    [x + a, y + h],
    [x, y + h - b],
    [x, y + b],
  ]
  for (const [i, [px, py]] of corners.entries()) i === 0 ? c.moveTo(px, py) : c.lineTo(px, py)
  c.closePath()
}

function hatch(c: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, fill: string): void {
  c.save()
  c.clip()
  c.beginPath()
  for (let d = -h; d < w; d += 7) {
    c.moveTo(x + d, y + h)
    c.lineTo(x + d + h, y)
  }
  c.strokeStyle = fill
  c.lineWidth = 3
  c.stroke()
  c.restore()
  c.beginPath()
  c.roundRect(x + 1, y + 1, w - 2, h - 2, 7)
}

function mark(c: CanvasRenderingContext2D, path: Path2D, x: number, y: number, w: number, h: number, color: string): void {
  const size = Math.min(w, h) * 0.6
  c.save()
  c.translate(x + (w - size) / 2, y + (h - size) / 2)
  c.scale(size / 16, size / 16)
  c.strokeStyle = color
  c.lineWidth = 2
  c.lineCap = 'round'
  c.stroke(path)
  c.restore()
}

function outline(c: CanvasRenderingContext2D, x: number, y: number, w: number, h: number, state: PodState, accent: string): void {
  c.beginPath()
  c.roundRect(x - 3, y - 3, w + 6, h + 6, 9)
  c.strokeStyle = accent
  c.lineWidth = state.selected ? 3 : 1.5
  c.setLineDash(!state.selected && state.hull === 'old' ? [2, 3] : [])
  c.stroke()
  c.setLineDash([])
}
