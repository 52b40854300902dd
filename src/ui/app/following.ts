/** Follow the teacher on the same machine: one window tells its session and what is looked at, others do the same again. No server. */
import type { Session, Speed, Stop } from '#api/request.ts'
import type { Choices } from '../state/choices.ts'
import type { Desk } from '../state/desk.ts'
import { t } from '../words/index.ts'

const CHANNEL = 'tabernetes.teacher'
const TELL_EVERY_MS = 1000
/** Clocks may be this far apart, in simulated ms. */
const APART_MS = 3000

type Look = Pick<Choices, 'selected' | 'lens' | 'filter'>

interface Told {
  session: Session
  look: Look
  speed: Speed
  elapsed: number
}

const open = (): BroadcastChannel | null => {
  try {
    return new BroadcastChannel(CHANNEL)
  } catch {
    // Frames without storage have none.
    return null
  }
}

const digest = ({ seed, epoch, inputs }: Session): string =>
  `${seed} ${epoch} ${inputs.length} ${JSON.stringify(inputs.at(-1) ?? null)}`

/** Tells others once a second: a session is small, for it is its seed and what was done. */
export function teach({ simulation, choices, clock }: Desk): Stop {
  const channel = open()
  if (!channel || !simulation) return () => {}
  const timer = setInterval(async () => {
    const session = await simulation.session()
    const { selected, lens, filter } = choices.getState()
    const { speed = 1, elapsed = 0 } = clock.store.getState().status ?? {}
    channel.postMessage({ session, look: { selected, lens, filter }, speed, elapsed } satisfies Told)
  }, TELL_EVERY_MS)
  return () => {
    clearInterval(timer)
    channel.close()
  }
}

/** What was done again last: the page begins anew for it, and follows on from there. */
let followed = ''

export function follow(desk: Desk): Stop {
  const channel = open()
  const { simulation, choices, clock, lifeline } = desk
  if (!channel || !simulation) return () => {}
  lifeline.setState(({ notice }) => ({ notice: notice || t('You follow the teacher: what is done there is done here, too.') }))
  let last = ''
  channel.onmessage = ({ data }: MessageEvent<Told>) => {
    const what = digest(data.session)
    if (what !== followed) {
      followed = what
      lifeline.getState().open({ ok: true, session: data.session })
      return
    }
    const look = JSON.stringify(data.look)
    if (look !== last) choices.setState(data.look)
    last = look
    const { status } = clock.store.getState()
    if (!status) return
    if (status.speed !== data.speed) void simulation.setSpeed(data.speed)
    if (data.elapsed - status.elapsed > APART_MS) void simulation.advance(data.elapsed - status.elapsed)
  }
  return () => channel.close()
}
