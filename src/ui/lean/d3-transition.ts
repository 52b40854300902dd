/** Stands in for d3-transition in the bundle: the view is set at once (cards glide by CSS), so nothing is ever under way. */
import { selection } from 'd3-selection'

const nothing = selection.prototype as { interrupt?: () => unknown }
nothing.interrupt = function interruptNothing() {
  return this
}

export function interrupt(): void {}
