/** The causal chain read back from the trace: one line for each hand, as it happened. */
import type { Found } from '#lessons/chain.ts'
import { spoken } from '#lessons/chain.ts'
import type { Item } from '#lessons/prose.ts'
import { said, t } from '../../words/index.ts'
import { Phrase } from './words.tsx'

export function Chain({ items, found }: { items: readonly Item[]; found: Found }) {
  if (found.length === 0 || items.length === 0) return null
  const began = found[0]?.line.at ?? 0
  return (
    <section className="chain" aria-label={t('What happened, and why')}>
      <h3>{t('What happened, and why')}</h3>
      <ol>
        {found.map(({ id, line }) => {
          const words = items.find((item) => item.id === id)?.text ?? ''
          return (
            <li key={id}>
              <span className="num when">+{((line.at - began) / 1000).toFixed(2)} s</span>
              <span>
                <Phrase>{spoken(words, { ...line, because: said(line.because) })}</Phrase>
              </span>
            </li>
          )
        })}
      </ol>
    </section>
  )
}
