/** The lesson under way, as a host hears of it: steps done, and a receipt at the end. */
import type { Stop } from '#api/request.ts'
import type { Guest } from '#embed/guest.ts'
import type { LessonState } from '#embed/protocol.ts'
import { scoreOf } from '#lessons/score.ts'
import type { Room } from '../panels/lesson/room.ts'
import type { Desk } from '../state/desk.ts'

export function lessonState(room: Room): LessonState | null {
  const { lesson, run } = room.store.getState()
  if (!lesson || !run) return null
  return {
    lesson: lesson.prose.meta.id,
    step: run.step,
    steps: run.steps.length,
    passed: run.phase === 'done' && (lesson.prose.meta.limit === undefined || scoreOf(lesson, run).passed),
  }
}

/** Lessons are loaded only where one is under way. */
export function tellLesson(desk: Desk, guest: Guest): Stop {
  if (desk.storage.get('lesson') === null) return () => {}
  let stop: Stop = () => {}
  let stopped = false
  const begun = performance.now()
  void import('../panels/lesson/room.ts').then(({ roomOf }) => {
    if (stopped) return
    const room = roomOf(desk)
    let last = ''
    stop = room.store.subscribe(() => {
      const now = lessonState(room)
      const text = JSON.stringify(now)
      if (!now || text === last) return
      last = text
      guest.emit('progress', now)
      if (now.passed)
        void receipt(desk, now, performance.now() - begun).then((paper) => guest.emit('completed', { receipt: paper }))
    })
  })
  return () => {
    stopped = true
    stop()
  }
}

export async function receipt(
  { clock }: Pick<Desk, 'clock'>,
  { lesson, steps }: Pick<LessonState, 'lesson' | 'steps'>,
  time: number,
) {
  const facts = { lesson, version: 1 as const, seed: clock.store.getState().status?.seed ?? '', steps, time: Math.round(time) }
  const digest = await crypto.subtle?.digest('SHA-256', new TextEncoder().encode(JSON.stringify(facts)))
  const hash = [...new Uint8Array(digest ?? new ArrayBuffer(0))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return { ...facts, hash }
}
