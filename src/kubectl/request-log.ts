/** `-v`: what goes to the server and comes back, as client-go writes it to the log at levels 6 to 9. */
import type { ApiRequest, ApiResponse, Transport } from '#api/request.ts'
import type { Io } from './io.ts'
import { logHead } from './klog.ts'

/** client-go's switches, which it tells of at level 1. */
const GATES: Record<string, boolean> = {
  AtomicFIFO: true,
  ClientsAllowCARotation: true,
  ClientsAllowCBOR: false,
  ClientsAllowTLSCacheGC: true,
  ClientsPreferCBOR: false,
  InOrderInformers: true,
  InOrderInformersBatchProcess: true,
  InformerResourceVersion: true,
  UnlockWhileProcessingFIFO: true,
  WatchListClient: true,
}

export interface LogOptions {
  level: number
  server: string
  /** The kubeconfig's file, if there is one. */
  file?: string
}

/** The same transport, which tells of what it carries. */
export function telling(transport: Transport, io: Io, options: LogOptions): Transport {
  const log = new RequestLog(io, options)
  log.begin()
  if (options.level < 6) return transport
  const told: Transport = {
    ...transport,
    async request(request) {
      const since = log.ask(request)
      const answer = await transport.request(request)
      log.answer(request, answer, since)
      return answer
    },
    watch(request, handlers) {
      const since = log.ask(request)
      const onOpen = (answer: ApiResponse): void => {
        log.answer(request, answer, since)
        handlers.onOpen?.(answer)
      }
      return transport.watch(request, { ...handlers, onOpen })
    },
  }
  const { stream } = transport
  if (stream)
    told.stream = (request, handlers) => {
      const since = log.ask(request)
      const onOpen = (answer: ApiResponse): void => {
        log.answer(request, answer, since)
        handlers.onOpen?.(answer)
      }
      return stream.call(transport, request, { ...handlers, onOpen })
    }
  return told
}

const WORDS: Record<number, string> = {
  101: 'Switching Protocols',
  200: 'OK',
  201: 'Created',
  202: 'Accepted',
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  406: 'Not Acceptable',
  409: 'Conflict',
  410: 'Gone',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Entity',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  503: 'Service Unavailable',
  504: 'Gateway Timeout',
}

class RequestLog {
  readonly #io: Io
  readonly #options: LogOptions

  constructor(io: Io, options: LogOptions) {
    this.#io = io
    this.#options = options
  }

  begin(): void {
    const { level, file } = this.#options
    if (level >= 6 && file) this.#line('loader.go:407', `Config loaded from file:  ${file}`)
    for (const [name, on] of Object.entries(GATES))
      if (level >= 1) this.#line('envvar.go:195', `"Feature gate default state" feature="${name}" enabled=${on}`)
  }

  #line(place: string, text: string): void {
    this.#io.err(`${logHead('I', place, this.#io.now())} ${text}\n`)
  }

  /** When it was asked. */
  ask(request: ApiRequest): number {
    const { level } = this.#options
    const { method, path, headers = {} } = request
    const url = this.#options.server + path
    if (level >= 8) this.#line('helper.go:105', `"Request Body" body=${this.#body(request.body, request.method !== 'PATCH')}`)
    if (level >= 9) {
      const flags = headersOf(headers).map(([name, value]) => ` -H "${name}: ${value}"`)
      this.#line('round_trippers.go:527', `"Request" curlCommand=<\n\tcurl -v -X${method} ${flags.join('')} '${url}'\n >`)
    } else if (level >= 7)
      this.#line('round_trippers.go:527', `"Request" verb="${method}" url="${url}" headers=${block(headers)}`)
    return this.#io.now()
  }

  answer({ method, path }: ApiRequest, { status, headers, body }: ApiResponse, since: number): void {
    const { level, server } = this.#options
    const asked = level === 6 || level >= 9 ? ` verb="${method}" url="${server}${path}"` : ''
    const shown = level >= 8 ? ` headers=${block(headers)}` : ''
    const ms = Math.max(0, Math.round(this.#io.now() - since))
    const word = `${status}${WORDS[status] ? ` ${WORDS[status]}` : ''}`
    this.#line('round_trippers.go:632', `"Response"${asked} status="${word}"${shown} milliseconds=${ms}`)
    if (level >= 8) this.#line('helper.go:105', `"Response Body" body=${this.#body(body)}`)
  }

  /** `encoded`: a codec has written it, with a newline at its end. */
  #body(body: unknown, encoded = false): string {
    const { level } = this.#options
    const text = body === undefined || body === null ? '' : typeof body === 'string' ? body : JSON.stringify(body)
    const most = level >= 10 ? Number.POSITIVE_INFINITY : level === 9 ? 10_240 : 1024
    const cut = text.length > most ? `${text.slice(0, most)} [truncated ${text.length - most} chars]` : text
    return encoded && body !== undefined && typeof body !== 'string' ? `<\n\t${cut}\n >` : JSON.stringify(cut)
  }
}

const named = (name: string): string => name.replace(/(^|-)[a-z]/g, (letter) => letter.toUpperCase())
const masked = (name: string, value: string): string => (name === 'Authorization' ? value.replace(/ .*/, ' <masked>') : value)

const headersOf = (headers: Record<string, string>): [string, string][] =>
  Object.entries(headers)
    .map(([name, value]): [string, string] => [named(name), masked(named(name), value)])
    .sort(([a], [b]) => (a < b ? -1 : 1))

const block = (headers: Record<string, string>): string =>
  `<\n${headersOf(headers)
    .map(([name, value]) => `\t${name}: ${value}\n`)
    .join('')} >`
