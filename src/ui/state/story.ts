/** The story: what happens in the cluster, told one sentence every two seconds at most, in the order of cause and effect. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { TraceLine } from '#api/request.ts'
import { t } from '../words/index.ts'
import type { Sentence } from './sentences.ts'

export type { Sentence } from './sentences.ts'

export interface StoryState {
  /** The sentence under the graph. */
  now: Sentence | null
  /** The latest ones, newest last: the transcript, and the marks on the timeline. */
  told: readonly Sentence[]
}

export interface Story {
  readonly store: StoreApi<StoryState>
  /** What was done; what happened before `since` is remembered, not read out. */
  take(sentences: Sentence[], since: number): void
  /** Forgets what waits to be told. */
  hush(): void
  /** While somebody else tells, what happens is remembered, and not said. */
  mute(on: boolean): void
  /** Another life goes on from `now`: what was told of later never happened, and the trace is told again. */
  forget(now: number): void
  /** What was told last at this time, of what may be said. */
  at(time: number, may?: (sentence: Sentence) => boolean): Sentence | null
  /** Says something of the page's own, at once; of a write, when it is about one. */
  say(text: string, line?: TraceLine): void
  /** The latest sentences about one object, newest first. */
  about(resource: string, namespace: string, name: string): Sentence[]
}

const KEEP = 1200
const EVERY_MS = 2000
/** Longer queues would tell old news: then what is alike is told once, and plain things not at all. */
const LONGEST_QUEUE = 5

export function createStory(wall: () => number = () => performance.now()): Story {
  const store = createStore<StoryState>()(() => ({ now: null, told: [] }))
  let saidAt = Number.NEGATIVE_INFINITY
  let queue: Sentence[] = []
  let timer: ReturnType<typeof setTimeout> | undefined
  let muted = false

  const arm = (): void => {
    if (timer === undefined && queue.length > 0) timer = setTimeout(speak, Math.max(0, EVERY_MS - (wall() - saidAt)))
  }
  const speak = (): void => {
    timer = undefined
    queue = shortened(queue.filter(holds))
    const next = queue.shift()
    if (!next) return
    saidAt = wall()
    store.setState({ now: next })
    arm()
  }
  const add = (sentences: Sentence[], aloud: Sentence[]): void => {
    if (sentences.length > 0) store.setState((s) => ({ told: inOrder([...s.told, ...sentences]).slice(-KEEP) }))
    if (!muted) queue.push(...aloud)
    arm()
  }
  return {
    store,
    take: (sentences, since) =>
      add(
        sentences,
        sentences.filter((s) => s.at >= since),
      ),
    hush() {
      queue = []
    },
    mute(on) {
      muted = on
      queue = []
      // Who told has ended: the strip follows the clock again.
      if (!on) store.setState(({ now }) => (now?.line ? { now: { ...now, line: undefined } } : {}))
    },
    forget(now) {
      queue = []
      // Sentences of the trace come again with the next news; what was only seen is kept.
      store.setState((s) => ({ told: s.told.filter((each) => each.at <= now && each.seq < 0) }))
    },
    at: (time, may = () => true) => store.getState().told.findLast((s) => s.at <= time && may(s)) ?? null,
    say(text, line) {
      saidAt = wall()
      store.setState({
        now: { seq: -saidAt, at: 0, text, line, who: 'you', tone: 'plain', object: { resource: '', namespace: '', name: '' } },
      })
    },
    about: (resource, namespace, name) =>
      store
        .getState()
        .told.filter((s) => s.object.resource === resource && s.object.namespace === namespace && s.object.name === name)
        .reverse(),
  }
}

const holds = ({ holds: stillSo }: Sentence): boolean => stillSo?.() ?? true

/** By time; those of one moment as they were told. */
function inOrder(told: Sentence[]): Sentence[] {
  const late = told.some((s, i) => i > 0 && s.at < (told[i - 1] as Sentence).at)
  return late ? told.sort((a, b) => a.at - b.at) : told
}

const kindOf = (s: Sentence): string => `${s.who} ${s.object.resource} ${s.tone} ${s.text.split(' ').slice(0, 3).join(' ')}`

/** One for all that are alike; it may stand for several already. */
function merged([first, ...rest]: Sentence[]): Sentence[] {
  if (!first || rest.length === 0) return first ? [first] : []
  const count = [first, ...rest].reduce((sum, s) => sum + (s.more ?? 0), rest.length)
  const base = first.base ?? first.text
  return [
    {
      ...first,
      holds: () => [first, ...rest].some(holds),
      base,
      more: count,
      text: t('{text} (and {count} more like it).', { text: base.replace(/\.$/, ''), count }),
    },
  ]
}

/** Like sentences become one that says how many; of what is still too long, the plain ones in the middle go. */
export function shortened(queue: readonly Sentence[]): Sentence[] {
  const alike = new Map<string, Sentence[]>()
  for (const sentence of queue) alike.set(kindOf(sentence), [...(alike.get(kindOf(sentence)) ?? []), sentence])
  const once = [...alike.values()].flatMap(merged)
  if (once.length <= LONGEST_QUEUE) return once
  const loud = once.filter((s) => s.tone !== 'plain' || s.who === 'you')
  const quiet = once.filter((s) => !loud.includes(s)).slice(0, Math.max(0, LONGEST_QUEUE - loud.length))
  return once.filter((s) => loud.slice(-LONGEST_QUEUE).includes(s) || quiet.includes(s))
}
