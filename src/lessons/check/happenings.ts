/** Checks on what happens: events, writes in the audit trail, objects that are born, requests and their answers. */
import type { AnyObject } from '#api/meta.ts'
import type { Flight, TraceLine } from '#api/request.ts'
import { type Check, check } from './check.ts'
import { isReady, suits, type Where } from './value.ts'

const once = (needs: readonly string[], happens: Check<boolean>['take']): Check<boolean> =>
  check<boolean>({
    needs,
    begin: () => false,
    take: (seen, moment, view) => seen || happens(seen, moment, view),
    verdict: (seen) => (seen ? 'met' : 'open'),
  })

/** `shop-*` against `shop-7c9`; an empty pattern fits every name. */
export const fits = (pattern: string, name: string): boolean =>
  pattern === '' || pattern === '*' || (pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : pattern === name)

/** An Event of this reason is recorded (again) about such an object: `event('Killing', 'pod/shop-*')`. */
export function event(reason: string | RegExp, regarding = '', message?: RegExp): Check<boolean> {
  const [kind = '', name = ''] = regarding.toLowerCase().split('/')
  return once(['events'], (_seen, moment) => {
    if (moment.kind !== 'object' || moment.resource !== 'events' || !moment.after) return false
    const told = moment.after
    const what: string = told['reason'] ?? ''
    if (typeof reason === 'string' ? what !== reason : !reason.test(what)) return false
    if (message && !message.test(told['message'] ?? '')) return false
    const about = told['involvedObject'] as { kind?: string; name?: string } | undefined
    return (kind === '' || about?.kind?.toLowerCase() === kind) && fits(name, about?.name ?? '')
  })
}

/** Who wrote: `learner`, `kubelet`, `scheduler`, or a controller by its name, as `replicaset-controller`. */
export function isBy(who: string, by: string): boolean {
  if (who === 'learner') return !by.startsWith('system:')
  if (who === 'kubelet') return by.startsWith('system:node:')
  // A machine that is about to join speaks in its token's name.
  if (who === 'newcomer') return by.startsWith('system:bootstrap:')
  if (who === 'scheduler') return by === 'system:kube-scheduler'
  return by.split(':').at(-1) === who
}

export interface Write {
  who: string
  /** One verb, or several as `create|patch`. */
  verb: string
  /** `pods`, `pods/shop-*`, `pods/shop-*\/binding`; `deployments/web/*`: itself, or a subresource as `scale`. */
  object: string
  /** Only writes the API server refused. */
  refused?: boolean
  /** Of a refusal: its number, and the stage of the API server that said no. */
  code?: number
  stage?: string
}

/** Whether a line of the trace is such a write. */
export function isWrite(line: TraceLine, { who, verb, object, refused = false, code, stage }: Write, name?: string): boolean {
  if ((code !== undefined && code !== line.code) || (stage !== undefined && stage !== line.stage)) return false
  const [word = '', pattern = '', sub = ''] = object.split('/')
  const [full = '', ownSub = ''] = line.resource.split('/')
  const plural = full.split('.')[0] ?? ''
  const sameKind = plural === word || plural === `${word}s` || plural === `${word}es`
  if (!sameKind || (sub !== '*' && sub !== ownSub) || refused !== line.code >= 400) return false
  return isBy(who, line.by) && verb.split('|').includes(line.verb) && fits(name ?? pattern, line.name)
}

/** A write goes through the API server: `audit('learner', 'delete', 'pods/shop-*')`. */
export const audit = (who: string, verb: string, object: string): Check<boolean> =>
  once([], (_seen, moment) => moment.kind === 'trace' && isWrite(moment.line, { who, verb, object }))

/** The API server refuses such a write: `refused('learner', 'create', 'pods', { code: 403, stage: 'authorize' })`. */
export const refused = (who: string, verb: string, object: string, where: Pick<Write, 'code' | 'stage'> = {}): Check<boolean> =>
  once([], (_seen, moment) => moment.kind === 'trace' && isWrite(moment.line, { who, verb, object, refused: true, ...where }))

/** A new object of this kind comes to be, and becomes Ready (or whatever `until` says). */
export const born = (
  word: string,
  where: Where = {},
  until: (object: AnyObject) => boolean = isReady,
): Check<{ uids: string[]; met: boolean }> =>
  check<{ uids: string[]; met: boolean }>({
    needs: [word],
    begin: () => ({ uids: [], met: false }),
    take(state, moment, view) {
      if (state.met || moment.kind !== 'object' || moment.resource !== view.resource(word) || !moment.after) return state
      const { after: object, before } = moment
      const uid = object.metadata.uid ?? ''
      const uids = !before && suits(object, where) ? [...state.uids, uid] : state.uids
      return { uids, met: uids.includes(uid) && until(object) }
    },
    verdict: ({ met }) => (met ? 'met' : 'open'),
  })

interface Share {
  all: number
  counted: number
}

/** Requests to a Service (or several) since the step began: `traffic('shop').ok().atLeast(0.999, 50)`. */
export function traffic(service: string | readonly string[], from?: string) {
  const keys = [service].flat().map((each) => (each.includes('/') ? each : `default/${each}`))
  const share = (counts: (flight: Flight) => boolean, judge: (part: number) => boolean, least: number): Check<Share> =>
    check<Share>({
      needs: [],
      begin: () => ({ all: 0, counted: 0 }),
      take({ all, counted }, moment) {
        if (moment.kind !== 'flight' || !keys.includes(moment.flight.service)) return { all, counted }
        if (from !== undefined && !fits(from, moment.flight.from)) return { all, counted }
        return { all: all + 1, counted: counted + (counts(moment.flight) ? 1 : 0) }
      },
      verdict: ({ all, counted }) => (all >= least && judge(counted / all) ? 'met' : 'open'),
    })
  const of = (counts: (flight: Flight) => boolean) => ({
    /** At least this part of at least `least` requests. */
    atLeast: (part: number, least = 20) => share(counts, (is) => is >= part, least),
    between: (low: number, high: number, least = 20) => share(counts, (is) => is >= low && is <= high, least),
  })
  return { ok: () => of(({ status }) => status >= 200 && status < 400), where: of }
}
