/** Entry: `<k8s-sandbox>`, a living cluster inside any page, and its SDK; frames are made when they come into view. */
import { connect, type OnEvent, type Sandbox } from './host.ts'

export type * from './protocol.ts'
export { connect, type OnEvent, type Sandbox }

/** Attributes that are handed to the page as they are. */
const OPTIONS = [
  'view',
  'lens',
  'panes',
  'theme',
  'lang',
  'speed',
  'seed',
  'autoplay',
  'hide',
  'focus',
  'readonly',
  'scene',
  'nodes',
  'control-planes',
  'addons',
  'lesson',
] as const
/** Embeds of one page share an engine: this is the page's. */
const ENGINE = `${Date.now()}${Math.random()}`.replace('.', '')
const HEIGHT = 480
const LEAST_HEIGHT = 360
const EVENT = 'k8s-'

const SVG = 'http://www.w3.org/2000/svg'
/** A service above three machines with a pod each, and the ways between them. */
const LINES =
  'M70 4h40a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H70a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4zM90 24C90 40 28 32 28 50M90 24v26M90 24C90 40 152 32 152 50M8 44h48v44H8zM66 44h48v44H66zM124 44h48v44h-48z'
const PODS = 'M16 52h24v16H16zM78 52h24v16H78zM140 52h24v16h-24z'

function sketch(): SVGSVGElement {
  const picture = document.createElementNS(SVG, 'svg')
  picture.setAttribute('viewBox', '0 0 180 92')
  picture.setAttribute('aria-hidden', 'true')
  picture.style.cssText = 'width:min(240px,60%);overflow:visible'
  for (const [d, look] of [
    [LINES, 'fill:none;stroke:currentColor;stroke-width:1.5;opacity:.45'],
    [PODS, 'fill:#2f80e0'],
  ] as const) {
    const path = document.createElementNS(SVG, 'path')
    path.setAttribute('d', d)
    path.style.cssText = look
    picture.append(path)
  }
  return picture
}

export class K8sSandbox extends HTMLElement {
  #frame: HTMLIFrameElement | null = null
  #seen: IntersectionObserver | null = null
  #sandbox: Promise<Sandbox> | null = null

  connectedCallback(): void {
    const height = this.getAttribute('height')
    this.style.display = 'block'
    this.style.height = `${Math.max(LEAST_HEIGHT, Number(height) || HEIGHT)}px`
    if (this.getAttribute('ctl') === '1') return this.#poster()
    this.#whenSeen()
  }

  disconnectedCallback(): void {
    this.#seen?.disconnect()
    void this.#sandbox?.then((sandbox) => sandbox.close()).catch(() => {})
    this.#frame?.remove()
    this.#frame = null
    this.#sandbox = null
  }

  /** The sandbox inside, once it answers. Its events come as `k8s-state` and the like on this element. */
  get sandbox(): Promise<Sandbox> | null {
    return this.#sandbox
  }

  #whenSeen(): void {
    this.#seen = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) this.open()
    })
    this.#seen.observe(this)
  }

  /** Costs nothing until somebody wants it. What the element holds already (plain YAML, a picture) is its picture. */
  #poster(): void {
    const button = document.createElement('button')
    button.type = 'button'
    const german = this.getAttribute('lang') === 'de'
    const words = this.getAttribute('poster') ?? (german ? 'Diesen Kubernetes-Cluster starten' : 'Run this Kubernetes cluster')
    button.append(sketch(), `▶ ${words.replace(/^▶ */, '')}`)
    button.style.cssText =
      'display:flex;flex-direction:column;gap:18px;align-items:center;justify-content:center;width:100%;height:100%;border:1px solid #8a94a8;border-radius:12px;background:transparent;color:inherit;font:600 17px system-ui,sans-serif;cursor:pointer'
    button.addEventListener('click', () => {
      button.remove()
      this.open()
    })
    this.append(button)
  }

  open(): void {
    if (this.#frame) return
    this.#seen?.disconnect()
    const url = this.#address()
    const frame = document.createElement('iframe')
    frame.src = url.href
    frame.title = this.getAttribute('title') ?? 'Tabernetes: a Kubernetes cluster in this page'
    frame.allow = 'clipboard-write; fullscreen'
    frame.style.cssText = 'width:100%;height:100%;border:0;border-radius:12px'
    this.append(frame)
    this.#frame = frame
    this.#sandbox = connect(frame, url.origin, (event, payload) => {
      if (event === 'resize' && this.getAttribute('height') === 'auto')
        this.style.height = `${Math.max(LEAST_HEIGHT, (payload as { height: number }).height)}px`
      this.dispatchEvent(new CustomEvent(EVENT + event, { detail: payload }))
    })
    this.#sandbox.catch((error: Error) =>
      this.dispatchEvent(new CustomEvent(`${EVENT}error`, { detail: { message: error.message } })),
    )
  }

  /** The page lies beside this script unless `src` says otherwise. */
  #address(): URL {
    const url = new URL(this.getAttribute('src') ?? './', new URL('./', import.meta.url))
    url.searchParams.set('embed', '1')
    url.searchParams.set('host', location.origin)
    url.searchParams.set('engine', ENGINE)
    for (const name of OPTIONS) {
      const value = this.getAttribute(name)
      if (value !== null) url.searchParams.set(name, value === '' ? '1' : value)
    }
    const hash = this.getAttribute('replay') ?? this.getAttribute('state')
    if (hash) url.hash = hash
    return url
  }
}

if (!customElements.get('k8s-sandbox')) customElements.define('k8s-sandbox', K8sSandbox)
