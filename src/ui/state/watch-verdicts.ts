/** Keeps the verdict on one waiting pod up to date: the chosen one, or the first in the waiting room. */
import type { Pod } from '#api/kinds.ts'
import { keyOf, splitKey } from '#api/meta.ts'
import type { Stop } from '#api/request.ts'
import type { Desk } from './desk.ts'
import { WAITING } from './scene.ts'
import { verdictOn } from './verdicts.ts'

/** Verdicts change with every try of the scheduler; asking more often than this would show nothing new. */
const ASK_EVERY_MS = 400

export function watchVerdicts(desk: Omit<Desk, 'start'>): Stop {
  const { scene, choices, simulation, verdict } = desk
  let timer: ReturnType<typeof setTimeout> | undefined
  let stopped = false
  const ask = async (): Promise<void> => {
    timer = undefined
    const pod = waitingPod(desk)
    if (!pod) {
      if (verdict.getState().verdict) verdict.setState({ verdict: null })
      return
    }
    const { namespace, name } = splitKey(keyOf(pod.metadata))
    const explanation = (await simulation?.explain(namespace, name).catch(() => null)) ?? null
    if (!stopped) verdict.setState({ verdict: verdictOn(scene, pod, explanation) })
  }
  const wake = (): void => {
    timer ??= setTimeout(() => void ask(), ASK_EVERY_MS)
  }
  const stops = [scene.topics.subscribe('waiting', wake), scene.topics.subscribe('node changes', wake), choices.subscribe(wake)]
  wake()
  return () => {
    stopped = true
    clearTimeout(timer)
    for (const stop of stops) stop()
  }
}

function waitingPod({ scene, choices }: Omit<Desk, 'start'>): Pod | undefined {
  const { selected } = choices.getState()
  const pods = scene.podsOn(WAITING)
  return pods.find((pod) => selected?.table === 'pods' && selected.key === keyOf(pod.metadata)) ?? pods[0]
}
