/** Stands in for d3-drag in the bundle: our cards are not dragged, only the view is; no text gets selected meanwhile. */

const OPTIONS = { passive: false, capture: true }

function refuse(event: Event): void {
  event.preventDefault()
  event.stopImmediatePropagation()
}

export function dragDisable(view: Window): void {
  view.addEventListener('dragstart', refuse, OPTIONS)
  view.addEventListener('selectstart', refuse, OPTIONS)
}

/** With `noclick` the click that ends a drag reaches nobody. */
export function dragEnable(view: Window, noclick?: boolean): void {
  view.removeEventListener('dragstart', refuse, OPTIONS)
  view.removeEventListener('selectstart', refuse, OPTIONS)
  if (!noclick) return
  view.addEventListener('click', refuse, OPTIONS)
  setTimeout(() => view.removeEventListener('click', refuse, OPTIONS), 0)
}

export function drag(): never {
  throw new Error('cards of the graph are not draggable')
}
