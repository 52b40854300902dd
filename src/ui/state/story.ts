/** The story: writes of the cluster's parts as plain sentences, one told every two seconds at most. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { TraceLine } from '#api/request.ts'
import { shortName } from './look.ts'
import { speakerOf } from './speaker.ts'

export interface Sentence {
  seq: number
  at: number
  text: string
  /** Who did it, as the control-plane strip names its chips. */
  who: string
  tone: 'plain' | 'good' | 'bad'
  object: { resource: string; namespace: string; name: string }
}

export interface StoryState {
  /** The sentence under the graph. */
  now: Sentence | null
  /** The latest ones, newest last: the transcript, and the marks on the timeline. */
  told: readonly Sentence[]
}

export interface Story {
  readonly store: StoreApi<StoryState>
  take(lines: TraceLine[]): void
  /** Says something of the page's own, at once. */
  say(text: string): void
  /** The latest sentences about one object, newest first. */
  about(resource: string, namespace: string, name: string): Sentence[]
}

const KEEP = 400
const EVERY_MS = 2000

export function createStory(wall: () => number = () => performance.now()): Story {
  const store = createStore<StoryState>()(() => ({ now: null, told: [] }))
  let saidAt = Number.NEGATIVE_INFINITY
  let waiting: Sentence[] = []
  let timer: ReturnType<typeof setTimeout> | undefined

  const speak = (): void => {
    timer = undefined
    const next = mostTelling(waiting)
    waiting = []
    if (!next) return
    saidAt = wall()
    store.setState({ now: next })
  }
  return {
    store,
    take(lines) {
      const sentences = lines.flatMap((line) => sentenceOf(line) ?? [])
      if (sentences.length === 0) return
      store.setState((s) => ({ told: [...s.told, ...sentences].slice(-KEEP) }))
      waiting.push(...sentences)
      if (timer === undefined) timer = setTimeout(speak, Math.max(0, EVERY_MS - (wall() - saidAt)))
    },
    say(text) {
      saidAt = wall()
      store.setState({
        now: { seq: -1, at: 0, text, who: 'you', tone: 'plain', object: { resource: '', namespace: '', name: '' } },
      })
    },
    about: (resource, namespace, name) =>
      store
        .getState()
        .told.filter((s) => s.object.resource === resource && s.object.namespace === namespace && s.object.name === name)
        .reverse(),
  }
}

/** Of what happened within two seconds: trouble before recovery before the rest, and the earliest of those, for it is the cause. */
function mostTelling(sentences: Sentence[]): Sentence | undefined {
  return (
    sentences.find((s) => s.tone === 'bad') ??
    sentences.find((s) => s.who === 'you') ??
    sentences.find((s) => s.tone === 'good') ??
    sentences[0]
  )
}

const ONE: Record<string, string> = {
  pods: 'Pod',
  deployments: 'Deployment',
  replicasets: 'ReplicaSet',
  services: 'Service',
  nodes: 'machine',
  endpointslices: 'EndpointSlice',
  configmaps: 'ConfigMap',
  secrets: 'Secret',
  namespaces: 'Namespace',
}
const VERB: Record<string, string> = {
  create: 'created',
  update: 'changed',
  patch: 'changed',
  delete: 'deleted',
  deletecollection: 'deleted',
}
/** Bookkeeping that no learner wants read out: heartbeats, events about events, copies. */
const QUIET = new Set([
  'events',
  'leases',
  'endpoints',
  'serviceaccounts',
  'controllerrevisions',
  'tokenreviews',
  'subjectaccessreviews',
])

/** One sentence for a write that matters, or `null`: by whom, what, and why. */
export function sentenceOf(line: TraceLine): Sentence | null {
  const [resource = '', sub = ''] = line.resource.split('/')
  if (QUIET.has(resource) || !(line.verb in VERB) || line.code === 409) return null
  const speaker = speakerOf(line.by)
  if (sub === 'status' && !line.because) return null
  if (sub === 'status' && speaker.id !== 'kubelet' && speaker.id !== 'nodes') return null
  const thing = `${ONE[resource] ?? resource} ${shortName(line.name)}`
  const text = line.code >= 400 ? refused(speaker.name, line, thing) : done(speaker.name, line, sub, thing)
  return {
    seq: line.seq,
    at: line.at,
    text,
    who: speaker.id,
    tone: toneOf(line, speaker.id),
    object: { resource, namespace: line.namespace, name: line.name },
  }
}

const why = (line: TraceLine): string => (line.because ? `: ${line.because}` : '')
const refused = (who: string, line: TraceLine, thing: string): string =>
  `${who} was refused (${line.code}) on ${thing}${why(line)}.`

function done(who: string, line: TraceLine, sub: string, thing: string): string {
  if (sub === 'binding') return `${who} picked a machine for ${thing}${why(line)}.`
  if (sub === 'eviction') return `${who} evicted ${thing}${why(line)}.`
  if (sub === 'scale') return `${who} scaled ${thing}${why(line)}.`
  if (sub === 'status') return `${who} reports on ${thing}${why(line)}.`
  return `${who} ${VERB[line.verb]} ${thing}${why(line)}.`
}

function toneOf(line: TraceLine, who: string): Sentence['tone'] {
  if (line.code >= 400 || /\b(fail|error|back-?off|not ?ready|unhealthy|lost|killed|refused)/i.test(line.because)) return 'bad'
  return who === 'kubelet' && /\b(ready|started|running)\b/i.test(line.because) ? 'good' : 'plain'
}
