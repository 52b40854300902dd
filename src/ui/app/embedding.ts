/** The page as a guest in a frame: answers its host, tells it what happens, and rests while nobody can see it. */
import { useEffect } from 'react'
import type { Speed, Stop } from '#api/request.ts'
import type { Guest } from '#embed/guest.ts'
import type { Desk } from '../state/desk.ts'
import { tellLesson } from './embedding-lesson.ts'
import { HostLine } from './embedding-line.ts'
import { summaryOf } from './summary.ts'

const TELL_EVERY_MS = 500

export default function Embedding({ desk }: { desk: Desk }): null {
  useEffect(() => attend(desk), [desk])
  return null
}

let line: HostLine | null = null
let attended: { desk: Desk; stops: Stop[] } | null = null
/** What the host heard last of the state. */
let last = ''

/** Nothing ends with the screens: they may be drawn anew over the same desk, and a new desk takes the old one's place. */
function attend(desk: Desk): void {
  if (attended?.desk === desk) return
  for (const stop of attended?.stops ?? []) stop()
  line ??= new HostLine(desk.options.hosts, greet)
  line.serve(desk)
  if (attended) {
    desk.choices.setState({ theme: attended.desk.choices.getState().theme })
    greet(line.guest)
  }
  attended = { desk, stops: [tellHost(desk, line.guest), restWhenUnseen(desk)] }
}

function greet(guest: Guest): void {
  guest.emit('ready', { version: 1 })
  guest.emit('resize', { height: wantedHeight() })
  last = ''
}

function tellHost(desk: Desk, guest: Guest): Stop {
  const seen = new Set<string>()
  const tell = (): void => {
    const { broken } = desk.lifeline.getState()
    if (broken) guest.emit('error', { message: broken })
    const state = { rv: newest(desk), summary: summaryOf(desk) }
    const text = JSON.stringify(state)
    if (text !== last) guest.emit('state', state)
    last = text
    tellEvents(desk, guest, seen)
  }
  const timer = setInterval(tell, TELL_EVERY_MS)
  const size = new ResizeObserver(() => guest.emit('resize', { height: wantedHeight() }))
  size.observe(document.documentElement)
  const stopLesson = tellLesson(desk, guest)
  return () => {
    clearInterval(timer)
    size.disconnect()
    stopLesson()
  }
}

const LEAST_HEIGHT = 360
const wantedHeight = (): number => Math.max(LEAST_HEIGHT, document.documentElement.scrollHeight)

function tellEvents({ mirror }: Desk, guest: Guest, seen: Set<string>): void {
  for (const event of mirror.all('events').values()) {
    const id = `${event.metadata.uid} ${event['count'] ?? 1}`
    if (seen.has(id)) continue
    seen.add(id)
    const about = event['involvedObject'] as { kind?: string; name?: string } | undefined
    const [type, reason, message] = ['type', 'reason', 'message'].map((key) => String(event[key] ?? ''))
    guest.emit('event', {
      type: type ?? '',
      reason: reason ?? '',
      message: message ?? '',
      about: `${about?.kind}/${about?.name}`,
    })
  }
}

function newest({ mirror }: Desk): string {
  const versions = ['pods', 'nodes', 'services', 'deployments'].flatMap((table) =>
    [...mirror.all(table).values()].map((object) => Number(object.metadata.resourceVersion ?? 0)),
  )
  return String(versions.reduce((most, version) => Math.max(most, version), 0))
}

/** A frame that is scrolled away, or a tab in the background, pauses; what had been paused by hand stays so. */
function restWhenUnseen({ simulation, clock }: Desk): Stop {
  if (!simulation) return () => {}
  let before: Speed | null = null
  const watch = new IntersectionObserver(([entry]) => {
    const speed = clock.store.getState().status?.speed
    if (entry && !entry.isIntersecting && speed !== undefined && speed !== 'paused') {
      before = speed
      void simulation.setSpeed('paused')
    } else if (entry?.isIntersecting && before !== null) {
      void simulation.setSpeed(before)
      before = null
    }
  })
  watch.observe(document.documentElement)
  return () => watch.disconnect()
}
