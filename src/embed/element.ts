/** Entry: `<tabernetes-sandbox>`, a living cluster inside any page; the frame is made when it comes into view. */
import { connect, type Sandbox } from './host.ts'

/** Attributes that are handed to the page as they are. */
const OPTIONS = ['scene', 'nodes', 'seed', 'speed', 'theme', 'lens', 'hide', 'lesson'] as const
const HEIGHT = 480
const LEAST_HEIGHT = 360

export class TabernetesSandbox extends HTMLElement {
  #frame: HTMLIFrameElement | null = null
  #seen: IntersectionObserver | null = null
  #sandbox: Promise<Sandbox> | null = null

  connectedCallback(): void {
    this.style.display = 'block'
    this.style.height = `${Math.max(LEAST_HEIGHT, Number(this.getAttribute('height') ?? HEIGHT))}px`
    this.#seen = new IntersectionObserver(([entry]) => {
      if (entry?.isIntersecting) this.#open()
    })
    this.#seen.observe(this)
  }

  disconnectedCallback(): void {
    this.#seen?.disconnect()
    void this.#sandbox?.then((sandbox) => sandbox.close())
    this.#frame?.remove()
    this.#frame = null
    this.#sandbox = null
  }

  /** The sandbox inside, once it answers. Its events come as `tabernetes-state` and the like on this element. */
  get sandbox(): Promise<Sandbox> | null {
    return this.#sandbox
  }

  #open(): void {
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
    this.#sandbox = connect(frame, url.origin, ({ event, payload }) =>
      this.dispatchEvent(new CustomEvent(`tabernetes-${event}`, { detail: payload })),
    )
    this.#sandbox.catch((error: Error) => this.dispatchEvent(new CustomEvent('tabernetes-error', { detail: error.message })))
  }

  /** The page lies beside this script unless `src` says otherwise. */
  #address(): URL {
    const url = new URL(this.getAttribute('src') ?? './', new URL('./', import.meta.url))
    url.searchParams.set('embed', '1')
    url.searchParams.set('host', location.origin)
    for (const name of OPTIONS) {
      const value = this.getAttribute(name)
      if (value !== null) url.searchParams.set(name, value)
    }
    const replay = this.getAttribute('replay')
    if (replay) url.hash = replay
    return url
  }
}

if (!customElements.get('tabernetes-sandbox')) customElements.define('tabernetes-sandbox', TabernetesSandbox)
