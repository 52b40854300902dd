/** What a link says that a lesson came to, beside what its replay came to: who changes the one does not change the other. */
import type { Session, Transport } from '#api/request.ts'
import { Client } from '#client/client.ts'
import { catalogue } from '#lessons/catalogue.ts'
import type { View } from '#lessons/check/moment.ts'
import { needsOf } from '#lessons/check/value.ts'
import type { Lesson } from '#lessons/lesson.ts'
import { spokenIn } from '#lessons/translation.ts'
import { language, t } from '../words/index.ts'
import type { Desk } from './desk.ts'

type Score = NonNullable<Session['score']>

export async function tellScore(transport: Transport, desk: Desk, { lesson: id, board }: Score): Promise<void> {
  const entry = catalogue(await spokenIn(language())).find(({ meta }) => meta.id === id)
  const lesson = await entry?.load()
  if (!lesson) return
  const found = await foundIn(transport, lesson)
  const words = (texts: Readonly<Record<string, string>>): string =>
    (lesson.prose.board ?? []).flatMap((item) => (texts[item.id] ? [`${item.text} ${texts[item.id]}`] : [])).join(' · ')
  const same = Object.entries(found).every(([key, text]) => board[key] === text)
  const claimed = { title: lesson.prose.meta.title, score: words({ ...board }) }
  desk.lifeline.setState({
    notice: same
      ? t('{title}: {score}. The replay came to the same.', claimed)
      : t('{title}: the link says {score}, but its replay came to {found}.', { ...claimed, found: words(found) }),
  })
}

/** What can be read off the cluster as it is. */
export async function foundIn(transport: Transport, { board = {} }: Pick<Lesson, 'board'>): Promise<Record<string, string>> {
  const counts = Object.entries(board).filter(([, { present }]) => present)
  const client = new Client(transport, { agent: 'tabernetes-lessons' })
  const tables = new Map<string, Awaited<ReturnType<Client['list']>>['items']>()
  for (const word of needsOf(counts.map(([, count]) => count))) {
    const info = await client.discovery.find(word)
    tables.set(word, info ? (await client.list(info, '')).items : [])
  }
  const all: View['all'] = (word) => tables.get(word) ?? []
  const view: View = {
    now: 0,
    answers: {},
    broken: { components: [], kubelets: [], cut: [], disks: [], plugins: [], off: [] },
    all,
    find: (word, namespace, name) =>
      all(word).find(({ metadata }) => metadata.name === name && (metadata.namespace ?? '') === namespace),
    resource: (word) => word,
    told: () => undefined,
  }
  return Object.fromEntries(counts.map(([id, count]) => [id, count.text(count.begin(view), view)]))
}
