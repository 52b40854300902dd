import { expect, it } from 'vitest'
import type { AnyObject } from '#api/meta.ts'
import { answer } from './answers.ts'
import { after, again, always, type Check, during, eventually, held, never, order } from './check.ts'
import { audit, born, event, traffic } from './happenings.ts'
import type { Moment, View } from './moment.ts'
import { count, obj } from './value.ts'

const pod = (name: string, phase: string, uid = name): AnyObject => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace: 'default', uid, labels: { app: 'web' } },
  status: { phase, conditions: [{ type: 'Ready', status: phase === 'Running' ? 'True' : 'False' }] },
})

type Happening = { at: number } & Moment

/** What a check comes to when this happens to a cluster of these pods. */
function judged<S>(check: Check<S>, pods: AnyObject[], happenings: Happening[], until = 0) {
  const objects = new Map(pods.map((p) => [p.metadata.name, p]))
  const answers: Record<string, string> = {}
  let now = 0
  const view: View = {
    get now() {
      return now
    },
    answers,
    find: (_word, _namespace, name) => objects.get(name),
    all: () => [...objects.values()],
    resource: (word) => (word.endsWith('s') ? word : `${word}s`),
    broken: { components: [], kubelets: [], cut: [], disks: [], plugins: [], off: [] },
    told: () => undefined,
  }
  let state = check.begin(view)
  for (const { at, ...moment } of happenings) {
    now = at
    if (moment.kind === 'object' && moment.after) objects.set(moment.after.metadata.name, moment.after)
    if (moment.kind === 'object' && !moment.after) objects.delete(moment.before?.metadata.name ?? '')
    state = check.take(JSON.parse(JSON.stringify(state)), moment, view)
  }
  now = Math.max(now, until)
  return check.verdict(state, view)
}

const change = (at: number, after?: AnyObject, before?: AnyObject): Happening => ({
  at,
  kind: 'object',
  resource: 'pods',
  before,
  after,
})
const wrote = (at: number, by: string, verb: string, resource: string, name: string, code = 200): Happening => ({
  at,
  kind: 'trace',
  line: { seq: at, at, by, verb, resource, namespace: 'default', name, code, because: '' },
})
const running = obj('pod/a').path('status.phase').is('Running')
const [pending, up] = [pod('a', 'Pending'), pod('a', 'Running')]

it('remembers what has been so once', () => {
  expect(judged(eventually(running), [], [change(1, up), change(2, undefined, up)])).toBe('met')
  expect(judged(eventually(running), [], [change(1, pending)])).toBe('open')
})

it('holds only without a break', () => {
  expect(judged(held(running, 60), [up], [], 60)).toBe('met')
  expect(judged(held(running, 60), [up], [change(30, pending), change(31, up)], 80)).toBe('open')
  expect(judged(held(running, 60), [up], [change(70, pending)], 71)).toBe('met')
})

it('breaks for good what must always be so', () => {
  expect(judged(always(count('pods').atLeast(1)), [up], [change(1, undefined, up), change(2, up)])).toBe('broken')
  expect(judged(never(audit('learner', 'delete', 'pods/a')), [up], [wrote(1, 'me', 'delete', 'pods', 'a')])).toBe('broken')
  expect(judged(never(audit('learner', 'delete', 'pods/a')), [up], [])).toBe('met')
})

it('knows whether something was lost and came back', () => {
  expect(judged(again(running), [up], [])).toBe('open')
  expect(judged(again(running), [up], [change(1, pending), change(2, up)])).toBe('met')
})

it('begins the second check after the first', () => {
  const killed = audit('learner', 'delete', 'pods/*')
  const check = after(killed, born('pods', { labels: 'app=web' }))
  expect(judged(check, [], [change(1, up), wrote(2, 'me', 'delete', 'pods', 'a')])).toBe('open')
  expect(judged(check, [], [wrote(1, 'me', 'delete', 'pods', 'a'), change(2, pending), change(3, up, pending)])).toBe('met')
})

it('tells order from disorder', () => {
  const [first, second] = [audit('scheduler', 'create', 'pods/a/binding'), audit('kubelet', 'patch', 'pods/a/status')]
  const bound = wrote(1, 'system:kube-scheduler', 'create', 'pods/binding', 'a')
  const reported = wrote(2, 'system:node:n', 'patch', 'pods/status', 'a')
  expect(judged(order(first, second), [], [bound, reported])).toBe('met')
  expect(judged(order(first, second), [], [reported, bound])).toBe('broken')
  expect(judged(order(first, second), [], [bound])).toBe('open')
})

it('counts only writes that were let in, by whom they were made', () => {
  const check = audit('learner', 'delete', 'pod/a')
  expect(judged(check, [], [wrote(1, 'me', 'delete', 'pods', 'a', 403)])).toBe('open')
  expect(judged(check, [], [wrote(1, 'system:node:n', 'delete', 'pods', 'a')])).toBe('open')
  expect(judged(check, [], [wrote(1, 'me', 'delete', 'pods/eviction', 'a')])).toBe('open')
})

it('finds events by reason and object', () => {
  const told = { ...pod('x', ''), kind: 'Event', reason: 'Killing', involvedObject: { kind: 'Pod', name: 'web-1' } }
  const happening: Happening = { at: 1, kind: 'object', resource: 'events', after: told }
  expect(judged(event('Killing', 'pod/web-*'), [], [happening])).toBe('met')
  expect(judged(event('Killing', 'pod/db-*'), [], [happening])).toBe('open')
})

it('compares answers with the live cluster, whatever their case', () => {
  const check = answer('phase', obj('pod/a').path('status.phase'))
  expect(judged(check, [up], [{ at: 1, kind: 'answer', id: 'phase', text: ' running ' }])).toBe('met')
  expect(judged(check.wrong(), [up], [{ at: 1, kind: 'answer', id: 'phase', text: 'Pending' }])).toBe('met')
  expect(judged(check, [], [{ at: 1, kind: 'answer', id: 'phase', text: 'undefined' }])).toBe('open')
})

it('measures the share of requests', () => {
  const flight = (seq: number, status: number): Happening => ({
    at: seq,
    kind: 'flight',
    flight: { seq, at: seq, from: 'visitor', service: 'default/shop', pod: '', node: '', status, ms: 1, hops: [] },
  })
  const flights = [200, 200, 200, 503].map((status, i) => flight(i, status))
  expect(judged(traffic('shop').ok().atLeast(0.75, 4), [], flights)).toBe('met')
  expect(judged(traffic('shop').ok().atLeast(0.9, 4), [], flights)).toBe('open')
  expect(judged(traffic('shop').ok().atLeast(0.5, 5), [], flights)).toBe('open')
})

it('counts only what happens while something else is so', () => {
  const removed = audit('learner', 'delete', 'pods/b')
  const happens = [change(2, up), wrote(3, 'me', 'delete', 'pods', 'b')]
  expect(judged(during(running, removed), [pending], happens)).toBe('met')
  expect(judged(during(running, removed), [pending], happens.toReversed())).toBe('open')
  expect(judged(during(running, held(running, 5)), [up], [change(3, pending, up), change(4, up, pending)], 6)).toBe('open')
})
