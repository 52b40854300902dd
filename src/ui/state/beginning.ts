/** How a page's cluster begins when not anew: a link, a file of the site, where this tab was before a reload, a real cluster. */
import type { Session, Transport } from '#api/request.ts'
import type { Beginning } from '#transport/port-messages.ts'
import type { connectWorker, WorkerTransport } from '#transport/worker-port.ts'
import { t, type Word } from '../words/index.ts'
import { type Choices, forLesson } from './choices.ts'
import type { Desk } from './desk.ts'
import type { Asked } from './lesson-link.ts'
import type { Opened } from './link.ts'
import type { Options } from './options.ts'
import type { SessionKeeper } from './session-keeper.ts'
import { createStorage } from './storage.ts'

type Fresh = Extract<Beginning, { kind: 'fresh' }>

export interface Start {
  begin: Beginning
  notice: string
  /** What follows once the cluster is there. */
  follow?: (transport: Transport, desk: Desk) => Promise<void>
  choices?: Partial<Choices>
}

const REPLAYED: Word = 'This is a replay: the link did again what its sender did.'
const SHARED: Word = 'This cluster was begun from what a link asks for.'

const replay = (session: Session): Beginning => ({ kind: 'replay', session })

/** The session of this tab from its last snapshot, else from its beginning; `null` when there is none. */
export async function again(keeper: SessionKeeper): Promise<Beginning | null> {
  if (!keeper.last()) return null
  const text = await keeper.snapshot().catch(() => null)
  const session = keeper.last()
  if (!session) return null
  return text ? { kind: 'load', text, session } : replay(session)
}

/** What an opened link asks for; `fresh` is the cluster that would be begun without it. */
export const from = (opened: Extract<Opened, { ok: true }>, fresh: Fresh): Start =>
  'session' in opened
    ? { begin: replay(opened.session), notice: t(REPLAYED), ...scored(opened.session) }
    : {
        begin: { ...fresh, seed: opened.state.seed, nodes: opened.state.nodes, scene: 'empty' },
        notice: t(SHARED),
        follow: given(opened.state.manifests),
      }

/** What to begin with: where this tab was before a reload (`kept`), a link, a file of the site, else a new cluster. */
export async function beginning(options: Options, keeper: SessionKeeper, kept: boolean, fresh: Fresh): Promise<Start> {
  const last = kept && (await again(keeper))
  if (last) return { begin: last, notice: '' }
  const lesson = await lessonStart(options, fresh)
  if (lesson) return lesson
  const { openLink } = await import('./link.ts')
  const opened = openLink(location.hash)
  if (opened) return opened.ok ? from(opened, fresh) : { begin: fresh, notice: opened.message }
  if (options.src === undefined) return { begin: fresh, notice: '' }
  const { fetchSource } = await import('./source.ts')
  const found = await fetchSource(options.src, location.href)
  if (!found.ok) return { begin: fresh, notice: found.message }
  if (found.text.includes('"tabernetes-lesson"')) {
    const { lessonIn } = await import('./lesson-link.ts')
    return startOf(await lessonIn(found.text), fresh)
  }
  return { begin: { ...fresh, scene: options.scene ?? 'empty' }, notice: '', follow: given(found.text) }
}

/** What is asked for is an assignment: the lesson is under way when the page is there. */
async function lessonStart({ lesson }: Options, fresh: Fresh): Promise<Start | null> {
  if (lesson === undefined && !location.hash.startsWith('#l=')) return null
  const { askedLesson } = await import('./lesson-link.ts')
  const asked = await askedLesson(location.hash, lesson)
  return asked && startOf(asked, fresh)
}

async function startOf(asked: Asked, fresh: Fresh): Promise<Start> {
  if (!asked.ok) return { begin: fresh, notice: asked.message }
  const [{ createProgress }, { keepLinked }] = await Promise.all([import('#lessons/progress.ts'), import('./lesson-link.ts')])
  const storage = createStorage()
  const { id, seed, nodes, scene, addons } = asked.meta
  if (asked.source !== undefined) keepLinked(storage, asked.source)
  createProgress(storage).mark({ lesson: id, seed })
  storage.set('welcomed', '1')
  return {
    begin: { ...fresh, seed, nodes, scene, ...(addons.length > 0 ? { addons } : {}) },
    notice: '',
    choices: forLesson(),
  }
}

const given =
  (manifests: string): NonNullable<Start['follow']> =>
  (transport, desk) =>
    give(transport, desk, manifests)

/** What a link says that a lesson came to is looked up in what the replay came to. */
const scored = ({ score }: Session): Pick<Start, 'follow'> =>
  score ? { follow: async (transport, desk) => (await import('./score.ts')).tellScore(transport, desk, score) } : {}

/** Manifests of a link: applied as soon as the cluster takes them, and the editor shows them. */
async function give(transport: Transport, desk: Desk, manifests: string): Promise<void> {
  const { applyManifest } = await import('../panels/editor/apply-manifest.ts')
  // A new namespace has its ServiceAccount only after a moment.
  await desk.simulation?.advance(2000)
  const results = await applyManifest({ ...desk, transport }, manifests)
  const failed = results.filter(({ outcome }) => outcome === 'failed')
  if (failed.length === 0) return
  const [first] = failed
  desk.lifeline.setState({
    notice: t('{failed} of {results} manifests of the link were refused: {name}: {why}', {
      failed: failed.length,
      results: results.length,
      name: first?.name ?? '',
      why: first?.problems[0]?.message ?? '',
    }),
  })
}

/** What `kubectl explain` and OpenAPI say of every field: large, so it follows when the page has nothing better to do. */
export function describe(transport: WorkerTransport): void {
  const idle = globalThis.requestIdleCallback ?? ((run: () => void) => setTimeout(run, 2000))
  idle(async () => {
    try {
      const answer = await fetch(new URL('../../generated/descriptions.json', import.meta.url))
      if (answer.ok) transport.setDescriptions((await answer.json()) as Record<string, Record<string, string>>)
    } catch {
      // Offline without them: explain then shows types without texts.
    }
  })
}

/** The API this page is served beside (`kubectl proxy --www=dist`); `null` when nobody answers as one. */
export async function realCluster(): Promise<Transport | null> {
  try {
    const answer = await fetch('/version')
    const version = (await answer.json()) as { gitVersion?: string }
    if (!answer.ok || !version.gitVersion) return null
    const { http } = await import('#transport/http.ts')
    return http({ server: location.origin, watchBySocket: true })
  } catch {
    return null
  }
}

/** A worker of its own that goes on from this moment, and stands still. */
export async function rehearse(
  { simulation }: Desk,
  connect: typeof connectWorker,
): Promise<{ transport: Transport; end(): void }> {
  const text = (await simulation?.save()) ?? ''
  const worker = new Worker(new URL('../../worker.ts', import.meta.url), { type: 'module', name: 'rehearsal' })
  const transport = connect(worker, (then) => setTimeout(then, DRAWN_MS))
  await transport.begin({ kind: 'load', text })
  await transport.simulation.setSpeed('paused')
  return { transport, end: () => worker.terminate() }
}

/** Nobody draws it, but it is told as if somebody did. */
const DRAWN_MS = 20
