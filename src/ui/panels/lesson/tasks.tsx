/** What there is to do, with a tick for what is done; new ticks are read out. */
import { Check, X } from 'lucide-react'
import type { Verdict } from '#lessons/checks.ts'
import type { Item } from '#lessons/prose.ts'
import { t, type Word } from '../../words/index.ts'
import { Phrase } from './words.tsx'

const SAID: Record<Verdict, Word> = { met: 'Done:', open: 'To do:', broken: 'Broken:' }

export function Tasks({ items, goals }: { items: readonly Item[]; goals: Readonly<Record<string, Verdict>> }) {
  if (items.length === 0) return null
  return (
    <ul className="tasks" aria-label={t('Tasks')}>
      {items.map(({ id, text }) => {
        const verdict = goals[id] ?? 'open'
        return (
          <li key={id} data-verdict={verdict}>
            <span className="tick" aria-hidden="true">
              {verdict === 'met' && <Check size={13} strokeWidth={3} />}
              {verdict === 'broken' && <X size={13} strokeWidth={3} />}
            </span>
            <span>
              <span className="visually-hidden">{t(SAID[verdict])} </span>
              <Phrase>{text}</Phrase>
            </span>
          </li>
        )
      })}
    </ul>
  )
}
