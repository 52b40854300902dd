/**
 * The first side of the line to a page: shows the usual scene from a picture, so that it is drawn before the engine is there, and
 * hands over to the engine once it has been looked at. Any other beginning waits for the engine.
 */
import type { ApiRequest, WatchEvent } from '#api/request.ts'
import { failure } from '#api/status.ts'
import { isUsual, moved, type Picture } from './first-picture.ts'
import type { FromWorker, ToWorker } from './port-messages.ts'

/** The engine's side. */
export interface Host {
  receive(message: ToWorker): void
}

type Post = (batch: FromWorker[]) => void

/** The engine is asked what the page was shown by numbers that no page uses. */
const CHECK = -1

export class FirstLooks {
  readonly #picture: Picture
  readonly #post: Post
  #shown: Picture | null = null
  #asked = new Set<string>()
  #watches = new Map<number, ApiRequest>()
  #heard = false
  /** For the engine, in this order. */
  #held: ToWorker[] = []
  #host: Host | null = null
  #wanted: () => void = () => {}
  /** When the engine may begin: what the picture shows has been drawn, or it does not show what is asked for. */
  readonly wanted = new Promise<void>((resolve) => {
    this.#wanted = resolve
  })

  constructor(picture: Picture, post: Post) {
    this.#picture = picture
    this.#post = post
  }

  receive(message: ToWorker): void {
    if (this.#host) return this.#host.receive(message)
    if (message.type === 'begin') this.#begin(message)
    else if (!this.#shown || !this.#show(this.#shown, message)) this.#held.push(message)
  }

  #begin(message: Extract<ToWorker, { type: 'begin' }>): void {
    this.#held.push(message)
    if (!isUsual(message.beginning)) return this.#wanted()
    this.#shown = moved(this.#picture, message.beginning.epoch)
    this.#post([{ type: 'ready' }])
  }

  /** Whether the picture tells it. */
  #show(picture: Picture, message: ToWorker): boolean {
    if (message.type === 'request') {
      const { method, path, headers } = message.request
      const response = method === 'GET' && headers === undefined ? picture.answers[path] : undefined
      if (!response) return false
      this.#asked.add(path)
      this.#post([{ type: 'answer', id: message.id, response }])
    } else if (message.type === 'watch') {
      if (!isFromHere(picture, message.request)) return false
      this.#watches.set(message.id, message.request)
      this.#post([{ type: 'open', id: message.id, response: picture.opened }])
    } else if (message.type === 'news') {
      this.#heard = true
      this.#post([{ type: 'news', news: picture.news }])
    } else if (message.type === 'stop') return this.#watches.delete(message.id)
    // The first word of a frame may be that of an empty page.
    else if (message.type === 'drawn') this.#asked.size > 0 && this.#wanted()
    else return false
    return true
  }

  /** From now on the engine speaks; what it says again is not told twice. */
  handOver(make: (post: Post) => Host): void {
    const told = new Set(this.#watches.keys())
    const differ: number[] = []
    const paths = [...this.#asked]
    const host = make((batch) => {
      const rest = batch.filter((message) => {
        if (message.type === 'ready') return !this.#shown
        if (message.type === 'open') return !told.delete(message.id)
        if (message.type !== 'answer' || message.id > CHECK) return true
        const path = paths[CHECK - message.id] as string
        if (!same(message.response, this.#shown?.answers[path]))
          differ.push(...[...this.#watches].filter(([, request]) => pathOf(request) === path).map(([id]) => id))
        return false
      })
      if (rest.length > 0) this.#post(rest)
      // Nobody draws what was not sent.
      else host.receive({ type: 'drawn' })
    })
    this.#host = host
    const [begin, ...others] = this.#held
    if (begin) host.receive(begin)
    for (const [i, path] of paths.entries()) host.receive({ type: 'request', id: CHECK - i, request: { method: 'GET', path } })
    for (const [id, request] of this.#watches) {
      if (differ.includes(id)) this.#expire(id)
      else host.receive({ type: 'watch', id, request })
    }
    if (this.#heard) host.receive({ type: 'news' })
    for (const message of others) host.receive(message)
    this.#held = []
  }

  /** The page lists anew. */
  #expire(id: number): void {
    this.#post([
      { type: 'events', id, events: [EXPIRED] },
      { type: 'end', id },
    ])
  }
}

/** What was known of a watched list holds no longer. */
export const EXPIRED = { type: 'ERROR', object: failure(410, 'Expired', 'too old resource version') } as unknown as WatchEvent

const pathOf = ({ path }: ApiRequest): string => path.split('?')[0] as string

function isFromHere({ answers }: Picture, request: ApiRequest): boolean {
  const body = answers[pathOf(request)]?.body as { metadata: { resourceVersion: string } } | undefined
  return (
    body !== undefined && new URLSearchParams(request.path.split('?')[1]).get('resourceVersion') === body.metadata.resourceVersion
  )
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
