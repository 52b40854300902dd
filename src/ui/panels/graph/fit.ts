/** How large everything is drawn: the zoom at which the cluster fits its pane, and where it then stands. */
import type { Box } from './layout.ts'

export interface Size {
  width: number
  height: number
}

/** Below this zoom small print could not be read: fewer words, larger. */
export const COMPACT_BELOW = 0.74

/** Room for the control plane's strip; a small frame has none. */
const stripFor = (height: number): number => (isLittle(height) ? 8 : 62)
const isLittle = (height: number): boolean => {
  const { embed, view } = document.documentElement.dataset
  if (innerWidth < 900 && innerHeight <= 480) return true
  return height < (embed === undefined ? 330 : 480) && (embed !== undefined || view === 'present')
}
const isPresented = (): boolean => document.documentElement.dataset['view'] === 'present'

/** The buttons at the right edge stand beside the cards, not over them; on a projector they are larger. */
const gutterFor = (width: number): number => (width < 600 ? marginFor(width) : isPresented() ? 84 : 62)

const marginFor = (width: number): number => (width < 600 ? 10 : 28)

/** On a narrow screen buttons stand below the cards. */
const footFor = (width: number, height: number): number => (width < 600 && !isLittle(height) ? 58 : 0)

/** Zoom at which everything fits, not below what can be read nor larger than life. */
export function zoomFor({ width, height }: Size, bounds: Box): number {
  const margin = marginFor(width)
  // From the last row of a room everything should be large.
  const most = isPresented() ? 2.2 : 1.3
  const [wide, high] = [width - margin - gutterFor(width), height - stripFor(height) - footFor(width, height) - margin / 2]
  return Math.min(most, wide / bounds.w, high / bounds.h)
}

/** Small clusters stay readable; of large ones the overview is what counts, and the tiles lose their glyphs. */
export const LEAST_ZOOM = 0.42
const LEAST_OVERVIEW_ZOOM = 0.16
const LARGE = 2_000_000

export function viewFor(element: HTMLElement, bounds: Box) {
  const size = { width: element.clientWidth, height: element.clientHeight }
  const least = bounds.w * bounds.h > LARGE ? LEAST_OVERVIEW_ZOOM : LEAST_ZOOM
  const zoom = Math.max(least, zoomFor(size, bounds))
  const strip = stripFor(size.height)
  const spare = Math.max(0, size.height - strip - footFor(size.width, size.height) - bounds.h * zoom)
  const room = size.width - gutterFor(size.width) + marginFor(size.width)
  return {
    x: Math.max(marginFor(size.width), (room - bounds.w * zoom) / 2) - bounds.x * zoom,
    y: strip + Math.min(spare / 2, 40) - bounds.y * zoom,
    zoom,
  }
}
