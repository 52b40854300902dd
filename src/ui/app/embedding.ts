/** The page as a guest in a frame: answers its host, and rests while nobody can see it. */
import { useEffect } from 'react'
import type { Node, Pod } from '#api/kinds.ts'
import type { Speed, Stop } from '#api/request.ts'
import { type Guest, type Handlers, listen } from '#embed/guest.ts'
import type { Summary } from '#embed/protocol.ts'
import type { Theme } from '../state/choices.ts'
import type { Desk } from '../state/desk.ts'
import { lookOf, nodeLook } from '../state/look.ts'

const TELL_EVERY_MS = 500

export default function Embedding({ desk }: { desk: Desk }): null {
  useEffect(() => {
    const stops = [answerHost(desk), restWhenUnseen(desk)]
    return () => {
      for (const stop of stops) stop()
    }
  }, [desk])
  return null
}

function answerHost(desk: Desk): Stop {
  const guest = listen(window, desk.options.hosts, handlersOf(desk), (connected) => connected.emit('ready', { version: 1 }))
  const timer = setInterval(() => tell(desk, guest), TELL_EVERY_MS)
  return () => {
    clearInterval(timer)
    guest.stop()
  }
}

const tell = (desk: Desk, guest: Guest): void => {
  const { broken } = desk.lifeline.getState()
  if (broken) guest.emit('error', { message: broken })
  guest.emit('state', summaryOf(desk))
}

function summaryOf({ mirror, traffic }: Desk): Summary {
  const nodes = [...mirror.all('nodes').values()] as unknown as Node[]
  const pods = [...mirror.all('pods').values()] as unknown as Pod[]
  const { ok, lost } = traffic.total()
  return {
    nodes: nodes.length,
    nodesReady: nodes.filter((node) => nodeLook(node).ready).length,
    pods: pods.length,
    podsReady: pods.filter((pod) => lookOf(pod).family === 'good' && lookOf(pod).fill === 'solid').length,
    served: ok,
    lost,
  }
}

const THEMES = new Set<unknown>(['auto', 'light', 'dark'])

function handlersOf(desk: Desk): Handlers {
  const { simulation, transport, choices } = desk
  const field = (payload: unknown, name: string): unknown => (payload as Record<string, unknown> | null)?.[name]
  return {
    get: (payload) => transport.request({ method: 'GET', path: String(field(payload, 'path')) }),
    async apply(payload) {
      const { applyManifest } = await import('../panels/editor/apply-manifest.ts')
      return applyManifest(desk, String(field(payload, 'text')))
    },
    async play(payload) {
      const speed = field(payload, 'speed')
      await simulation?.setSpeed(typeof speed === 'number' ? speed : 1)
    },
    async pause() {
      await simulation?.setSpeed('paused')
    },
    async setTheme(payload) {
      const theme = field(payload, 'theme')
      if (!THEMES.has(theme)) throw new Error('theme must be auto, light or dark')
      choices.setState({ theme: theme as Theme })
    },
    session: async () => simulation?.session(),
  }
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
