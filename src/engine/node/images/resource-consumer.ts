/** resource-consumer, Kubernetes' own test image: takes as much processor and memory, for so long, as it is asked to over HTTP. */
import { Query } from '#api/query.ts'
import type { HttpReply, HttpRequest } from '../../machinery/http.ts'
import { image } from '../image.ts'
import type { Host } from '../programs/program.ts'
import { flag, queryOf, slashTime } from '../web.ts'

/** Something that it does until then. */
interface Job {
  until: number
  cpuMilli: number
  memoryMi: number
  /** A metric that is higher by so much meanwhile. */
  metric?: string
  delta?: number
}

interface State {
  jobs: readonly Job[]
  /** In the order they were first bumped. */
  metrics: readonly string[]
}

export const NOT_POST = 'Bad request. Not a POST request'
export const NOT_GIVEN = 'not given function argument'
export const INCORRECT = 'incorrect function argument'

const BASE_MI = 4
const MEGABYTE = 1_048_576

export const plain = (status: number, body: string): HttpReply => ({
  status,
  body,
  headers: { 'content-type': 'text/plain; charset=utf-8' },
})
export const refused = (why: string, status = 400): HttpReply => plain(status, `${why}\n`)

/** The first value of each name, in the form or in the query, as Go's ParseForm has them. */
export function formOf({ path, headers = {}, body = '' }: HttpRequest): (name: string) => string {
  const form = headers['content-type']?.startsWith('application/x-www-form-urlencoded') ? new Query(body) : null
  const query = queryOf(path)
  return (name) => form?.get(name) ?? query.get(name) ?? ''
}

/** Arguments as whole numbers; what is wrong with them otherwise. */
export function numbersOf(words: readonly string[]): number[] | HttpReply {
  if (words.some((word) => word === '')) return refused(NOT_GIVEN)
  return words.every((word) => /^[+-]?\d+$/.test(word)) ? words.map(Number) : refused(INCORRECT)
}

const log = (host: Host, text: string): void => host.out(`${slashTime(host.now)} ${text}\n`, 'stderr')
const memoryOf = ({ jobs }: State): number => BASE_MI + jobs.reduce((sum, { memoryMi }) => sum + memoryMi, 0)

/** With what is over left out; it looks again when the next one is. */
function settled(state: State, host: Host): State {
  const next = { ...state, jobs: state.jobs.filter(({ until }) => until > host.now) }
  const first = Math.min(...next.jobs.map(({ until }) => until))
  if (Number.isFinite(first)) host.wake(first - host.now)
  host.memory(memoryOf(next))
  return next
}

const begun = (state: State, job: Job, host: Host): State => settled({ ...state, jobs: [...state.jobs, job] }, host)

function consume(what: 'ConsumeCPU' | 'ConsumeMem', request: HttpRequest, state: State, host: Host): [HttpReply, State] {
  const form = formOf(request)
  const unit = what === 'ConsumeCPU' ? 'millicores' : 'megabytes'
  const given = numbersOf([form('durationSec'), form(unit)])
  if (!Array.isArray(given)) return [given, state]
  const [seconds = 0, amount = 0] = given
  log(host, `${what} ${unit}: ${amount}, durationSec: ${seconds}`)
  const mine = what === 'ConsumeCPU' ? { cpuMilli: amount, memoryMi: 0 } : { cpuMilli: 0, memoryMi: amount }
  const reply = plain(200, `${what}\n${amount} ${unit}\n${seconds} durationSec\n`)
  return [reply, begun(state, { until: host.now + seconds * 1000, ...mine }, host)]
}

function bump(request: HttpRequest, state: State, host: Host): [HttpReply, State] {
  const form = formOf(request)
  const [metric, delta, duration] = [form('metric'), form('delta'), form('durationSec')]
  if (metric === '' || delta === '' || duration === '') return [refused(NOT_GIVEN), state]
  const more = Number(delta)
  if (Number.isNaN(more) || !/^[+-]?\d+$/.test(duration)) return [refused(INCORRECT), state]
  const metrics = state.metrics.includes(metric) ? state.metrics : [...state.metrics, metric]
  const job = { until: host.now + Number(duration) * 1000, cpuMilli: 0, memoryMi: 0, metric, delta: more }
  const reply = plain(200, `BumpMetric\n${metric} metric\n${more} delta\n${Number(duration)} durationSec\n`)
  return [reply, begun({ ...state, metrics }, job, host)]
}

function shownMetrics({ jobs, metrics }: State): string {
  const value = (name: string): number => jobs.reduce((sum, { metric, delta = 0 }) => sum + (metric === name ? delta : 0), 0)
  return metrics.map((name) => `# HELP ${name} info message.\n# TYPE ${name} gauge\n${name} ${value(name).toFixed(6)}\n`).join('')
}

function answer(request: HttpRequest, state: State, host: Host): [HttpReply, State] {
  const path = (request.path.split('?')[0] ?? '').replace(/^\/\//, '/')
  if (path === '/metrics') return [plain(200, shownMetrics(state)), state]
  if (request.method !== 'POST') return [refused(NOT_POST), state]
  switch (path) {
    case '/ConsumeCPU':
    case '/ConsumeMem':
      return consume(path.slice(1) as 'ConsumeCPU' | 'ConsumeMem', request, state, host)
    case '/GetCurrentStatus':
      log(host, 'GetCurrentStatus')
      return [plain(200, 'Warning: not implemented!\nGetCurrentStatus'), state]
    case '/BumpMetric':
      return bump(request, state, host)
    default:
      return [refused(`unknown function: ${path}`, 404), state]
  }
}

export const resourceConsumer = image<State>({
  name: 'resource-consumer',
  sizeMb: Math.round(43_000_000 / MEGABYTE),
  system: 'alpine',
  entrypoint: ['/consumer'],
  start: () => ({ jobs: [], metrics: [] }),
  listens: (_state, host) => [Number(flag(host.argv, 'port') ?? 8080)],
  http: answer,
  wake: settled,
  nextChange: ({ jobs }) => Math.min(Number.POSITIVE_INFINITY, ...jobs.map(({ until }) => until)),
  memoryMi: memoryOf,
  cpuMilli: ({ jobs }) => 1 + jobs.reduce((sum, { cpuMilli }) => sum + cpuMilli, 0),
})
