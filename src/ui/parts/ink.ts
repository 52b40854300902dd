/** Colours of the theme for what is drawn on canvases: asking the browser costs a style pass, so each is asked for once per theme. */

const known = new Map<string, string>()
let theme = ''

/** The value of a custom property: `ink('--accent')`. */
export function ink(name: string): string {
  const dress = document.documentElement.dataset['theme'] ?? ''
  if (dress !== theme) {
    theme = dress
    known.clear()
  }
  const value = known.get(name) ?? getComputedStyle(document.documentElement).getPropertyValue(name).trim()
  known.set(name, value)
  return value
}
