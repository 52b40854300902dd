/** The desk: everything one sandbox on a page shares, made once and handed down; two desks fit on one page. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { Broken, Session, SimulationNews, SimulationPort, Stop, Transport } from '#api/request.ts'
import { createMirror, type Mirror, nextFrame } from '#client/mirror.ts'
import { type ChoicesStore, createChoices } from './choices.ts'
import { type Clock, createClock } from './clock.ts'
import { looked } from './first-look.ts'
import { createJournal, type Journal } from './journal.ts'
import { createLifeline, type Lifeline } from './lifeline.ts'
import type { Options } from './options.ts'
import { RESOURCES } from './resources.ts'
import { createScene, type Scene } from './scene.ts'
import { createStorage, type Storage } from './storage.ts'
import { createStory, type Story } from './story.ts'
import { createTerminalLog, type TerminalLog } from './terminal-log.ts'
import { createTopics, type Topics } from './topics.ts'
import { createTraffic, type Traffic } from './traffic.ts'
import { createUsage, type Usage } from './usage.ts'
import type { Verdict } from './verdicts.ts'

export interface Desk {
  readonly transport: Transport
  readonly simulation: SimulationPort | undefined
  readonly options: Options
  readonly storage: Storage
  readonly choices: ChoicesStore
  readonly mirror: Mirror
  readonly scene: Scene
  readonly clock: Clock
  readonly story: Story
  readonly traffic: Traffic
  readonly journal: Journal
  readonly terminal: TerminalLog
  readonly lifeline: StoreApi<Lifeline>
  /** Why the chosen waiting pod waits, or the first that does. */
  readonly verdict: StoreApi<{ verdict: Verdict | null }>
  readonly usage: StoreApi<Usage>
  /** Topics of the page itself: `traffic`, `strip`. */
  readonly topics: Topics
  /** Begins to listen; `keep` is given the session now and then. */
  start(keep?: (session: Session) => void): Stop
}

const HISTORY_MS = 1000

export function createDesk(transport: Transport, options: Options): Desk {
  const storage = createStorage()
  const mirror = createMirror({ transport, resources: RESOURCES })
  const { simulation } = transport
  const desk = {
    transport,
    simulation,
    options,
    storage,
    choices: createChoices(storage, {
      ...(options.theme ? { theme: options.theme } : {}),
      ...(options.lens ? { lens: options.lens } : {}),
      // A newcomer meets the cluster alone: the editor comes when there is something to say with it.
      ...(storage.get('welcomed') === '1' ? {} : { deskOpen: false }),
      ...(options.embed || options.present
        ? {
            terminalOpen: options.view === 'terminal',
            deskOpen: options.view === 'split' || options.view === 'code',
            lessonOpen: false,
            stripOpen: !options.embed,
          }
        : {}),
    }),
    mirror,
    scene: createScene(mirror),
    clock: createClock(),
    story: createStory(),
    traffic: createTraffic(),
    journal: createJournal(),
    terminal: createTerminalLog(),
    lifeline: createLifeline(),
    verdict: createStore<{ verdict: Verdict | null }>()(() => ({ verdict: null })),
    usage: createUsage(),
    topics: createTopics(),
  }
  return { ...desk, start: (keep = () => {}) => start(desk, keep) }
}

/** Machines without power are a fact of the simulation; the API learns of it only from their silence. */
function takeOff({ choices }: Omit<Desk, 'start'>, off: readonly string[]): void {
  const known = choices.getState().off
  if (known.length !== off.length || known.some((name, i) => name !== off[i])) choices.setState({ off })
}

function takeBroken({ choices }: Omit<Desk, 'start'>, broken: Broken | undefined): void {
  if (broken && JSON.stringify(choices.getState().broken) !== JSON.stringify(broken)) choices.setState({ broken })
}

function start(desk: Omit<Desk, 'start'>, keep: (session: Session) => void): Stop {
  const stops = [desk.scene.start()]
  const { mirror } = desk
  const wait = mirror.subscribe(() => {
    if (mirror.state('pods') === 'loading' || mirror.state('nodes') === 'loading') return
    wait()
    nextFrame(() => nextFrame(looked))
  })
  stops.push(wait)
  const { simulation } = desk
  const listening = import('./listening.ts')
  let stopped = false
  void listening.then(({ listen }) => {
    if (!stopped) stops.push(listen(desk, keep))
  })
  if (simulation) {
    let joined = Number.NaN
    const take = ({ status, trace, flights, visitors = [], anew = false }: SimulationNews): void => {
      desk.clock.take(status)
      takeOff(desk, status.off ?? [])
      takeBroken(desk, status.broken)
      // What happened before the page was there is history: remembered, but not read out.
      if (Number.isNaN(joined) || anew) joined = status.now - HISTORY_MS
      if (anew) desk.story.forget(status.now)
      desk.journal.take(trace, anew)
      if (trace.length > 0) void listening.then(({ tellTrace }) => tellTrace(desk, trace, joined))
      if (desk.traffic.take(flights, status.now, visitors, anew)) desk.topics.touch('traffic')
      desk.topics.tell()
    }
    stops.push(simulation.subscribe(take))
  }
  return () => {
    stopped = true
    for (const stop of stops) stop()
  }
}
