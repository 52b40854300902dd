/** The graph as a picture: what the page draws, with its styles, as one SVG file. */

const GAP = 24

/** Saves `cluster.svg`: HTML inside of SVG, which browsers and editors of the web open. */
export async function savePicture(): Promise<void> {
  const graph = document.querySelector<HTMLElement>('.graph')
  if (!graph) return
  const { width, height } = graph.getBoundingClientRect()
  const copy = graph.cloneNode(true) as HTMLElement
  copyCanvases(graph, copy)
  for (const control of copy.querySelectorAll('button.icon, .zoom-buttons, .lens-choice, .add-node')) control.remove()
  copy.style.cssText = `position:absolute;inset:0;width:${width}px;height:${height}px`
  const root = document.documentElement
  const sheet = [...document.styleSheets].flatMap((each) => [...each.cssRules].map((rule) => rule.cssText)).join('\n')
  const html = document.createElement('div')
  html.setAttribute('xmlns', 'http://www.w3.org/1999/xhtml')
  html.innerHTML = '<style></style>'
  const style = html.firstElementChild as HTMLElement
  style.textContent = sheet.replaceAll(':root', '.root')
  html.className = 'root app'
  for (const [key, value] of Object.entries(root.dataset)) html.dataset[key] = value
  html.style.cssText = `width:${width}px;height:${height}px;position:relative;background:var(--bg);color:var(--ink);font:400 15px/1.45 var(--sans)`
  html.append(copy)
  const inside = new XMLSerializer().serializeToString(html)
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width + GAP}" height="${height + GAP}"><foreignObject x="${GAP / 2}" y="${GAP / 2}" width="${width}" height="${height}">${inside}</foreignObject></svg>`
  const link = document.createElement('a')
  link.href = URL.createObjectURL(new Blob([svg], { type: 'image/svg+xml' }))
  link.download = 'cluster.svg'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}

/** A cloned canvas is blank. */
function copyCanvases(from: HTMLElement, to: HTMLElement): void {
  const copies = [...to.querySelectorAll('canvas')]
  for (const [i, canvas] of [...from.querySelectorAll('canvas')].entries()) {
    const image = document.createElement('img')
    image.src = canvas.toDataURL()
    image.style.cssText = `${canvas.style.cssText};width:${canvas.clientWidth}px;height:${canvas.clientHeight}px`
    image.className = canvas.className
    copies[i]?.replaceWith(image)
  }
}
