/** What a lesson counts, above its steps. */
import type { Item } from '#lessons/prose.ts'
import { t } from '../../words/index.ts'

export function Board({ items, texts = {} }: { items: readonly Item[]; texts?: Readonly<Record<string, string>> | undefined }) {
  const told = items.filter(({ id }) => texts[id])
  if (told.length === 0) return null
  return (
    <dl className="board" aria-label={t('What is counted')}>
      {told.map(({ id, text }) => (
        <div key={id}>
          <dt>{text}</dt>
          <dd className="num">{texts[id]}</dd>
        </div>
      ))}
    </dl>
  )
}
