/** What a host may ask of an embedded page, call by call. */
import type { Fault } from '#api/request.ts'
import { CallError, type Handlers } from '#embed/guest.ts'
import type { Theme } from '../state/choices.ts'
import type { Desk } from '../state/desk.ts'
import { refFrom } from '../state/ref-words.ts'
import { summaryOf } from './summary.ts'

const THEMES = new Set<unknown>(['auto', 'light', 'dark', 'contrast'])

const wrong = (message: string): CallError => new CallError('invalid', message)

function textIn(payload: unknown, name: string): string {
  const value = (payload as Record<string, unknown> | null)?.[name]
  if (typeof value !== 'string') throw wrong(`${name} must be a text`)
  return value
}

function simulated({ simulation }: Desk): NonNullable<Desk['simulation']> {
  if (!simulation) throw new CallError('unsupported', 'a real cluster has no simulated time and no faults')
  return simulation
}

/** `next` is called when the desk is about to be replaced, and resolves when another one is there. */
export function handlersOf(desk: Desk, next: () => Promise<unknown>): Handlers {
  const { transport, choices } = desk
  return {
    load: async (payload) => load(desk, payload, next),
    async apply(payload) {
      const { applyManifest } = await import('../panels/editor/apply-manifest.ts')
      return applyManifest(desk, textIn(payload, 'text'))
    },
    exec: (payload) => exec(desk, textIn(payload, 'command')),
    get: (payload) => transport.request({ method: 'GET', path: textIn(payload, 'path') }),
    async seek(payload) {
      const elapsed: unknown = payload?.elapsed
      if (elapsed !== undefined && typeof elapsed !== 'number') throw wrong('elapsed must be a number of simulated ms')
      await (elapsed === undefined ? simulated(desk).resume() : simulated(desk).seek(elapsed))
      return null
    },
    async play(payload) {
      const speed: unknown = payload?.speed ?? 1
      if (typeof speed !== 'number' || !(speed > 0)) throw wrong('speed must be a number above 0')
      await simulated(desk).setSpeed(speed)
      return null
    },
    async pause() {
      await simulated(desk).setSpeed('paused')
      return null
    },
    async fault(payload) {
      textIn(payload, 'kind')
      if (desk.options.readonly) throw new CallError('readonly', 'this sandbox is read-only')
      await simulated(desk).fault(payload as Fault)
      return null
    },
    async highlight(payload) {
      if (payload?.ref === null || payload?.ref === undefined) choices.setState({ selected: null })
      else choices.setState({ selected: await found(desk, textIn(payload, 'ref'), payload.namespace) })
      return null
    },
    async setTheme(payload) {
      if (!THEMES.has(payload?.theme)) throw wrong('theme must be auto, light, dark or contrast')
      choices.setState({ theme: payload.theme as Theme })
      return null
    },
    async setLang(payload) {
      const { LANGUAGES, speak } = await import('../words/index.ts')
      const lang = LANGUAGES.find((known) => known === payload?.lang)
      if (!lang) throw wrong(`lang must be one of ${LANGUAGES.join(', ')}`)
      await speak(lang)
      return null
    },
    async check() {
      const [{ roomOf }, { lessonState }] = await Promise.all([
        import('../panels/lesson/room.ts'),
        import('./embedding-lesson.ts'),
      ])
      const state = lessonState(roomOf(desk))
      if (!state) throw new CallError('no-lesson', 'no lesson is under way')
      return state
    },
    async snapshot() {
      const { linkTo } = await import('../state/link.ts')
      return { link: linkTo(location.href, await simulated(desk).session()), summary: summaryOf(desk) }
    },
  }
}

async function found(desk: Desk, words: string, namespace: unknown) {
  const ref = refFrom(desk, words, typeof namespace === 'string' ? namespace : 'default')
  if (!ref) throw new CallError('not-found', `there is no ${words} here`)
  return ref
}

/** The page begins anew from a link; answered when the new cluster is there, calls in between wait for it. */
async function load(desk: Desk, payload: unknown, next: () => Promise<unknown>): Promise<null> {
  const { openLink, stateLinkTo } = await import('../state/link.ts')
  const asked = payload as { link?: unknown; manifests?: unknown } | null
  const { clock } = desk
  const hash =
    typeof asked?.link === 'string'
      ? asked.link.slice(Math.max(0, asked.link.indexOf('#')))
      : new URL(
          stateLinkTo(location.href, {
            seed: clock.store.getState().status?.seed ?? '1',
            nodes: desk.mirror.all('nodes').size,
            manifests: textIn(payload, 'manifests'),
          }),
        ).hash
  const opened = openLink(hash)
  if (!opened?.ok) throw wrong(opened?.message ?? 'this link holds neither a session nor a state')
  const begun = next()
  desk.lifeline.getState().open(opened)
  await begun
  return null
}

const LONGEST_OUTPUT = 200_000

async function exec(desk: Desk, command: string): Promise<{ output: string; code: number }> {
  const { openShell } = await import('../panels/terminal/shell.ts')
  let output = ''
  const write = (text: string): void => {
    if (output.length < LONGEST_OUTPUT) output += text
  }
  await desk.simulation?.mark(command)
  const code = await openShell(desk).run(command, { write, error: write, signal: AbortSignal.timeout(60_000), columns: 120 })
  return { output, code }
}
